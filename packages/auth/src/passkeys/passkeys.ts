import { randomBytes } from 'node:crypto'
import type * as WebAuthn from '@simplewebauthn/server'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { UniqueViolation } from '../db/connection.ts'
import type { Database } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import { authenticatorName } from './authenticator-names.ts'
import { CHALLENGE_LIFETIME, type ChallengeFor, type ChallengeTaken, createChallenges } from './challenges.ts'
import { createPasskeyStore, type OneOfKind, type PasskeyKind } from './passkey-store.ts'
import type { RelyingParty } from './relying-party.ts'

/** A passkey or security key in its owner's list. */
export interface PasskeyListed {
  readonly id: string
  readonly kind: PasskeyKind
  /** Names the credential to the browser, which can then forget one that was removed. */
  readonly credentialId: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly lastUsedAt: number | null
  /** Copied to the person's other devices, or bound to the one that made it. */
  readonly synced: boolean
  /** The name of the browser that it was used in last, as `known-device.ts` tells it. */
  readonly lastUsedOn: string | null
  /** The host name that it works under. */
  readonly rpId: string
}

/** What a browser window needs, and the value of the cookie that binds the answer to this browser. */
export interface CeremonyBegun<Options> {
  readonly options: Options
  readonly browser: string
}

/** A new passkey whose making was proved, ready to be stored. */
export interface PasskeyProved {
  readonly kind: PasskeyKind
  readonly credentialId: string
  readonly handle: string
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly transports: readonly string[]
  readonly aaguid: string
  readonly backupEligible: boolean
  readonly backedUp: boolean
}

/** A use of a passkey that was proved, but for its counter. */
export interface PasskeyUse {
  readonly id: string
  readonly kind: PasskeyKind
  readonly userId: number
  readonly counter: number
  readonly backedUp: boolean
}

/** Loaded by the first passkey: reading certificates takes many modules, and a start would wait for them. */
const load = (): Promise<typeof WebAuthn> => import('@simplewebauthn/server')

/** ES256, EdDSA and RS256: what authenticators in use have, and nothing else (PKY-02). */
const algorithms = [-7, -8, -257]
const HANDLE_BYTES = 32
/** WebAuthn section 7.1: longer ones are no credential ids. */
const MOST_ID_BYTES = 1023
/** More than anybody needs. */
const MOST_PASSKEYS = 20

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64url, 'base64url'))
const refused = (cause?: unknown): AuthError => new AuthError('passkey_refused', { cause })

export type Passkeys = ReturnType<typeof createPasskeys>

