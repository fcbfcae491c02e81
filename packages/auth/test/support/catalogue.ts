/**
 * Each text of a catalogue by its path, as `.room.name`. Functions are called with each of these lists of figures, or left out
 * where there is none.
 */
export function textsOf(part: unknown, ...calls: readonly (readonly number[])[]): [path: string, text: string][] {
  if (typeof part === 'string') return [['', part]]
  if (typeof part === 'function') return calls.map((figures) => ['', String(part(...figures))])
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) =>
    textsOf(value, ...calls).map(([path, text]): [string, string] => [`.${key}${path}`, text]),
  )
}

/** Figures that cannot be in a text by chance. */
export const FIGURES = [7_654, 7_655]
