import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { becomeFirst } from './admission.ts'
import { endEverything } from './change-password.ts'
import type { SignInContext } from './sign-in-context.ts'

/**
 * Makes somebody who is signed in the first administrator of this server, by the code that its start has printed (ADM-01).
 * Who gets the role signs in anew: no session grows more rights than it was started with (SES-02). Throws `link_invalid` for
 * a code that was used, has expired or never was, and on a server that has an administrator.
 */
export async function claimAdministration(
  context: SignInContext,
  signedIn: SignedIn,
  token: string,
  client: Client,
): Promise<void> {
  const { changes, invitations } = context
  const userId = signedIn.user.id
  const found = await invitations.find({ token })
  if (found?.role !== 'admin') throw new AuthError('link_invalid')
  await changes.transaction(async (trx, changed) => {
    if (!(await invitations.take(trx, found.id))) throw new AuthError('link_invalid')
    await becomeFirst(context, trx, userId, client)
    await endEverything(context, trx, userId, changed)
    changed(userId)
  })
}
