import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { AuthError } from '../lib/errors.ts'
import { hasPassword } from '../passwords/hasher.ts'
import type { User } from '../users/user.ts'
import type { SignInContext } from './sign-in-context.ts'

/** By what the owner of an account can sign in alone. Recovery codes and authenticators only add to one of these. */
export interface WaysIn {
  readonly password: boolean
  /** Passkeys that work under this server's address. */
  readonly passkeys: number
  /** Accounts elsewhere whose provider is set up. */
  readonly providers: number
}

/**
 * Whether nobody signs in by a password alone: there is a second step, or there are passkeys, which are both factors at once,
 * and no password or a demand (M8), under which the password is asked for a passkey. What administrators must have (ADM-02).
 */
export async function hasSecondFactor(
  context: SignInContext,
  user: Pick<User, 'id' | 'role' | 'secondFactorDemandedAt'>,
  trx?: Kysely<AuthTables>,
): Promise<boolean> {
  const { users, passkeys } = context
  if (await takesRecoveryCodes(context, user, trx)) return true
  if ((await passkeys.usable(user.id, trx)) === 0) return false
  const account = trx ? await users.get(trx, user.id) : await users.findCredentials(user.id)
  return account !== undefined && !hasPassword(account.password_hash)
}

/**
 * Whether the account has a second step for which a recovery code does as well: an authenticator, or a passkey that a demand
 * asks for after the password (M8).
 */
export async function takesRecoveryCodes(
  { factors, passkeys, demands }: SignInContext,
  user: Pick<User, 'id' | 'role' | 'secondFactorDemandedAt'>,
  trx?: Kysely<AuthTables>,
): Promise<boolean> {
  if (await factors.isOn(user.id, trx)) return true
  return demands.graceOf(user) !== null && (await passkeys.usable(user.id, trx)) > 0
}

/**
 * For the transaction that takes a passkey away, after it did: with the last thing that they do instead of, the recovery
 * codes go. Those of a thief whose passkey was removed would else do for what the owner sets up next (MFA-03).
 */
export async function dropIdleCodes(
  { factors, passkeys }: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
): Promise<void> {
  if ((await factors.isOn(userId, trx)) || (await passkeys.usable(userId, trx)) > 0) return
  await factors.removeCodes(trx, userId)
}

/** The ways in of an account, as a transaction sees them. */
export async function waysIn(context: SignInContext, trx: Kysely<AuthTables>, userId: number): Promise<WaysIn> {
  const account = await context.users.get(trx, userId)
  const identities = await context.providers.identities(userId, trx)
  return {
    password: account !== undefined && hasPassword(account.password_hash),
    passkeys: await context.passkeys.usable(userId, trx),
    providers: identities.filter(({ opens }) => opens).length,
  }
}

/**
 * Removes the passkeys and linked services that were added at `since` or later, in milliseconds since 1970; answers how many of
 * each. Security keys stay with the second factor that they belong to: they open nothing without the password (RST-07).
 */
export async function takeWaysAway(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
  since: number,
): Promise<{ passkeys: number; providers: number }> {
  const { passkeys, providers } = context
  const taken = { passkeys: 0, providers: 0 }
  for (const one of (await passkeys.list(userId, trx)).passkeys) {
    if (one.kind !== 'passkey' || one.createdAt < since) continue
    if (await passkeys.remove(trx, userId, one)) taken.passkeys++
  }
  for (const { id, createdAt } of await providers.identities(userId, trx)) {
    if (createdAt >= since && (await providers.unlink(trx, userId, id)) !== null) taken.providers++
  }
  if (taken.passkeys > 0) await dropIdleCodes(context, trx, userId)
  return taken
}

/**
 * For the transaction that takes a way in away, after it did: throws `last_way_in` where none is left, which undoes it
 * (PKY-05). The look at the account holds it, so that of two who each take one of the last two away, one is refused.
 */
export async function keepAWayIn(context: SignInContext, trx: Kysely<AuthTables>, userId: number): Promise<void> {
  const { password, passkeys, providers } = await waysIn(context, trx, userId)
  if (!password && passkeys === 0 && providers === 0) throw new AuthError('last_way_in')
}
