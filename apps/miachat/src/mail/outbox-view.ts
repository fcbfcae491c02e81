import { button, field, formPage, type Html, html, relativeTime, type Words } from '@miachat/auth/views'
import { emptyState, pageHead } from '../views/pieces.ts'
import { wordsIn } from '../words/words.ts'
import type { LetterKept } from './outbox-folder.ts'

export interface OutboxView {
  readonly words: Words
  readonly letters: readonly LetterKept[]
  readonly folder: string
  readonly baseUrl: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The letters of the folder, the newest first. */
export function outboxView(view: OutboxView): Html {
  const { words, letters, folder } = view
  const { outbox: say } = wordsIn(words.language).config
  return html`${pageHead({
    title: say.title,
    lead: html`${say.lead.before}<code>${folder}</code>${say.lead.set}<code>MAIL_URL</code>${say.lead.after}`,
  })}
${letters.length === 0 ? emptyState({ text: say.none }) : letters.map((letter) => letterView(letter, view))}`
}

/** Two letters can have one subject, so none is a landmark. */
function letterView({ name, to, subject, date, text }: LetterKept, { words, baseUrl, now }: OutboxView): Html {
  const { outbox: say } = wordsIn(words.language).config
  return html`<article class="section"><h2>${subject}</h2>
<p class="soft">${say.to}<bdi>${to}</bdi>, ${relativeTime(Date.parse(date), now, words)}. <a href="/outbox/${name}">${say.shown}</a></p>
${blocksOf(text).map((lines) => html`<p>${lines.map((line, index) => html`${index > 0 && html`<br>`}${lineView(line, baseUrl)}`)}</p>`)}</article>`
}

const blocksOf = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n\n')
    .map((block) => block.split('\n'))

/** A link of this server leads there; anything else is text. */
const lineView = (line: string, baseUrl: string): Html | string =>
  line.startsWith(`${baseUrl}/`) ? html`<a href="${line}">${line}</a>` : line

/** Asks for what only the owner of the folder can read. */
export function outboxCodeView({ words, file, error }: { words: Words; file: string; error?: string }): Html {
  const { outbox: say } = wordsIn(words.language).config
  return formPage({
    words,
    title: say.title,
    lead: html`${say.ask}<code>${file}</code>`,
    errors: error === undefined ? [] : [{ field: 'code', message: error }],
    form: html`<form method="post" action="/outbox" novalidate data-once>
${field({ words, name: 'code', label: say.code, error, autocomplete: 'off', verbatim: true, more: { maxlength: 200 } })}
${button({ label: say.show, wide: true })}
</form>`,
    after: html`<p><a href="/auth/login">${say.back}</a></p>`,
  })
}
