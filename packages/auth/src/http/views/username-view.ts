import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html } from './html.ts'

export interface UsernameView {
  /** The one that counts now. */
  readonly username: string
  readonly typed: string
  readonly errors: readonly FormError[]
}

/** Asks for another user name. */
export function usernameView({ username, typed, errors }: UsernameView): Html {
  return formPage({
    title: 'Change your user name',
    lead: html`Now it is <strong dir="auto">${username}</strong>. You sign in by it, or by your e-mail address.`,
    errors,
    form: html`<form method="post" action="/settings/username" novalidate data-once>
${field({
  name: 'username',
  label: 'New user name',
  hint: '3 to 32 letters, digits, dots, hyphens and underscores.',
  value: typed,
  error: errorFor(errors, 'username'),
  autocomplete: 'username',
  maxlength: 32,
  verbatim: true,
  dir: 'ltr',
})}
<p class="soft">The former name stays yours for 90 days: nobody else gets it, and you can go back to it. You can change the name three times in that time. Devices stay signed in; a password manager or passkey may go on showing the former name.</p>
<div class="actions">${button({ label: 'Change user name', busy: 'Changing…' })}<a class="btn btn-quiet" href="/settings">Leave it</a></div>
</form>`,
  })
}
