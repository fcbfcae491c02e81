import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { CeremonyBegun, PasskeyProved } from '../passkeys/passkeys.ts'
import { deviceName } from '../sessions/device-name.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { keepDemandedFactor } from './demanded-factor.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'
import { dropIdleCodes, keepAWayIn } from './ways-in.ts'

/** Begins a new passkey of somebody signed in. Throws `passkeys_unavailable`, `limit_reached`. */
export const beginPasskey = (
  context: SignInContext,
  { user }: SignedIn,
  browser: string | null,
): Promise<CeremonyBegun<PublicKeyCredentialCreationOptionsJSON>> =>
  context.passkeys.beginNew({ browser, ceremony: 'add', userId: user.id }, user)

/** Adds the passkey that was made; answers its name. Throws `passkey_refused`, `passkeys_unavailable` (PKY-05). */
export async function addPasskey(
  context: SignInContext,
  signedIn: SignedIn,
  made: { credential: RegistrationResponseJSON; browser: string | null; device: string | null },
  client: Client,
): Promise<{ id: string; name: string }> {
  const { passkeys, changes, users, devices } = context
  const userId = signedIn.user.id
  const proved = await passkeys.proveNew({ browser: made.browser, ceremony: 'add', userId }, made.credential)
  return changes.transaction(async (trx, changed) => {
    const account = await users.get(trx, userId)
    if (!account?.is_active) throw new AuthError('not_signed_in')
    const added = await storePasskey(context, trx, userId, proved, {
      client,
      browser: devices.find(made.device, account),
    })
    changed(userId)
    return added
  })
}

/** The same inside a transaction that holds the account. `browser` is the name of the browser that has made it. */
export async function storePasskey(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
  proved: PasskeyProved,
  { client, browser }: { client: Client; browser: string | null },
): Promise<{ id: string; name: string }> {
  const { passkeys, users, audit } = context
  const added = await passkeys.add(trx, userId, proved, { device: deviceName(client.userAgent), browser })
  await users.setPasskeyInvited(trx, userId, false)
  await audit.record(trx, { event: 'passkey_added', result: 'ok', userId }, client)
  await notify(context, trx, userId, 'passkey_added', client)
  return added
}

/** Gives a passkey another name. Throws `not_found`. */
export async function renamePasskey(
  context: SignInContext,
  signedIn: SignedIn,
  { id, name }: { id: string; name: string },
  client: Client,
): Promise<void> {
  const { passkeys, changes, users, audit } = context
  const userId = signedIn.user.id
  await changes.transaction(async (trx) => {
    await users.get(trx, userId)
    if (!(await passkeys.rename(trx, userId, { id, kind: 'passkey' }, name))) throw new AuthError('not_found')
    await audit.record(trx, { event: 'passkey_renamed', result: 'ok', userId }, client)
  })
}

/** Removes a passkey and ends every other session; never the last way in (PKY-05). Throws `not_found`, `last_way_in`, `second_factor_demanded`. */
export async function removePasskey(
  context: SignInContext,
  signedIn: SignedIn,
  id: string,
  client: Client,
): Promise<void> {
  const { passkeys, changes, users, sessions, tokens, deviceCodes, pending, trusted, audit } = context
  const userId = signedIn.user.id
  await changes.transaction(async (trx, changed) => {
    await users.get(trx, userId)
    if (!(await passkeys.remove(trx, userId, { id, kind: 'passkey' }))) throw new AuthError('not_found')
    await keepAWayIn(context, trx, userId)
    await keepDemandedFactor(context, trx, userId)
    await dropIdleCodes(context, trx, userId)
    // What somebody with this passkey has opened goes with it.
    await sessions.endAll(trx, userId, signedIn.session.key)
    await tokens.endAll(trx, userId)
    await deviceCodes.endAll(trx, userId)
    await pending.voidAll(trx, userId)
    await trusted.cutAll(trx, userId)
    changed(userId)
    await audit.record(trx, { event: 'passkey_removed', result: 'ok', userId }, client)
    await notify(context, trx, userId, 'passkey_removed', client)
  })
}
