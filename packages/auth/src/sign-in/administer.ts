import type { Kysely } from 'kysely'
import type { AuditEvent, AuditEventName } from '../audit/audit.ts'
import type { AuthTables } from '../db/auth-tables.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { attemptKeys } from '../limits/counters.ts'
import { approvedLetter, declinedLetter } from '../mail/letter-texts.ts'
import { canonical, shownEmail } from '../users/account-names.ts'
import { type Role, type User, type UserRow, userOf } from '../users/user.ts'
import { endEverything } from './change-password.ts'
import { dueAddress, giveAddress } from './confirm-address.ts'
import { endDoor, findDevice } from './devices.ts'
import { removeLeft } from './leave.ts'
import { wordsFor } from './person-language.ts'
import type { SignInContext } from './sign-in-context.ts'
import { tellOfAct } from './tell-of-act.ts'
import { dropIdleCodes, keepAWayIn } from './ways-in.ts'

/** Who acts on the account of another: an administrator, or in words whoever runs the server (`command line`). */
export interface Acting {
  readonly by: User | string
  readonly client: Client
  /** Why, in the administrator's words; the person reads it in the account's log. */
  readonly reason?: string | undefined
}

/** An act on an account, inside its transaction. */
type Act = (
  trx: Kysely<AuthTables>,
  changed: (userId: number) => void,
  account: { readonly isAdmin: boolean; readonly isActive: boolean },
) => Promise<AuditEventName | Pick<AuditEvent, 'event' | 'session'> | null>

/**
 * Acts on the account of another, in one transaction that sees nobody else act: an administrator must still be one, and
 * both logs tell of it (ADM-02). `ends` says that the account administers no more afterwards: the last one who does stays,
 * also when two take each other's role at once. Throws `not_found`, `forbidden`, `last_admin`.
 */
async function act(context: SignInContext, acting: Acting, userId: number, ends: boolean, work: Act): Promise<void> {
  const { changes, users, audit } = context
  await changes.transaction(async (trx, changed) => {
    // The administrators first, then the account: in one order everywhere, or two acts would wait for each other.
    const admins = await users.lockAdmins(trx)
    if (typeof acting.by !== 'string') refuseActor(acting.by, admins, userId, ends)
    const row = await users.get(trx, userId)
    if (!row) throw new AuthError('not_found')
    if (ends && admins.length === 1 && admins[0] === userId) throw new AuthError('last_admin')
    const done = await work(trx, changed, { isAdmin: row.role === 'admin', isActive: row.is_active })
    if (done === null) return
    const { event, session } = typeof done === 'string' ? { event: done, session: undefined } : done
    changed(userId)
    const actor = typeof acting.by === 'string' ? acting.by : `administrator ${acting.by.id}`
    const why = acting.reason ? { reason: acting.reason } : undefined
    await audit.record(
      trx,
      { event, result: 'ok', userId, actor, ...(session && { session }), ...(why && { detail: why }) },
      acting.client,
    )
    await tellOfAct(context, trx, userId, event, acting)
    if (typeof acting.by === 'string') return
    // By number: a name here would outlive the account (ACC-01).
    const detail = { act: event, account: userId, ...why }
    await audit.record(trx, { event: 'admin_act', result: 'ok', userId: acting.by.id, detail }, acting.client)
  })
}

function refuseActor(actor: User, admins: readonly number[], userId: number, ends: boolean): void {
  // The role may have been taken away since the request came in.
  if (!admins.includes(actor.id)) throw new AuthError('forbidden')
  if (ends && actor.id === userId) {
    throw new AuthError('forbidden', { detail: 'This is your own account. Another administrator can do this.' })
  }
}

/**
 * Disables or enables an account; disabling ends every session and token at once (SES-07). One that waits is approved by it, with
 * the same line in the log and the same letter: it has never been disabled.
 */
