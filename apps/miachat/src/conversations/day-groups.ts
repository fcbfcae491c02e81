export interface DayGroup<Item> {
  /** "Today", "Yesterday", "Monday", "3 November 2025". */
  readonly label: string
  readonly items: readonly Item[]
}

const DAY = 86_400_000

/**
 * Puts what is sorted by time under its days, as they are in `timeZone` (this machine's own unless said otherwise).
 * Times in milliseconds since 1970.
 */
export function groupByDay<Item>(
  items: readonly Item[],
  at: (item: Item) => number,
  now: number,
  timeZone?: string,
): DayGroup<Item>[] {
  const { dayOf, weekday, date } = formatsOf(timeZone)
  const today = Date.parse(dayOf.format(now))
  const groups: { label: string; items: Item[] }[] = []
  for (const item of items) {
    const time = at(item)
    const daysAgo = Math.round((today - Date.parse(dayOf.format(time))) / DAY)
    const label = daysAgo <= 0 ? 'Today' : daysAgo === 1 ? 'Yesterday' : (daysAgo < 7 ? weekday : date).format(time)
    const last = groups.at(-1)
    if (last?.label === label) last.items.push(item)
    else groups.push({ label, items: [item] })
  }
  return groups
}

const made = new Map<string | undefined, ReturnType<typeof makeFormats>>()

// Making a formatter costs a hundred times what using one does.
function formatsOf(timeZone: string | undefined) {
  const known = made.get(timeZone) ?? makeFormats(timeZone)
  made.set(timeZone, known)
  return known
}

const makeFormats = (timeZone: string | undefined) => ({
  dayOf: new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone }),
  weekday: new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone }),
  date: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone }),
})
