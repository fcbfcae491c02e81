import type { time as english } from '../en/time.ts'

export const time: typeof english = {
  locale: 'de-DE',
  justNow: 'gerade eben',
  day: (day, month, year) => `${day}. ${month} ${year}`,
  exact: (day, clock) => `${day} um ${clock} UTC`,
}
