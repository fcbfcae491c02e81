import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import type { PendingSignIn } from '../factors/pending.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { CeremonyBegun } from '../passkeys/passkeys.ts'
import {
  finish,
  methodOf,
  type SessionStarted,
  type SignedInNow,
  startedNow,
  type TokensStarted,
  type Wanted,
} from './finish.ts'
import type { SecondFactorAttempt } from './second-factor.ts'
import type { SignInContext } from './sign-in-context.ts'
import { withPasskey } from './use-passkey.ts'

async function pendingOf({ pending }: SignInContext, token: string, kind: Wanted['kind']): Promise<PendingSignIn> {
  const found = await pending.peek(token, kind)
  if (!found) throw new AuthError('sign_in_expired')
  return found
}

/**
 * Begins the second step of a pending sign-in by a passkey. `browser` is what the challenge is bound to: a browser's cookie,
 * or for a program, which has none, the pending value itself. Throws `sign_in_expired`, `not_found` without a passkey.
 */
export async function beginSecondFactor(
  context: SignInContext,
  attempt: { pending: string; browser: string | null },
  kind: Wanted['kind'],
): Promise<CeremonyBegun<PublicKeyCredentialRequestOptionsJSON>> {
  const { userId } = await pendingOf(context, attempt.pending, kind)
  return context.passkeys.beginUse({ browser: attempt.browser, ceremony: 'second_factor', userId })
}

type PasskeyAttempt = Omit<SecondFactorAttempt, 'code'> & {
  readonly credential: AuthenticationResponseJSON
  readonly browser: string | null
}

/**
 * Finishes a pending sign-in with a passkey of the account (M4). There is nothing to guess, so that nothing is counted.
 * Throws `sign_in_expired`, `passkey_refused`.
 */
export async function finishWithPasskey<K extends Wanted['kind']>(
  context: SignInContext,
  attempt: PasskeyAttempt,
  kind: K,
): Promise<{ started: SignedInNow<Extract<Wanted, { kind: K }>>; trusted: string | null }>
export async function finishWithPasskey(
  context: SignInContext,
  attempt: PasskeyAttempt,
  kind: Wanted['kind'],
): Promise<{ started: SessionStarted | TokensStarted; trusted: string | null }> {
  const { pending, passkeys, users, devices, trusted, audit } = context
  const { client, browser, credential, trust } = attempt
  const found = await pendingOf(context, attempt.pending, kind)
  const { userId, remember, shared } = found
  const use = await passkeys.proveUse({ browser, ceremony: 'second_factor', userId }, credential)
  const account = await users.findCredentials(userId)
  if (!account) throw new AuthError('sign_in_expired')
  const device = devices.remember(attempt.device, account)
  const from: { client: Client; browser: string | null } = { client, browser: devices.find(device, account) }
  let trustedNow: string | null = null
  const trustMark = () => trustedNow
  const isKnown = devices.find(attempt.device, account) !== null
  const wanted: Wanted =
    kind === 'tokens' ? { kind } : { kind, remember, shared, former: attempt.former, device, isKnown, trustMark }
  const started = await withPasskey(context, use, from, (accept) =>
    finish(
      context,
      {
        method: methodOf(found.method),
        event: kind === 'tokens' ? 'token_sign_in' : 'sign_in',
        factors: ['knowledge', 'possession'],
        client,
        async establish(trx) {
          await users.get(trx, userId)
          if (!(await pending.take(trx, attempt.pending, kind))) throw new AuthError('sign_in_expired')
          await accept(trx)
          await audit.record(trx, { event: 'second_factor', result: 'ok', userId }, client)
          if (trust && kind === 'session' && !shared && trusted.lifetime > 0) {
            trustedNow = await trusted.add(trx, userId, trust.cookie, client)
            await audit.record(trx, { event: 'device_trusted', result: 'ok', userId }, client)
          }
          return userId
        },
      },
      wanted,
    ),
  )
  return { started: startedNow(started), trusted: trustedNow }
}
