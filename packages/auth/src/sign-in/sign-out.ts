import type { Client } from '../lib/log.ts'
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

/** Ends a token family by its refresh token or its id; unknown ones are no error (RFC 7009 section 2.2). */
export async function signOutTokens(
  context: SignInContext,
  by: { refreshToken: string } | { familyId: string },
  client: Client,
): Promise<void> {
  const { changes, tokens, audit } = context
  const familyId = 'familyId' in by ? by.familyId : await tokens.familyOf(by.refreshToken)
  if (familyId === undefined) return
  await changes.transaction(async (trx, changed) => {
    const userId = await tokens.end(trx, familyId)
    if (userId === undefined) return
    changed(userId)
    await audit.record(trx, { event: 'token_sign_out', result: 'ok', userId, session: familyId }, client)
  })
}
