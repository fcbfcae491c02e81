import { AuthError } from '../lib/errors.ts'

/** How long somebody waits for a turn before hearing that the server is busy. Milliseconds. */
const LONGEST_WAIT_MS = 10_000

/** Work of one network, within its share. */
export type FairShare = ReturnType<typeof createFairShare>

/**
 * Lets at most `most` pieces of work with the same key run at a time; the others wait their turn. Passwords are hashed one
 * after the other: whoever has many accounts must not fill the queue of this process with right passwords, which no budget
 * of failures counts (PW-11, AVL-01). It is about the queue of one process and needs no row: a crash leaves nothing behind.
 * Throws `overloaded` where no turn came within ten seconds.
 */
export function createFairShare(most: number) {
  const shares = new Map<string, { running: number; readonly waiting: (() => void)[] }>()

  async function turn(key: string): Promise<void> {
    const share = shares.get(key) ?? { running: 0, waiting: [] }
    shares.set(key, share)
    if (share.running < most) {
      share.running++
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      share.waiting.splice(share.waiting.indexOf(resolve), 1)
      reject(new AuthError('overloaded', { retryAfter: 2 }))
    }, LONGEST_WAIT_MS)
    share.waiting.push(resolve)
    await promise.finally(() => clearTimeout(timer))
  }

  function passOn(key: string): void {
    const share = shares.get(key)
    if (!share) return
    const next = share.waiting.shift()
    // The turn goes on to who waits, so that nobody slips in between.
    if (next) next()
    else if (--share.running === 0) shares.delete(key)
  }

  return async function inTurn<R>(key: string, work: () => Promise<R>): Promise<R> {
    await turn(key)
    try {
      return await work()
    } finally {
      passOn(key)
    }
  }
}
