import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, minutes, seconds } from '../lib/clock.ts'
import type { Client, Log } from '../lib/log.ts'
import { createPersonCache } from '../lib/person-cache.ts'
import { randomToken, shortId, tokenHash } from '../lib/secrets.ts'
import type { AccountChanges } from '../users/account-changes.ts'
import { type User, userOf } from '../users/user.ts'
import { deviceName } from './device-name.ts'
import { endsAt, lifetimesOf, renewsAt, type SessionSettings, type Stay } from './session-rules.ts'
import { createSessionStore } from './session-store.ts'

/** Who is signed in, and by which session. */
export interface SignedIn {
  readonly user: User
  readonly session: Session
}

export interface Session {
  /** Names the session in lists and logs; opens nothing. */
  readonly id: string
  /** Names the session to `end`; never sent to anybody. */
  readonly key: Uint8Array
  /** Stays the same while the session lives, also when a step-up gives it a new value. */
  readonly startedAs: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly remember: boolean
  /** On a computer that others use, too: it ends soon, and nothing is kept in the browser (S7). */
  readonly shared: boolean
  readonly method: string
  /** When the person last showed who it is (LOG-08). */
  readonly confirmedAt: number
  /** The session that came from a new device since, by what it was started as; null where nobody is to be asked (S4). */
  readonly newcomer: string | null
}

/** A session in its owner's list. */
export interface SessionListed {
  readonly id: string
  readonly key: Uint8Array
  readonly startedAs: string
  /** What its owner calls the device. */
  readonly name: string | null
  readonly device: string
  readonly address: string
  readonly method: string
  readonly createdAt: number
  readonly lastSeenAt: number
  /** The id of the trusted device that it was then; that one may be trusted no more. */
  readonly trustedAs: string | null
  readonly shared: boolean
}

interface StayRow {
  readonly remember: boolean | number
  readonly shared: boolean | number
}

const stayOf = (row: StayRow): Stay => ({ remember: Boolean(row.remember), shared: Boolean(row.shared) })

interface Cached {
  readonly userId: number
  readonly signedIn: SignedIn
  endsAt: number
  renewsAt: number
}

/** Verified sessions that a process remembers, at most twice this many. */
const CACHE_SIZE = 10_000
/** For how long it counts that somebody has shown who it is (LOG-08). */
export const STEP_UP_LIFETIME = minutes(10)
const TOKEN_LENGTH = 43
const SWEEP_BATCH = 500
/** How long after a renewal that could not be written the next one is tried. */
const RENEW_AGAIN = seconds(10)

export type Sessions = ReturnType<typeof createSessions>

