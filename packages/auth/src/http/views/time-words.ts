import { isoTime } from '../../lib/clock.ts'
import { english, type Words } from '../../words/words.ts'
import { type Html, html } from './html.ts'

// Made when the first day is shown: a formatter of Intl costs a start milliseconds.
const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(locale: string): Intl.DateTimeFormat {
  const known = formats.get(locale)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  formats.set(locale, made)
  return made
}

/** The day of a time in milliseconds since 1970, in UTC: "22 Nov 2026". Programs read it from the attribute. */
export const day = (at: number, { time }: Words = english): Html =>
  html`<time datetime="${isoTime(at)}">${formatOf(time.locale).format(at)}</time>`

/** A time to the second, as it stands in logs: "2026-11-22 07:40:12 UTC". */
export function moment(at: number): Html {
  const time = isoTime(at)
  return html`<time datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time>`
}
