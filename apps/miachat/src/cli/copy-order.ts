/** Sorts names so that each comes after its targets. Throws for a circle, which only deferred references may close. */
export function inOrder(names: readonly string[], references: readonly { source: string; target: string }[]): string[] {
  const sorted: string[] = []
  const left = new Set(names)
  while (left.size > 0) {
    const ready = [...left].filter((name) => !references.some((one) => one.source === name && left.has(one.target)))
    if (ready.length === 0) throw new Error(`These tables point at each other in a circle: ${[...left].join(', ')}`)
    for (const name of ready) {
      sorted.push(name)
      left.delete(name)
    }
  }
  return sorted
}

/** Tables of the source that the target does not have: they would be lost without a word. */
export const leftBehind = (sourceTables: readonly string[], target: readonly { readonly name: string }[]): string[] =>
  sourceTables.filter((name) => !target.some((table) => table.name === name))
