import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { userOf } from '../users/user.ts'
import { keepDemandedFactor } from './demanded-factor.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'
import { takesRecoveryCodes } from './ways-in.ts'

/** More than anybody needs; each costs a try at every sign-in. */
const MOST_AUTHENTICATORS = 10

/** Begins a new authenticator; it counts from `confirmAuthenticator` on. Answers its id. */
export async function beginAuthenticator(context: SignInContext, signedIn: SignedIn, name: string): Promise<string> {
  const userId = signedIn.user.id
  const { authenticators } = await context.factors.state(userId)
  if (authenticators.length >= MOST_AUTHENTICATORS) {
    throw new AuthError('limit_reached', { detail: 'Ten authenticators are the most. Remove one first.' })
  }
  return context.changes.transaction(async (trx) => {
    await context.users.get(trx, userId)
    return context.factors.begin(trx, userId, name)
  })
}

/**
 * Makes a begun authenticator count by a code of it; the first one brings ten recovery codes, which are answered this once
 * (MFA-03). Throws `not_found`, `invalid_fields`.
 */
export async function confirmAuthenticator(
  context: SignInContext,
  signedIn: SignedIn,
  confirm: { id: string; code: string },
  client: Client,
): Promise<string[]> {
  const { users, changes } = context
  const userId = signedIn.user.id
  return changes.transaction(async (trx) => {
    await users.get(trx, userId)
    return turnOn(context, trx, userId, confirm, client)
  })
}

/** The same inside a transaction that holds the account. */
export async function turnOn(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
  confirm: { id: string; code: string },
  client: Client,
): Promise<string[]> {
  const { factors, audit, pending, trusted } = context
  const isFirst = !(await factors.isOn(userId, trx))
  const verdict = await factors.confirm(trx, userId, confirm.id, confirm.code)
  if (verdict === 'unknown') throw new AuthError('not_found')
  if (verdict === 'wrong') {
    const message = 'That code is not right. Wait for the next one, and see that your device’s clock is right.'
    throw new AuthError('invalid_fields', { fields: [{ field: 'code', code: 'wrong_code', message }] })
  }
  await audit.record(trx, { event: 'authenticator_added', result: 'ok', userId }, client)
  await notify(context, trx, userId, 'authenticator_added', client)
  await pending.voidAll(trx, userId)
  await trusted.cutAll(trx, userId)
  // Those of a passkey's enrolment are not taken over: whoever confirms this authenticator may never have seen them.
  if (!isFirst && (await factors.codesLeft(userId, trx)) > 0) return []
  await audit.record(trx, { event: 'recovery_codes_made', result: 'ok', userId }, client)
  return factors.makeCodes(trx, userId)
}

/** Takes an authenticator away, and with the last one the security keys, and ends every other session (MFA-07). Throws `not_found`, `second_factor_demanded`. */
export async function removeAuthenticator(
  context: SignInContext,
  signedIn: SignedIn,
  id: string,
  client: Client,
): Promise<void> {
  const { factors, users, audit, changes, sessions, tokens, deviceCodes, pending, trusted, passkeys } = context
  const userId = signedIn.user.id
  await changes.transaction(async (trx, changed) => {
    await users.get(trx, userId)
    if (!(await factors.remove(trx, userId, id))) throw new AuthError('not_found')
    await keepDemandedFactor(context, trx, userId)
    const keys = (await factors.isOn(userId, trx)) ? 0 : await passkeys.removeKeys(trx, userId)
    await sessions.endAll(trx, userId, signedIn.session.key)
    await tokens.endAll(trx, userId)
    await deviceCodes.endAll(trx, userId)
    await pending.voidAll(trx, userId)
    await trusted.cutAll(trx, userId)
    changed(userId)
    await audit.record(trx, { event: 'authenticator_removed', result: 'ok', userId }, client)
    if (keys > 0) await audit.record(trx, { event: 'security_key_removed', result: 'ok', userId }, client)
    await notify(context, trx, userId, 'authenticator_removed', client)
  })
}

/** Ten new recovery codes in place of the former ones. Throws `conflict` where there is no second step that they do for. */
export async function renewRecoveryCodes(
  context: SignInContext,
  signedIn: SignedIn,
  client: Client,
): Promise<string[]> {
  const { factors, users, audit, changes, trusted } = context
  const userId = signedIn.user.id
  return changes.transaction(async (trx) => {
    const account = await users.get(trx, userId)
    if (!account || !(await takesRecoveryCodes(context, userOf(account), trx))) throw new AuthError('conflict')
    await audit.record(trx, { event: 'recovery_codes_made', result: 'ok', userId }, client)
    await notify(context, trx, userId, 'recovery_codes_made', client)
    await trusted.cutAll(trx, userId)
    return factors.makeCodes(trx, userId)
  })
}
