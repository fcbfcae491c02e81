import { randomBytes } from 'node:crypto'
import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { UniqueViolation } from '../db/connection.ts'
import type { InvitationKey } from '../invitations/invitations.ts'
import { days } from '../lib/clock.ts'
import { AuthError, type FieldError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { mailboxCounters, registrationCounters } from '../limits/counters.ts'
import type { CeremonyBegun } from '../passkeys/passkeys.ts'
import { NO_PASSWORD } from '../passwords/hasher.ts'
import { checkNewPassword } from '../passwords/password-policy.ts'
import { deviceName } from '../sessions/device-name.ts'
import { canonical, checkEmail, checkUsername, noAddress, shownEmail } from '../users/account-names.ts'
import { findAccount } from '../users/find-account.ts'
import { seedTime, type User, userOf } from '../users/user.ts'
import { admission } from './admission.ts'
import { writeConfirmation } from './confirm-address.ts'
import { finish, type SessionStarted, startedNow, type Wanted } from './finish.ts'
import { inviteToPasskey } from './passkey-invitation.ts'
import type { SignInContext } from './sign-in-context.ts'
import { countChallenge } from './use-passkey.ts'

/** How long an account is kept whose owner does not confirm the address that it is to have; then its name is free again. */
const UNFINISHED_KEPT = days(7)

export interface NewPerson {
  readonly username: string
  /** Null only where the host makes accounts itself. */
  readonly email: string | null
  /** Null for an account that no password opens. */
  readonly password: string | null
  /** The host app's own fields. */
  readonly fields?: Readonly<Record<string, unknown>>
  /** What the person reads (BCP 47): kept where the server offers several. */
  readonly language?: string | null
}

/** Somebody who registers, by a password or by a passkey that the browser has made. */
export interface Newcomer extends NewPerson {
  readonly passkey: { readonly credential: RegistrationResponseJSON; readonly browser: string | null } | null
  readonly invitation: InvitationKey | null
}

/**
 * Begins a passkey for an account that is not there yet. Whether the name is taken is not told here: that is told by the
 * registration alone, under its limit (REG-10). Throws what `admission` throws, `invalid_fields`, `passkeys_unavailable`,
 * `too_many_attempts`.
 */
export async function beginSignUp(
  context: SignInContext,
  asked: { username: string; browser: string | null; invitation: InvitationKey | null; client: Client },
): Promise<CeremonyBegun<PublicKeyCredentialCreationOptionsJSON>> {
  const { username, browser, invitation, client } = asked
  await admission(context, { invitation, email: undefined, client })
  const wrong = checkUsername(username)
  if (wrong) throw new AuthError('invalid_fields', { fields: [wrong] })
  await countChallenge(context, client)
  return context.passkeys.beginNew({ browser, ceremony: 'sign_up', userId: null }, { username, displayName: username })
}

/**
 * Registers and signs in, in one transaction: no half account after a crash (REG-05, REG-11). Throws besides what is wrong
 * with the fields what `admission` throws, `username_taken`, `email_taken`, `passkey_refused`, `too_many_attempts`;
 * `account_waiting` where the account is made and an administrator has to let it in.
 */
export async function register(
  context: SignInContext,
  person: Newcomer,
  client: Client,
  wanted: Wanted & { kind: 'session' },
): Promise<SessionStarted> {
  const { invitation, email } = person
  const admitted = await admission(context, { invitation, email, client })
  const fields = await checkPerson(context, person)
  const { limits, limitSettings, audit, changes, passkeys } = context
  const { password, passkey } = person
  // Before anything is said of names: else whoever sends a false one could ask for any number of them.
  const proved =
    passkey &&
    (await passkeys.proveNew({ browser: passkey.browser, ceremony: 'sign_up', userId: null }, passkey.credential))
  if (password === null && !proved) throw new AuthError('malformed_request')
  // Where addresses are confirmed before anything opens, a stranger hears of none: the account is made without, and gets it
  // by the letter's link or code. To one that is taken goes another letter (REG-08). Whoever was invited by a letter to it has it.
  const due = context.hidesAddresses && !admitted.addressShown ? person.email : null
  const named = due === null ? person : { ...person, email: null }
  const counters = registrationCounters(limitSettings, client.address)
  const place = await limits.take(due === null ? counters : [...counters, ...mailboxCounters(canonical(due))])
  try {
    await refuseTaken(context, named)
    const hash = password === null ? NO_PASSWORD : await context.hasher.hash(password)
    const started = await finish(
      context,
      {
        method: 'registration',
        event: 'register',
        factors: proved ? ['verified possession'] : ['knowledge'],
        client,
        establish: async (trx) => {
          // Every registration counts: user names may be told, but only under a limit (REG-08, REG-10).
          await limits.giveBack(trx, place, 'failed')
          const addressDue = due === null ? null : context.clock() + UNFINISHED_KEPT
          const userId = await insertPerson(
            context,
            trx,
            { ...named, hash, emailVerified: admitted.addressShown, addressDue },
            fields,
          )
          await admitted.settle(trx, userId)
          if (proved) {
            await passkeys.add(trx, userId, proved, { device: deviceName(client.userAgent), browser: null })
            await audit.record(trx, { event: 'passkey_added', result: 'ok', userId }, client)
          } else await inviteToPasskey(context, trx, userId)
          await askToConfirm(context, trx, userId, due)
          return userId
        },
      },
      wanted,
    )
    return startedNow(started)
  } catch (error) {
    const told = error instanceof AuthError && error.status === 409
    if (told) audit.note({ event: 'register', result: 'refused', detail: { code: error.code } }, client)
    // What this server could not do is not the person's doing. The place frees itself where even that cannot be written.
    const outcome = told ? 'failed' : 'undecided'
    await changes.transaction((trx) => limits.giveBack(trx, place, outcome)).catch(() => {})
    throw error
  }
}

/** Makes an account without signing in: for the command line and the host app. The limits do not apply. */
export async function addPerson(
  context: SignInContext,
  person: NewPerson,
  client: Client,
  actor: string,
): Promise<User> {
  const fields = await checkPerson(context, person)
  await refuseTaken(context, person)
  const hash = person.password === null ? NO_PASSWORD : await context.hasher.hash(person.password)
  return context.changes.transaction(async (trx) => {
    const userId = await insertPerson(context, trx, { ...person, hash }, fields)
    await context.audit.record(trx, { event: 'register', result: 'ok', userId, actor }, client)
    const row = await context.users.get(trx, userId)
    if (!row) throw new AuthError('internal_error')
    return userOf(row)
  })
}

/** Everything that is wrong with the fields, told at once (REG-01, REG-03, REG-09, PW-01 to PW-05). */
export async function checkPerson(context: SignInContext, person: NewPerson): Promise<Record<string, unknown>> {
  const { username, email, password } = person
  const wrongName = checkUsername(username)
  const wrongEmail = email === null ? null : checkEmail(email)
  // Likeness takes time by the length of all three, before any limit: it is judged by names and addresses that can be.
  const named = { username: wrongName ? '' : username, email: wrongEmail ? null : email }
  const errors = [
    wrongName,
    wrongEmail,
    password === null ? null : checkNewPassword(context.passwordPolicy, password, named),
  ].filter((error): error is FieldError => error !== null)
  if (errors.length > 0) throw new AuthError('invalid_fields', { fields: errors })
  return context.checkFields(person.fields ?? {})
}

/**
 * Saves the hash for what is plainly taken; the database decides in the end (REG-04). Names and addresses are one field at
 * the sign-in: an imported person may have an address for a name, or the reverse, and a newcomer who took the same words
 * for the other would stand before that person (LOG-01, O15).
 */
export async function refuseTaken(context: SignInContext, person: NewPerson): Promise<void> {
  if (await findAccount(context.users, person.username)) throw taken('username_key')
  if (person.email !== null && (await findAccount(context.users, person.email))) throw taken('email_key')
}

/** The letter by which the address is confirmed belongs to the account's own transaction (REG-05). */
async function askToConfirm(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
  due: string | null,
): Promise<void> {
  const { mail, users } = context
  const account = mail && (await users.get(trx, userId))
  const address = account && (due ?? shownEmail(account.email))
  if (!account || !address || account.email_verified_at !== null) return
  await writeConfirmation(context, mail, trx, account, address)
}

/**
 * Stores an account; `emailVerified` where somebody else has verified the address already, `addressDue` until when one without
 * an address waits for it.
 */
export async function insertPerson(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  person: Pick<NewPerson, 'username' | 'email' | 'language'> & {
    readonly hash: string
    readonly emailVerified?: boolean
    readonly addressDue?: number | null
  },
  fields: Record<string, unknown>,
): Promise<number> {
  const now = context.clock()
  const email = person.email ?? noAddress(randomBytes(12).toString('hex'))
  const emailKey = canonical(email)
  try {
    const userId = await context.users.insert(trx, {
      username: person.username,
      email,
      password_hash: person.hash,
      created_at: seedTime(now),
      username_key: canonical(person.username),
      email_key: emailKey,
      password_changed_at: now,
      email_verified_at: person.email !== null && person.emailVerified === true ? now : null,
      address_due: person.addressDue ?? null,
      fields: JSON.stringify(fields),
      language: context.languages.offered.length > 1 ? (person.language ?? null) : null,
    })
    // After the row, so that neither can be taken at the very moment in which its owner's account loses it.
    if (await context.links.keepsAddress(trx, emailKey, 'undo', userId)) throw taken('email_key')
    if ((await context.formerNames.keptFor(trx, canonical(person.username))) !== undefined) throw nameTaken()
    return userId
  } catch (error) {
    if (error instanceof UniqueViolation) throw taken(error.column)
    throw error
  }
}

/** Somebody has the name, or has had it until lately. */
export const nameTaken = (): AuthError => taken('username_key')

function taken(column: string): AuthError {
  const email = column.startsWith('email')
  const field = email ? 'email' : 'username'
  const message = email
    ? 'That address already has an account. Sign in, or use another address.'
    : 'That user name is taken. Choose another.'
  return new AuthError(email ? 'email_taken' : 'username_taken', {
    detail: message,
    fields: [{ field, code: email ? 'email_taken' : 'username_taken', message }],
  })
}
