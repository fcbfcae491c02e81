import type { Words } from '../../words/words.ts'
import { button, errorFor, type FormError, passwordField } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { newPasswordField } from './register-view.ts'

/** One thing that keeps the account safe, how it stands, and what to do about it next (A2). */
export interface SecurityItem {
  readonly title: string
  readonly text: Html | string
  readonly action: { readonly href: string; readonly label: string }
}

export interface SecurityView {
  readonly words: Words
  readonly items: readonly SecurityItem[]
  readonly username: string
  /** False for an account that was made without one: then the form sets the first. */
  readonly hasPassword: boolean
  readonly passwordMinLength: number
  readonly errors: readonly FormError[]
}

/** How the account is protected, each with its next action, and the form of the password. */
export function securityView(view: SecurityView): Html {
  const { words, items, username, hasPassword, passwordMinLength, errors } = view
  const say = words.factors.security
  return html`${section({ id: 'overview', title: say.overview, body: rowList(items.map(itemRow)) })}
${section({
  id: 'password',
  title: hasPassword ? say.change : say.set,
  intro: say.intro,
  body: html`<form method="post" action="/settings/password" novalidate data-once>
<input type="text" name="username" value="${username}" autocomplete="username" readonly hidden>
${
  hasPassword &&
  passwordField({
    words,
    name: 'current_password',
    label: say.current,
    error: errorFor(errors, 'current_password'),
    autocomplete: 'current-password',
  })
}
${newPasswordField({
  words,
  name: 'new_password',
  label: say.next,
  minLength: passwordMinLength,
  error: errorFor(errors, 'new_password'),
})}
${button({ label: hasPassword ? say.submitChange : say.submitSet, busy: say.busy })}
</form>`,
})}`
}

const itemRow = ({ title, text, action }: SecurityItem): Html =>
  row({ title, text, whole: true, action: html`<a href="${action.href}">${action.label}</a>` })
