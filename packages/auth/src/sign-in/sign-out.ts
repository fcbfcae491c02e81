import type { Client } from '../lib/log.ts'
import type { FamilyBearer } from '../tokens/tokens.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Ends the session of this value on the server; a value that nobody has is no error (SES-06). */
export async function signOut(context: SignInContext, token: string, client: Client): Promise<void> {
  const { changes, users, sessions, audit } = context
  const signedIn = await sessions.check(token)
  if (!signedIn) return
  await changes.transaction(async (trx, changed) => {
    const userId = signedIn.user.id
    // Also when the row is gone already: what is cached of it must not go on.
    changed(userId)
    // The account first, as everywhere: who has written into its log already, and waits for this session, would wait for ever.
    await users.get(trx, userId)
    if ((await sessions.end(trx, signedIn.session.key)) === undefined) return
    await audit.record(trx, { event: 'sign_out', result: 'ok', userId, session: signedIn.session.id }, client)
  })
}

/** Ends a token family by a refresh token of it, or of whoever brought its access token; unknown ones are no error (RFC 7009 section 2.2). */
export async function signOutTokens(
  context: SignInContext,
  by: { refreshToken: string } | FamilyBearer,
  client: Client,
): Promise<void> {
  const { changes, users, tokens, audit } = context
  const found =
    'refreshToken' in by ? await tokens.familyOf(by.refreshToken) : { familyId: by.familyId, userId: by.user.id }
  if (!found) return
  const { familyId, userId } = found
  await changes.transaction(async (trx, changed) => {
    // The account first, as above.
    await users.get(trx, userId)
    if ((await tokens.end(trx, familyId)) === undefined) return
    changed(userId)
    await audit.record(trx, { event: 'token_sign_out', result: 'ok', userId, session: familyId }, client)
  })
}
