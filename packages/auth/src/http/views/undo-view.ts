import { button, type FormError, formPage } from './forms.ts'
import { type Html, html } from './html.ts'

export interface UndoView {
  /** The secret of the link: carried in the form, spent by POST only. */
  readonly token: string
  readonly username: string
  /** The address that the account gets back, or null where it stays. */
  readonly addressPutBack: string | null
  readonly errors: readonly FormError[]
}

/** "This was not me", the page of the link in a notice. It says beforehand all that it does. */
export function undoView({ token, username, addressPutBack, errors }: UndoView): Html {
  return formPage({
    title: 'Take your account back',
    lead: html`For the account <strong dir="auto">${username}</strong>. Do this if something was changed that was not you:`,
    errors,
    before: html`<ul>
<li>Every device and every program is signed out.</li>
${addressPutBack !== null && html`<li>Your address is <strong dir="auto">${addressPutBack}</strong> again.</li>`}
<li>Passkeys and linked services that were added since are removed.</li>
<li>The password stops working, and you choose a new one on the next page.</li>
<li>Two-step sign-in stays as it is. If somebody else has set it up, ask the people who run this server.</li>
</ul>`,
    form: html`<form method="post" action="/auth/undo" data-once>
<input type="hidden" name="token" value="${token}">
${button({ label: 'This was not me: sign everybody out', kind: 'danger', busy: 'Signing everybody out…', wide: true })}
</form>`,
    after: html`<p>If it was you, close this page: nothing happens.</p>`,
  })
}

/** A link that was used, has ended or is void: all look the same. */
export function undoDeadView(): Html {
  return formPage({
    title: 'This link does not work any more',
    lead: 'It has been used, has ended, or your account was taken back since. If something is wrong, set a new password: that signs everybody else out.',
    form: html`<a class="btn btn-primary btn-wide" href="/auth/forgot">Set a new password</a>`,
    after: html`<p><a href="/auth/login">Sign in</a></p>`,
  })
}
