import { isoTime } from '../../lib/clock.ts'
import { type Html, html } from './html.ts'

/** The day of a time in milliseconds since 1970, as programs read it too: "2026-11-22". */
export function day(at: number): Html {
  const time = isoTime(at)
  return html`<time datetime="${time}">${time.slice(0, 10)}</time>`
}

/** A time to the second, as it stands in logs: "2026-11-22 07:40:12 UTC". */
export function moment(at: number): Html {
  const time = isoTime(at)
  return html`<time datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time>`
}
