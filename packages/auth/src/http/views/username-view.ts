import type { Words } from '../../words/words.ts'
import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html } from './html.ts'

export interface UsernameView {
  readonly words: Words
  /** The one that counts now. */
  readonly username: string
  readonly typed: string
  readonly errors: readonly FormError[]
}

/** Asks for another user name. */
export function usernameView({ words, username, typed, errors }: UsernameView): Html {
  const { username: say } = words.data
  return formPage({
    words,
    title: say.title,
    lead: html`${say.lead.before}<strong dir="auto">${username}</strong>${say.lead.after}`,
    errors,
    form: html`<form method="post" action="/settings/username" novalidate data-once>
${field({
  words,
  name: 'username',
  label: say.label,
  hint: say.hint,
  value: typed,
  error: errorFor(errors, 'username'),
  autocomplete: 'username',
  maxlength: 32,
  verbatim: true,
  dir: 'ltr',
})}
<p class="soft">${say.rules}</p>
<div class="actions">${button({ label: say.submit, busy: say.busy })}<a class="btn btn-quiet" href="/settings">${say.leave}</a></div>
</form>`,
  })
}
