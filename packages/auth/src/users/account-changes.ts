import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import { createAccountChangeStore } from './account-change-store.ts'

/** How old the knowledge of changes may be when a cached answer is trusted: half of the 100 ms of JWT-06. */
const FRESH_MS = 50

export type AccountChanges = ReturnType<typeof createAccountChanges>

/**
 * The one way to end sessions or tokens or to change their person. Every change writes a numbered row in its own
 * transaction; each process reads the newer rows before it trusts what it has cached. A lost message cannot keep a dead
 * session alive, since there are no messages: when the numbers cannot be read, nothing cached is used.
 */
export function createAccountChanges(deps: { db: Database<AuthTables>; clock: Clock }) {
  const { db, clock } = deps
  const store = createAccountChangeStore(db)
  const listeners: ((userId: number | 'everybody') => void)[] = []
  let seen = -1
  let syncedAt = Number.NEGATIVE_INFINITY
  let syncing: Promise<void> | null = null
  let epoch = 0
  const afterCommit = new WeakMap<object, (() => void)[]>()

  function forget(userId: number | 'everybody'): void {
    epoch++
    for (const listener of listeners) listener(userId)
  }

  async function readChanges(): Promise<void> {
    const started = performance.now()
    const newest = await store.newest()
    const missed = newest - seen
    if (missed !== 0) {
      const rows = seen < 0 || missed < 0 ? [] : await store.since(seen)
      // All of them, or nobody is known: rows may have been swept unseen, be too many to read, or belong to an older copy
      // of the database that an operator put back.
      const complete = rows.length >= missed && rows[0]?.n === seen + 1
      if (complete) for (const row of rows) forget(row.user_id)
      else forget('everybody')
      seen = complete ? (rows.at(-1)?.n ?? newest) : newest
    }
    syncedAt = started
  }

  return {
    /** True while what is cached may be trusted without asking the database. */
    isFresh: (): boolean => performance.now() - syncedAt < FRESH_MS,

    /** Learns of all changes. Throws `store_unavailable` when the database cannot be read: nobody is let in then. */
    async sync(): Promise<void> {
      const needed = performance.now() - FRESH_MS
      // A read that runs already may have begun before a change that this caller must know of: then another one follows.
      while (syncedAt < needed) {
        syncing ??= readChanges().finally(() => {
          syncing = null
        })
        await syncing
      }
    },

    /** Grows with each change that this process knows of: an answer read before a change must not be cached after it. */
    epoch: (): number => epoch,

    onChange(listener: (userId: number | 'everybody') => void): void {
      listeners.push(listener)
    },

    /** Runs `work` in one transaction; whoever it names through `changed` is forgotten everywhere once it is committed. */
    async transaction<R>(work: (trx: Kysely<AuthTables>, changed: (userId: number) => void) => Promise<R>): Promise<R> {
      const changed = new Set<number>()
      let later: (() => void)[] = []
      const result = await db.transaction(async (trx) => {
        changed.clear()
        later = []
        afterCommit.set(trx, later)
        const answer = await work(trx, (userId) => changed.add(userId))
        for (const userId of changed) await store.add(trx, userId, clock())
        return answer
      })
      for (const userId of changed) forget(userId)
      for (const tell of later) tell()
      return result
    },

    /** Runs `tell` once the transaction is committed, and never where it is not. */
    afterCommit(trx: Kysely<AuthTables>, tell: () => void): void {
      afterCommit.get(trx)?.push(tell)
    },

    /** Deletes rows that every process has seen long ago. */
    sweep: (most: number): Promise<number> => store.sweep(clock() - 600_000, most),
  }
}
