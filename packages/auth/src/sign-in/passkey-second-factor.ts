import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { CeremonyBegun } from '../passkeys/passkeys.ts'
import { finish, type SessionStarted, startedNow } from './finish.ts'
import type { SecondFactorAttempt } from './second-factor.ts'
import type { SignInContext } from './sign-in-context.ts'
import { withPasskey } from './use-passkey.ts'

async function pendingOf({ pending }: SignInContext, token: string) {
  const found = await pending.peek(token, 'session')
  if (!found) throw new AuthError('sign_in_expired')
  return found
}

/** Begins the second step of a pending sign-in by a passkey. Throws `sign_in_expired`, `not_found` without a passkey. */
export async function beginSecondFactor(
  context: SignInContext,
  attempt: { pending: string; browser: string | null },
): Promise<CeremonyBegun<PublicKeyCredentialRequestOptionsJSON>> {
  const { userId } = await pendingOf(context, attempt.pending)
  return context.passkeys.beginUse({ browser: attempt.browser, ceremony: 'second_factor', userId })
}

/**
 * Finishes a pending sign-in with a passkey of the account (M4). There is nothing to guess, so that nothing is counted.
 * Throws `sign_in_expired`, `passkey_refused`.
 */
export async function finishWithPasskey(
  context: SignInContext,
  attempt: Omit<SecondFactorAttempt, 'code'> & { credential: AuthenticationResponseJSON; browser: string | null },
): Promise<{ started: SessionStarted; trusted: string | null }> {
  const { pending, passkeys, users, devices, trusted, audit } = context
  const { client, browser, credential, trust } = attempt
  const { userId, remember } = await pendingOf(context, attempt.pending)
  const use = await passkeys.proveUse({ browser, ceremony: 'second_factor', userId }, credential)
  const account = await users.findCredentials(userId)
  if (!account) throw new AuthError('sign_in_expired')
  const device = devices.remember(attempt.device, account)
  const from: { client: Client; browser: string | null } = { client, browser: devices.find(device, account) }
  let trustedNow: string | null = null
  const started = await withPasskey(context, use, from, (accept) =>
    finish(
      context,
      {
        method: 'password',
        event: 'sign_in',
        factors: ['knowledge', 'possession'],
        client,
        async establish(trx) {
          await users.get(trx, userId)
          if (!(await pending.take(trx, attempt.pending, 'session'))) throw new AuthError('sign_in_expired')
          await accept(trx)
          await audit.record(trx, { event: 'second_factor', result: 'ok', userId }, client)
          if (trust && trusted.lifetime > 0) {
            trustedNow = await trusted.add(trx, userId, trust.cookie, client)
            await audit.record(trx, { event: 'device_trusted', result: 'ok', userId }, client)
          }
          return userId
        },
      },
      { kind: 'session', remember, former: attempt.former, device },
    ),
  )
  return { started: startedNow(started), trusted: trustedNow }
}
