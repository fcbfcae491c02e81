/**
 * A map that forgets what was not asked for lately, in two generations: when the young one is full it becomes the old one
 * and the old one is dropped. Costs one look-up for what is in use, and never holds more than twice `size` (LIM-07).
 */
export function createBoundedMap<K, V>(size: number) {
  let young = new Map<K, V>()
  let old = new Map<K, V>()
  const set = (key: K, value: V): void => {
    if (young.size >= size) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }
  return {
    get(key: K): V | undefined {
      const value = young.get(key)
      if (value !== undefined) return value
      const older = old.get(key)
      if (older === undefined) return undefined
      old.delete(key)
      set(key, older)
      return older
    },
    set,
    delete(key: K): void {
      young.delete(key)
      old.delete(key)
    },
    clear(): void {
      young = new Map()
      old = new Map()
    },
    /** Drops what was not asked for since the last call. */
    age(): void {
      old = young
      young = new Map()
    },
    get size(): number {
      return young.size + old.size
    },
    *entries(): IterableIterator<[K, V]> {
      yield* young
      yield* old
    },
  }
}
