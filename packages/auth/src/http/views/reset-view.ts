import { english, type Words } from '../../words/words.ts'
import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html } from './html.ts'
import { newPasswordField } from './register-view.ts'

export interface ResetView {
  /** The words of the request; English where a host gives none. */
  readonly words?: Words
  /** The secret of the link: carried in the form, spent by POST only (F1). */
  readonly token: string
  readonly username: string
  readonly passwordMinLength: number
  /** Passkeys and linked services go with it. */
  readonly takesWays?: boolean
  readonly errors?: readonly FormError[]
}

/** Choose a new password with a one-time link. The name is there so that the right entry is updated (F5). */
export function resetView(view: ResetView): Html {
  const { words = english, errors = [] } = view
  const say = words.recovery.reset
  return formPage({
    words,
    title: say.title,
    lead: view.takesWays ? say.leadTakesWays : say.lead,
    errors,
    form: html`<form method="post" action="/auth/reset" novalidate data-once>
<input type="hidden" name="token" value="${view.token}">
${field({
  words,
  name: 'username',
  label: say.name,
  value: view.username,
  autocomplete: 'username',
  readonly: true,
  required: false,
  verbatim: true,
  dir: 'auto',
})}
${newPasswordField({
  words,
  name: 'new_password',
  label: say.password,
  minLength: view.passwordMinLength,
  error: errorFor(errors, 'new_password'),
})}
${button({ label: say.submit, busy: say.busy, wide: true })}
</form>`,
  })
}

export interface LinkInvalidView {
  readonly words?: Words
  readonly token?: string
}

/**
 * A link that has been used, has expired, or never was one. `token` of one that was: a new one goes to the same account, and
 * nobody has to type its address again, nor learns it from an old link (F6).
 */
export function linkInvalidView({ words = english, token }: LinkInvalidView = {}): Html {
  const say = words.recovery.dead
  const { title } = say
  if (token === undefined) {
    return formPage({
      words,
      title,
      lead: say.lead,
      form: html`<a class="btn btn-primary btn-wide" href="/auth/login">${say.signIn}</a>`,
      after: html`<p><a href="/auth/forgot">${say.how}</a></p>`,
    })
  }
  return formPage({
    words,
    title,
    lead: say.leadAnew,
    form: html`<form method="post" action="/auth/forgot" novalidate data-once>
<input type="hidden" name="token" value="${token}">
${button({ label: say.send, busy: say.busy, wide: true })}
</form>`,
    after: html`<p><a href="/auth/login">${say.signIn}</a></p>`,
  })
}
