import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Makes a personal token; it is written down and told by mail, since it opens the account. Throws `invalid_fields`. */
export async function makePersonalToken(
  context: SignInContext,
  { user, session }: SignedIn,
  wanted: { name: string; scopes: readonly string[]; lifetime: number },
  client: Client,
): Promise<{ id: string; token: string; expiresAt: number }> {
  const { changes, users, personalTokens, audit } = context
  return changes.transaction(async (trx) => {
    await users.get(trx, user.id)
    const made = await personalTokens.make(trx, user.id, wanted)
    const detail = { scopes: wanted.scopes.join(' ') }
    const event = { event: 'personal_token_made', result: 'ok', userId: user.id, session: session.id, detail } as const
    await audit.record(trx, event, client)
    await notify(context, trx, user.id, 'personal_token_made', client)
    return made
  })
}

/** Revokes a personal token, everywhere within 100 ms, and tells by mail; false for an id that is not in the person's list (ACC-03). */
export async function revokePersonalToken(
  context: SignInContext,
  { user, session }: SignedIn,
  id: string,
  client: Client,
): Promise<boolean> {
  const { changes, users, personalTokens, audit } = context
  return changes.transaction(async (trx, changed) => {
    await users.get(trx, user.id)
    if ((await personalTokens.revoke(trx, user.id, id)) === undefined) return false
    changed(user.id)
    const event = { event: 'personal_token_revoked', result: 'ok', userId: user.id, session: session.id } as const
    await audit.record(trx, event, client)
    await notify(context, trx, user.id, 'personal_token_revoked', client)
    return true
  })
}
