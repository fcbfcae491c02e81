import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, days, hours, minutes } from '../lib/clock.ts'
import { randomToken, tokenHash } from '../lib/secrets.ts'
import { createLinkStore } from './link-store.ts'

/** What a secret in a link is for, and for how long (RST-02). */
const lifetimes = { reset_password: minutes(30), confirm_address: hours(24), undo: days(7) } as const
/** How long an old link is known as such. */
const KNOWN_AFTER_END = days(7)
export type LinkPurpose = keyof typeof lifetimes

/** What a link was made with. Times are milliseconds since 1970. */
export interface LinkRead {
  readonly userId: number
  readonly createdAt: number
  readonly expiresAt: number
  /** JSON of its maker, '' where none was given. */
  readonly payload: string
}

export type Links = ReturnType<typeof createLinks>

/** One-time secrets for links: 256 random bits, stored as hashes, void after a newer one. */
export function createLinks(deps: { db: Database<AuthTables>; clock: Clock }) {
  const { db, clock } = deps
  const store = createLinkStore(db)

  /** Makes a link's secret beside earlier ones. `keeps` is an address in canonical form that nobody else may take meanwhile. */
  async function add(
    trx: Kysely<AuthTables>,
    userId: number,
    purpose: LinkPurpose,
    holds: { payload?: string; keeps?: string | null } = {},
  ) {
    const token = randomToken()
    const now = clock()
    const expiresAt = now + lifetimes[purpose]
    await store.insert(trx, {
      token_hash: tokenHash(token),
      user_id: userId,
      purpose,
      created_at: now,
      expires_at: expiresAt,
      payload: holds.payload ?? null,
      kept_address_key: holds.keeps ?? null,
    })
    return { token, expiresAt }
  }

  return {
    add,

    /** Makes a link's secret; earlier ones of this person for the same purpose are void. `expiresAt` is milliseconds since 1970. */
    async make(trx: Kysely<AuthTables>, userId: number, purpose: LinkPurpose, payload?: string) {
      await store.spendAll(trx, userId, purpose)
      return add(trx, userId, purpose, payload === undefined ? {} : { payload })
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

    /** The link with what it holds, without using it up. */
    async read(token: string, purpose: LinkPurpose): Promise<LinkRead | null> {
      const row = await store.read(tokenHash(token), purpose)
      if (!row || clock() >= row.expires_at) return null
      const { user_id, created_at, expires_at, payload } = row
      return { userId: user_id, createdAt: created_at, expiresAt: expires_at, payload: payload ?? '' }
    },

    /** The newest link of this person for this purpose, inside a transaction or outside. `key` is for `rewrite`. */
    async newest(userId: number, purpose: LinkPurpose, from: Kysely<AuthTables> = db.read) {
      const row = await store.newest(from, userId, purpose)
      if (!row || clock() >= row.expires_at) return null
      const { token_hash: key, created_at: createdAt, expires_at: expiresAt, payload } = row
      return { key, createdAt, expiresAt, payload: payload ?? '' }
    },

    rewrite: (trx: Kysely<AuthTables>, key: Uint8Array, payload: string): Promise<void> =>
      store.setPayload(trx, key, payload),

    /** Whether a link of somebody else keeps this address, in canonical form, from being taken. */
    async keepsAddress(
      trx: Kysely<AuthTables>,
      addressKey: string,
      purpose: LinkPurpose,
      exceptUser: number,
    ): Promise<boolean> {
      return (await store.keeperOf(trx, addressKey, purpose, exceptUser, clock())) !== undefined
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

    /** The same for those that were made at this time or later. */
    voidSince: (trx: Kysely<AuthTables>, userId: number, purpose: LinkPurpose, since: number): Promise<void> =>
      store.spendSince(trx, userId, purpose, since),

    sweep: (most: number): Promise<number> => store.sweep(clock() - KNOWN_AFTER_END, most),
  }
}
