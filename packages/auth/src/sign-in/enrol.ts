import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { PendingSignIn } from '../factors/pending.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { userOf } from '../users/user.ts'
import { turnOn } from './change-factors.ts'
import { storePasskey } from './change-passkeys.ts'
import { enrolmentMethods, finish, methodOf, type SessionStarted, startedNow } from './finish.ts'
import type { SignInContext } from './sign-in-context.ts'
import { hasSecondFactor } from './ways-in.ts'

async function pendingOf({ pending }: SignInContext, token: string) {
  const found = await pending.peek(token, 'enrol')
  if (!found) throw new AuthError('sign_in_expired')
  return found
}

/**
 * Whose sign-in waits until a demanded second factor is set up, why it is demanded, and whether a passkey is offered: none on
 * a computer that others use (S7). Throws `sign_in_expired`.
 */
export async function enrolling(
  context: SignInContext,
  token: string,
): Promise<{ userId: number; username: string; reason: string | null; passkeys: boolean }> {
  const { userId, shared } = await pendingOf(context, token)
  const [account, demand] = await Promise.all([context.users.findCredentials(userId), context.users.demandOf(userId)])
  if (!account || !demand) throw new AuthError('sign_in_expired')
  const passkeys = enrolmentMethods(context, shared).includes('passkey')
  return { userId, username: account.username, reason: demand.reason, passkeys }
}

/** Begins an authenticator for a sign-in that waits for one; answers its id. Throws `sign_in_expired`. */
export async function beginEnrolment(context: SignInContext, token: string, name: string): Promise<string> {
  const { userId } = await pendingOf(context, token)
  return context.changes.transaction(async (trx) => {
    await refuseEnrolled(context, trx, userId)
    return context.factors.begin(trx, userId, name)
  })
}

/** What a browser gives to finish a sign-in that waits: the pending value, and the cookies that it has now. */
interface Enrolling {
  readonly pending: string
  readonly client: Client
  readonly former: string | null
  readonly device: string | null
}

export interface Enrolled {
  readonly started: SessionStarted
  /** The recovery codes, this once. */
  readonly codes: string[]
}

/**
 * Makes the authenticator count by a code of it, and finishes the sign-in. Throws `sign_in_expired`, `not_found`,
 * `invalid_fields`.
 */
export async function finishEnrolment(
  context: SignInContext,
  attempt: Enrolling & { readonly id: string; readonly code: string },
): Promise<Enrolled> {
  const { id, code, client } = attempt
  const waits = await pendingOf(context, attempt.pending)
  return goOn(context, attempt, waits, (trx) => turnOn(context, trx, waits.userId, { id, code }, client))
}

/**
 * Begins a passkey for a sign-in that waits for a second factor. The challenge is bound to the pending value, so that what is
 * made for one sign-in finishes no other. Throws `sign_in_expired`, `passkeys_unavailable`, `limit_reached`, and `forbidden` on a
 * computer that others use (S7).
 */
export async function beginPasskeyEnrolment(
  context: SignInContext,
  token: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { userId, shared } = await pendingOf(context, token)
  if (shared) throw new AuthError('forbidden', { detail: 'Others use this computer: no passkey is kept on it.' })
  const user = await context.users.findById(userId)
  if (!user || (await hasSecondFactor(context, userOf(user)))) throw new AuthError('sign_in_expired')
  const { options } = await context.passkeys.beginNew({ browser: token, ceremony: 'enrol', userId }, userOf(user))
  return options
}

/**
 * Adds the passkey that was made, and finishes the sign-in: it has seen its person, and is asked for after the password from
 * now on (M8). Throws `sign_in_expired`, `passkey_refused`, `passkeys_unavailable`.
 */
export async function finishPasskeyEnrolment(
  context: SignInContext,
  attempt: Enrolling & { readonly credential: RegistrationResponseJSON },
): Promise<Enrolled> {
  const { passkeys, users, devices, pending, trusted, factors, audit } = context
  const { client } = attempt
  const waits = await pendingOf(context, attempt.pending)
  const { userId } = waits
  const whose = { browser: attempt.pending, ceremony: 'enrol', userId } as const
  const proved = await passkeys.proveNew(whose, attempt.credential)
  const account = await users.findCredentials(userId)
  if (!account) throw new AuthError('sign_in_expired')
  const device = devices.remember(attempt.device, account)
  const isKnown = devices.find(attempt.device, account) !== null
  return goOn(context, { ...attempt, device, isKnown }, waits, async (trx) => {
    await storePasskey(context, trx, userId, proved, { client, browser: devices.find(device, account) })
    await pending.voidAll(trx, userId)
    await trusted.cutAll(trx, userId)
    await audit.record(trx, { event: 'recovery_codes_made', result: 'ok', userId }, client)
    return factors.makeCodes(trx, userId)
  })
}

/** Uses the sign-in that waits up for `setUp`, which answers the recovery codes, and finishes it: all of it or nothing. */
async function goOn(
  context: SignInContext,
  { pending, client, former, device, isKnown }: Enrolling & { readonly isKnown?: boolean },
  { userId, remember, shared, method }: PendingSignIn,
  setUp: (trx: Kysely<AuthTables>) => Promise<string[]>,
): Promise<Enrolled> {
  let codes: string[] = []
  const started = await finish(
    context,
    {
      method: methodOf(method),
      event: 'sign_in',
      factors: ['knowledge', 'possession'],
      client,
      async establish(trx) {
        await refuseEnrolled(context, trx, userId)
        if (!(await context.pending.take(trx, pending, 'enrol'))) throw new AuthError('sign_in_expired')
        codes = await setUp(trx)
        return userId
      },
    },
    { kind: 'session', remember, shared, former, device, ...(isKnown !== undefined && { isKnown }) },
  )
  return { started: startedNow(started), codes }
}

/** Once the owner has set one up elsewhere, whoever has the password alone must not add another. Holds the account. */
async function refuseEnrolled(context: SignInContext, trx: Kysely<AuthTables>, userId: number): Promise<void> {
  const account = await context.users.get(trx, userId)
  if (!account || (await hasSecondFactor(context, userOf(account), trx))) throw new AuthError('sign_in_expired')
}
