import { english, type Words } from '../../words/words.ts'
import { button, errorFor, type FormError, field, formPage, honeypot, passwordField } from './forms.ts'
import { type Html, html } from './html.ts'
import { nextField, nextQuery, plainHttpWarning } from './login-view.ts'
import { passkeyButton } from './passkey-button.ts'
import { type ProviderShown, providerButtons } from './provider-views.ts'

/** What a host app draws its own fields of the form from. */
export interface ShownFields {
  /** What was typed before, '' where nothing was. */
  value(name: string): string
  readonly errors: readonly FormError[]
}

export interface RegisterView {
  /** The words of the request; English where a host gives none. */
  readonly words?: Words
  readonly username?: string
  readonly email?: string
  readonly next?: string
  readonly errors?: readonly FormError[]
  /** Characters, from the settings. */
  readonly passwordMinLength: number
  /** Whether the form is shown, and who decides about what comes of it. */
  readonly registration: 'open' | 'invitation' | 'approval' | 'closed'
  /** The secret of an invitation that works, and the only address that it is for. */
  readonly invitation?: { readonly token: string; readonly email: string | null }
  /** Whom to ask while registration is closed, a sentence of the operator. */
  readonly contact?: string
  readonly httpWarning?: boolean
  readonly providers?: readonly ProviderShown[]
  /** The host app's own fields, below ours. */
  readonly ownFields?: Html
  /** Whether this server's address lets browsers have passkeys. */
  readonly passkeys?: boolean
}

/** The registration page (R1 to R4), or whom to ask where this server takes no new accounts, or needs an invitation. */
export function registerView(view: RegisterView): Html {
  const { registration, invitation } = view
  if (invitation || registration === 'open' || registration === 'approval') return openRegistration(view)
  return closedRegistration(view)
}

function openRegistration(view: RegisterView): Html {
  const errors = view.errors ?? []
  const words = view.words ?? english
  const say = words.signIn.register
  return formPage({
    title: say.title,
    words,
    errors,
    ...(view.invitation ? { lead: say.invited } : {}),
    before: view.httpWarning === true ? plainHttpWarning(words) : null,
    form: html`<form id="register-form" method="post" action="/auth/register" novalidate data-once>
${nextField(view.next)}
${view.invitation && html`<input type="hidden" name="invitation" value="${view.invitation.token}">`}
${field({
  words,
  name: 'username',
  label: say.name,
  hint: say.nameHint,
  value: view.username ?? '',
  error: errorFor(errors, 'username'),
  autocomplete: 'username',
  verbatim: true,
})}
${field({
  words,
  name: 'email',
  label: say.email,
  type: 'email',
  value: view.email || (view.invitation?.email ?? ''),
  ...(view.invitation?.email ? { hint: say.invitedAddress } : {}),
  error: errorFor(errors, 'email'),
  autocomplete: 'email',
  inputmode: 'email',
  verbatim: true,
})}
${newPasswordField({
  words,
  name: 'password',
  label: say.password,
  minLength: view.passwordMinLength,
  error: errorFor(errors, 'password'),
})}
${view.ownFields}
${honeypot('website', words)}
${button({ label: say.submit, busy: say.busy, wide: true })}
</form>
${
  view.passkeys === true &&
  passkeyButton({
    action: 'sign-up',
    label: say.withPasskey,
    hint: say.passkeyHint,
  })
}
${providerButtons(view.providers ?? [], 'register-form', words)}`,
    after: html`<p>${view.registration === 'approval' && !view.invitation ? say.afterApproval : say.after}</p><p>${say.already} <a href="/auth/login${nextQuery(view.next)}">${say.signIn}</a></p>`,
  })
}

function closedRegistration(view: RegisterView): Html {
  const { contact, words = english } = view
  const say = words.signIn.register
  const form = html`<a class="btn btn-primary btn-wide" href="/auth/login${nextQuery(view.next)}">${say.signIn}</a>`
  if (view.registration === 'invitation') {
    const lead = say.byInvitationLead(contact ?? say.askForInvitation)
    return formPage({ title: say.byInvitation, words, lead, form })
  }
  return formPage({
    title: say.closed,
    words,
    lead: say.closedLead(contact ?? say.askOperator),
    form,
  })
}

export interface NewPasswordOptions {
  readonly words?: Words
  readonly name: string
  readonly label: string
  readonly minLength: number
  readonly error?: string | undefined
}

/**
 * A password to be chosen: the only rule is its length (R2, PW-13), the advice below it refuses nothing (R3).
 * `maxlength` is left out on purpose: a cut password locks its owner out.
 */
export function newPasswordField({ words = english, name, label, minLength, error }: NewPasswordOptions): Html {
  return passwordField({
    words,
    name,
    label,
    hint: words.signIn.register.passwordHint(minLength),
    error,
    autocomplete: 'new-password',
    minlength: minLength,
    more: { passwordrules: `minlength: ${minLength};`, 'data-advice': true },
    after: html`<div class="advice" data-advice-for="${name}" role="status"></div>`,
  })
}
