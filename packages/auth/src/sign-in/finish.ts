import type { Kysely } from 'kysely'
import type { AuditEventName } from '../audit/audit.ts'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Factor, FactorMethod } from '../factors/factors.ts'
import type { PendingKind } from '../factors/pending.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { TokenPair } from '../tokens/tokens.ts'
import { seedTime, type User, userOf } from '../users/user.ts'
import { opensByProof } from '../users/user-store.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'

/** What a finished sign-in is to give. */
export type Wanted =
  | {
      readonly kind: 'session'
      readonly remember: boolean
      /** On a computer that others use, too: wins over `remember` (S7). */
      readonly shared?: boolean
      /** The session value that the browser had: it is ended (SES-02). */
      readonly former: string | null
      /** The device cookie that the browser had. */
      readonly device: string | null
      /** Whether the browser was known before, where `device` was made for this sign-in. */
      readonly isKnown?: boolean
      /** The cookie of trusted devices, from a way in that may do without the second step there: never from a recovery. */
      readonly trusted?: string | null
      /** That cookie as the browser has it afterwards, for the mark in the list of devices: it decides nothing (S1). */
      readonly trustMark?: () => string | null
      /** When the person last showed who it is, where that is not this very sign-in: a change of the password keeps it. */
      readonly confirmedAt?: number
      /** What the owner calls this device, where that is known already. */
      readonly name?: string | null
    }
  | {
      readonly kind: 'tokens'
      /** What the program calls itself, where it has said so. */
      readonly name?: string
    }

export interface SessionStarted {
  readonly kind: 'session'
  readonly user: User
  readonly token: string
  readonly remember: boolean
  readonly shared: boolean
  /** The device cookie's new value. */
  readonly device: string
}

export interface TokensStarted {
  readonly kind: 'tokens'
  readonly user: User
  readonly pair: TokenPair
}

/** A second factor is due: nothing is open yet, `sign-in/second-factor.ts` goes on with the value (MFA-04). */
export interface SecondFactorDue {
  readonly kind: 'pending'
  readonly token: string
  readonly methods: readonly (FactorMethod | 'passkey' | 'security_key')[]
}

/** The account waits for an administrator: it opens nothing, whatever was shown. */
interface Waiting {
  readonly kind: 'waiting'
  readonly user: User
}

/** The account is about to be deleted: `comeBack` goes on with the value. */
interface Leaving {
  readonly kind: 'leaving'
  readonly token: string
}

export type SignedInNow<W extends Wanted> = W extends { kind: 'session' } ? SessionStarted : TokensStarted

/** Nothing is open: a demanded second factor has to be set up first (M8). Programs get no value to go on with. */
interface EnrolmentDue {
  readonly kind: 'enrol'
  readonly token: string | null
}

/** How somebody got here: shown to the owner in the list of sessions and in the account's log. */
export type Method = 'password' | 'passkey' | 'provider' | 'registration' | 'password_change' | 'device_code'

/** The same of a sign-in that waited for its second step. */
export const methodOf = (stored: string): Method =>
  stored === 'passkey' || stored === 'provider' ? stored : 'password'

export interface SignInProof {
  readonly method: Method
  readonly event: AuditEventName
  /** What this way in has shown. */
  readonly factors: readonly Factor[]
  readonly client: Client
  /**
   * The way in's own part of the transaction: proves once more who it is, from what the transaction sees, and answers
   * the account. Throws to refuse.
   */
  readonly establish: (trx: Kysely<AuthTables>, changed: (userId: number) => void) => Promise<number>
}

/**
 * The one door. Every way in ends here: in one transaction it establishes who it is, checks the account's state, starts
 * the session or the token family, ends the browser's former session, writes `last_login` and the audit event. Nothing is
 * half done after a crash, and nothing is answered before the commit (AVL-03).
 *
 * Where a second factor is due a pending sign-in is stored and answered instead, which opens nothing (MFA-04, MFA-06): but
 * in a browser that the account trusts (M6). Where a second factor is demanded and missing beyond its grace it throws
 * `second_factor_enrolment_required`, with a pending value by which `sign-in/enrol.ts` goes on (M8). Throws
 * `account_leaving`, with a pending value that opens the account again, where its owner has left it, and `account_waiting`
 * where administrators have not yet let it in.
 */