/** Passkeys by WebAuthn. What authenticators say is parsed and verified by @simplewebauthn/server alone (PKY-01 to PKY-04). */
export function createPasskeys(deps: {
  db: Database<AuthTables>
  clock: Clock
  relyingParty: RelyingParty | null
  /** Why there is no relying party, for people who want a passkey or a security key. */
  hindrance: Readonly<Record<PasskeyKind, string>>
}) {
  const { db, clock, relyingParty, hindrance } = deps
  const store = createPasskeyStore(db)
  const challenges = createChallenges({ db, clock })

  function party(kind: PasskeyKind = 'passkey'): RelyingParty {
    if (!relyingParty) throw new AuthError('passkeys_unavailable', { detail: hindrance[kind] })
    return relyingParty
  }

  /** Of either kind, under this server's address. */
  const usableRows = async (userId: number, from?: Kysely<AuthTables>) =>
    (await store.list(userId, from)).filter((row) => row.rp_id === relyingParty?.id)
  const countOf = async (kind: PasskeyKind, userId: number, from?: Kysely<AuthTables>): Promise<number> =>
    (await usableRows(userId, from)).filter((row) => kindOf(row) === kind).length

  /**
   * Has the library verify an answer. The challenge is used up when the library asks for it, whatever it finds after; what
   * goes wrong with our own store is no refusal.
   */
  async function verified<R>(
    whose: ChallengeFor,
    verify: (expectedChallenge: (challenge: string) => Promise<boolean>) => Promise<R>,
  ): Promise<{ result: R; taken: ChallengeTaken }> {
    let taken: ChallengeTaken | null = null
    let fault: unknown
    try {
      const result = await verify(async (challenge) => {
        taken = await challenges.take(challenge, whose).catch((error: unknown) => {
          fault = error
          return null
        })
        return taken !== null
      })
      if (taken === null) throw refused()
      return { result, taken }
    } catch (error) {
      throw fault ?? refused(error)
    }
  }

  return {
    relyingParty,
    /** Why this server can have no passkeys, in a sentence, or null. */
    hindrance: relyingParty ? null : hindrance.passkey,
    /** The same of security keys. */
    keyHindrance: relyingParty ? null : hindrance.security_key,

    /** Begins the making of a passkey that can sign in by itself, or of a security key. Throws `passkeys_unavailable`, `limit_reached`. */
    async beginNew(
      whose: ChallengeFor,
      account: { username: string; displayName: string },
    ): Promise<CeremonyBegun<PublicKeyCredentialCreationOptionsJSON>> {
      const { id: rpID, name: rpName } = party(kindMade(whose))
      const known = whose.userId === null ? [] : await store.list(whose.userId)
      if (known.length >= MOST_PASSKEYS) {
        throw new AuthError('limit_reached', {
          detail: `${MOST_PASSKEYS} passkeys and security keys are the most. Remove one first.`,
        })
      }
      // Random, so that it tells nothing of the account; the same for all its passkeys, so that an authenticator keeps one.
      const handle = known[0]?.user_handle ?? randomBytes(HANDLE_BYTES).toString('base64url')
      const made = await challenges.make(whose, handle)
      const { generateRegistrationOptions } = await load()
      const options = await generateRegistrationOptions({
        rpID,
        rpName,
        userName: account.username,
        userDisplayName: account.displayName,
        userID: bytesOf(handle),
        challenge: bytesOf(made.challenge),
        timeout: CHALLENGE_LIFETIME,
        attestationType: 'none',
        excludeCredentials: known.map((row) => ({ id: row.credential_id })),
        authenticatorSelection:
          kindMade(whose) === 'security_key'
            ? { residentKey: 'discouraged', userVerification: 'discouraged', authenticatorAttachment: 'cross-platform' }
            : { residentKey: 'required', userVerification: 'required' },
        supportedAlgorithmIDs: algorithms,
      })
      return { options, browser: made.browser }
    },

    /** Proves that a passkey was made for us, in this browser. Throws `passkey_refused`, `passkeys_unavailable`. */
    async proveNew(whose: ChallengeFor, response: RegistrationResponseJSON): Promise<PasskeyProved> {
      const kind = kindMade(whose)
      const { id: expectedRPID, origin: expectedOrigin } = party(kind)
      await refuseAttestation(response)
      const { verifyRegistrationResponse } = await load()
      const { result, taken } = await verified(whose, (expectedChallenge) =>
        verifyRegistrationResponse({
          response,
          expectedChallenge,
          expectedOrigin,
          expectedRPID,
          requireUserVerification: kind === 'passkey',
          supportedAlgorithmIDs: algorithms,
        }),
      )
      if (!result.verified || taken.handle === null) throw refused()
      const { credential, aaguid, credentialDeviceType, credentialBackedUp } = result.registrationInfo
      if (bytesOf(credential.id).length > MOST_ID_BYTES) throw refused()
      return {
        kind,
        credentialId: credential.id,
        handle: taken.handle,
        publicKey: credential.publicKey,
        counter: credential.counter,
        transports: credential.transports ?? [],
        aaguid,
        backupEligible: credentialDeviceType === 'multiDevice',
        backedUp: credentialBackedUp,
      }
    },

    /** Stores a passkey; answers its name. `passkey_refused` for a credential that somebody has already (PKY-04). */
    async add(
      trx: Kysely<AuthTables>,
      userId: number,
      proved: PasskeyProved,
      made: { device: string; browser: string | null },
    ): Promise<{ id: string; name: string }> {
      const id = randomBytes(12).toString('base64url')
      // A key is at no device: the browser that it was added in says nothing of it.
      const name = authenticatorName(proved.aaguid, proved.kind === 'security_key' ? 'Security key' : made.device)
      const row = {
        id,
        credential_id: proved.credentialId,
        user_id: userId,
        user_handle: proved.handle,
        rp_id: party().id,
        kind: proved.kind,
        public_key: proved.publicKey,
        counter: proved.counter,
        transports: JSON.stringify(proved.transports),
        aaguid: proved.aaguid,
        backup_eligible: proved.backupEligible,
        backed_up: proved.backedUp,
        name,
        created_at: clock(),
        last_used_on: made.browser,
      }
      try {
        await store.insert(trx, row)
      } catch (error) {
        if (error instanceof UniqueViolation) throw refused(error)
        throw error
      }
      return { id, name }
    },

    /**
     * Begins the use of a passkey: of one that the browser finds by itself, where nobody's account is known, so that what is
     * answered depends on none (PKY-04); else of one of the account's. Throws `not_found` where that has none.
     */
    async beginUse(whose: ChallengeFor): Promise<CeremonyBegun<PublicKeyCredentialRequestOptionsJSON>> {
      const { id: rpID } = party()
      const own = whose.userId === null ? null : await usableRows(whose.userId)
      if (own?.length === 0) throw new AuthError('not_found')
      const made = await challenges.make(whose)
      const { generateAuthenticationOptions } = await load()
      const options = await generateAuthenticationOptions({
        rpID,
        ...(own && { allowCredentials: own.map((row) => ({ id: row.credential_id })) }),
        challenge: bytesOf(made.challenge),
        timeout: CHALLENGE_LIFETIME,
        // A key without a PIN answers only where its person need not be verified; passkeys are held to it when they answer.
        userVerification: own?.some((row) => kindOf(row) === 'security_key') ? 'preferred' : 'required',
      })
      return { options, browser: made.browser }
    },

    /**
     * Proves that whoever answers holds a passkey and that it has seen its person (PKY-02), or a security key. The counter is left to
     * `accept`, inside the transaction. Throws `passkey_refused`, `passkeys_unavailable`.
     */
    async proveUse(whose: ChallengeFor, response: AuthenticationResponseJSON): Promise<PasskeyUse> {
      const { id: expectedRPID, origin: expectedOrigin } = party()
      const row = await store.findByCredential(response.id)
      if (!row || (whose.userId !== null && row.user_id !== whose.userId)) throw refused()
      const kind = kindOf(row)
      // Never alone: whoever finds one that is lost would be in.
      if (kind === 'security_key' && whose.userId === null) throw refused()
      const { userHandle } = response.response
      // Where the account is known an authenticator may leave its name out (WebAuthn section 7.2, step 6).
      if (userHandle !== row.user_handle && !(userHandle === undefined && whose.userId !== null)) throw refused()
      const { verifyAuthenticationResponse } = await load()
      const { result } = await verified(whose, (expectedChallenge) =>
        verifyAuthenticationResponse({
          response,
          expectedChallenge,
          expectedOrigin,
          expectedRPID,
          requireUserVerification: kind === 'passkey',
          // The library looks at the counter before the signature: then anybody could make one look copied.
          credential: { id: row.credential_id, publicKey: new Uint8Array(row.public_key), counter: 0 },
        }),
      )
      const { newCounter, credentialBackedUp, credentialDeviceType } = result.authenticationInfo
      const eligible = credentialDeviceType === 'multiDevice'
      if (!result.verified || eligible !== Boolean(row.backup_eligible)) throw refused()
      return { id: row.id, kind, userId: row.user_id, counter: newCounter, backedUp: credentialBackedUp }
    },

    /**
     * Notes a use. `copied`: the counter did not grow, so that two authenticators hold the same key (WebAuthn section
     * 6.1.1); `gone`: it was removed in the meantime.
     */
    async accept(
      trx: Kysely<AuthTables>,
      use: PasskeyUse,
      browser: string | null,
    ): Promise<'accepted' | 'copied' | 'gone'> {
      const { id, counter, backedUp } = use
      if (await store.use(trx, id, { counter, backedUp, at: clock(), on: browser })) return 'accepted'
      return (await store.exists(trx, id)) ? 'copied' : 'gone'
    },

    /** How many passkeys of an account sign in by themselves under this server's address. */
    usable: (userId: number, from?: Kysely<AuthTables>): Promise<number> => countOf('passkey', userId, from),
    /** How many security keys of an account do for the second step here. */
    keys: (userId: number, from?: Kysely<AuthTables>): Promise<number> => countOf('security_key', userId, from),
    /** With the last authenticator: a key alone asks for nothing. Answers how many went. */
    removeKeys: (trx: Kysely<AuthTables>, userId: number): Promise<number> => store.removeKeys(trx, userId),

    /** An account's passkeys and security keys, and the name under which its authenticators know it. */
    async list(
      userId: number,
      from?: Kysely<AuthTables>,
    ): Promise<{ handle: string | null; passkeys: PasskeyListed[] }> {
      const rows = await store.list(userId, from)
      return { handle: rows[0]?.user_handle ?? null, passkeys: rows.map(listed) }
    },

    /** One of a kind: a security key is no passkey where a page or a log speaks of it. */
    async find(userId: number, one: OneOfKind): Promise<PasskeyListed | null> {
      const row = await store.find(userId, one)
      return row ? listed(row) : null
    },

    rename: (trx: Kysely<AuthTables>, userId: number, one: OneOfKind, name: string): Promise<boolean> =>
      store.rename(trx, userId, one, name),
    remove: (trx: Kysely<AuthTables>, userId: number, one: OneOfKind): Promise<boolean> =>
      store.remove(trx, userId, one),
    sweep: challenges.sweep,
  }
}

type PasskeyRow = NonNullable<Awaited<ReturnType<ReturnType<typeof createPasskeyStore>['find']>>>

const kindOf = ({ kind }: Pick<PasskeyRow, 'kind'>): PasskeyKind => (kind === 'security_key' ? kind : 'passkey')
const kindMade = ({ ceremony }: ChallengeFor): PasskeyKind => (ceremony === 'add_key' ? 'security_key' : 'passkey')

const listed = (row: PasskeyRow): PasskeyListed => ({
  id: row.id,
  kind: kindOf(row),
  credentialId: row.credential_id,
  name: row.name,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  synced: Boolean(row.backed_up),
  lastUsedOn: row.last_used_on,
  rpId: row.rp_id,
})

/**
 * We ask for no attestation, and browsers then send none, or one that the key has signed itself. Certificates would be
 * followed to the addresses that stand in them: whoever sends one would choose what this server opens.
 */
async function refuseAttestation({ response }: RegistrationResponseJSON): Promise<void> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers')
  let wanted = false
  try {
    const attestation = decodeAttestationObject(bytesOf(response.attestationObject))
    const format = attestation.get('fmt')
    wanted = format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined)
  } catch (error) {
    throw refused(error)
  }
  if (!wanted) throw refused()
}
