export interface DayGroup<Item> {
  /** "Today", "Yesterday", "Monday", "3 November 2025". */
  readonly label: string
  readonly items: readonly Item[]
}

const DAY = 86_400_000

export interface DayWords {
  /** What days are named in (BCP 47). */
  readonly locale: string
  readonly today: string
  readonly yesterday: string
}

/**
 * Puts what is sorted by time under its days, as they are in `timeZone` (this machine's own unless said otherwise).
 * Times in milliseconds since 1970.
 */
export function groupByDay<Item>(
  items: readonly Item[],
  at: (item: Item) => number,
  now: number,
  { locale, today: isToday, yesterday }: DayWords,
  timeZone?: string,
): DayGroup<Item>[] {
  const { dayOf, weekday, date } = formatsOf(locale, timeZone)
  const today = Date.parse(dayOf.format(now))
  const groups: { label: string; items: Item[] }[] = []
  for (const item of items) {
    const time = at(item)
    const daysAgo = Math.round((today - Date.parse(dayOf.format(time))) / DAY)
    const label = daysAgo <= 0 ? isToday : daysAgo === 1 ? yesterday : (daysAgo < 7 ? weekday : date).format(time)
    const last = groups.at(-1)
    if (last?.label === label) last.items.push(item)
    else groups.push({ label, items: [item] })
  }
  return groups
}

const made = new Map<string, ReturnType<typeof makeFormats>>()

// Making a formatter costs a hundred times what using one does.
function formatsOf(locale: string, timeZone: string | undefined) {
  const key = `${locale} ${timeZone}`
  const known = made.get(key) ?? makeFormats(locale, timeZone)
  made.set(key, known)
  return known
}

const makeFormats = (locale: string, timeZone: string | undefined) => ({
  dayOf: new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone }),
  weekday: new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone }),
  date: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone }),
})
