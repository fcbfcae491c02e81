import { button, field, formPage, type Html, html, relativeTime } from '@miachat/auth/views'
import { emptyState, pageHead } from '../views/pieces.ts'
import type { LetterKept } from './outbox-folder.ts'

export interface OutboxView {
  readonly letters: readonly LetterKept[]
  readonly folder: string
  readonly baseUrl: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The letters of the folder, the newest first. */
export function outboxView({ letters, folder, baseUrl, now }: OutboxView): Html {
  return html`${pageHead({
    title: 'Letters of this machine',
    lead: html`This server sends no mail. What it would send lies in <code>${folder}</code>; set <code>MAIL_URL</code> to send it.`,
  })}
${
  letters.length === 0
    ? emptyState({ text: 'No letter yet. Whoever forgets a password here makes the first.' })
    : letters.map((letter) => letterView(letter, baseUrl, now))
}`
}

/** Two letters can have one subject, so none is a landmark. */
const letterView = ({ name, to, subject, date, text }: LetterKept, baseUrl: string, now: number): Html =>
  html`<article class="section"><h2>${subject}</h2>
<p class="soft">To <bdi>${to}</bdi>, ${relativeTime(Date.parse(date), now)}. <a href="/outbox/${name}">As a mail program shows it</a></p>
${blocksOf(text).map((lines) => html`<p>${lines.map((line, index) => html`${index > 0 && html`<br>`}${lineView(line, baseUrl)}`)}</p>`)}</article>`

const blocksOf = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n\n')
    .map((block) => block.split('\n'))

/** A link of this server leads there; anything else is text. */
const lineView = (line: string, baseUrl: string): Html | string =>
  line.startsWith(`${baseUrl}/`) ? html`<a href="${line}">${line}</a>` : line

/** Asks for what only the owner of the folder can read. */
export function outboxCodeView({ file, error }: { readonly file: string; readonly error?: string }): Html {
  return formPage({
    title: 'Letters of this machine',
    lead: html`They hold links that open accounts. To see them, enter what stands in the file <code>${file}</code>`,
    errors: error === undefined ? [] : [{ field: 'code', message: error }],
    form: html`<form method="post" action="/outbox" novalidate data-once>
${field({ name: 'code', label: 'Code', error, autocomplete: 'off', verbatim: true, more: { maxlength: 200 } })}
${button({ label: 'Show the letters', wide: true })}
</form>`,
    after: html`<p><a href="/auth/login">Back to sign-in</a></p>`,
  })
}
