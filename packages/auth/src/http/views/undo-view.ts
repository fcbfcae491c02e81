import type { Words } from '../../words/words.ts'
import { button, type FormError, formPage } from './forms.ts'
import { type Html, html } from './html.ts'

export interface UndoView {
  readonly words: Words
  /** The secret of the link: carried in the form, spent by POST only. */
  readonly token: string
  readonly username: string
  /** The user name that the account gets back, or null where it stays. */
  readonly usernamePutBack: string | null
  /** The address that the account gets back, or null where it stays. */
  readonly addressPutBack: string | null
  readonly errors: readonly FormError[]
}

/** "This was not me", the page of the link in a notice. It says beforehand all that it does. */
export function undoView({ words, token, username, usernamePutBack, addressPutBack, errors }: UndoView): Html {
  const say = words.recovery.undo
  return formPage({
    words,
    title: say.title,
    lead: html`${say.lead.before}<strong dir="auto">${username}</strong>${say.lead.after}`,
    errors,
    before: html`<ul>
<li>${say.everybodyOut}</li>
${usernamePutBack !== null && html`<li>${say.username.before}<strong dir="auto">${usernamePutBack}</strong>${say.username.after}</li>`}
${addressPutBack !== null && html`<li>${say.address.before}<strong dir="auto">${addressPutBack}</strong>${say.address.after}</li>`}
<li>${say.waysGo}</li>
<li>${say.password}</li>
<li>${say.factorStays}</li>
</ul>`,
    form: html`<form method="post" action="/auth/undo" data-once>
<input type="hidden" name="token" value="${token}">
${button({ label: say.submit, kind: 'danger', busy: say.busy, wide: true })}
</form>`,
    after: html`<p>${say.itWasMe}</p>`,
  })
}

/** A link that was used, has ended or is void: all look the same. */
export function undoDeadView(words: Words): Html {
  const say = words.recovery.undoDead
  return formPage({
    words,
    title: say.title,
    lead: say.lead,
    form: html`<a class="btn btn-primary btn-wide" href="/auth/forgot">${say.submit}</a>`,
    after: html`<p><a href="/auth/login">${say.signIn}</a></p>`,
  })
}
