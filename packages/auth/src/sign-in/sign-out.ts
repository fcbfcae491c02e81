import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Ends the session of this value on the server; a value that nobody has is no error (SES-06). */
export async function signOut(context: SignInContext, token: string, client: Client): Promise<void> {
  const { changes, sessions, audit } = context
  const signedIn = await sessions.check(token)
  if (!signedIn) return
  await changes.transaction(async (trx, changed) => {
    const userId = signedIn.user.id
    // Also when the row is gone already: what is cached of it must not go on.
    changed(userId)
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

/** A signed-in device in the owner's list: a browser's session or a program's token family. */
export interface DeviceListed {
  readonly id: string
  readonly kind: 'session' | 'tokens'
  readonly device: string
  readonly address: string
  readonly method: string
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly current: boolean
}

/** Every open door of the account, the newest use first (SES-08). */
export async function listDevices(context: SignInContext, signedIn: SignedIn): Promise<DeviceListed[]> {
  const { sessions, tokens } = context
  const [browsers, families] = await Promise.all([sessions.list(signedIn.user.id), tokens.list(signedIn.user.id)])
  const listed: DeviceListed[] = [
    ...browsers.map(({ key: _, ...s }) => ({ ...s, kind: 'session' as const, current: s.id === signedIn.session.id })),
    ...families.map(({ lastUsedAt, ...f }) => ({
      ...f,
      kind: 'tokens' as const,
      method: 'password',
      lastSeenAt: lastUsedAt,
      current: false,
    })),
  ]
  return listed.sort((a, b) => Number(b.current) - Number(a.current) || b.lastSeenAt - a.lastSeenAt)
}

/** Ends one of the person's own devices by the id of the list; answers false for an id that is not among them (ACC-03). */
export async function endDevice(
  context: SignInContext,
  signedIn: SignedIn,
  id: string,
  client: Client,
): Promise<boolean> {
  const { changes, sessions, tokens, audit } = context
  const userId = signedIn.user.id
  const session = (await sessions.list(userId)).find((listed) => listed.id === id)
  const family = session ? undefined : (await tokens.list(userId)).find((listed) => listed.id === id)
  if (!session && !family) return false
  await changes.transaction(async (trx, changed) => {
    if (session) await sessions.end(trx, session.key)
    else await tokens.end(trx, id)
    changed(userId)
    await audit.record(trx, { event: 'session_ended', result: 'ok', userId, session: id }, client)
  })
  return true
}

/**
 * Ends every other session and every token family of the person, and cuts what is trusted: whoever was signed in there must
 * not come back past the second step. Answers how many sessions and families.
 */
export async function endOtherDevices(context: SignInContext, signedIn: SignedIn, client: Client): Promise<number> {
  const { changes, sessions, tokens, audit, trusted } = context
  const userId = signedIn.user.id
  return changes.transaction(async (trx, changed) => {
    const ended = (await sessions.endAll(trx, userId, signedIn.session.key)) + (await tokens.endAll(trx, userId))
    await trusted.cutAll(trx, userId)
    changed(userId)
    await audit.record(trx, { event: 'session_ended', result: 'ok', userId, detail: { others: ended } }, client)
    return ended
  })
}
