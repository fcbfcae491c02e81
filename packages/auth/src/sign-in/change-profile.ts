import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Changes what a person is called by; an empty name goes back to the user name. */
export async function changeProfile(
  context: SignInContext,
  signedIn: SignedIn,
  profile: { displayName: string },
  client: Client,
): Promise<void> {
  const { changes, users, audit } = context
  const userId = signedIn.user.id
  await changes.transaction(async (trx, changed) => {
    await users.setProfile(trx, userId, { display_name: profile.displayName === '' ? null : profile.displayName })
    changed(userId)
    await audit.record(trx, { event: 'profile_changed', result: 'ok', userId }, client)
  })
}
