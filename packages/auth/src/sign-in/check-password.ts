import type { Kysely } from 'kysely'
import type { AuditEventName } from '../audit/audit.ts'
import type { AuthTables } from '../db/auth-tables.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { keyed } from '../lib/secrets.ts'
import { deviceCounters, networkOf, strangerCounters, tellingCounters } from '../limits/counters.ts'
import type { Place } from '../limits/limits.ts'
import { canonical } from '../users/account-names.ts'
import { findAccount } from '../users/find-account.ts'
import { type Credentials, opensByProof } from '../users/user-store.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Wrong passwords in a row that the owner is told of (LOG-09). */
const FAILURES_TOLD = 10

export interface PasswordAttempt {
  /** User name or e-mail address, as typed. */
  readonly identifier: string
  readonly password: string
  readonly client: Client
  /** The device cookie. */
  readonly device: string | null
  readonly event: AuditEventName
}

/** A password that was right a moment ago. Nothing is counted before `settle` or `release`: one of them must be called. */
export interface RightPassword {
  readonly userId: number
  /** Gives the limit's place back, confirms, renews a cheap hash (PW-10): for the transaction that uses the password. */
  settle(trx: Kysely<AuthTables>): Promise<void>
  /** Makes sure that the password still is the right one. Throws `invalid_credentials`. */
  confirm(trx: Kysely<AuthTables>): Promise<void>
  /** Gives the place back after a transaction that failed with `error`. */
  release(error: unknown): Promise<void>
}

/**
 * Checks a name and a password: takes a place in the limits first, computes a whole hash whether or not the name exists
 * (LOG-02, LOG-03), counts a failure. Throws `invalid_credentials` for an unknown name, a wrong password, and a disabled
 * account alike, `too_many_attempts`, `overloaded`, `store_unavailable`.
 */
export async function checkPassword(context: SignInContext, attempt: PasswordAttempt): Promise<RightPassword> {
  const { users, limits, limitSettings, hasher, audit, devices, changes } = context
  const { identifier, password, client } = attempt
  const account = await findAccount(users, identifier)
  const subject = account ? undefined : hashedName(context, identifier)
  const accountKey = account ? `user-${account.id}` : `name-${subject}`
  const device = account ? devices.find(attempt.device, account) : null
  const counters = device
    ? deviceCounters(limitSettings, accountKey, device)
    : strangerCounters(limitSettings, accountKey, client.address)
  const who = { userId: account?.id ?? null, ...(subject === undefined ? {} : { subject }) }

  let place: Place
  try {
    place = await limits.take(counters)
  } catch (error) {
    if (error instanceof AuthError && error.code === 'too_many_attempts') {
      audit.note({ event: attempt.event, result: 'limited', ...who }, client)
      // Beside the answer, whose time must not tell that the account is there (LIM-06).
      if (account) void tellOwner(context, account.id, attempt).catch(() => {})
    }
    throw error
  }
  const giveBack = (outcome: 'failed' | 'undecided') =>
    changes.transaction(async (trx) => {
      await limits.giveBack(trx, place, outcome)
      if (outcome === 'failed') await audit.record(trx, { event: attempt.event, result: 'failed', ...who }, client)
    })

  let right: boolean
  let renewed: string | null = null
  try {
    right = await context.inTurn(networkOf(client.address), () =>
      account
        ? hasher.verify(password, account.password_hash, account.password_imported)
        : hasher.verifyNobody(password),
    )
    if (right && account?.is_active && hasher.needsRenewal(account.password_hash, account.password_imported)) {
      renewed = await renewal(context, password)
    }
  } catch (error) {
    await giveBack('undecided').catch(() => {})
    throw error
  }
  if (!right || !account || !opensByProof(account)) {
    await giveBack('failed')
    // Beside the answer, whose time must not tell that the account is there (LOG-03).
    if (account) void countFailure(context, account.id, client).catch(() => {})
    throw new AuthError('invalid_credentials')
  }

  async function confirm(trx: Kysely<AuthTables>, checked: Credentials): Promise<void> {
    const now = await users.get(trx, checked.id)
    // Changed while we compared: the old password must not open a session after the change. A hash that another sign-in
    // has renewed meanwhile is no change (LOG-05).
    if (now?.password_changed_at !== checked.password_changed_at) throw new AuthError('invalid_credentials')
  }

  return {
    userId: account.id,
    confirm: (trx) => confirm(trx, account),
    async settle(trx) {
      await limits.giveBack(trx, place, 'passed')
      await confirm(trx, account)
      if (renewed) await users.renewHash(trx, account.id, account.password_hash, renewed)
    },
    async release(error) {
      const changed = error instanceof AuthError && error.code === 'invalid_credentials'
      // The place frees itself after a while where even this cannot be written.
      await giveBack(changed ? 'failed' : 'undecided').catch(() => {})
    },
  }
}

/** Counts a wrong password, and tells the owner of the tenth since the last sign-in: once, however many follow (LOG-09). */
async function countFailure(context: SignInContext, userId: number, client: Client): Promise<void> {
  await context.changes.transaction(async (trx) => {
    const failures = await context.users.countFailure(trx, userId)
    if (failures === FAILURES_TOLD) await notify(context, trx, userId, 'failures', client)
  })
}

/** Writes an attempt that was turned away into the account's log, for its owner to see (S3): one in a quarter of an hour. */
async function tellOwner(context: SignInContext, userId: number, { event, client }: PasswordAttempt): Promise<void> {
  const { audit, changes, limits } = context
  const place = await limits.take(tellingCounters(`user-${userId}`))
  await changes.transaction(async (trx) => {
    await limits.giveBack(trx, place, 'failed')
    await audit.record(trx, { event, result: 'limited', userId }, client)
  })
}

/** A renewal that finds no room in the queue is left for the next sign-in. */
async function renewal(context: SignInContext, password: string): Promise<string | null> {
  try {
    return await context.hasher.hash(password)
  } catch (error) {
    if (error instanceof AuthError) return null
    throw error
  }
}

/** Names that nobody has are counted and logged under a keyed hash: people type passwords into the wrong field. */
export const hashedName = (context: SignInContext, identifier: string): string =>
  keyed(context.keys.current.derive('tried-names'), canonical(identifier.trim())).subarray(0, 12).toString('base64url')
