import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, minutes } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { createPersonCache } from '../lib/person-cache.ts'
import { tokenHash } from '../lib/secrets.ts'
import type { AccountChanges } from '../users/account-changes.ts'
import { type User, userOf } from '../users/user.ts'
import { createPersonalTokenStore } from './personal-token-store.ts'
import { isPersonalToken, newPersonalToken } from './token-text.ts'

/** Tokens that an account may have at a time. */
const MOST_PER_ACCOUNT = 50
const CACHE_SIZE = 1000
/** How often a use is written down. */
const TOUCH_EVERY = minutes(1)

/** Who a personal token belongs to, and what it may do. */
export interface PersonalBearer {
  readonly user: User
  readonly personalTokenId: string
  readonly scopes: readonly string[]
}

/** A token in its owner's list: everything but the token. */
export interface PersonalTokenListed {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly expiresAt: number
  readonly lastUsedAt: number | null
  readonly lastUsedFrom: string | null
}

interface Cached {
  readonly userId: number
  readonly bearer: PersonalBearer
  readonly expiresAt: number
  touchedAt: number
}

export type PersonalTokens = ReturnType<typeof createPersonalTokens>

/** Tokens that a person makes for programs: named, for some scopes and some days, shown once and stored as hashes (S6). */
export function createPersonalTokens(deps: {
  db: Database<AuthTables>
  changes: AccountChanges
  clock: Clock
  log: Log
}) {
  const { db, changes, clock, log } = deps
  const store = createPersonalTokenStore(db)
  const cache = createPersonCache<Cached>(CACHE_SIZE)
  changes.onChange(cache.forget)

  async function read(token: string): Promise<Cached | null> {
    const before = changes.epoch()
    const row = await store.find(tokenHash(token))
    if (!row?.is_active || clock() >= row.expires_at) return null
    const bearer = { user: userOf(row), personalTokenId: row.token_id, scopes: row.scopes.split(' ') }
    const entry = { userId: row.id, bearer, expiresAt: row.expires_at, touchedAt: row.last_used_at ?? 0 }
    if (changes.epoch() === before) cache.set(token, entry)
    return entry
  }

  function touch(entry: Cached, address: string): void {
    const now = clock()
    if (now - entry.touchedAt < TOUCH_EVERY) return
    entry.touchedAt = now
    // A request must not fail or wait because the use of its token could not be written (AVL-05).
    store.touch(entry.bearer.personalTokenId, now, address).catch((error: unknown) => {
      log('warn', 'token_use_not_written', { cause: String(error) })
    })
  }

  return {
    /** Who a token belongs to, or null; revoked in any process it counts no more within 100 ms (JWT-06). */
    async check(token: string, address: string): Promise<PersonalBearer | null> {
      if (!isPersonalToken(token)) return null
      if (!changes.isFresh()) await changes.sync()
      const entry = cache.get(token) ?? (await read(token))
      if (!entry || clock() >= entry.expiresAt) return null
      touch(entry, address)
      return entry.bearer
    },

    /** Makes a token; it is known to its owner alone from here on. Throws `invalid_fields` for one too many. */
    async make(
      trx: Kysely<AuthTables>,
      userId: number,
      wanted: { name: string; scopes: readonly string[]; lifetime: number },
    ): Promise<{ id: string; token: string; expiresAt: number }> {
      const now = clock()
      if ((await store.list(userId, now, trx)).length >= MOST_PER_ACCOUNT) {
        const message = `You have ${MOST_PER_ACCOUNT} tokens. Revoke one first.`
        throw new AuthError('invalid_fields', { fields: [{ field: 'name', code: 'invalid', message }] })
      }
      const token = newPersonalToken()
      const id = randomBytes(12).toString('base64url')
      const expiresAt = now + wanted.lifetime
      await store.insert(trx, {
        id,
        token_hash: tokenHash(token),
        user_id: userId,
        name: wanted.name,
        scopes: wanted.scopes.join(' '),
        created_at: now,
        expires_at: expiresAt,
      })
      return { id, token, expiresAt }
    },

    /** Undefined for an id that is not in this person's list (ACC-03). */
    revoke: (trx: Kysely<AuthTables>, userId: number, id: string): Promise<string | undefined> =>
      store.delete(trx, userId, id),

    endAll: (trx: Kysely<AuthTables>, userId: number): Promise<number> => store.deleteAll(trx, userId),

    async list(userId: number): Promise<PersonalTokenListed[]> {
      return (await store.list(userId, clock())).map((row) => ({
        id: row.id,
        name: row.name,
        scopes: row.scopes.split(' '),
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        lastUsedAt: row.last_used_at,
        lastUsedFrom: row.last_used_from,
      }))
    },

    /** When a token ends, in milliseconds since 1970; null where it was revoked. */
    endsAt: async (id: string): Promise<number | null> => (await store.endsAt(id))?.expires_at ?? null,

    async sweep(most: number): Promise<number> {
      cache.age()
      return store.sweep(clock(), most)
    },
  }
}
