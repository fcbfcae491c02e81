import { english, type Words } from '../../words/words.ts'
import { button, check, errorFor, type FormError, field, formPage, honeypot, passwordField } from './forms.ts'
import { type Html, html } from './html.ts'
import { passkeyButton } from './passkey-button.ts'
import { type ProviderShown, providerButtons } from './provider-views.ts'

export interface LoginView {
  /** The words of the request; English where a host gives none. */
  readonly words?: Words
  /** What was typed before; the password never comes back. */
  readonly identifier?: string
  /** A local path, checked by the caller (RED-01). */
  readonly next?: string
  readonly remember?: boolean
  readonly shared?: boolean
  /** How long "stay signed in" lasts. */
  readonly rememberDays: number
  /** How long a shared computer stays signed in without use. */
  readonly sharedMinutes: number
  /** `field: ''` for the one answer to every wrong sign-in (L4). */
  readonly errors?: readonly FormError[]
  readonly registrationOpen: boolean
  /** Others on the network can read along: this server is used over plain http on a name that is not this machine. */
  readonly httpWarning?: boolean
  /** Whether this server's address lets browsers have passkeys. */
  readonly passkeys?: boolean
  readonly providers?: readonly ProviderShown[]
}

/** The sign-in page (L1, L2, L4, L5, L6): one form that password managers understand and that works without script. */
export function loginView(view: LoginView): Html {
  const errors = view.errors ?? []
  const words = view.words ?? english
  const say = words.signIn.login
  return formPage({
    title: say.title,
    words,
    errors,
    before: view.httpWarning === true ? plainHttpWarning(words) : null,
    form: html`<form id="login-form" method="post" action="/auth/login" novalidate data-once>
${nextField(view.next)}
${field({
  words,
  name: 'username',
  label: say.name,
  value: view.identifier ?? '',
  error: errorFor(errors, 'username'),
  autocomplete: 'username webauthn',
  verbatim: true,
  more: { maxlength: 1000 },
})}
${passwordField({
  words,
  name: 'password',
  label: say.password,
  error: errorFor(errors, 'password'),
  autocomplete: 'current-password',
})}
${check({
  name: 'remember_me',
  label: say.remember(view.rememberDays),
  checked: view.remember ?? false,
})}
${check({
  name: 'shared_computer',
  label: say.shared,
  hint: say.sharedHint(view.sharedMinutes),
  checked: view.shared ?? false,
})}
${honeypot('website', words)}
${button({ label: say.submit, busy: say.busy, wide: true })}
</form>
${view.passkeys === true && passkeyButton({ action: 'sign-in', label: say.withPasskey, next: view.next })}
${providerButtons(view.providers ?? [], 'login-form', words)}`,
    after: html`<p class="beside"><a href="/auth/forgot">${say.forgot}</a>${
      view.registrationOpen &&
      html`<span>${say.newHere} <a href="/auth/register${nextQuery(view.next)}">${say.create}</a></span>`
    }</p>`,
  })
}

/** Shown where a password would cross the network in the open. */
export function plainHttpWarning(words: Words = english): Html {
  return html`<div class="notice notice-warning"><p>${words.signIn.login.plainHttp}</p></div>`
}

/** Carries the page that was asked for through a form. */
export function nextField(next: string | undefined): Html | null {
  return next === undefined || next === '/' ? null : html`<input type="hidden" name="next" value="${next}">`
}

/** The same for a link. */
export function nextQuery(next: string | undefined): string {
  return next === undefined || next === '/' ? '' : `?next=${encodeURIComponent(next)}`
}
