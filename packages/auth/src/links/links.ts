import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, minutes } from '../lib/clock.ts'
import { randomToken, tokenHash } from '../lib/secrets.ts'
import { createLinkStore } from './link-store.ts'

/** What a secret in a link is for, and for how long (RST-02). */
const lifetimes = { reset_password: minutes(30) } as const
export type LinkPurpose = keyof typeof lifetimes

export type Links = ReturnType<typeof createLinks>

/** One-time secrets for links: 256 random bits, stored as hashes, void after a newer one. */
export function createLinks(deps: { db: Database<AuthTables>; clock: Clock }) {
  const { db, clock } = deps
  const store = createLinkStore(db)
  return {
    /** Makes a link's secret; earlier ones of this person are void. `expiresAt` is milliseconds since 1970. */
    async make(trx: Kysely<AuthTables>, userId: number, purpose: LinkPurpose) {
      const token = randomToken()
      const now = clock()
      const expiresAt = now + lifetimes[purpose]
      await store.deleteAll(trx, userId)
      await store.insert(trx, {
        token_hash: tokenHash(token),
        user_id: userId,
        purpose,
        created_at: now,
        expires_at: expiresAt,
      })
      return { token, expiresAt }
    },

    /** Whose link this is, without using it up: what a GET of the page may do (RST-06). */
    async peek(token: string, purpose: LinkPurpose): Promise<number | null> {
      const row = await store.find(tokenHash(token), purpose)
      return row && clock() < row.expires_at ? row.user_id : null
    },

    /** Uses the link up; null when it was used, has expired or never was. */
    async take(trx: Kysely<AuthTables>, token: string, purpose: LinkPurpose): Promise<number | null> {
      const row = await store.take(trx, tokenHash(token), purpose)
      return row && clock() < row.expires_at ? row.user_id : null
    },

    voidAll: (trx: Kysely<AuthTables>, userId: number): Promise<void> => store.deleteAll(trx, userId),

    sweep: (most: number): Promise<number> => store.sweep(clock(), most),
  }
}
