import { type Connection, openDatabase } from '@miachat/auth'

/** A read that matches waits, after the database has answered it, until `release` is called. */
export interface Hold {
  /** Resolves when the database has answered the read and its answer is being held back. */
  readonly reached: Promise<void>
  release(): void
}

/** A database whose answers a test can hold back or replace by failures: forces what else only chance brings about. */
export async function heldDatabase(url: string) {
  const inner = await openDatabase(url)
  const holds: { text: string; reached: () => void; released: Promise<void> }[] = []
  let failure: Error | null = null
  let reads = 0
  let transactions = 0
  const connection: Connection = {
    ...inner,
    async read(query) {
      reads++
      if (failure) throw failure
      const answer = await inner.read(query)
      const place = holds.findIndex(({ text }) => query.sql.includes(text))
      const [hold] = place < 0 ? [] : holds.splice(place, 1)
      hold?.reached()
      await hold?.released
      return answer
    },
    transaction(work) {
      transactions++
      return inner.transaction(work)
    },
  }
  return {
    connection,
    /** Holds the answer of the next read whose SQL contains `text`. */
    hold(text: string): Hold {
      const reached = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      holds.push({ text, reached: reached.resolve, released: released.promise })
      return { reached: reached.promise, release: released.resolve }
    },
    /** Makes every read fail with this error, or work again. */
    fail(error: Error | null): void {
      failure = error
    },
    get reads(): number {
      return reads
    },
    get transactions(): number {
      return transactions
    },
  }
}
