import { AuthError } from '@miachat/auth'

/**
 * Lets work with the same key run one after the other, and work with different keys beside each other. Who sends a hundred
 * things at once then holds one connection to the database, not all of them. Beyond `most` that wait, it throws
 * `overloaded`.
 */
export function createTurns<Key>(most: number) {
  const queues = new Map<Key, { last: Promise<unknown>; size: number }>()
  return async function inTurn<R>(key: Key, work: () => Promise<R>): Promise<R> {
    const queue = queues.get(key) ?? { last: Promise.resolve(), size: 0 }
    if (queue.size >= most) throw new AuthError('overloaded', { retryAfter: 1 })
    queues.set(key, queue)
    queue.size++
    const result = queue.last.then(work)
    // One that failed must not stop those behind it.
    queue.last = result.catch(() => undefined)
    try {
      return await result
    } finally {
      if (--queue.size === 0) queues.delete(key)
    }
  }
}