export async function finish<W extends Wanted>(
  context: SignInContext,
  proof: SignInProof,
  wanted: W,
): Promise<SignedInNow<W> | SecondFactorDue>
export async function finish(
  context: SignInContext,
  proof: SignInProof,
  wanted: Wanted,
): Promise<SessionStarted | TokensStarted | SecondFactorDue> {
  const { changes, users, sessions, tokens, audit, clock, devices, pending, trusted } = context
  const started = await changes.transaction(
    async (
      trx,
      changed,
    ): Promise<SessionStarted | TokensStarted | SecondFactorDue | Leaving | EnrolmentDue | Waiting> => {
      const userId = await proof.establish(trx, changed)
      const account = await users.get(trx, userId)
      if (!account || !opensByProof(account)) throw new AuthError('invalid_credentials')
      const second = await secondStep(context, trx, userOf(account), proof.factors)
      const { methods } = second
      const due = methods.length > 0
      const cookie = wanted.kind === 'session' ? (wanted.trusted ?? null) : null
      const byTrust = due && (await trusted.use(trx, userId, cookie))
      const wait = (kind: PendingKind) => {
        const shared = isShared(wanted)
        const remember = wanted.kind === 'session' && wanted.remember && !shared
        const known = wanted.kind === 'session' && devices.find(wanted.device, account) !== null
        return pending.start(trx, { userId, kind, remember, shared, method: proof.method, known })
      }
      if (due && !byTrust) {
        return { kind: 'pending', token: await wait(wanted.kind), methods }
      }
      if (account.waits_since !== null) return { kind: 'waiting', user: userOf(account) }
      if (!account.is_active) return { kind: 'leaving', token: await wait('restore') }
      const { grace } = second
      const graceFrom = grace === null || second.isOn ? null : (account.factor_grace_from ?? clock())
      const isOver = graceFrom !== null && grace !== null && clock() >= graceFrom + grace
      // Who has just registered or changed the password stands behind the gate, which asks for it.
      if (isOver && proof.method !== 'registration' && proof.method !== 'password_change') {
        return { kind: 'enrol', token: wanted.kind === 'session' ? await wait('enrol') : null }
      }
      const lastLogin = seedTime(clock())
      await users.setLastLogin(trx, userId, lastLogin, graceFrom)
      changed(userId)
      const user = userOf({ ...account, last_login: lastLogin })
      if (wanted.kind === 'tokens') {
        const { client, method } = proof
        const pair = await tokens.startFamily(trx, { userId, client, method, name: wanted.name ?? null })
        await audit.record(trx, { event: proof.event, result: 'ok', userId, session: pair.familyId }, client)
        // Who asked may be another than who said yes: its owner has to hear of it (RFC 8628 section 5.4, LOG-09).
        if (method === 'device_code') await notify(context, trx, userId, 'new_device', client)
        return { kind: 'tokens', user, pair }
      }
      const former = wanted.former ? await sessions.endByToken(trx, wanted.former) : undefined
      if (former) changed(former.userId)
      // A browser keeps the name that the same person has given it.
      const name = wanted.name ?? (former?.userId === userId ? former.name : null)
      const { shared = false } = wanted
      const remember = wanted.remember && !shared
      const { method, client } = proof
      // What takes a code at the step-up is not to be had by the password and a trusted browser (MFA-07).
      const confirmedAt = wanted.confirmedAt ?? (byTrust ? 0 : clock())
      const trustedAs = await trusted.idOf(trx, userId, wanted.trustMark ? wanted.trustMark() : cookie)
      // Not at the first sign-in, nor where this browser was in already (LOG-09, S4).
      const isKnown = former !== undefined || (wanted.isKnown ?? devices.find(wanted.device, account) !== null)
      const isNewDevice = account.last_login !== null && !isKnown && method !== 'password_change'
      const start = { userId, remember, shared, method, client, confirmedAt, name, trustedAs, isNewDevice }
      const session = await sessions.start(trx, start)
      const detail = byTrust ? { detail: { trusted_device: true } } : {}
      await audit.record(trx, { event: proof.event, result: 'ok', userId, session: session.id, ...detail }, client)
      if (isNewDevice) await notify(context, trx, userId, 'new_device', client)
      return {
        kind: 'session',
        user,
        token: session.token,
        remember,
        shared,
        device: devices.remember(wanted.device, account),
      }
    },
  )
  if (started.kind === 'pending') return started
  if (started.kind === 'leaving') {
    throw new AuthError('account_leaving', { pending: { token: started.token, methods: ['restore'] } })
  }
  if (started.kind === 'enrol') {
    const { token } = started
    throw new AuthError(
      'second_factor_enrolment_required',
      token === null ? {} : { pending: { token, methods: enrolmentMethods(context, isShared(wanted)) } },
    )
  }
  if (proof.method === 'registration') await tell(context, () => context.hooks.onSignUp?.(started.user))
  // After the commit: the account of who has just registered stays.
  if (started.kind === 'waiting') throw new AuthError('account_waiting')
  await tell(context, () => context.hooks.onSignIn?.(started.user, { method: proof.method }))
  return started
}

