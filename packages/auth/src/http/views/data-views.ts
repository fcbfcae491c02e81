import type { ExportState } from '../../exports/exports.ts'
import type { Words } from '../../words/words.ts'
import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html } from './html.ts'
import { section } from './lists.ts'
import { nextQuery } from './login-view.ts'
import { day } from './time-words.ts'

export interface DataView {
  readonly words: Words
  readonly graceDays: number
  readonly state: ExportState
}

/** What a person can do with all that this server has of it. */
export function dataView({ words, graceDays, state }: DataView): Html {
  const { data: say } = words
  return html`${section({ id: 'export', title: say.take, intro: say.takeIntro, body: exportBody(state, words) })}
${section({
  id: 'delete',
  title: say.remove,
  intro: `${say.removeIntro} ${graceDays === 0 ? say.atOnce : say.comeBack(graceDays)}`,
  body: html`<p><a class="btn btn-secondary" href="/settings/data/delete">${say.remove}</a></p>`,
})}`
}

const makeForm = (label: string): Html =>
  html`<form method="post" action="/settings/export" data-once>${button({ label, kind: 'secondary' })}</form>`

function exportBody(state: ExportState, words: Words): Html {
  const { archive: say } = words.data
  if (state.state === 'none') return makeForm(say.make)
  if (state.state === 'interrupted') {
    return html`<p class="notice notice-warning">${say.interrupted}</p>
${makeForm(say.makeAgain)}`
  }
  if (state.state === 'making') {
    const { done, total } = state
    return html`<div data-look-again><p>${say.making(done, total)}</p>
<p><progress max="${total}" value="${done}" aria-label="${say.progress}"></progress></p>
<p><a href="/settings/data">${say.look}</a></p></div>`
  }
  return html`<p>${say.ready(Math.ceil(state.bytes / 1000))}${day(state.endsAt, words)}.</p>
<p><a class="btn btn-primary" href="/settings/export/${state.id}">${say.download}</a></p>
${makeForm(say.makeNew)}`
}

export interface DeleteView {
  readonly words: Words
  readonly username: string
  /** What the host app deletes with the account, a line each. */
  readonly goes: readonly string[]
  readonly graceDays: number
  /** When it would be gone, in milliseconds since 1970. */
  readonly deletesAt: number
  readonly errors: readonly FormError[]
}

/** Says what goes and what stays, and asks for the name (E2). */
export function deleteView({ words, username, goes, graceDays, deletesAt, errors }: DeleteView): Html {
  const { remove, deletion: say } = words.data
  return formPage({
    words,
    title: remove,
    lead: graceDays === 0 ? say.finally : html`${say.lead.before}${day(deletesAt, words)}${say.lead.after}`,
    errors,
    before: html`<h2>${say.goes}</h2>
<ul>${goes.map((line) => html`<li>${line}</li>`)}
<li>${say.name}</li>
<li>${say.devices}</li></ul>
<h2>${say.stays}</h2>
<ul><li>${say.log}</li>
<li>${say.backups}</li></ul>
<p>${say.free}</p>`,
    form: html`<form method="post" action="/settings/delete" novalidate data-once>
${field({
  words,
  name: 'username',
  label: say.label,
  hint: html`${say.hint.before}<bdi>${username}</bdi>${say.hint.after}`,
  error: errorFor(errors, 'username'),
  autocomplete: 'off',
  verbatim: true,
  dir: 'auto',
})}
${button({ label: say.submit, busy: say.busy, kind: 'danger', wide: true })}
</form>`,
    after: html`<p><a href="/settings/data">${say.keep}</a></p>`,
  })
}

/** What somebody sees whose account is closed. */
export function leftView({ words, graceDays }: Pick<DataView, 'words' | 'graceDays'>): Html {
  const { left: say } = words.data
  return formPage({
    words,
    title: graceDays === 0 ? say.deleted : say.closed,
    lead: graceDays === 0 ? say.deletedLead : say.closedLead(graceDays),
    form: html`<a class="btn btn-secondary btn-wide" href="/auth/login">${say.signIn}</a>`,
  })
}

export interface RestoreView {
  readonly words: Words
  /** Milliseconds since 1970. */
  readonly deletesAt: number
  readonly errors: readonly FormError[]
}

/** Offers the account back to somebody who has just signed in to one that is about to be deleted. */
export function restoreView({ words, deletesAt, errors }: RestoreView): Html {
  const { restore: say } = words.data
  return formPage({
    words,
    title: say.title,
    lead: html`${say.lead.before}${day(deletesAt, words)}${say.lead.after}`,
    errors,
    form: html`<form method="post" action="/auth/restore" data-once>
${button({ label: say.submit, busy: say.busy, wide: true })}
</form>`,
    after: html`<p><a href="/auth/login${nextQuery('/')}">${say.leave}</a></p>`,
  })
}
