import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { CeremonyBegun } from '../passkeys/passkeys.ts'
import { deviceName } from '../sessions/device-name.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'

/** The recovery codes of an authenticator are the way back in when the key is lost, and it is what asks for a second step. */
async function needAuthenticator({ factors }: SignInContext, userId: number, trx?: Kysely<AuthTables>): Promise<void> {
  if (await factors.isOn(userId, trx)) return
  throw new AuthError('conflict', { detail: 'Add an authenticator first: its recovery codes are your way back in.' })
}

/**
 * Begins a new security key of somebody signed in, who has an authenticator. Throws `conflict` without one,
 * `passkeys_unavailable`.
 */
export async function beginSecurityKey(
  context: SignInContext,
  { user }: SignedIn,
  browser: string | null,
): Promise<CeremonyBegun<PublicKeyCredentialCreationOptionsJSON>> {
  await needAuthenticator(context, user.id)
  return context.passkeys.beginNew({ browser, ceremony: 'add_key', userId: user.id }, user)
}

/**
 * Adds the security key that was registered; answers its name. Throws `passkey_refused`, `passkeys_unavailable`, `conflict`
 * where the last authenticator has gone in the meantime.
 */
export async function addSecurityKey(
  context: SignInContext,
  signedIn: SignedIn,
  made: { credential: RegistrationResponseJSON; browser: string | null; device: string | null },
  client: Client,
): Promise<{ id: string; name: string }> {
  const { passkeys, changes, users, audit, devices, pending, trusted } = context
  const userId = signedIn.user.id
  const proved = await passkeys.proveNew({ browser: made.browser, ceremony: 'add_key', userId }, made.credential)
  return changes.transaction(async (trx) => {
    const account = await users.get(trx, userId)
    if (!account?.is_active) throw new AuthError('not_signed_in')
    await needAuthenticator(context, userId, trx)
    const browser = devices.find(made.device, account)
    const added = await passkeys.add(trx, userId, proved, { device: deviceName(client.userAgent), browser })
    await audit.record(trx, { event: 'security_key_added', result: 'ok', userId }, client)
    await notify(context, trx, userId, 'security_key_added', client)
    await pending.voidAll(trx, userId)
    await trusted.cutAll(trx, userId)
    return added
  })
}

/** Gives a security key another name. Throws `not_found`. */
export async function renameSecurityKey(
  context: SignInContext,
  signedIn: SignedIn,
  { id, name }: { id: string; name: string },
  client: Client,
): Promise<void> {
  const { passkeys, changes, users, audit } = context
  const userId = signedIn.user.id
  await changes.transaction(async (trx) => {
    await users.get(trx, userId)
    if (!(await passkeys.rename(trx, userId, { id, kind: 'security_key' }, name))) throw new AuthError('not_found')
    await audit.record(trx, { event: 'security_key_renamed', result: 'ok', userId }, client)
  })
}

/**
 * Removes a security key and ends every other session (MFA-07). It is never the last way in, nor the last second factor: it
 * stands beside an authenticator. Throws `not_found`.
 */
export async function removeSecurityKey(
  context: SignInContext,
  signedIn: SignedIn,
  id: string,
  client: Client,
): Promise<void> {
  const { passkeys, changes, users, sessions, tokens, deviceCodes, pending, trusted, audit } = context
  const userId = signedIn.user.id
  await changes.transaction(async (trx, changed) => {
    await users.get(trx, userId)
    if (!(await passkeys.remove(trx, userId, { id, kind: 'security_key' }))) throw new AuthError('not_found')
    // What somebody with this key has opened goes with it.
    await sessions.endAll(trx, userId, signedIn.session.key)
    await tokens.endAll(trx, userId)
    await deviceCodes.endAll(trx, userId)
    await pending.voidAll(trx, userId)
    await trusted.cutAll(trx, userId)
    changed(userId)
    await audit.record(trx, { event: 'security_key_removed', result: 'ok', userId }, client)
    await notify(context, trx, userId, 'security_key_removed', client)
  })
}
