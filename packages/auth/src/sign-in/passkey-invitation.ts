import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { SignInContext } from './sign-in-context.ts'

/**
 * Invites to make a passkey: whoever has made an account by something else, or has just come back into one (P4). Belongs
 * into a transaction that says that the account has changed.
 */
export async function inviteToPasskey(context: SignInContext, trx: Kysely<AuthTables>, userId: number): Promise<void> {
  const { passkeys, users } = context
  if (passkeys.hindrance !== null || (await passkeys.usable(userId, trx)) > 0) return
  await users.setPasskeyInvited(trx, userId, true)
}

/** "Not now": remembered with the account, in every browser, until a recovery invites again (P4). */
export async function declinePasskey({ changes, users }: SignInContext, { user }: SignedIn): Promise<void> {
  await changes.transaction(async (trx, changed) => {
    await users.setPasskeyInvited(trx, user.id, false)
    changed(user.id)
  })
}
