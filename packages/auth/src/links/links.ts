import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, days, minutes } from '../lib/clock.ts'
import { randomToken, tokenHash } from '../lib/secrets.ts'
import { createLinkStore } from './link-store.ts'

/** What a secret in a link is for, and for how long (RST-02). */
const lifetimes = { reset_password: minutes(30) } as const
/** How long an old link is known as such. */
const KNOWN_AFTER_END = days(7)
export type LinkPurpose = keyof typeof lifetimes

export type Links = ReturnType<typeof createLinks>

/** One-time secrets for links: 256 random bits, stored as hashes, void after a newer one. */
export function createLinks(deps: { db: Database<AuthTables>; clock: Clock }) {
  const { db, clock } = deps
  const store = createLinkStore(db)
  return {
    /** Makes a link's secret; earlier ones of this person for the same purpose are void. `expiresAt` is milliseconds since 1970. */
    async make(trx: Kysely<AuthTables>, userId: number, purpose: LinkPurpose) {
      const token = randomToken()
      const now = clock()
      const expiresAt = now + lifetimes[purpose]
      await store.spendAll(trx, userId, purpose)
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

    /** Whose link this is or was: for a page that offers a new one to who comes with an old one (F6). Opens nothing. */
    async formerOwner(token: string, purpose: LinkPurpose): Promise<number | null> {
      return (await store.findFormer(tokenHash(token), purpose))?.user_id ?? null
    },

    /** The links of a person that still work, the newest first; times in milliseconds since 1970. */
    async open(userId: number): Promise<{ purpose: string; createdAt: number; expiresAt: number }[]> {
      const rows = await store.open(userId, Object.keys(lifetimes), clock())
      return rows.map(({ purpose, created_at, expires_at }) => ({
        purpose,
        createdAt: created_at,
        expiresAt: expires_at,
      }))
    },

    /** No link of this person for this purpose works any more; answers how many there were. */
    voidAll: (trx: Kysely<AuthTables>, userId: number, purpose: LinkPurpose): Promise<number> =>
      store.spendAll(trx, userId, purpose),

    sweep: (most: number): Promise<number> => store.sweep(clock() - KNOWN_AFTER_END, most),
  }
}
