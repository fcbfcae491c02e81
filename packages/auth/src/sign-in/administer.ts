import type { Kysely } from 'kysely'
import type { AuditEventName } from '../audit/audit.ts'
import type { AuthTables } from '../db/auth-tables.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { Role, User } from '../users/user.ts'
import { endEverything } from './change-password.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Who acts on the account of another: an administrator, or in words whoever runs the server (`command line`). */
export interface Acting {
  readonly by: User | string
  readonly client: Client
}

/** An act on an account, inside its transaction. */
type Act = (
  trx: Kysely<AuthTables>,
  changed: (userId: number) => void,
  account: { readonly isAdmin: boolean; readonly isActive: boolean },
) => Promise<{ readonly event: AuditEventName; readonly detail?: Record<string, string> } | null>

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
    changed(userId)
    const actor = typeof acting.by === 'string' ? acting.by : `administrator ${acting.by.id}`
    await audit.record(trx, { ...done, result: 'ok', userId, actor }, acting.client)
    if (typeof acting.by === 'string') return
    const detail = { ...done.detail, act: done.event, account: userId, name: row.username }
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

/** Disables or enables an account; disabling ends every session and token at once (SES-07). */
export const setAccountActive = (
  context: SignInContext,
  userId: number,
  active: boolean,
  acting: Acting,
): Promise<void> =>
  act(context, acting, userId, !active, async (trx, changed) => {
    // Its owner could open it again by that, past the administrator: whoever comes back can be disabled then.
    if (!active && ((await context.users.get(trx, userId))?.deletes_at ?? null) !== null) {
      throw new AuthError('conflict', {
        detail: 'Its owner has closed this account already. It is about to be deleted.',
      })
    }
    await context.users.setActive(trx, userId, active)
    if (!active) await endEverything(context, trx, userId, changed)
    return { event: active ? 'account_enabled' : 'account_disabled' }
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
    return { event: role === 'admin' ? 'admin_role_given' : 'admin_role_taken' }
  })
