import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { AuthError } from '../lib/errors.ts'
import { type User, userOf } from '../users/user.ts'
import type { SignInContext } from './sign-in-context.ts'
import { hasSecondFactor } from './ways-in.ts'

/** A second factor that somebody has not set up. */
export interface FactorMissing {
  /** From when on nothing opens without it, in milliseconds since 1970; null where it is only asked for. */
  readonly until: number | null
}

/**
 * Whether somebody signed in still has to set up a second factor, and until when (M8). Administrators are asked to even where
 * it is not demanded, since nothing of the administration opens without (ADM-02). The grace of somebody who has not signed
 * in since it was demanded begins here.
 */
export async function factorMissing(context: SignInContext, user: User): Promise<FactorMissing | null> {
  const { demands, users, changes, clock } = context
  const grace = demands.graceOf(user)
  if (grace === null && user.role !== 'admin') return null
  if (await demands.isMet(user.id, () => hasSecondFactor(context, user))) return null
  if (grace === null) return { until: null }
  const begun = (await users.demandOf(user.id))?.graceFrom
  if (begun) return { until: begun + grace }
  const now = clock()
  await changes.transaction((trx) => users.beginGrace(trx, user.id, now))
  return { until: now + grace }
}

/**
 * For the transaction that takes a factor away, after it did: throws `second_factor_demanded` where none is left and one is
 * demanded, which undoes it (M8).
 */
export async function keepDemandedFactor(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
): Promise<void> {
  const account = await context.users.get(trx, userId)
  if (!account) return
  const user = userOf(account)
  if (context.demands.graceOf(user) === null || (await hasSecondFactor(context, user, trx))) return
  throw new AuthError('second_factor_demanded')
}