export const setAccountActive = (
  context: SignInContext,
  userId: number,
  active: boolean,
  acting: Acting,
): Promise<void> =>
  act(context, acting, userId, !active, async (trx, changed) => {
    const account = await context.users.get(trx, userId)
    if (active && account && account.waits_since !== null) return letIn(context, trx, account)
    // Its owner could open it again by that, past the administrator: whoever comes back can be disabled then.
    if (!active && (account?.deletes_at ?? null) !== null) {
      throw new AuthError('conflict', {
        detail: 'Its owner has closed this account already. It is about to be deleted.',
      })
    }
    await context.users.setActive(trx, userId, active)
    if (!active) await endEverything(context, trx, userId, changed)
    return active ? 'account_enabled' : 'account_disabled'
  })

/**
 * Gives or takes the role of an administrator. Who gets it signs in anew: no session grows more rights than it was
 * started with (SES-02).
 */
export const setRole = (context: SignInContext, userId: number, role: Role, acting: Acting): Promise<void> =>
  act(context, acting, userId, role !== 'admin', async (trx, changed, { isAdmin }) => {
    if (isAdmin === (role === 'admin')) return null
    await context.users.setRole(trx, userId, role)
    if (role === 'admin') await endEverything(context, trx, userId, changed)
    return role === 'admin' ? 'admin_role_given' : 'admin_role_taken'
  })

/** The address that an account has, or awaits the confirmation of. */
async function addressOf(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  { id, email, address_due }: Pick<UserRow, 'id' | 'email' | 'address_due'>,
): Promise<string | null> {
  return shownEmail(email) ?? (address_due === null ? null : dueAddress(context, trx, id))
}

/** Where somebody who waits is written to: never to the owner of an address that a newcomer has only claimed (REG-08). */
async function letterTo(context: SignInContext, trx: Kysely<AuthTables>, account: UserRow): Promise<string | null> {
  const address = await addressOf(context, trx, account)
  return address === null || (await context.users.holderOf(trx, canonical(address), account.id)) ? null : address
}

/**
 * Takes the address of an account for confirmed, on the word of an administrator: the way of a server without mail (V5). What
 * waited for a letter to be answered is void. Throws `conflict` for an account that neither has nor awaits an address,
 * `email_taken`.
 */
export const confirmAddressOf = (context: SignInContext, userId: number, acting: Acting): Promise<void> =>
  act(context, acting, userId, false, async (trx) => {
    const { users, links } = context
    const account = await users.get(trx, userId)
    const address = account ? await addressOf(context, trx, account) : null
    if (!account || address === null) throw new AuthError('conflict')
    if (account.email_verified_at !== null) return null
    await links.voidAll(trx, userId, 'confirm_address')
    await giveAddress(context, trx, userId, address)
    return 'address_confirmed'
  })

/** Lets somebody in who waits; the person is told by mail where there is one. Throws `conflict` where nobody waits. */
export const approve = (context: SignInContext, userId: number, acting: Acting): Promise<void> =>
  act(context, acting, userId, false, async (trx) => {
    const account = await context.users.get(trx, userId)
    if (!account || account.waits_since === null) throw new AuthError('conflict')
    return letIn(context, trx, account)
  })

async function letIn(context: SignInContext, trx: Kysely<AuthTables>, account: UserRow): Promise<'account_approved'> {
  const { users, mail } = context
  await users.setActive(trx, account.id, true)
  const to = await letterTo(context, trx, account)
  if (mail && to !== null) {
    const { displayName: name } = userOf(account)
    const about = { words: wordsFor(context, account), site: mail.siteName, name, url: mail.url('/auth/login') }
    await mail.enqueue(trx, { kind: 'approved', userId: account.id, to, content: approvedLetter(about) })
  }
  return 'account_approved'
}

/**
 * Deletes the account of somebody who waits: name and address are free again. The person is told by mail where there is one,
 * with the reason. Throws `conflict` where nobody waits.
 */
