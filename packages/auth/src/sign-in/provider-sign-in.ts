import type { InvitationKey } from '../invitations/invitations.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { equalBytes } from '../lib/secrets.ts'
import { providerCounters, registrationCounters } from '../limits/counters.ts'
import { NO_PASSWORD } from '../passwords/hasher.ts'
import type { PersonThere } from '../providers/provider-client.ts'
import type { Provider } from '../providers/providers.ts'
import type { Trip, TripTaken } from '../providers/trips.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { findAccount } from '../users/find-account.ts'
import { hasToConfirm, type User, userOf } from '../users/user.ts'
import { admission } from './admission.ts'
import { finish, type SecondFactorDue, type SessionStarted, startedNow, type Wanted } from './finish.ts'
import { notify } from './notify.ts'
import { inviteToPasskey } from './passkey-invitation.ts'
import { checkPerson, insertPerson, refuseTaken } from './register.ts'
import type { SignInContext } from './sign-in-context.ts'
import { keepAWayIn } from './ways-in.ts'

/** A way to a provider that was begun: `state` goes into a cookie of this browser (OAU-01). */
export interface TripBegun {
  readonly url: URL
  readonly state: string
}

/** The provider with this id. Throws `not_found`. */
export function providerOf(context: SignInContext, id: string): Provider {
  const provider = context.providers.find(id)
  if (!provider) throw new AuthError('not_found')
  return provider
}

/**
 * Begins a way to a provider. Throws `provider_failed` where it cannot be reached, `too_many_attempts`, and
 * `provider_not_fresh` for a step-up at one that cannot stand for it.
 */
export async function beginTrip(context: SignInContext, trip: Trip, client: Client): Promise<TripBegun> {
  const { providers, limits, changes } = context
  const provider = providerOf(context, trip.provider)
  if (trip.purpose === 'confirm' && !provider.confirms) throw new AuthError('provider_not_fresh')
  const place = await limits.take(providerCounters(client.address))
  const state = await changes.transaction(async (trx) => {
    await limits.giveBack(trx, place, 'failed')
    return providers.trips.begin(trx, trip)
  })
  const url = await provider.client.begin(providers.trips.values(state), trip.purpose === 'confirm')
  return { url, state }
}

/**
 * Uses up the trip that a browser comes back from; null where this browser did not begin it at this provider, or it was
 * used or has expired (OAU-01). `kept` is the state in its cookie.
 */
export async function takeTrip(
  context: SignInContext,
  provider: string,
  state: string | null,
  kept: string | null,
): Promise<TripTaken | null> {
  if (state === null || kept === null || !equalBytes(Buffer.from(state), Buffer.from(kept))) return null
  const { changes, providers } = context
  return changes.transaction((trx) => providers.trips.take(trx, state, provider))
}

/**
 * Who came back. At a step-up the person must have shown there who it is since the trip was begun. Throws `provider_refused`,
 * `provider_failed`, `provider_not_fresh`.
 */
export async function personAt(
  context: SignInContext,
  { provider, purpose, begunAt }: TripTaken,
  answer: URLSearchParams,
  client: Client,
): Promise<PersonThere> {
  const { providers, audit } = context
  try {
    const values = providers.trips.values(answer.get('state') ?? '')
    const since = purpose === 'confirm' ? begunAt : undefined
    return await providerOf(context, provider).client.complete(values, answer, since)
  } catch (error) {
    audit.note({ event: 'sign_in', result: 'failed', detail: { provider } }, client)
    throw error
  }
}

/**
 * Signs in whom the provider has named, where that account is linked to one here: a second factor is still asked for. Null
 * where it is linked to none. Throws `invalid_credentials` for a disabled account.
 */
export async function providerSignIn(
  context: SignInContext,
  there: PersonThere,
  client: Client,
  wanted: Wanted & { kind: 'session' },
): Promise<SessionStarted | SecondFactorDue | null> {
  const { providers } = context
  if ((await providers.owner(there)) === null) return null
  return finish(
    context,
    {
      method: 'provider',
      event: 'sign_in',
      // Whatever else the provider has asked for is not known here.
      factors: ['knowledge'],
      client,
      async establish(trx) {
        const userId = await providers.use(trx, there)
        if (userId === null) throw new AuthError('invalid_credentials')
        return userId
      },
    },
    wanted,
  )
}

/**
 * Keeps who came back until a name is chosen, and answers the value for the cookie. Throws `email_taken` where an account
 * has the address that the provider has verified: its owner signs in there first and then links, nothing is linked by an
 * address alone (OAU-05); what `admission` throws.
 */
export async function keepNewcomer(
  context: SignInContext,
  trip: Trip,
  person: PersonThere,
  client: Client,
): Promise<string> {
  const { verifiedEmail } = person
  if (verifiedEmail !== null && (await findAccount(context.users, verifiedEmail))) throw new AuthError('email_taken')
  await admission(context, { invitation: invitationOf(trip), email: verifiedEmail, client })
  return context.changes.transaction((trx) =>
    context.providers.trips.begin(trx, { ...trip, purpose: 'newcomer', userId: null, person }),
  )
}

/** The invitation that the trip was begun with: its id, since no secret lies in a table. */
const invitationOf = ({ invitation }: Trip): InvitationKey | null =>
  invitation === undefined ? null : { id: invitation }

/** Who waits under this value for a name to be chosen; null where it was used, has expired or never was. */
export async function newcomer(context: SignInContext, kept: string | null) {
  const trip = kept === null ? null : await context.providers.trips.peek(kept)
  return trip?.purpose === 'newcomer' && trip.person ? { ...trip, person: trip.person } : null
}

