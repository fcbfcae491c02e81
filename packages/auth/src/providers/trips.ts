import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, minutes } from '../lib/clock.ts'
import { type KeyRing, keyed, randomToken, tokenHash } from '../lib/secrets.ts'
import type { RoundTrip } from './provider-client.ts'
import { createTripStore } from './trip-store.ts'

/** How long somebody may be at the provider, and how long who is new there may take to choose a name (OAU-01). */
export const TRIP_LIFETIME = minutes(10)

const payloadShape = z.object({
  /** A local path. */
  next: z.string().optional(),
  remember: z.boolean().optional(),
  shared: z.boolean().optional(),
  /** The id of the invitation that a new account would be made by. */
  invitation: z.string().optional(),
  /** Who came back, where the account is still to be made. */
  person: z
    .object({
      issuer: z.string(),
      subject: z.string(),
      name: z.string(),
      username: z.string().nullable(),
      verifiedEmail: z.string().nullable(),
    })
    .optional(),
})
const purposes = ['sign_in', 'link', 'confirm', 'newcomer'] as const

/** What a trip to a provider is for. */
export type TripPurpose = (typeof purposes)[number]

/** A way to a provider and back that has been begun. */
export interface Trip extends z.infer<typeof payloadShape> {
  readonly provider: string
  readonly purpose: TripPurpose
  /** Whoever was signed in at the start, where it matters. */
  readonly userId: number | null
}

/** One that was found again, and when it was begun, in milliseconds since 1970. */
export interface TripTaken extends Trip {
  readonly begunAt: number
}

/**
 * Trips to providers: a random state in a cookie of this browser, its hash in a row that is used up. Nonce and PKCE verifier
 * are derived from the state, so that nobody who reads the table has them.
 */
export function createTrips(deps: { db: Database<AuthTables>; clock: Clock; keys: KeyRing }) {
  const { db, clock, keys } = deps
  const store = createTripStore(db)
  const derive = (state: string, what: string): string =>
    keyed(keys.current.derive('provider-trip'), what, '|', state).toString('base64url')

  type Row = NonNullable<Awaited<ReturnType<typeof store.find>>>
  const read = (row: Row | undefined): TripTaken | null => {
    if (!row || clock() >= row.expires_at) return null
    const purpose = purposes.find((one) => one === row.purpose)
    if (!purpose) return null
    const payload = payloadShape.parse(JSON.parse(row.payload))
    const begunAt = row.expires_at - TRIP_LIFETIME
    return { ...payload, provider: row.provider, purpose, userId: row.user_id, begunAt }
  }

  return {
    /** Begins one and answers its state. */
    async begin(trx: Kysely<AuthTables>, { provider, purpose, userId, ...payload }: Trip): Promise<string> {
      const state = randomToken()
      await store.insert(trx, {
        state_hash: tokenHash(state),
        provider,
        purpose,
        user_id: userId,
        payload: JSON.stringify(payload),
        expires_at: clock() + TRIP_LIFETIME,
      })
      return state
    },

    /** What the provider has to give back unchanged, or to prove. */
    values: (state: string): RoundTrip => ({
      state,
      nonce: derive(state, 'nonce'),
      verifier: derive(state, 'verifier'),
    }),

    /** What was begun under this state, without using it up. */
    peek: async (state: string): Promise<TripTaken | null> => read(await store.find(tokenHash(state))),

    /** Uses it up; null for one of another provider, that was used, has expired or never was. */
    take: async (trx: Kysely<AuthTables>, state: string, provider: string): Promise<TripTaken | null> =>
      read(await store.take(trx, tokenHash(state), provider)),

    sweep: (most: number): Promise<number> => store.sweep(clock(), most),
  }
}
