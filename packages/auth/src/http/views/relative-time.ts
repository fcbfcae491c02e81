import { english, type Words } from '../../words/words.ts'
import { type Html, html } from './html.ts'

interface Formats {
  readonly relative: Intl.RelativeTimeFormat
  readonly months: readonly string[]
}

// Made when they are first needed: a formatter of Intl costs a start 20 ms, and a hundred times what using one does.
const formats = new Map<string, Formats>()
function formatsOf({ time: { locale } }: Words): Formats {
  const known = formats.get(locale)
  if (known) return known
  const month = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' })
  const months = Array.from({ length: 12 }, (_, index) => month.format(Date.UTC(2000, index)))
  const made = { relative: new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }), months }
  formats.set(locale, made)
  return made
}

const steps: readonly {
  readonly unit: Intl.RelativeTimeFormatUnit
  readonly seconds: number
  readonly below: number
}[] = [
  { unit: 'minute', seconds: 60, below: 3600 },
  { unit: 'hour', seconds: 3600, below: 86_400 },
  { unit: 'day', seconds: 86_400, below: 14 * 86_400 },
]

/** "5 minutes ago"; the exact time (UTC, local with script) on hover and for programs. `at` and `now` in ms since 1970. */
export function relativeTime(at: number, now: number, words: Words = english): Html {
  const date = new Date(at)
  const iso = date.toISOString()
  const exact = words.time.exact(dayOf(date, words), iso.slice(11, 16))
  return html`<time datetime="${iso}" title="${exact}">${relativeWords(date, now, words)}</time>`
}

/** "22 November 2026", put together from parts: a thread has a hundred times in it, and Intl takes ten microseconds for each. */
const dayOf = (date: Date, words: Words): string =>
  words.time.day(date.getUTCDate(), formatsOf(words).months[date.getUTCMonth()] ?? '', date.getUTCFullYear())

function relativeWords(date: Date, now: number, words: Words): string {
  const seconds = Math.round((date.getTime() - now) / 1000)
  const size = Math.abs(seconds)
  if (size < 60) return words.time.justNow
  const step = steps.find(({ below }) => size < below)
  if (step === undefined) return dayOf(date, words)
  return formatsOf(words).relative.format(Math.trunc(seconds / step.seconds), step.unit)
}