/**
 * Makes the account of a newcomer, without a password and linked to the account at the provider, and signs in. The address
 * is the one that the provider has verified, or none. Throws `sign_in_expired` and what a
 * registration throws.
 */
export async function registerNewcomer(
  context: SignInContext,
  kept: string | null,
  chosen: { username: string; fields: Readonly<Record<string, unknown>>; language?: string | null },
  client: Client,
  browser: { former: string | null; device: string | null },
): Promise<{ started: SessionStarted; next: string | undefined }> {
  const { limits, limitSettings, changes, providers, audit } = context
  const found = await newcomer(context, kept)
  if (!found || kept === null) throw new AuthError('sign_in_expired')
  const { person, provider, remember = false, shared = false } = found
  const admitted = await admission(context, { invitation: invitationOf(found), email: person.verifiedEmail, client })
  const account = { ...chosen, email: person.verifiedEmail, password: null }
  const fields = await checkPerson(context, account)
  const place = await limits.take(registrationCounters(limitSettings, client.address))
  try {
    await refuseTaken(context, account)
    const started = await finish(
      context,
      {
        method: 'registration',
        event: 'register',
        factors: ['knowledge'],
        client,
        async establish(trx) {
          await limits.giveBack(trx, place, 'failed')
          if (!(await providers.trips.take(trx, kept, provider))) throw new AuthError('sign_in_expired')
          const userId = await insertPerson(
            context,
            trx,
            { ...account, hash: NO_PASSWORD, emailVerified: true },
            fields,
          )
          await admitted.settle(trx, userId)
          await providers.link(trx, userId, provider, person, true)
          await inviteToPasskey(context, trx, userId)
          await audit.record(trx, { event: 'provider_linked', result: 'ok', userId, detail: { provider } }, client)
          return userId
        },
      },
      { kind: 'session', remember, shared, ...browser },
    )
    return { started: startedNow(started), next: found.next }
  } catch (error) {
    const told = error instanceof AuthError && error.status === 409
    await changes.transaction((trx) => limits.giveBack(trx, place, told ? 'failed' : 'undecided')).catch(() => {})
    throw error
  }
}

/**
 * Whoever registers with the address of somebody else and links an account elsewhere would still come in after its owner
 * has taken the account over by a new password (REG-12). Without mail no address can be confirmed, nor taken over by.
 */
export function refuseUnconfirmed(context: SignInContext, user: User | undefined): void {
  if (context.mail !== null && hasToConfirm(user ?? null)) throw new AuthError('address_unconfirmed')
}

/**
 * Links the account at the provider to that of the person who began it here (OAU-06). Throws `identity_taken`,
 * `address_unconfirmed`.
 */
export async function linkProvider(
  context: SignInContext,
  signedIn: SignedIn,
  provider: string,
  there: PersonThere,
  client: Client,
): Promise<void> {
  const { changes, users, providers, audit } = context
  const userId = signedIn.user.id
  await changes.transaction(async (trx) => {
    const account = await users.get(trx, userId)
    if ((await providers.owner(there, trx)) === userId) return
    refuseUnconfirmed(context, account && userOf(account))
    await providers.link(trx, userId, provider, there)
    await audit.record(trx, { event: 'provider_linked', result: 'ok', userId, detail: { provider } }, client)
    await notify(context, trx, userId, 'provider_linked', client)
  })
}

/**
 * Takes an account elsewhere away and ends every other session: one of them may have been opened by it. Throws `not_found`,
 * and `last_way_in` for the only one (OAU-06).
 */
export async function unlinkProvider(
  context: SignInContext,
  signedIn: SignedIn,
  id: string,
  client: Client,
): Promise<void> {
  const { changes, users, providers, sessions, tokens, deviceCodes, pending, audit } = context
  const userId = signedIn.user.id
  await changes.transaction(async (trx, changed) => {
    await users.get(trx, userId)
    const provider = await providers.unlink(trx, userId, id)
    if (provider === null) throw new AuthError('not_found')
    await keepAWayIn(context, trx, userId)
    await sessions.endAll(trx, userId, signedIn.session.key)
    await tokens.endAll(trx, userId)
    await deviceCodes.endAll(trx, userId)
    await pending.voidAll(trx, userId)
    changed(userId)
    await audit.record(trx, { event: 'provider_unlinked', result: 'ok', userId, detail: { provider } }, client)
    await notify(context, trx, userId, 'provider_unlinked', client)
  })
}

/**
 * Somebody signed in has shown at a provider once more who it is (LOG-08): for accounts that nothing else opens. The session
 * gets a new value, which is answered. Throws `invalid_credentials` where that account there is not the person's own.
 */
export async function confirmByProvider(
  context: SignInContext,
  signedIn: SignedIn,
  there: PersonThere,
  client: Client,
): Promise<string> {
  const { changes, users, providers, sessions, factors, audit } = context
  const userId = signedIn.user.id
  const token = await changes.transaction(async (trx, changed) => {
    await users.get(trx, userId)
    const right = (await providers.use(trx, there)) === userId && !(await factors.isOn(userId, trx))
    const result = right ? 'ok' : 'failed'
    await audit.record(trx, { event: 'step_up', result, userId, session: signedIn.session.id }, client)
    changed(userId)
    return right ? await sessions.confirm(trx, signedIn.session.key) : null
  })
  if (token === undefined) throw new AuthError('not_signed_in')
  if (token === null) throw new AuthError('invalid_credentials')
  return token
}
