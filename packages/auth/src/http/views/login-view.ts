import { button, check, errorFor, type FormError, field, formPage, honeypot, passwordField } from './forms.ts'
import { type Html, html, plural } from './html.ts'
import { passkeyButton } from './passkey-button.ts'
import { type ProviderShown, providerButtons } from './provider-views.ts'

export interface LoginView {
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
  return formPage({
    title: 'Sign in',
    errors,
    before: view.httpWarning === true ? plainHttpWarning() : null,
    form: html`<form id="login-form" method="post" action="/auth/login" novalidate data-once>
${nextField(view.next)}
${field({
  name: 'username',
  label: 'User name or e-mail address',
  value: view.identifier ?? '',
  error: errorFor(errors, 'username'),
  autocomplete: 'username webauthn',
  verbatim: true,
  more: { maxlength: 1000 },
})}
${passwordField({
  name: 'password',
  label: 'Password',
  error: errorFor(errors, 'password'),
  autocomplete: 'current-password',
})}
${check({
  name: 'remember_me',
  label: `Stay signed in on this device for up to ${plural(view.rememberDays, 'day', 'days')}`,
  checked: view.remember ?? false,
})}
${check({
  name: 'shared_computer',
  label: 'Others use this computer, too',
  hint: `You are signed out after ${plural(view.sharedMinutes, 'minute', 'minutes')} without use, and nothing that you type stays in this browser.`,
  checked: view.shared ?? false,
})}
${honeypot()}
${button({ label: 'Sign in', busy: 'Signing in…', wide: true })}
</form>
${view.passkeys === true && passkeyButton({ action: 'sign-in', label: 'Sign in with a passkey', next: view.next })}
${providerButtons(view.providers ?? [], 'login-form')}`,
    after: html`<p class="beside"><a href="/auth/forgot">Forgot password?</a>${
      view.registrationOpen &&
      html`<span>New here? <a href="/auth/register${nextQuery(view.next)}">Create an account</a></span>`
    }</p>`,
  })
}

/** Shown where a password would cross the network in the open. */
export function plainHttpWarning(): Html {
  return html`<div class="notice notice-warning"><p>This page is not encrypted. Others on this network can read what you type here, your password too.</p></div>`
}

/** Carries the page that was asked for through a form. */
export function nextField(next: string | undefined): Html | null {
  return next === undefined || next === '/' ? null : html`<input type="hidden" name="next" value="${next}">`
}

/** The same for a link. */
export function nextQuery(next: string | undefined): string {
  return next === undefined || next === '/' ? '' : `?next=${encodeURIComponent(next)}`
}
