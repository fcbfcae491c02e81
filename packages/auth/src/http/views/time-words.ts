import { isoTime } from '../../lib/clock.ts'
import { type Html, html } from './html.ts'

/** The day of a time in milliseconds since 1970, as programs read it too: "2026-11-22". */
export function day(at: number): Html {
  const time = isoTime(at)
  return html`<time datetime="${time}">${time.slice(0, 10)}</time>`
}
