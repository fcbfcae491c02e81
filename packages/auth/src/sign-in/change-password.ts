import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { equalBytes } from '../lib/secrets.ts'
import { networkOf, passwordChangeCounters, streakKey } from '../limits/counters.ts'
import { hasPassword } from '../passwords/hasher.ts'
import { checkNewPassword } from '../passwords/password-policy.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { canonical, shownEmail } from '../users/account-names.ts'
import { shutDoors } from './doors.ts'
import { finish, type SessionStarted, startedNow } from './finish.ts'
import { notify } from './notify.ts'
import { inviteToPasskey } from './passkey-invitation.ts'
import type { SignInContext } from './sign-in-context.ts'
import { takeWaysAway } from './ways-in.ts'

/**
 * Changes the password of a signed-in person. Everything else that was open for the account ends in the same transaction,
 * and this browser gets a new session (CHG-01, CHG-02). Where there is none yet, a fresh step-up stands for the current
 * one (LOG-08). Throws `wrong_current_password`, `step_up_required`, `invalid_fields`, `too_many_attempts`.
 */
export async function changePassword(
  context: SignInContext,
  signedIn: SignedIn,
  change: { currentPassword: string | undefined; newPassword: string; device: string | null },
  client: Client,
): Promise<SessionStarted> {
  const { users, limits, limitSettings, hasher, audit, changes, clock } = context
  const userId = signedIn.user.id
  const account = await users.findCredentials(userId)
  if (!account) throw new AuthError('not_signed_in')
  const current = hasPassword(account.password_hash) ? currentGiven(change.currentPassword) : null
  // Else whoever finds an open session gives the account a password, and owns it.
  if (current === null && context.sessions.confirmedFor(signedIn.session) === 0) throw new AuthError('step_up_required')
  refuseBadPassword(context, change.newPassword, account)
  const place = await limits.take(passwordChangeCounters(limitSettings, `user-${userId}`))
  let settled = false
  try {
    const right =
      current === null ||
      (await context.inTurn(networkOf(client.address), () =>
        hasher.verify(current, account.password_hash, account.password_imported),
      ))
    if (!right) {
      settled = true
      await changes.transaction(async (trx) => {
        await limits.giveBack(trx, place, 'failed')
        await audit.record(trx, { event: 'password_changed', result: 'failed', userId }, client)
      })
      throw new AuthError('wrong_current_password', {
        fields: [
          { field: 'current_password', code: 'wrong_current_password', message: 'The current password is not right.' },
        ],
      })
    }
    const hash = await hasher.hash(change.newPassword)
    const { remember, shared, confirmedAt, key } = signedIn.session
    const name = (await context.sessions.list(userId)).find((own) => equalBytes(own.key, key))?.name ?? null
    const started = await finish(
      context,
      {
        method: 'password_change',
        event: 'password_changed',
        // The session that asks is past the second step already.
        factors: ['knowledge', 'possession'],
        client,
        establish: async (trx, changed) => {
          await limits.giveBack(trx, place, 'passed')
          // Another change may have come first, or this session may have been ended: then nothing happens here.
          if (!(await users.renewHash(trx, userId, account.password_hash, hash))) throw new AuthError('conflict')
          if ((await context.sessions.end(trx, signedIn.session.key)) !== userId) throw new AuthError('not_signed_in')
          await users.setPassword(trx, userId, hash, clock())
          await endEverything(context, trx, userId, changed)
          await notify(context, trx, userId, 'password_changed', client)
          return userId
        },
      },
      { kind: 'session', remember, shared, former: null, device: change.device, confirmedAt, name },
    )
    settled = true
    return startedNow(started)
  } finally {
    if (!settled) await changes.transaction((trx) => limits.giveBack(trx, place, 'undecided')).catch(() => {})
  }
}

function currentGiven(password: string | undefined): string {
  if (password !== undefined) return password
  const missing = { field: 'current_password', code: 'required', message: 'Fill this in.' }
  throw new AuthError('invalid_fields', { fields: [missing] })
}

/** Sets a new password by the secret of a reset link, once; no sign-in follows (RST-02, RST-03, RST-07). */
export async function resetPassword(
  context: SignInContext,
  reset: { token: string; newPassword: string },
  client: Client,
): Promise<void> {
  const { users, links, hasher, audit, changes, clock, limits } = context
  const link = await links.read(reset.token, 'reset_password')
  const account = link ? await users.findCredentials(link.userId) : undefined
  if (!link || !account) throw new AuthError('link_invalid')
  refuseBadPassword(context, reset.newPassword, account)
  const hash = await hasher.hash(reset.newPassword)
  await changes.transaction(async (trx, changed) => {
    // In the order of every other change: limits, account, then what belongs to it. Two transactions that took them the
    // other way round would wait for each other.
    const userId = account.id
    await limits.forget(trx, streakKey(`user-${userId}`))
    const row = await users.get(trx, userId)
    if (!row || (await links.take(trx, reset.token, 'reset_password')) !== userId) throw new AuthError('link_invalid')
    if (isFirstProof(link, row)) await takeOver(context, trx, row, client)
    await users.setPassword(trx, userId, hash, clock())
    await endEverything(context, trx, userId, changed)
    await inviteToPasskey(context, trx, userId)
    await audit.record(trx, { event: 'password_reset', result: 'ok', userId }, client)
    await notify(context, trx, userId, 'password_reset', client)
  })
}

/** What the link of a letter holds, unlike one that an operator hands out. */
export const BY_MAIL = 'by mail'

/** Whether a reset by this link is the first to show that somebody has the account's address. */
export const isFirstProof = (link: { payload: string }, account: { email_verified_at: number | null }): boolean =>
  link.payload === BY_MAIL && account.email_verified_at === null

/**
 * Whoever registers with the address of somebody else and adds a passkey would still come in after its owner has got the
 * account by a letter (pre-hijacking, REG-12). The second factor stays as it is (RST-07).
 */
async function takeOver(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  { id: userId, email }: { id: number; email: string },
  client: Client,
): Promise<void> {
  const { users, audit, clock } = context
  const taken = await takeWaysAway(context, trx, userId, 0)
  await users.setEmail(trx, userId, { email, email_key: canonical(email), email_verified_at: clock() })
  await audit.record(trx, { event: 'address_confirmed', result: 'ok', userId }, client)
  if (taken.passkeys > 0) await audit.record(trx, { event: 'passkey_removed', result: 'ok', userId }, client)
  if (taken.providers > 0) await audit.record(trx, { event: 'provider_unlinked', result: 'ok', userId }, client)
}

/** Ends every session, token, link and half sign-in of an account, inside a transaction of `changes`. */
export async function endEverything(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
  changed: (userId: number) => void,
): Promise<void> {
  await shutDoors(context, trx, userId, null)
  changed(userId)
}

function refuseBadPassword(
  context: SignInContext,
  password: string,
  account: { username: string; email: string },
): void {
  const person = { username: account.username, email: shownEmail(account.email) }
  const error = checkNewPassword(context.passwordPolicy, password, person, 'new_password')
  if (error) throw new AuthError('invalid_fields', { fields: [error] })
}
