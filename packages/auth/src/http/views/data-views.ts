import type { ExportState } from '../../exports/exports.ts'
import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html, plural } from './html.ts'
import { section } from './lists.ts'
import { nextQuery } from './login-view.ts'
import { day } from './time-words.ts'

const graceWords = (graceDays: number): string =>
  graceDays === 0 ? 'This happens at once.' : `You can come back for ${plural(graceDays, 'day', 'days')}.`

/** What a person can do with all that this server has of it. */
export const dataView = ({ graceDays, state }: { graceDays: number; state: ExportState }): Html =>
  html`${section({
    id: 'export',
    title: 'Take your data with you',
    intro: 'A ZIP archive of everything that this server keeps of you. It holds no password, key or token.',
    body: exportBody(state),
  })}
${section({
  id: 'delete',
  title: 'Delete your account',
  intro: `It signs you out everywhere and deletes what is yours. ${graceWords(graceDays)}`,
  body: html`<p><a class="btn btn-secondary" href="/settings/data/delete">Delete your account</a></p>`,
})}`

const makeForm = (label: string, kind: 'primary' | 'secondary'): Html =>
  html`<form method="post" action="/settings/export" data-once>${button({ label, kind })}</form>`

function exportBody(state: ExportState): Html {
  if (state.state === 'none') return makeForm('Make an archive', 'secondary')
  if (state.state === 'interrupted') {
    return html`<p class="notice notice-warning">It was interrupted before it was ready.</p>
${makeForm('Make it again', 'secondary')}`
  }
  if (state.state === 'making') {
    const { done, total } = state
    return html`<div data-look-again><p>It is being made: ${done} of ${plural(total, 'part', 'parts')}. You can leave this page.</p>
<p><progress max="${total}" value="${done}" aria-label="Parts of the archive that are ready"></progress></p>
<p><a href="/settings/data">Look again</a></p></div>`
  }
  return html`<p>It is ready: ${Math.ceil(state.bytes / 1000)} kB. You can fetch it for a day, until ${day(state.endsAt)}.</p>
<p><a class="btn btn-primary" href="/settings/export/${state.id}">Download the archive</a></p>
${makeForm('Make a new one', 'secondary')}`
}

export interface DeleteView {
  readonly username: string
  /** What the host app deletes with the account, a line each. */
  readonly goes: readonly string[]
  readonly graceDays: number
  /** When it would be gone, in milliseconds since 1970. */
  readonly deletesAt: number
  readonly errors: readonly FormError[]
}

/** Says what goes and what stays, and asks for the name (E2). */
export function deleteView({ username, goes, graceDays, deletesAt, errors }: DeleteView): Html {
  return formPage({
    title: 'Delete your account',
    lead:
      graceDays === 0
        ? 'This happens at once and cannot be undone.'
        : html`You are signed out everywhere at once. You can come back until ${day(deletesAt)}: sign in, and keep it.`,
    errors,
    before: html`<h2>What goes</h2>
<ul>${goes.map((line) => html`<li>${line}</li>`)}
<li>Your name, address, password and everything else that signs you in</li>
<li>Every signed-in device and program</li></ul>
<h2>What stays</h2>
<ul><li>Lines of this server’s log about signing in, with network addresses and a number in place of your name, for at most 90 days</li>
<li>Backups that the people who run this server have made</li></ul>
<p>Afterwards your user name is free. Who takes it gets nothing of yours.</p>`,
    form: html`<form method="post" action="/settings/delete" novalidate data-once>
${field({
  name: 'username',
  label: 'Your user name',
  hint: html`Type <bdi>${username}</bdi>, so that this does not happen by a slip.`,
  error: errorFor(errors, 'username'),
  autocomplete: 'off',
  verbatim: true,
  dir: 'auto',
})}
${button({ label: 'Delete my account', busy: 'Deleting…', kind: 'danger', wide: true })}
</form>`,
    after: html`<p><a href="/settings/data">Keep it</a></p>`,
  })
}

/** What somebody sees whose account is closed. */
export const leftView = ({ graceDays }: { graceDays: number }): Html =>
  formPage({
    title: graceDays === 0 ? 'Your account is deleted' : 'Your account is closed',
    lead:
      graceDays === 0
        ? 'Nobody is signed in with it any more.'
        : `Every device is signed out. In ${plural(graceDays, 'day', 'days')} everything of it is deleted. To keep it, sign in before.`,
    form: html`<a class="btn btn-secondary btn-wide" href="/auth/login">To the sign-in</a>`,
  })

/** Offers the account back to somebody who has just signed in to one that is about to be deleted. */
export const restoreView = ({ deletesAt, errors }: { deletesAt: number; errors: readonly FormError[] }): Html =>
  formPage({
    title: 'Keep your account?',
    lead: html`You have asked to delete it. On ${day(deletesAt)} everything of it is gone.`,
    errors,
    form: html`<form method="post" action="/auth/restore" data-once>
${button({ label: 'Keep my account', busy: 'Opening it again…', wide: true })}
</form>`,
    after: html`<p><a href="/auth/login${nextQuery('/')}">Leave it closed</a></p>`,
  })