export const decline = (context: SignInContext, userId: number, acting: Acting): Promise<void> =>
  act(context, acting, userId, false, async (trx) => {
    const { users, mail } = context
    const account = await users.get(trx, userId)
    if (!account || account.waits_since === null) throw new AuthError('conflict')
    const to = await letterTo(context, trx, account)
    if (mail && to !== null) {
      const { displayName: name } = userOf(account)
      const words = wordsFor(context, account)
      const about = { words, site: mail.siteName, name, reason: acting.reason ?? '' }
      // Not with the account: the letter would go with it.
      await mail.enqueue(trx, { kind: 'declined', userId: null, to, content: declinedLetter(about) })
    }
    await users.remove(trx, userId)
    return 'account_declined'
  })

/** Signs every device and program of a person out. */
export const endSessions = (context: SignInContext, userId: number, acting: Acting): Promise<void> =>
  act(context, acting, userId, false, async (trx, changed) => {
    await endEverything(context, trx, userId, changed)
    return 'session_ended'
  })

/** Signs one device or program of a person out, by the id of the list. Throws `not_found` for one that is not among them. */
export async function endOneSession(context: SignInContext, userId: number, id: string, acting: Acting): Promise<void> {
  const found = await findDevice(context, userId, id)
  if (!found) throw new AuthError('not_found')
  await act(context, acting, userId, false, async (trx) => {
    await endDoor(context, trx, found)
    return { event: 'session_ended', session: id }
  })
}

/**
 * Takes the second factor of somebody away who has lost it, with the security keys beside it. The person is told, by mail too where there is one, and signs
 * in anew. Throws `conflict` where there is none.
 */
export const removeSecondFactor = (context: SignInContext, userId: number, acting: Acting): Promise<void> =>
  act(context, acting, userId, false, async (trx, changed) => {
    if (!(await context.factors.removeAll(trx, userId))) throw new AuthError('conflict')
    await context.passkeys.removeKeys(trx, userId)
    await endEverything(context, trx, userId, changed)
    return 'second_factor_removed'
  })

/** One's own factors are changed in the settings: here they would go without a word of who may do so. */
function refuseOwn({ by }: Acting, userId: number): void {
  if (typeof by === 'string' || by.id !== userId) return
  throw new AuthError('forbidden', {
    detail: 'This is your own account: change it in your settings, or ask another administrator.',
  })
}

/**
 * Takes one authenticator of somebody away, and with the last one recovery codes and security keys; everything that is open
 * ends and the person is told. Throws `not_found`, `forbidden` for one's own.
 */
export const removeOneAuthenticator = (
  context: SignInContext,
  userId: number,
  id: string,
  acting: Acting,
): Promise<void> =>
  act(context, acting, userId, false, async (trx, changed) => {
    refuseOwn(acting, userId)
    if (!(await context.factors.remove(trx, userId, id))) throw new AuthError('not_found')
    if (!(await context.factors.isOn(userId, trx))) await context.passkeys.removeKeys(trx, userId)
    await endEverything(context, trx, userId, changed)
    return 'authenticator_removed'
  })

/**
 * Takes one passkey of somebody away, never the last way in; everything that is open ends and the person is told. Throws
 * `not_found`, `last_way_in`, `forbidden` for one's own.
 */
export const removeOnePasskey = (context: SignInContext, userId: number, id: string, acting: Acting): Promise<void> =>
  act(context, acting, userId, false, async (trx, changed) => {
    refuseOwn(acting, userId)
    if (!(await context.passkeys.remove(trx, userId, { id, kind: 'passkey' }))) throw new AuthError('not_found')
    await keepAWayIn(context, trx, userId)
    await dropIdleCodes(context, trx, userId)
    await endEverything(context, trx, userId, changed)
    return 'passkey_removed'
  })

/**
 * Takes one security key of somebody away, which is no way in and so never the last one; everything that is open ends and the
 * person is told. Throws `not_found`, `forbidden` for one's own.
 */
