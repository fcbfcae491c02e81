import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { UniqueViolation } from '../db/connection.ts'
import type { Database } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { KeyRing } from '../lib/secrets.ts'
import { createIdentityStore } from './identity-store.ts'
import { createProviderClient, type PersonThere, type ProviderClient } from './provider-client.ts'
import { type ProviderOptions, providerSettings } from './provider-options.ts'
import { createTrips } from './trips.ts'

/** A service by which people may sign in here. */
export interface Provider {
  readonly id: string
  readonly label: string
  readonly answersByPost: boolean
  /** It says when its person has shown who it is, so that it can stand for a step-up. */
  readonly confirms: boolean
  readonly client: ProviderClient
}

/** An account at a provider that opens one here, in its owner's list. */
export interface IdentityListed {
  readonly id: string
  readonly provider: string
  /** The provider's label; its id where it is not set up any more. */
  readonly label: string
  /** What its owner knows it by there. */
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly lastUsedAt: number | null
  /** False where the provider is not set up any more: then it opens nothing. */
  readonly opens: boolean
}

export type Providers = ReturnType<typeof createProviders>

/** The providers of a site, and which account there belongs to whom here: by issuer and subject, never by address (OAU-04). */
export function createProviders(deps: {
  db: Database<AuthTables>
  clock: Clock
  keys: KeyRing
  log: Log
  origin: string
  options: readonly ProviderOptions[]
}) {
  const { db, clock, log, origin } = deps
  const store = createIdentityStore(db)
  const list = deps.options.map(providerSettings).map((settings): Provider => {
    // Built from the configured address, never from a request (OAU-02).
    const redirectUri = `${origin}/auth/providers/${settings.id}/callback`
    const { id, label, answersByPost, anew } = settings
    const client = createProviderClient(settings, { redirectUri, clock, log })
    return { id, label, answersByPost, confirms: anew !== null, client }
  })
  const find = (id: string): Provider | undefined => list.find((one) => one.id === id)

  return {
    list,
    find,
    trips: createTrips(deps),

    /** Whose account this one at a provider opens. */
    owner: async ({ issuer, subject }: PersonThere, from: Kysely<AuthTables> = db.read): Promise<number | null> =>
      (await store.find(from, issuer, subject))?.user_id ?? null,

    /** Whose account it opens, noting that it is used. */
    async use(trx: Kysely<AuthTables>, there: PersonThere): Promise<number | null> {
      const found = await store.find(trx, there.issuer, there.subject)
      if (!found) return null
      await store.setUsed(trx, found.id, there.name, clock())
      return found.user_id
    },

    /** `used` where it signs in right now. Throws `identity_taken` where it opens an account already. */
    async link(
      trx: Kysely<AuthTables>,
      userId: number,
      provider: string,
      there: PersonThere,
      used = false,
    ): Promise<void> {
      const { issuer, subject, name } = there
      const id = randomBytes(12).toString('base64url')
      const now = clock()
      const times = { created_at: now, last_used_at: used ? now : null }
      try {
        await store.insert(trx, { id, user_id: userId, provider, issuer, subject, name, ...times })
      } catch (error) {
        if (error instanceof UniqueViolation) throw new AuthError('identity_taken')
        throw error
      }
    },

    /** Takes one away; answers of which provider, or null for one that is not among the person's. */
    unlink: async (trx: Kysely<AuthTables>, userId: number, id: string): Promise<string | null> =>
      (await store.remove(trx, userId, id))?.provider ?? null,

    /** Those of a person, the oldest first. */
    async identities(userId: number, from?: Kysely<AuthTables>): Promise<IdentityListed[]> {
      const rows = await store.list(userId, from)
      return rows.map((row) => ({
        id: row.id,
        provider: row.provider,
        label: find(row.provider)?.label ?? row.provider,
        name: row.name,
        createdAt: row.created_at,
        lastUsedAt: row.last_used_at,
        opens: find(row.provider) !== undefined,
      }))
    },
  }
}
