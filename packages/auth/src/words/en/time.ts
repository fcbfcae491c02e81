/** Times as they stand in sentences. What counts and names is made by Intl, from the CLDR data that Node brings. */
export const time = {
  /** What dates and numbers are written for (BCP 47). */
  locale: 'en-GB',
  justNow: 'just now',
  day: (day: number, month: string, year: number) => `${day} ${month} ${year}`,
  exact: (day: string, clock: string) => `${day} at ${clock} UTC`,
}