const isShared = (wanted: Wanted): boolean => wanted.kind === 'session' && wanted.shared === true

/**
 * By what a demanded second factor can be set up before the sign-in goes on. A security key stands beside one only, and a
 * computer that others use is not where a passkey should stay (S7).
 */
export const enrolmentMethods = ({ passkeys }: SignInContext, shared: boolean): ('totp' | 'passkey')[] =>
  passkeys.relyingParty === null || shared ? ['totp'] : ['totp', 'passkey']

/**
 * By what a sign-in that has shown these factors goes on; by nothing where it has shown enough, or there is nothing. A passkey
 * counts for it where a second factor is demanded: a password alone would else do for whoever has both (M8).
 */
async function secondStep(
  { factors, passkeys, demands }: SignInContext,
  trx: Kysely<AuthTables>,
  user: User,
  shown: readonly Factor[],
) {
  const grace = demands.graceOf(user)
  const byCode = await factors.isDue(trx, user.id, shown)
  const shownBoth = shown.includes('possession') || shown.includes('verified possession')
  const usable = byCode || grace !== null ? await passkeys.usable(user.id, trx) : 0
  const byPasskey = usable > 0 && !shownBoth
  // Whoever has lost the only passkey would need an administrator: its recovery codes do instead, after the password.
  const byRecovery = byCode || (byPasskey && (await factors.codesLeft(user.id, trx)) > 0)
  const methods: SecondFactorDue['methods'] = [
    ...(byCode ? (['totp'] as const) : []),
    ...(byRecovery ? (['recovery_code'] as const) : []),
    ...(byPasskey ? (['passkey'] as const) : []),
    ...(byCode && (await passkeys.keys(user.id, trx)) > 0 ? (['security_key'] as const) : []),
  ]
  const isOn = byCode || usable > 0 || (grace !== null && (await factors.isOn(user.id, trx)))
  return { methods, isOn, grace }
}

/**
 * For a way in that cannot wait for a second step: throws `second_factor_required`, with the pending value, where one is
 * due.
 */
export function startedNow<S extends SessionStarted | TokensStarted>(started: S | SecondFactorDue): S {
  if (started.kind === 'pending') throw secondFactorRequired(started)
  return started
}

export const secondFactorRequired = ({ token, methods }: SecondFactorDue): AuthError =>
  new AuthError('second_factor_required', { pending: { token, methods } })

/** Calls a hook of the host app; what goes wrong there is not the person's fault. */
async function tell(context: SignInContext, hook: () => void | Promise<void>): Promise<void> {
  try {
    await hook()
  } catch (error) {
    context.log('error', 'hook_failed', { cause: error instanceof Error ? error.message : String(error) })
  }
}
