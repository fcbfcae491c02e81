import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { SignInContext } from './sign-in-context.ts'

/** A signed-in device in the owner's list: a browser's session or a program's token family. */
export interface DeviceListed {
  readonly id: string
  readonly kind: 'session' | 'tokens'
  /** What its owner calls it. */
  readonly name: string | null
  /** "Firefox on Linux". */
  readonly device: string
  readonly address: string
  /** By what it was signed in. */
  readonly method: string
  /** First and last use, in milliseconds since 1970. */
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly current: boolean
  /** Until when the browser is asked for no second step, in milliseconds since 1970; null for never (S1). */
  readonly trustedUntil: number | null
  /** It came from a new device, and the device that asks has not said whether that was its owner (S4). */
  readonly isNew: boolean
  /** On a computer that others use, too: it ends soon (S7). */
  readonly shared: boolean
}

/** Every signed-in device of the account: this one first, then the newest use (SES-08). */
export async function listDevices(context: SignInContext, signedIn: SignedIn): Promise<DeviceListed[]> {
  const { sessions, tokens, trusted } = context
  const { id } = signedIn.user
  const [browsers, families, marks] = await Promise.all([sessions.list(id), tokens.list(id), trusted.list(id, null)])
  const trustEnds = new Map(marks.map((mark) => [mark.id, mark.endsAt]))
  const listed: DeviceListed[] = [
    ...browsers.map(({ key: _, startedAs, trustedAs, ...session }) => ({
      ...session,
      kind: 'session' as const,
      current: session.id === signedIn.session.id,
      trustedUntil: trustEnds.get(trustedAs ?? '') ?? null,
      isNew: startedAs === signedIn.session.newcomer,
    })),
    ...families.map(({ lastUsedAt, ...family }) => ({
      ...family,
      kind: 'tokens' as const,
      lastSeenAt: lastUsedAt,
      current: false,
      trustedUntil: null,
      isNew: false,
      shared: false,
    })),
  ]
  return listed.sort((a, b) => Number(b.current) - Number(a.current) || b.lastSeenAt - a.lastSeenAt)
}

/** A device of the list, as it is ended or named. */
type Found = { readonly kind: 'session'; readonly key: Uint8Array } | { readonly kind: 'tokens'; readonly id: string }

/** Ends one device, inside a transaction of `changes`. */
export async function endDoor(
  { sessions, tokens }: SignInContext,
  trx: Kysely<AuthTables>,
  found: Found,
): Promise<void> {
  if (found.kind === 'session') await sessions.end(trx, found.key)
  else await tokens.end(trx, found.id)
}

/** One of a person's devices by the id of the list; undefined for an id that is not among them (ACC-03). */
export async function findDevice(
  { sessions, tokens }: SignInContext,
  userId: number,
  id: string,
): Promise<Found | undefined> {
  const session = (await sessions.list(userId)).find((listed) => listed.id === id)
  if (session) return { kind: 'session', key: session.key }
  const family = (await tokens.list(userId)).find((listed) => listed.id === id)
  return family && { kind: 'tokens', id }
}

/** Ends one of the person's own devices by the id of the list; answers false for an id that is not among them (ACC-03). */
export async function endDevice(
  context: SignInContext,
  signedIn: SignedIn,
  id: string,
  client: Client,
): Promise<boolean> {
  const { changes, users, audit } = context
  const userId = signedIn.user.id
  const found = await findDevice(context, userId, id)
  if (!found) return false
  await changes.transaction(async (trx, changed) => {
    await users.get(trx, userId)
    await endDoor(context, trx, found)
    changed(userId)
    await audit.record(trx, { event: 'session_ended', result: 'ok', userId, session: id }, client)
  })
  return true
}

/**
 * Names one of the person's own devices; an empty name takes it away. False for an id that is not among them. It is written
 * down, since a thief may call a stolen session by a name that its owner trusts (S5).
 */
export async function nameDevice(
  context: SignInContext,
  signedIn: SignedIn,
  named: { id: string; name: string },
  client: Client,
): Promise<boolean> {
  const { changes, users, sessions, tokens, audit } = context
  const userId = signedIn.user.id
  const found = await findDevice(context, userId, named.id)
  if (!found) return false
  const name = named.name === '' ? null : named.name
  await changes.transaction(async (trx) => {
    await users.get(trx, userId)
    if (found.kind === 'session') await sessions.rename(trx, found.key, name)
    else await tokens.rename(trx, found.id, name)
    await audit.record(trx, { event: 'device_named', result: 'ok', userId, session: named.id }, client)
  })
  return true
}

/**
 * Ends every other session and every token family of the person, and cuts what is trusted: whoever was signed in there must
 * not come back past the second step. Answers how many sessions and families.
 */
export async function endOtherDevices(context: SignInContext, signedIn: SignedIn, client: Client): Promise<number> {
  const { changes, users, sessions, tokens, deviceCodes, audit, trusted } = context
  const userId = signedIn.user.id
  return changes.transaction(async (trx, changed) => {
    // The account first: a sign-in from a new device tells all other sessions, and would take the same rows in another order.
    await users.get(trx, userId)
    const ended = (await sessions.endAll(trx, userId, signedIn.session.key)) + (await tokens.endAll(trx, userId))
    await deviceCodes.endAll(trx, userId)
    await trusted.cutAll(trx, userId)
    changed(userId)
    await audit.record(trx, { event: 'session_ended', result: 'ok', userId, detail: { others: ended } }, client)
    return ended
  })
}
