import { UniqueViolation } from '../db/connection.ts'
import { days } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { usernameCounters } from '../limits/counters.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { canonical, checkUsername } from '../users/account-names.ts'
import { findAccount } from '../users/find-account.ts'
import { notify } from './notify.ts'
import { nameTaken } from './register.ts'
import type { SignInContext } from './sign-in-context.ts'

/** For how long nobody else gets a name that was given up: who looks for the former owner would find somebody else. */
export const FORMER_NAME_KEPT = days(90)
/** Former names that are kept for one person, and so changes in that time. */
const MOST_FORMER_NAMES = 3

/**
 * Changes the name by which a person signs in, under the rules of registration (REG-01, REG-02, REG-09). The former one is
 * kept for its owner for 90 days, and whoever gets it later inherits nothing: all that an account has hangs on its number
 * (ACC-01). For a route behind a step-up. Throws `invalid_fields`, `username_taken`, `conflict` after three changes in 90
 * days, `too_many_attempts`.
 */
export async function changeUsername(
  context: SignInContext,
  signedIn: SignedIn,
  username: string,
  client: Client,
): Promise<void> {
  const { users, formerNames, limits, changes, audit, clock } = context
  const { id, username: shown } = signedIn.user
  const wrong =
    username === shown
      ? { field: 'username', code: 'username_same', message: 'That is your user name already.' }
      : checkUsername(username)
  if (wrong) throw new AuthError('invalid_fields', { fields: [wrong] })
  // Each try tells whether a name is taken (REG-08).
  const place = await limits.take(usernameCounters(`user-${id}`))
  try {
    const holder = await findAccount(users, username)
    if (holder && holder.id !== id) throw nameTaken()
    await changes.transaction(async (trx, changed) => {
      await limits.giveBack(trx, place, 'failed')
      const account = await users.get(trx, id)
      if (!account) throw new AuthError('not_signed_in')
      const key = canonical(username)
      const formerKey = canonical(account.username)
      // Before the change: its link gives back the name that the account has now.
      await notify(context, trx, id, 'username_changed', client)
      await users.setUsername(trx, id, { username, username_key: key })
      // After the change: whoever gives a name up at this moment is waited for by the index, and then has kept it.
      const keptFor = await formerNames.keptFor(trx, key)
      if (keptFor !== undefined && keptFor !== id) throw nameTaken()
      await formerNames.free(trx, key)
      // An imported twin has shared its name with another, who has it still.
      if (formerKey !== key && !(await users.hasUsernameKey(trx, formerKey))) {
        if ((await formerNames.count(trx, id)) >= MOST_FORMER_NAMES) {
          throw new AuthError('conflict', {
            detail: `You have changed your user name ${MOST_FORMER_NAMES} times in 90 days. Keep this one for now.`,
          })
        }
        await formerNames.keep(trx, formerKey, id, clock())
      }
      changed(id)
      await audit.record(trx, { event: 'username_changed', result: 'ok', userId: id }, client)
    })
  } catch (error) {
    const known = error instanceof UniqueViolation ? nameTaken() : error
    const outcome = known instanceof AuthError ? 'failed' : 'undecided'
    await changes.transaction((trx) => limits.giveBack(trx, place, outcome)).catch(() => {})
    throw known
  }
}
