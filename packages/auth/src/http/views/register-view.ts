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
  return formPage({
    title: 'Create an account',
    errors,
    ...(view.invitation ? { lead: 'You are invited.' } : {}),
    before: view.httpWarning === true ? plainHttpWarning() : null,
    form: html`<form id="register-form" method="post" action="/auth/register" novalidate data-once>
${nextField(view.next)}
${view.invitation && html`<input type="hidden" name="invitation" value="${view.invitation.token}">`}
${field({
  name: 'username',
  label: 'User name',
  hint: '3 to 32 letters, figures, dots, hyphens or underscores.',
  value: view.username ?? '',
  error: errorFor(errors, 'username'),
  autocomplete: 'username',
  verbatim: true,
})}
${field({
  name: 'email',
  label: 'E-mail address',
  type: 'email',
  value: view.email || (view.invitation?.email ?? ''),
  ...(view.invitation?.email ? { hint: 'The invitation is for this address alone.' } : {}),
  error: errorFor(errors, 'email'),
  autocomplete: 'email',
  inputmode: 'email',
  verbatim: true,
})}
${newPasswordField({
  name: 'password',
  label: 'Password',
  minLength: view.passwordMinLength,
  error: errorFor(errors, 'password'),
})}
${view.ownFields}
${honeypot()}
${button({ label: 'Create account', busy: 'Creating your account…', wide: true })}
</form>
${
  view.passkeys === true &&
  passkeyButton({
    action: 'sign-up',
    label: 'Create it with a passkey',
    hint: 'Then there is no password: your fingerprint, face or screen lock signs you in.',
  })
}
${providerButtons(view.providers ?? [], 'register-form')}`,
    after: html`<p>${view.registration === 'approval' && !view.invitation ? 'An administrator looks at your account before it opens.' : 'You are signed in right after.'}</p><p>Already have an account? <a href="/auth/login${nextQuery(view.next)}">Sign in</a></p>`,
  })
}

function closedRegistration(view: RegisterView): Html {
  const { contact } = view
  if (view.registration === 'invitation') {
    return formPage({
      title: 'By invitation only',
      lead: `A new account needs an invitation here: a link that the people who run this server give you. ${contact ?? 'Ask them for one.'}`,
      form: html`<a class="btn btn-primary btn-wide" href="/auth/login${nextQuery(view.next)}">Sign in</a>`,
    })
  }
  return formPage({
    title: 'No new accounts here',
    lead: `This server is private. ${contact ?? 'To get an account, ask the person who runs it.'}`,
    form: html`<a class="btn btn-primary btn-wide" href="/auth/login${nextQuery(view.next)}">Sign in</a>`,
  })
}

export interface NewPasswordOptions {
  readonly name: string
  readonly label: string
  readonly minLength: number
  readonly error?: string | undefined
}

/**
 * A password to be chosen: the only rule is its length (R2, PW-13), the advice below it refuses nothing (R3).
 * `maxlength` is left out on purpose: a cut password locks its owner out.
 */
export function newPasswordField({ name, label, minLength, error }: NewPasswordOptions): Html {
  return passwordField({
    name,
    label,
    hint: `At least ${minLength} characters. A short sentence works best: long, and easy to remember.`,
    error,
    autocomplete: 'new-password',
    minlength: minLength,
    more: { passwordrules: `minlength: ${minLength};`, 'data-advice': true },
    after: html`<div class="advice" data-advice-for="${name}" role="status"></div>`,
  })
}
