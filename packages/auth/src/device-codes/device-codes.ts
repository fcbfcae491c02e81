import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, minutes, seconds } from '../lib/clock.ts'
import type { Client } from '../lib/log.ts'
import { type KeyRing, keyed, randomToken, tokenHash } from '../lib/secrets.ts'
import { deviceName } from '../sessions/device-name.ts'
import { createDeviceCodeStore, type EnteredBy } from './device-code-store.ts'
import { makeUserCode } from './user-code.ts'

/** How long somebody has to enter a code and decide (RFC 8628 section 3.2). */
export const DEVICE_CODE_LIFETIME = minutes(10)
/** How long a program waits between two questions, and by how much longer after each that came too early. */
const FIRST_PAUSE = seconds(5)
const LONGER = seconds(5)
/** From here on a question that comes too early writes nothing: a flood of them must not keep the database busy (LIM-06). */
const LONGEST_PAUSE = seconds(60)
/** The network makes one question slower than the next: what comes this much too early is in time. */
const EARLY = seconds(1)

export interface DeviceCodeMade {
  /** 256 random bits: the program's alone. */
  readonly deviceCode: string
  /** What a person enters, as `shownUserCode` shows it. */
  readonly userCode: string
  /** Milliseconds. */
  readonly expiresIn: number
  /** Milliseconds between two questions. */
  readonly pause: number
}

/** What a person decides on. All of it was said by the program, or is how its request came. */
export interface ProgramAsking {
  readonly id: string
  /** What the program calls itself: anybody can call a program anything. */
  readonly program: string
  readonly device: string
  readonly address: string
  /** Milliseconds since 1970. */
  readonly askedAt: number
}

/** How it stands with a device code. `unknown` is one that never was, was used, or has expired. */
export type DeviceCodeState = 'unknown' | 'waits' | 'too early' | 'refused' | 'allowed'

export type DeviceCodes = ReturnType<typeof createDeviceCodes>

/**
 * Codes by which a program without a browser asks to be let in (RFC 8628). Both are stored as hashes: the one for people
 * keyed, since few letters are found again from a plain hash.
 */
export function createDeviceCodes({ db, clock, keys }: { db: Database<AuthTables>; clock: Clock; keys: KeyRing }) {
  const store = createDeviceCodeStore(db)
  const userHash = (code: string, key = keys.current): Buffer => keyed(key.derive('user-code'), code)

  return {
    async begin(trx: Kysely<AuthTables>, program: string, client: Client): Promise<DeviceCodeMade> {
      const now = clock()
      const made = { deviceCode: randomToken(), userCode: makeUserCode() }
      await store.insert(trx, {
        device_hash: tokenHash(made.deviceCode),
        user_hash: userHash(made.userCode),
        id: randomBytes(12).toString('base64url'),
        program,
        device: deviceName(client.userAgent),
        address: client.address,
        pause: FIRST_PAUSE,
        created_at: now,
        expires_at: now + DEVICE_CODE_LIFETIME,
      })
      return { ...made, expiresIn: DEVICE_CODE_LIFETIME, pause: FIRST_PAUSE }
    },

    /** Notes who has entered a code; answers the id of what is to be decided, or null for a code that nobody waits for. */
    async enter(trx: Kysely<AuthTables>, userCode: string, by: EnteredBy): Promise<string | null> {
      const hashes = keys.all.map((key) => userHash(userCode, key))
      return (await store.enter(trx, hashes, by, clock()))?.id ?? null
    },

    /** What this person has entered and not decided yet; null where there is nothing, or it has expired. */
    async entered(id: string, by: EnteredBy): Promise<ProgramAsking | null> {
      const row = await store.findEntered(id, by, clock())
      if (!row) return null
      return { id, program: row.program, device: row.device, address: row.address, askedAt: row.created_at }
    },

    /** Decides, once; answers what the program calls itself, or null where there is nothing to decide. */
    async decide(
      trx: Kysely<AuthTables>,
      id: string,
      by: EnteredBy,
      decision: 'allowed' | 'refused',
    ): Promise<string | null> {
      return (await store.decide(trx, { id, by, decision, now: clock() }))?.program ?? null
    },

    /** How it stands with the code of a program that asks. One that asks too early waits longer from then on. */
    async ask(deviceCode: string, program: string): Promise<{ state: DeviceCodeState; userId: number | null }> {
      const hash = tokenHash(deviceCode)
      const now = clock()
      const row = await store.find(hash)
      if (!row || row.program !== program || now >= row.expires_at) return { state: 'unknown', userId: null }
      const userId = row.user_id
      if (row.decision === 'allowed') return { state: 'allowed', userId }
      if (row.decision !== null) return { state: 'refused', userId }
      const { asked_at, pause } = row
      const inTime = asked_at === null || now >= asked_at + pause - EARLY
      if (!inTime && pause >= LONGEST_PAUSE) return { state: 'too early', userId }
      return db.transaction(async (trx) => {
        if (inTime && (await store.look(trx, hash, asked_at, now))) return { state: 'waits', userId }
        await store.slowDown(trx, hash, LONGER, now)
        return { state: 'too early', userId }
      })
    },

    /** Uses an allowed code up; undefined for one that is not allowed, or that another request has used up. */
    take: (trx: Kysely<AuthTables>, deviceCode: string) => store.take(trx, tokenHash(deviceCode), clock()),

    /** Voids what the person has entered, and what has been allowed but not fetched: with everything else that ends programs. */
    endAll: (trx: Kysely<AuthTables>, userId: number): Promise<number> => store.deleteAll(trx, userId),

    sweep: (most: number): Promise<number> => store.sweep(clock(), most),
  }
}
