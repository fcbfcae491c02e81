import { type Html, html } from './html.ts'

// Made when it is first needed: a formatter of Intl costs a start 20 ms, and a hundred times what using one does.
let formatter: Intl.RelativeTimeFormat | undefined
function relative(): Intl.RelativeTimeFormat {
  formatter ??= new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' })
  return formatter
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

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
export function relativeTime(at: number, now: number): Html {
  const date = new Date(at)
  const iso = date.toISOString()
  return html`<time datetime="${iso}" title="${dayOf(date)} at ${iso.slice(11, 16)} UTC">${relativeWords(date, now)}</time>`
}

/** "22 November 2026", by hand: a thread has a hundred times in it, and Intl takes ten microseconds for each. */
const dayOf = (date: Date): string => `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`

function relativeWords(date: Date, now: number): string {
  const seconds = Math.round((date.getTime() - now) / 1000)
  const size = Math.abs(seconds)
  if (size < 60) return 'just now'
  const step = steps.find(({ below }) => size < below)
  return step === undefined ? dayOf(date) : relative().format(Math.trunc(seconds / step.seconds), step.unit)
}