/** Sessions in the database: opaque random values, stored as hashes, revocable at once (SES-01 to SES-12). */
export function createSessions(deps: {
  db: Database<AuthTables>
  changes: AccountChanges
  clock: Clock
  log: Log
  settings: SessionSettings
}) {
  const { db, changes, clock, log, settings } = deps
  const store = createSessionStore(db)
  const cache = createPersonCache<Cached>(CACHE_SIZE)
  changes.onChange(cache.forget)

  function renew(entry: Cached, now: number): void {
    const { session } = entry.signedIn
    const lifetimes = lifetimesOf(settings, session)
    entry.renewsAt = renewsAt(lifetimes, now)
    entry.endsAt = endsAt(lifetimes, { createdAt: session.createdAt, lastSeenAt: now })
    // A request must not fail or wait because its session's last use could not be written (AVL-05).
    store.touch(session.key, now).catch((error: unknown) => {
      // Soon again, but not with each request: a store in trouble needs no more work.
      entry.renewsAt = now + Math.min(RENEW_AGAIN, lifetimes.idle / 100)
      log('warn', 'session_not_renewed', { cause: String(error) })
    })
  }

  async function read(token: string): Promise<Cached | null> {
    const before = changes.epoch()
    const key = tokenHash(token)
    const row = await store.find(key)
    if (!row?.is_active) return null
    const lifetimes = lifetimesOf(settings, stayOf(row))
    const times = { createdAt: row.session_created_at, lastSeenAt: row.last_seen_at }
    const session = {
      id: shortId(key),
      key,
      startedAs: row.started_as ?? shortId(key),
      createdAt: times.createdAt,
      ...stayOf(row),
      method: row.method,
      confirmedAt: row.confirmed_at ?? 0,
      newcomer: row.newcomer,
    }
    const entry: Cached = {
      userId: row.id,
      signedIn: { user: userOf(row), session },
      endsAt: endsAt(lifetimes, times),
      renewsAt: renewsAt(lifetimes, times.lastSeenAt),
    }
    // A change that came while the row was read may be newer than the row: use it once, but do not keep it.
    if (changes.epoch() === before && clock() < entry.endsAt) cache.set(token, entry)
    return entry
  }

  return {
    /**
     * Who the value belongs to, or null. A hit costs no query; it is trusted only while all changes of accounts up to
     * 50 ms ago are known.
     */
    async check(token: string): Promise<SignedIn | null> {
      if (token.length !== TOKEN_LENGTH) return null
      if (!changes.isFresh()) await changes.sync()
      const now = clock()
      let entry = cache.get(token)
      // Another process may have renewed the session: only the row can say that it has ended.
      if (!entry || now >= entry.endsAt) {
        const found = await read(token)
        if (!found || now >= found.endsAt) return null
        entry = found
      }
      if (now >= entry.renewsAt) renew(entry, now)
      return entry.signedIn
    },

    /** Starts a session. Only `sign-in/finish.ts` calls this: every way in ends there. */
    async start(
      trx: Kysely<AuthTables>,
      start: {
        userId: number
        remember: boolean
        shared: boolean
        method: string
        client: Client
        confirmedAt: number
        name: string | null
        trustedAs: string | null
        /** Tells every other session of the person of it. */
        isNewDevice: boolean
      },
    ): Promise<{ token: string; id: string }> {
      const token = randomToken()
      const key = tokenHash(token)
      const now = clock()
      await store.trim(trx, start.userId, settings.mostPerUser - 1)
      await store.insert(trx, {
        token_hash: key,
        user_id: start.userId,
        created_at: now,
        last_seen_at: now,
        remember: start.remember,
        shared: start.shared,
        method: start.method,
        address: start.client.address,
        device: deviceName(start.client.userAgent),
        confirmed_at: start.confirmedAt,
        name: start.name,
        started_as: shortId(key),
        trusted_as: start.trustedAs,
      })
      if (start.isNewDevice) await store.tellOthers(trx, start.userId, shortId(key), key)
      return { token, id: shortId(key) }
    },

    /** For how many milliseconds it still counts that the person of the session has shown who it is; 0 for no more (LOG-08). */
    confirmedFor: ({ confirmedAt }: Session): number => Math.max(0, confirmedAt + STEP_UP_LIFETIME - clock()),

    /** Takes back that the person has shown who it is. */
    unconfirm: (trx: Kysely<AuthTables>, key: Uint8Array): Promise<void> => store.setConfirmed(trx, key, 0),

    /** Notes that the person has shown who it is; the session gets a new value (SES-02). Undefined for one that has ended. */
    async confirm(trx: Kysely<AuthTables>, key: Uint8Array): Promise<string | undefined> {
      const token = randomToken()
      return (await store.renewValue(trx, key, tokenHash(token), clock())) ? token : undefined
    },

    /** Ends the session with this value, inside a transaction of `changes`; answers whose it was, and its name. */
    async endByToken(
      trx: Kysely<AuthTables>,
      token: string,
    ): Promise<{ userId: number; name: string | null } | undefined> {
      const row = await store.delete(trx, tokenHash(token))
      return row && { userId: row.user_id, name: row.name }
    },

    end: async (trx: Kysely<AuthTables>, key: Uint8Array): Promise<number | undefined> =>
      (await store.delete(trx, key))?.user_id,

    /** What its owner calls the device of a session; null takes the name away. */
    rename: (trx: Kysely<AuthTables>, key: Uint8Array, name: string | null): Promise<void> =>
      store.rename(trx, key, name),

    /** One session, or each of a person where none is named, asks no more about that newcomer. */
    forgetNewcomer: (
      trx: Kysely<AuthTables>,
      userId: number,
      newcomer: string,
      only: Uint8Array | null = null,
    ): Promise<void> => store.forgetNewcomer(trx, userId, newcomer, only),

    /** Ends a person's sessions, but for the one named; answers how many. */
    endAll: (trx: Kysely<AuthTables>, userId: number, except: Uint8Array | null = null): Promise<number> =>
      store.deleteAll(trx, userId, except),

    async list(userId: number): Promise<SessionListed[]> {
      const now = clock()
      const rows = await store.list(userId)
      return rows
        .filter((row) => now < endOfRow(row))
        .map((row) => ({
          id: shortId(row.token_hash),
          key: row.token_hash,
          startedAs: row.started_as ?? shortId(row.token_hash),
          name: row.name,
          device: row.device,
          address: row.address,
          method: row.method,
          createdAt: row.created_at,
          lastSeenAt: row.last_seen_at,
          trustedAs: row.trusted_as,
          shared: Boolean(row.shared),
        }))
    },

    /** When a session ends where nobody uses it further, in milliseconds since 1970; null where it has ended. */
    async endsAt(userId: number, startedAs: string): Promise<number | null> {
      const rows = await store.list(userId)
      const row = rows.find(({ started_as, token_hash }) => (started_as ?? shortId(token_hash)) === startedAs)
      return row ? endOfRow(row) : null
    },

    /** Whether a session is open, as a transaction sees it. */
    async isOpen(trx: Kysely<AuthTables>, userId: number, startedAs: string): Promise<boolean> {
      const rows = await store.listIn(trx, userId)
      const row = rows.find(({ started_as, token_hash }) => (started_as ?? shortId(token_hash)) === startedAs)
      return row !== undefined && clock() < endOfRow(row)
    },

    /** Verified sessions in memory. */
    cached: (): number => cache.size,

    /** Deletes ended sessions in batches, with a rest between so that nobody waits (SES-09). Answers how many. */
    async sweep(rest: () => Promise<void>, stopped: () => boolean): Promise<number> {
      let after: Uint8Array = new Uint8Array()
      let count = 0
      while (!stopped()) {
        const rows = await store.walk(after, SWEEP_BATCH)
        const ended = rows.filter((row) => clock() >= endOfRow(row))
        if (ended.length > 0) count += await store.deleteUnused(ended)
        const last = rows.at(-1)
        if (!last || rows.length < SWEEP_BATCH) break
        after = last.token_hash
        await rest()
      }
      cache.age()
      return count
    },
  }

  function endOfRow(row: { created_at: number; last_seen_at: number } & StayRow): number {
    const times = { createdAt: row.created_at, lastSeenAt: row.last_seen_at }
    return endsAt(lifetimesOf(settings, stayOf(row)), times)
  }
}
