import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { endDoor } from './devices.ts'
import type { SignInContext } from './sign-in-context.ts'

/** "It was me": this device asks no more about that one. Does nothing where another has signed in since (S4). */
export async function knowNewcomer(
  { changes, sessions }: SignInContext,
  { user, session }: SignedIn,
  newcomer: string,
) {
  await changes.transaction(async (trx, changed) => {
    await sessions.forgetNewcomer(trx, user.id, newcomer, session.key)
    changed(user.id)
  })
}

/**
 * "Not me": ends the device of which this one was told, and cuts what is trusted, so that it does not come back past the
 * second step. A new password has to follow, or it comes back past the first. False for a device of which this one was not
 * told: nobody ends that of somebody else (S4, ACC-03).
 */
export async function endNewcomer(
  context: SignInContext,
  { user, session }: SignedIn,
  newcomer: string,
  client: Client,
): Promise<boolean> {
  const { changes, users, sessions, trusted, audit } = context
  if (session.newcomer !== newcomer) return false
  const found = (await sessions.list(user.id)).find(({ startedAs }) => startedAs === newcomer)
  await changes.transaction(async (trx, changed) => {
    await users.get(trx, user.id)
    // It may have signed out meanwhile: the password is known to somebody all the same.
    if (found) {
      await endDoor(context, trx, { kind: 'session', key: found.key })
      await audit.record(trx, { event: 'session_ended', result: 'ok', userId: user.id, session: found.id }, client)
    }
    await trusted.cutAll(trx, user.id)
    await sessions.forgetNewcomer(trx, user.id, newcomer)
    changed(user.id)
  })
  return true
}
