import type { FactorMethod } from '../factors/factors.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { shortId, tokenHash } from '../lib/secrets.ts'
import { secondFactorCounters } from '../limits/counters.ts'
import {
  finish,
  methodOf,
  type SessionStarted,
  type SignedInNow,
  startedNow,
  type TokensStarted,
  type Wanted,
} from './finish.ts'
import { notify } from './notify.ts'
import { inviteToPasskey } from './passkey-invitation.ts'
import type { SignInContext } from './sign-in-context.ts'

/** What the second step needs: the pending value, the code, and the cookies that the browser has now. */
export interface SecondFactorAttempt {
  readonly pending: string
  readonly code: string
  readonly client: Client
  readonly former: string | null
  readonly device: string | null
  /** The cookie of trusted devices, where this browser is to be trusted from now on. */
  readonly trust?: { readonly cookie: string | null } | null
}

/** A sign-in that was finished, and how; `trusted` is the new value of the cookie of trusted devices. */
export interface SecondStepDone<S> {
  readonly started: S
  readonly method: FactorMethod
  readonly trusted: string | null
}

/**
 * Finishes a pending sign-in with a code of an authenticator or a recovery code. Throws `sign_in_expired` for a value that
 * was used, has expired, had five wrong codes or never was, `wrong_code`, `too_many_attempts` (MFA-04, MFA-05).
 */
export async function finishWithCode<K extends Wanted['kind']>(
  context: SignInContext,
  attempt: SecondFactorAttempt,
  kind: K,
): Promise<SecondStepDone<SignedInNow<Extract<Wanted, { kind: K }>>>>
export async function finishWithCode(
  context: SignInContext,
  attempt: SecondFactorAttempt,
  kind: Wanted['kind'],
): Promise<SecondStepDone<SessionStarted | TokensStarted>> {
  const { pending, factors, limits, users, audit, changes, devices, trusted } = context
  const { client } = attempt
  const found = await pending.peek(attempt.pending, kind)
  if (!found) throw new AuthError('sign_in_expired')
  const { userId, remember, shared } = found
  const account = await users.findCredentials(userId)
  const known = account !== undefined && devices.find(attempt.device, account) !== null
  const counters = secondFactorCounters(`user-${userId}`, shortId(tokenHash(attempt.pending)), known)
  const place = await limits.take(counters).catch((error: unknown) => {
    audit.note({ event: 'second_factor', result: 'limited', userId }, client)
    throw error
  })
  let used: FactorMethod = 'totp'
  let trustedNow: string | null = null
  const wanted: Wanted =
    kind === 'tokens'
      ? { kind }
      : { kind, remember, shared, former: attempt.former, device: attempt.device, trustMark: () => trustedNow }
  try {
    const started = await finish(
      context,
      {
        method: methodOf(found.method),
        event: kind === 'tokens' ? 'token_sign_in' : 'sign_in',
        factors: ['knowledge', 'possession'],
        client,
        async establish(trx) {
          await limits.giveBack(trx, place, 'passed')
          await users.get(trx, userId)
          if (!(await pending.take(trx, attempt.pending, kind))) throw new AuthError('sign_in_expired')
          const method = await factors.use(trx, userId, attempt.code)
          if (method === null) throw new AuthError('wrong_code')
          used = method
          await audit.record(trx, { event: 'second_factor', result: 'ok', userId }, client)
          if (method === 'recovery_code') {
            await audit.record(trx, { event: 'recovery_code_used', result: 'ok', userId }, client)
            await notify(context, trx, userId, 'recovery_code_used', client)
            await inviteToPasskey(context, trx, userId)
          }
          // Whoever signs in with a code from a sheet of paper has lost the authenticator, or is not who owns it.
          if (attempt.trust && method === 'totp' && kind === 'session' && !shared && trusted.lifetime > 0) {
            trustedNow = await trusted.add(trx, userId, attempt.trust.cookie, client)
            await audit.record(trx, { event: 'device_trusted', result: 'ok', userId }, client)
          }
          return userId
        },
      },
      wanted,
    )
    return { started: startedNow(started), method: used, trusted: trustedNow }
  } catch (error) {
    const wrong = error instanceof AuthError && error.code === 'wrong_code'
    const count = changes.transaction(async (trx) => {
      await limits.giveBack(trx, place, wrong ? 'failed' : 'undecided')
      if (!wrong) return
      await pending.countWrong(trx, attempt.pending)
      await audit.record(trx, { event: 'second_factor', result: 'failed', userId }, client)
    })
    // A wrong code that could not be counted must not be told as one: the budget would not hold.
    if (wrong) await count
    else await count.catch(() => {})
    throw error
  }
}
