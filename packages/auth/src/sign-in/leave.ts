import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { days } from '../lib/clock.ts'
import { AuthError, type FieldError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { tokenHash } from '../lib/secrets.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { canonical } from '../users/account-names.ts'
import { endEverything } from './change-password.ts'
import { finish, methodOf, type SessionStarted, startedNow } from './finish.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'
import { stepUp } from './step-up.ts'

const otherName: FieldError = {
  field: 'username',
  code: 'not_your_name',
  message: 'That is not the user name of this account.',
}

/**
 * Closes an account on its owner's word: every door ends at once, and after the grace everything is deleted (ACC-01). The
 * name is typed so that nobody deletes by a slip (E2); the proof is a fresh step-up, or the password where there is no
 * authenticator (LOG-08). Answers when it will be gone, in milliseconds since 1970. Throws `invalid_fields`,
 * `step_up_required`, `wrong_current_password`, `too_many_attempts`, `last_admin`.
 */
export async function leave(
  context: SignInContext,
  signedIn: SignedIn,
  typed: { username: string; password: string | undefined },
  client: Client,
): Promise<number> {
  const { changes, users, sessions, audit, clock, factors, leavingGrace } = context
  const { user } = signedIn
  if (canonical(typed.username.trim()) !== canonical(user.username)) {
    throw new AuthError('invalid_fields', { fields: [otherName] })
  }
  // Before the proof too, which gives the session a new value: a refusal after it would leave the browser with the old one.
  await changes.transaction((trx) => refuseLastAdmin(context, trx, user.id))
  let key = signedIn.session.key
  if (typed.password !== undefined && !(await factors.isOn(user.id))) {
    key = tokenHash(await stepUp(context, signedIn, { password: typed.password, code: '' }, client))
  } else if (sessions.confirmedFor(signedIn.session) === 0) throw new AuthError('step_up_required')
  const deletesAt = clock() + leavingGrace
  await changes.transaction(async (trx, changed) => {
    await refuseLastAdmin(context, trx, user.id)
    const row = await users.get(trx, user.id)
    if (!row?.is_active || (await sessions.end(trx, key)) !== user.id) throw new AuthError('not_signed_in')
    await users.setLeaving(trx, user.id, deletesAt, false)
    await endEverything(context, trx, user.id, changed)
    await audit.record(trx, { event: 'account_leaving', result: 'ok', userId: user.id }, client)
    await notify(context, trx, user.id, 'account_leaving', client)
  })
  if (leavingGrace === 0) await removeLeft(context, user.id)
  return deletesAt
}

/** For the start of the transaction: the administrators first, then the account, as in every act on one (E4). */
async function refuseLastAdmin({ users }: SignInContext, trx: Kysely<AuthTables>, userId: number): Promise<void> {
  const admins = await users.lockAdmins(trx)
  if (admins.length === 1 && admins[0] === userId) {
    throw new AuthError('last_admin', { detail: 'You are the only administrator. Make somebody else one first.' })
  }
}

/**
 * Opens an account again that is about to be deleted, by the pending value that `finish` gave to somebody who had shown
 * everything that a sign-in takes. Throws `sign_in_expired`.
 */
export async function comeBack(
  context: SignInContext,
  attempt: { pending: string; client: Client; former: string | null; device: string | null },
): Promise<SessionStarted> {
  const { pending, users, audit } = context
  const { client, former, device } = attempt
  const found = await pending.peek(attempt.pending, 'restore')
  if (!found) throw new AuthError('sign_in_expired')
  const { userId, remember, shared } = found
  const started = await finish(
    context,
    {
      method: methodOf(found.method),
      event: 'sign_in',
      // It waits here only after its second step.
      factors: ['knowledge', 'possession'],
      client,
      async establish(trx) {
        await users.get(trx, userId)
        if (!(await pending.take(trx, attempt.pending, 'restore'))) throw new AuthError('sign_in_expired')
        await users.setActive(trx, userId, true)
        await audit.record(trx, { event: 'account_restored', result: 'ok', userId }, client)
        await notify(context, trx, userId, 'account_restored', client)
        return userId
      },
    },
    { kind: 'session', remember, shared, former, device },
  )
  return startedNow(started)
}

const sweeper: Client = { address: 'server', userAgent: '', requestId: 'deletion' }

/**
 * Deletes an account whose grace is over, and all rows that refer to it: the host's too, where they say so. What stays is
 * the log, under a number that nobody gets again (ACC-01). False where it was restored in the meantime.
 */
export async function removeLeft({ changes, users, audit, clock }: SignInContext, userId: number): Promise<boolean> {
  return changes.transaction(async (trx, changed) => {
    const row = await users.get(trx, userId)
    if (!row || row.is_active || row.deletes_at === null || row.deletes_at > clock()) return false
    await audit.record(trx, { event: 'account_deleted', result: 'ok', userId }, sweeper)
    await users.remove(trx, userId)
    changed(userId)
    return true
  })
}

/**
 * How long an account waits for an administrator before it is deleted: names and addresses of people who never came in are
 * not kept for ever, and a crowd of made-up ones goes by itself.
 */
export const WAITING_KEPT = days(30)

/**
 * Deletes up to `most` accounts whose owners have not confirmed the address that they registered with; answers how many. Only
 * where nothing opens before that: else they may hold what somebody wrote.
 */
export async function sweepUnfinished(context: SignInContext, most: number): Promise<number> {
  if (!context.hidesAddresses) return 0
  const now = context.clock()
  const ids = await context.users.listUnfinished(now, most)
  return removeEach(context, ids, ({ address_due }) => address_due !== null && address_due <= now)
}

/** Deletes up to `most` accounts that no administrator has let in for thirty days; answers how many. There is nothing in them. */
export async function sweepWaiting(context: SignInContext, most: number): Promise<number> {
  const before = context.clock() - WAITING_KEPT
  const ids = await context.users.listWaiting(before, most)
  return removeEach(context, ids, ({ waits_since }) => waits_since !== null && waits_since <= before)
}

/** Asks about each once more in the transaction that deletes it: it may have been confirmed or approved since. */
async function removeEach(
  { changes, users, audit }: SignInContext,
  ids: readonly number[],
  isOver: (row: { readonly address_due: number | null; readonly waits_since: number | null }) => boolean,
): Promise<number> {
  let removed = 0
  for (const userId of ids) {
    removed += await changes.transaction(async (trx, changed) => {
      const row = await users.get(trx, userId)
      if (!row || !isOver(row)) return 0
      await audit.record(trx, { event: 'account_deleted', result: 'ok', userId }, sweeper)
      await users.remove(trx, userId)
      changed(userId)
      return 1
    })
  }
  return removed
}

/** Deletes up to `most` accounts whose grace is over; answers how many. One that cannot be deleted holds nobody up. */
export async function sweepLeft(context: SignInContext, most: number): Promise<number> {
  let removed = 0
  for (const userId of await context.users.listLeft(context.clock(), most)) {
    try {
      if (await removeLeft(context, userId)) removed++
    } catch (error) {
      context.log('error', 'deletion_failed', { user_id: userId, cause: String(error) })
    }
  }
  return removed
}
