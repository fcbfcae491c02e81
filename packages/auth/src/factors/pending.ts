import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, minutes } from '../lib/clock.ts'
import { randomToken, tokenHash } from '../lib/secrets.ts'
import { createPendingStore } from './pending-store.ts'

/** How long somebody has for the second step (MFA-04). */
export const PENDING_LIFETIME = minutes(10)
/** Wrong codes that end a pending sign-in (MFA-05). */
export const MOST_WRONG_CODES = 5
/** Sign-ins of an account that wait at a time, from browsers known for it and as many from others; the oldest goes. */
const MOST_PER_ACCOUNT = 50

/**
 * What a pending value can be finished to: `restore` opens an account again that is about to be deleted, `enrol` sets up a
 * second factor that is demanded.
 */
export type PendingKind = 'session' | 'tokens' | 'restore' | 'enrol'

/** A sign-in that waits for its second step. */
export interface PendingSignIn {
  readonly userId: number
  readonly kind: PendingKind
  readonly remember: boolean
  /** On a computer that others use, too (S7). */
  readonly shared: boolean
  /** How the first step was done. */
  readonly method: string
}

export type Pending = ReturnType<typeof createPending>

/** Sign-ins between password and second factor: rows of a table that no guard looks at, so that they open nothing (MFA-04). */
export function createPending(deps: { db: Database<AuthTables>; clock: Clock }) {
  const { db, clock } = deps
  const store = createPendingStore(db)
  type Row = { user_id: number; wanted: string; method: string; expires_at: number }
  const read = (row: Row | undefined, kind: PendingKind): PendingSignIn | null => {
    if (!row || clock() >= row.expires_at) return null
    const [wanted, stay] = row.wanted.split(' ')
    if (wanted !== kind) return null
    return { userId: row.user_id, kind, remember: stay === 'remember', shared: stay === 'shared', method: row.method }
  }

  return {
    /** `known`: in a browser of the account's owner, whose sign-in nobody pushes out by beginning many (LIM-02). */
    async start(trx: Kysely<AuthTables>, start: PendingSignIn & { known: boolean }): Promise<string> {
      const token = randomToken()
      const now = clock()
      await store.trim(trx, start.userId, start.known, MOST_PER_ACCOUNT - 1)
      await store.insert(trx, {
        token_hash: tokenHash(token),
        user_id: start.userId,
        created_at: now,
        expires_at: now + PENDING_LIFETIME,
        method: start.method,
        wanted: [start.kind, ...(start.shared ? ['shared'] : start.remember ? ['remember'] : [])].join(' '),
        known_device: start.known,
      })
      return token
    },

    /** What waits under this value, without using it up. */
    peek: async (token: string, kind: PendingKind): Promise<PendingSignIn | null> =>
      read(await store.find(tokenHash(token)), kind),

    /** Uses it up: of many at once exactly one gets it. */
    take: async (trx: Kysely<AuthTables>, token: string, kind: PendingKind): Promise<PendingSignIn | null> =>
      read(await store.take(trx, tokenHash(token)), kind),

    countWrong: (trx: Kysely<AuthTables>, token: string): Promise<void> =>
      store.countWrong(trx, tokenHash(token), MOST_WRONG_CODES),

    voidAll: (trx: Kysely<AuthTables>, userId: number): Promise<void> => store.deleteAll(trx, userId),
    sweep: (most: number): Promise<number> => store.sweep(clock(), most),
  }
}
