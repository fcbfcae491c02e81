import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { CeremonyBegun } from '../passkeys/passkeys.ts'
import { finish, type SessionStarted, startedNow, type Wanted } from './finish.ts'
import type { SignInContext } from './sign-in-context.ts'
import { countChallenge, withPasskey } from './use-passkey.ts'

/** Begins a sign-in by passkey, whoever asks. Throws `too_many_attempts`, `passkeys_unavailable`. */
export async function beginPasskeySignIn(
  context: SignInContext,
  { browser, client }: { browser: string | null; client: Client },
): Promise<CeremonyBegun<PublicKeyCredentialRequestOptionsJSON>> {
  await countChallenge(context, client)
  return context.passkeys.beginUse({ browser, ceremony: 'sign_in', userId: null })
}

/**
 * Signs in with a passkey that has seen its person: something held and something known or been at once, so that no second
 * factor is asked for (M7). Throws `passkey_refused`, the one answer to whatever is wrong, and `passkeys_unavailable`.
 */
export async function passkeySignIn(
  context: SignInContext,
  attempt: { credential: AuthenticationResponseJSON; browser: string | null; client: Client },
  wanted: Wanted & { kind: 'session' },
): Promise<SessionStarted> {
  const { passkeys, users, devices, audit } = context
  const { client, browser, credential } = attempt
  try {
    const use = await passkeys.proveUse({ browser, ceremony: 'sign_in', userId: null }, credential)
    const account = await users.findCredentials(use.userId)
    if (!account) throw new AuthError('passkey_refused')
    // The browser gets its name now, so that the list of passkeys knows it.
    const device = devices.remember(wanted.device, account)
    const from = { client, browser: devices.find(device, account) }
    return await withPasskey(context, use, from, async (accept) =>
      startedNow(
        await finish(
          context,
          {
            method: 'passkey',
            event: 'sign_in',
            factors: ['verified possession'],
            client,
            async establish(trx) {
              await users.get(trx, use.userId)
              await accept(trx)
              return use.userId
            },
          },
          { ...wanted, device, isKnown: devices.find(wanted.device, account) !== null },
        ),
      ),
    )
  } catch (error) {
    if (!(error instanceof AuthError) || error.status !== 401) throw error
    // Log alone: strangers can cause any number of these.
    audit.note({ event: 'sign_in', result: 'failed', detail: { by: 'passkey' } }, client)
    // A disabled account too: nobody hears of its state (LOG-03).
    throw new AuthError('passkey_refused', { cause: error })
  }
}
