import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, days, seconds } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { createPersonCache } from '../lib/person-cache.ts'
import { equalBytes, type KeyRing, keyed, randomToken, tokenHash } from '../lib/secrets.ts'
import { deviceName } from '../sessions/device-name.ts'
import type { AccountChanges } from '../users/account-changes.ts'
import { type User, userOf } from '../users/user.ts'
import type { AccessTokens } from './access-token.ts'
import { createTokenStore } from './token-store.ts'

export interface TokenSettings {
  /** Milliseconds from the sign-in to the end of the family; rotation does not extend it (RFR-01). */
  readonly familyLifetime: number
  /** Milliseconds in which a used refresh token still answers its one successor (RFR-04). */
  readonly grace: number
  readonly mostPerUser: number
}

export const defaultTokenSettings: TokenSettings = { familyLifetime: days(7), grace: seconds(30), mostPerUser: 50 }

/** Who a bearer token belongs to, and which family it came from. */
export interface FamilyBearer {
  readonly user: User
  readonly familyId: string
}

export interface TokenPair {
  readonly accessToken: string
  readonly refreshToken: string
  readonly userId: number
  readonly familyId: string
  /** Milliseconds since 1970 at which the family ends. */
  readonly familyEndsAt: number
}

export interface FamilyListed {
  readonly id: string
  /** What its owner calls the program. */
  readonly name: string | null
  readonly device: string
  readonly address: string
  readonly method: string
  readonly createdAt: number
  readonly lastUsedAt: number
}

/** What a refresh came to. Reuse is told apart so that the caller writes it down; the family is dead by then. */
export type Refreshed =
  | { readonly kind: 'rotated' | 'repeated'; readonly pair: TokenPair }
  | { readonly kind: 'reused'; readonly userId: number; readonly familyId: string }
  | { readonly kind: 'unknown' }

interface Cached {
  readonly userId: number
  readonly bearer: FamilyBearer
  readonly expiresAt: number
}

const CACHE_SIZE = 10_000
const REFRESH_LENGTH = 43

export type Tokens = ReturnType<typeof createTokens>

