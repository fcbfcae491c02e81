/** One generation: what is cached, and under which keys each person is found. */
interface Generation<V> {
  readonly values: Map<string, V>
  readonly keysOf: Map<number, Set<string>>
}

const generation = <V>(): Generation<V> => ({ values: new Map(), keysOf: new Map() })

/**
 * Verified tokens with their people, of whom any can be forgotten at once. Two generations: when the young one is full it
 * becomes the old one and the old one is dropped, so a hit costs one look-up, what is not used goes away by itself, and
 * there are never more than twice `size` entries.
 */
export function createPersonCache<V extends { readonly userId: number }>(size: number) {
  let young = generation<V>()
  let old = generation<V>()

  function age(): void {
    old = young
    young = generation()
  }

  function set(key: string, value: V): void {
    if (young.values.size >= size) age()
    young.values.set(key, value)
    const keys = young.keysOf.get(value.userId)
    if (keys) keys.add(key)
    else young.keysOf.set(value.userId, new Set([key]))
  }

  return {
    get(key: string): V | undefined {
      const value = young.values.get(key)
      if (value !== undefined) return value
      const older = old.values.get(key)
      if (older !== undefined) set(key, older)
      return older
    },
    set,
    /** Forgets everything of one person, or of everybody. */
    forget(userId: number | 'everybody'): void {
      if (userId === 'everybody') {
        young = generation()
        old = generation()
        return
      }
      for (const part of [young, old]) {
        for (const key of part.keysOf.get(userId) ?? []) part.values.delete(key)
        part.keysOf.delete(userId)
      }
    },
    /** Drops what was not asked for since the last call. */
    age,
    get size(): number {
      return young.values.size + old.values.size
    },
  }
}
