import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import type { Client } from '../lib/log.ts'
import { equalBytes, randomToken, shortId, tokenHash } from '../lib/secrets.ts'
import { deviceName } from '../sessions/device-name.ts'
import { createTrustedDeviceStore } from './trusted-device-store.ts'

/** Browsers that an account trusts at a time; the oldest goes. */
const MOST_PER_ACCOUNT = 20
/** Accounts of one browser that trust it; the oldest goes. */
const MOST_PER_BROWSER = 5

/** A browser that is asked for no second step, in its owner's list. */
export interface TrustedDeviceListed {
  readonly id: string
  /** "Firefox on Linux". */
  readonly device: string
  readonly address: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly endsAt: number
  /** The browser that asks. */
  readonly current: boolean
}

export type TrustedDevices = ReturnType<typeof createTrustedDevices>

/**
 * Browsers in which an account's owner has chosen not to be asked for the second step (M6): a random value of the
 * browser's, of which only the hash is stored. It stands for the second step alone: without the password it opens nothing.
 * `lifetime` in milliseconds; 0 where the operator forbids it, also for what was trusted before.
 */
export function createTrustedDevices(deps: { db: Database<AuthTables>; clock: Clock; lifetime: number }) {
  const { db, clock, lifetime } = deps
  const store = createTrustedDeviceStore(db)
  const valuesIn = (cookie: string | null): string[] =>
    (cookie ?? '')
      .split('.')
      .filter((value) => value !== '')
      .slice(0, MOST_PER_BROWSER)
  const from = (): number => clock() - lifetime

  return {
    /** For how long a browser is trusted, in milliseconds; 0 for never. */
    lifetime,

    /** Whether this browser is trusted for the account, which it thereby has used. */
    async use(trx: Kysely<AuthTables>, userId: number, cookie: string | null): Promise<boolean> {
      const hashes = valuesIn(cookie).map(tokenHash)
      return hashes.length > 0 && (await store.use(trx, userId, hashes, from(), clock()))
    },

    /** The id of the browser in the account's list, for a mark beside its session; null for one that is not trusted. */
    async idOf(trx: Kysely<AuthTables>, userId: number, cookie: string | null): Promise<string | null> {
      const hashes = valuesIn(cookie).map(tokenHash)
      const found = hashes.length > 0 ? await store.findAmong(trx, userId, hashes, from()) : undefined
      return found ? shortId(found) : null
    },

    /** Trusts the browser; answers the cookie's new value. */
    async add(trx: Kysely<AuthTables>, userId: number, cookie: string | null, client: Client): Promise<string> {
      const values = valuesIn(cookie)
      // Its former value would stay behind in the list as a browser that nobody has.
      await store.removeAmong(trx, userId, values.map(tokenHash))
      await store.trim(trx, userId, MOST_PER_ACCOUNT - 1)
      const value = randomToken()
      await store.insert(trx, {
        token_hash: tokenHash(value),
        user_id: userId,
        created_at: clock(),
        last_used_at: clock(),
        address: client.address,
        device: deviceName(client.userAgent),
      })
      return [value, ...values].slice(0, MOST_PER_BROWSER).join('.')
    },

    async list(userId: number, cookie: string | null): Promise<TrustedDeviceListed[]> {
      const own = valuesIn(cookie).map(tokenHash)
      const rows = await store.list(userId, from())
      return rows.map((row) => ({
        id: shortId(row.token_hash),
        device: row.device,
        address: row.address,
        createdAt: row.created_at,
        lastUsedAt: row.last_used_at,
        endsAt: row.created_at + lifetime,
        current: own.some((hash) => equalBytes(hash, row.token_hash)),
      }))
    },

    /** False for an id that is not in this person's list. */
    async cut(trx: Kysely<AuthTables>, userId: number, id: string): Promise<boolean> {
      const hash = (await store.hashes(trx, userId)).find((one) => shortId(one) === id)
      return hash !== undefined && (await store.removeAmong(trx, userId, [hash])) > 0
    },

    /** Answers how many there were. */
    cutAll: (trx: Kysely<AuthTables>, userId: number): Promise<number> => store.removeAll(trx, userId),

    sweep: (most: number): Promise<number> => store.sweep(from(), most),
  }
}