/** Token families: access tokens that die with their family, and refresh tokens that are used once (RFR, JWT-06). */
export function createTokens(deps: {
  db: Database<AuthTables>
  changes: AccountChanges
  accessTokens: AccessTokens
  keys: KeyRing
  clock: Clock
  settings: TokenSettings
}) {
  const { db, changes, accessTokens, keys, clock, settings } = deps
  const store = createTokenStore(db)
  const cache = createPersonCache<Cached>(CACHE_SIZE)
  changes.onChange(cache.forget)

  /** The successor follows from the token and a key of ours, since only hashes are stored. */
  const successorOf = (token: string, key = keys.current): string =>
    keyed(key.derive('refresh-token'), token).toString('base64url')

  const issueAccess = (userId: number, familyId: string): Promise<string> =>
    accessTokens.issue({ userId, familyId, tokenId: randomBytes(12).toString('base64url') })

  return {
    /** Who an access token belongs to, or null. The signature is checked once, the family's life each time. */
    async check(token: string): Promise<FamilyBearer | null> {
      if (!changes.isFresh()) await changes.sync()
      const hit = cache.get(token)
      if (hit) return clock() < hit.expiresAt ? hit.bearer : null
      const before = changes.epoch()
      const claims = await accessTokens.verify(token)
      if (!claims) return null
      const row = await store.findFamily(claims.familyId)
      if (!row?.is_active || row.id !== claims.userId || clock() >= row.family_expires_at) return null
      const bearer = { user: userOf(row), familyId: claims.familyId }
      const expiresAt = Math.min(claims.expiresAt, row.family_expires_at)
      if (changes.epoch() === before && clock() < expiresAt) cache.set(token, { userId: row.id, bearer, expiresAt })
      return bearer
    },

    /** Starts a family. Only `sign-in/finish.ts` calls this: every way in ends there. */
    async startFamily(
      trx: Kysely<AuthTables>,
      start: { userId: number; client: Client; method: string; name: string | null },
    ): Promise<TokenPair> {
      const now = clock()
      const familyId = randomBytes(16).toString('base64url')
      const refreshToken = randomToken()
      await store.trim(trx, start.userId, settings.mostPerUser - 1)
      await store.insertFamily(trx, {
        id: familyId,
        user_id: start.userId,
        created_at: now,
        expires_at: now + settings.familyLifetime,
        last_used_at: now,
        address: start.client.address,
        device: deviceName(start.client.userAgent),
        name: start.name,
        method: start.method,
      })
      await store.insertRefresh(trx, { token_hash: tokenHash(refreshToken), family_id: familyId, created_at: now })
      const accessToken = await issueAccess(start.userId, familyId)
      const familyEndsAt = now + settings.familyLifetime
      return { accessToken, refreshToken, userId: start.userId, familyId, familyEndsAt }
    },

    /**
     * Uses a refresh token once. Everybody who brings the same token within the grace gets the same successor, as long as
     * that is unused itself; later use is reuse and ends the family (RFC 9700 section 4.14.2). `hold` takes the account before
     * its family is touched.
     */
    async refresh(
      trx: Kysely<AuthTables>,
      { changed, hold }: { changed: (userId: number) => void; hold: (userId: number) => Promise<unknown> },
      token: string,
    ): Promise<Refreshed> {
      if (token.length !== REFRESH_LENGTH) return { kind: 'unknown' }
      const now = clock()
      const hash = tokenHash(token)
      const found = await store.findRefresh(trx, hash)
      if (!found?.is_active) return { kind: 'unknown' }
      await hold(found.user_id)
      if (!(await store.useFamily(trx, found.family_id, now))) return { kind: 'unknown' }
      const successor = successorOf(token)
      const won = await store.useRefresh(trx, { hash, successor: tokenHash(successor), at: now })
      const row = await store.findRefresh(trx, hash)
      if (!row) return { kind: 'unknown' }
      const answer = async (refreshToken: string): Promise<TokenPair> => ({
        accessToken: await issueAccess(row.user_id, row.family_id),
        refreshToken,
        userId: row.user_id,
        familyId: row.family_id,
        familyEndsAt: row.expires_at,
      })
      if (won) {
        await store.insertRefresh(trx, {
          token_hash: tokenHash(successor),
          family_id: row.family_id,
          created_at: now,
        })
        return { kind: 'rotated', pair: await answer(successor) }
      }
      const repeated = await repeatedSuccessor(trx, token, row, now)
      if (repeated) return { kind: 'repeated', pair: await answer(repeated) }
      await store.deleteFamily(trx, row.family_id)
      changed(row.user_id)
      return { kind: 'reused', userId: row.user_id, familyId: row.family_id }
    },

    /** The family of a refresh token and whose it is, for a sign-out; undefined for a token that nobody has. */
    async familyOf(token: string): Promise<{ familyId: string; userId: number } | undefined> {
      if (token.length !== REFRESH_LENGTH) return undefined
      const row = await store.findRefresh(db.read, tokenHash(token))
      return row && { familyId: row.family_id, userId: row.user_id }
    },

    /** Ends a family with all its access tokens, inside a transaction of `changes`; answers whose it was. */
    end: (trx: Kysely<AuthTables>, familyId: string): Promise<number | undefined> => store.deleteFamily(trx, familyId),

    endAll: (trx: Kysely<AuthTables>, userId: number): Promise<number> => store.deleteAll(trx, userId),

    /** What its owner calls the program of a family; null takes the name away. */
    rename: (trx: Kysely<AuthTables>, id: string, name: string | null): Promise<void> => store.rename(trx, id, name),

    async list(userId: number): Promise<FamilyListed[]> {
      const rows = await store.list(userId, clock())
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        device: row.device,
        address: row.address,
        method: row.method,
        createdAt: row.created_at,
        lastUsedAt: row.last_used_at,
      }))
    },

    /** When a family ends, in milliseconds since 1970; null where it has ended. */
    async endsAt(familyId: string): Promise<number | null> {
      const row = await store.findFamily(familyId)
      return row?.is_active ? row.family_expires_at : null
    },

    /** Verified access tokens in memory. */
    cached: (): number => cache.size,

    async sweep(most: number): Promise<number> {
      cache.age()
      return store.sweep(clock(), most)
    },
  }

  /** The successor that was given out for this token, if it may be given again. */
  async function repeatedSuccessor(
    trx: Kysely<AuthTables>,
    token: string,
    row: { used_at: number | null; successor_hash: Uint8Array | null },
    now: number,
  ): Promise<string | null> {
    const { used_at, successor_hash } = row
    if (used_at === null || successor_hash === null || now - used_at > settings.grace) return null
    // The key may have been rotated between the two requests.
    const successor = keys.all
      .map((key) => successorOf(token, key))
      .find((candidate) => equalBytes(tokenHash(candidate), successor_hash))
    if (!successor) throw new AuthError('invalid_refresh_token')
    const next = await store.findRefresh(trx, successor_hash)
    return next && next.used_at === null ? successor : null
  }
}