export const removeOneSecurityKey = (
  context: SignInContext,
  userId: number,
  id: string,
  acting: Acting,
): Promise<void> =>
  act(context, acting, userId, false, async (trx, changed) => {
    refuseOwn(acting, userId)
    if (!(await context.passkeys.remove(trx, userId, { id, kind: 'security_key' }))) throw new AuthError('not_found')
    await endEverything(context, trx, userId, changed)
    return 'security_key_removed'
  })

/**
 * Closes the account of somebody else, to be deleted after the same grace as on its owner's word (ACC-01). Its owner can keep
 * it by signing in, unless it was disabled: whoever was shut out does not come in by a deletion. The role of an
 * administrator goes at once. Throws `conflict` where it is about to be deleted already.
 */
export async function deleteAccount(context: SignInContext, userId: number, acting: Acting): Promise<void> {
  const { users, clock, leavingGrace } = context
  await act(context, acting, userId, true, async (trx, changed, { isAdmin, isActive }) => {
    const account = await users.get(trx, userId)
    if (!account || account.deletes_at !== null) {
      throw new AuthError('conflict', { detail: 'This account is about to be deleted already.' })
    }
    if (isAdmin) await users.setRole(trx, userId, 'user')
    await users.setLeaving(trx, userId, clock() + leavingGrace, !isActive)
    await endEverything(context, trx, userId, changed)
    return 'account_leaving'
  })
  if (leavingGrace === 0) await removeLeft(context, userId)
}

/**
 * Demands a second factor of somebody, who reads why: after some days of grace nothing else opens without one (M8). Throws
 * `conflict` where it is demanded already.
 */
export const demandSecondFactor = (context: SignInContext, userId: number, acting: Acting): Promise<void> =>
  act(context, acting, userId, false, async (trx) => {
    const { users, clock } = context
    const account = await users.get(trx, userId)
    if (!account || account.factor_demanded_at !== null) throw new AuthError('conflict')
    const at = clock()
    const graceFrom = account.factor_grace_from ?? at
    await users.setDemand(trx, userId, { at, reason: acting.reason ?? '', graceFrom })
    return 'second_factor_demanded'
  })

/**
 * Takes that back; what is demanded of the person's role stays. Nobody does that for themselves. Throws
 * `forbidden`, `conflict` where it is not demanded.
 */
export const withdrawDemand = (context: SignInContext, userId: number, acting: Acting): Promise<void> =>
  act(context, acting, userId, false, async (trx) => {
    refuseOwn(acting, userId)
    const account = await context.users.get(trx, userId)
    if (!account || account.factor_demanded_at === null) throw new AuthError('conflict')
    await context.users.setDemand(trx, userId, null)
    return 'second_factor_demand_withdrawn'
  })

/**
 * Lets somebody try again who is turned away after too many wrong passwords or codes. Whoever guesses starts anew by that, too, so
 * the person is told, and nobody does it for themselves. Throws `forbidden`.
 */
export async function forgetFailures(context: SignInContext, userId: number, acting: Acting): Promise<void> {
  await act(context, acting, userId, false, async () => {
    refuseOwn(acting, userId)
    return 'failures_forgotten'
  })
  await context.limits.forgetAll(attemptKeys(`user-${userId}`))
}

/**
 * Makes a one-time link with which the person sets a new password: nobody else sees or sets it (RST-09), and a second
 * factor still counts. Answers the link's secret.
 */
export async function makeResetLinkFor(
  context: SignInContext,
  userId: number,
  acting: Acting,
): Promise<{ token: string; expiresAt: number }> {
  let link: { token: string; expiresAt: number } | null = null
  await act(context, acting, userId, false, async (trx) => {
    link = await context.links.make(trx, userId, 'reset_password')
    return 'reset_link_made'
  })
  if (link === null) throw new AuthError('internal_error')
  return link
}
