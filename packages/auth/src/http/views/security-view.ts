import { button, errorFor, type FormError, passwordField } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { newPasswordField } from './register-view.ts'

/** After "not me": what has been done does not keep out whoever knows the password (S4). */
export const NOT_MINE =
  'That device is signed out. Whoever was there can come back by what let it in: set another password now, and look through the rest.'

/** One thing that keeps the account safe, how it stands, and what to do about it next (A2). */
export interface SecurityItem {
  readonly title: string
  readonly text: Html | string
  readonly action: { readonly href: string; readonly label: string }
}

export interface SecurityView {
  readonly items: readonly SecurityItem[]
  readonly username: string
  /** False for an account that was made without one: then the form sets the first. */
  readonly hasPassword: boolean
  readonly passwordMinLength: number
  readonly errors: readonly FormError[]
}

/** How the account is protected, each with its next action, and the form of the password. */
export function securityView({ items, username, hasPassword, passwordMinLength, errors }: SecurityView): Html {
  return html`${section({ id: 'overview', title: 'How you sign in', body: rowList(items.map(itemRow)) })}
${section({
  id: 'password',
  title: hasPassword ? 'Change your password' : 'Set a password',
  intro: 'It signs out every other device.',
  body: html`<form method="post" action="/settings/password" novalidate data-once>
<input type="text" name="username" value="${username}" autocomplete="username" readonly hidden>
${
  hasPassword &&
  passwordField({
    name: 'current_password',
    label: 'Current password',
    error: errorFor(errors, 'current_password'),
    autocomplete: 'current-password',
  })
}
${newPasswordField({
  name: 'new_password',
  label: 'New password',
  minLength: passwordMinLength,
  error: errorFor(errors, 'new_password'),
})}
${button({ label: hasPassword ? 'Change password' : 'Set password', busy: 'Saving your password…' })}
</form>`,
})}`
}

const itemRow = ({ title, text, action }: SecurityItem): Html =>
  row({ title, text, whole: true, action: html`<a href="${action.href}">${action.label}</a>` })
