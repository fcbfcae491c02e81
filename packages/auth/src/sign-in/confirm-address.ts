import { randomInt } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { UniqueViolation } from '../db/connection.ts'
import { minutes, seconds } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { equalBytes, keyed } from '../lib/secrets.ts'
import { confirmationCounters } from '../limits/counters.ts'
import type { LinkRead } from '../links/links.ts'
import { addressLeftLetter, addressTakenLetter, confirmLetter } from '../mail/letter-texts.ts'
import type { Mail } from '../mail/outbox.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { canonical, shownEmail } from '../users/account-names.ts'
import { notify } from './notify.ts'
import { wordsFor } from './person-language.ts'
import type { SignInContext } from './sign-in-context.ts'

/** How long a code works, and how often a wrong one may be tried (EML-01). The link beside it works for a day. */
const CODE_LIFETIME = minutes(10)
const MOST_WRONG_CODES = 5
const CODE_DIGITS = 8
/** The rest between two letters that somebody asks for. */
const SEND_AGAIN_AFTER = seconds(60)

/** What a link that confirms an address holds. */
interface Waiting {
  /** As it was typed: letters go there, and the account gets it so. */
  readonly address: string
  /** Keyed, since eight digits are guessed from a bare hash in no time. */
  readonly code: string
  readonly codeEndsAt: number
  readonly wrong: number
}

/** An address that waits to be confirmed, for its account's owner. Times are milliseconds since 1970. */
export interface AddressWaiting {
  readonly address: string
  /** Null where the code cannot be used any more. */
  readonly codeEndsAt: number | null
  readonly linkEndsAt: number
  readonly sendAgainAt: number
}

interface Account {
  readonly id: number
  readonly username: string
  readonly display_name: string | null
  readonly language: string | null
}

interface Owner extends Account {
  readonly email: string
  readonly email_verified_at: number | null
  readonly address_due: number | null
}

const readWaiting = (payload: string): Waiting => JSON.parse(payload)
const calledBy = ({ username, display_name }: Pick<Account, 'username' | 'display_name'>): string =>
  display_name ?? username

/** What waits to be confirmed for this account, or null. */
export async function addressWaiting({ links }: SignInContext, userId: number): Promise<AddressWaiting | null> {
  const link = await links.newest(userId, 'confirm_address')
  if (!link) return null
  const { address, codeEndsAt, wrong } = readWaiting(link.payload)
  return {
    address,
    codeEndsAt: wrong < MOST_WRONG_CODES ? codeEndsAt : null,
    linkEndsAt: link.expiresAt,
    sendAgainAt: link.createdAt + SEND_AGAIN_AFTER,
  }
}

/**
 * Writes the letter by which an address is confirmed, in a transaction that holds the account; earlier links and codes are
 * void (EML-03). To an address that another account has goes another letter, and nobody but its owner learns of it (REG-08):
 * then what was written down here never comes true.
 */
export async function writeConfirmation(
  context: SignInContext,
  mail: Mail,
  trx: Kysely<AuthTables>,
  account: Account,
  address: string,
): Promise<void> {
  const { links, users, keys, clock } = context
  const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
  const waiting: Waiting = {
    address,
    code: keyed(keys.current.derive('address-code'), codeInput(account.id, address, code)).toString('base64url'),
    codeEndsAt: clock() + CODE_LIFETIME,
    wrong: 0,
  }
  const { token, expiresAt } = await links.make(trx, account.id, 'confirm_address', JSON.stringify(waiting))
  const site = mail.siteName
  const holder = await users.holderOf(trx, canonical(address), account.id)
  if (holder) {
    const about = {
      words: wordsFor(context, holder),
      site,
      name: calledBy(holder),
      username: holder.username,
      url: mail.url('/auth/forgot'),
    }
    const content = addressTakenLetter(about)
    await mail.enqueue(trx, { kind: 'address_taken', userId: holder.id, to: holder.email, content })
    return
  }
  const url = mail.url('/auth/confirm-address', { token })
  const shownCode = `${code.slice(0, 4)} ${code.slice(4)}`
  const name = calledBy(account)
  const about = { words: wordsFor(context, account), site, name, username: account.username, code: shownCode, url }
  const content = confirmLetter(about)
  await mail.enqueue(trx, { kind: 'confirm_address', userId: account.id, to: address, content, expiresAt })
}

/** Bound to the account and the address that asked (EML-01). */
const codeInput = (userId: number, address: string, code: string): string => `${userId}|${address}|${code}`

function isCode(context: SignInContext, userId: number, { address, code }: Waiting, typed: string): boolean {
  const digits = typed.replace(/[\s-]/g, '')
  const input = codeInput(userId, address, digits)
  const wanted = Buffer.from(code, 'base64url')
  return context.keys.all.some((key) => equalBytes(wanted, keyed(key.derive('address-code'), input)))
}

/**
 * Sends a new letter for the address that waits or, where none does, for the account's own. Throws `no_mail`, `conflict`
 * where there is nothing to confirm, `too_many_attempts`: within a minute of the last one, or beyond five in an hour.
 */
export async function sendConfirmationAgain(context: SignInContext, signedIn: SignedIn, client: Client): Promise<void> {
  const { user } = signedIn
  const waiting = await addressWaiting(context, user.id)
  const address = waiting?.address ?? (user.emailConfirmed ? null : user.email)
  if (address === null) throw new AuthError('conflict', { detail: 'There is no address to confirm.' })
  const wait = Math.ceil(((waiting?.sendAgainAt ?? 0) - context.clock()) / 1000)
  if (wait > 0) {
    const detail = `A letter was sent just now. Try again in ${wait} second${wait === 1 ? '' : 's'}.`
    throw new AuthError('too_many_attempts', { retryAfter: wait, detail })
  }
  await sendConfirmation(context, user.id, address, client)
}

/** Sends the letter within the limits, and takes note of a change that begins. */
export async function sendConfirmation(
  context: SignInContext,
  userId: number,
  address: string,
  client: Client,
  isChange = false,
): Promise<void> {
  const { mail, limits, changes, users, audit } = context
  if (!mail) throw new AuthError('no_mail')
  const place = await limits.take(confirmationCounters(`user-${userId}`, canonical(address)))
  try {
    await changes.transaction(async (trx) => {
      await limits.giveBack(trx, place, 'failed')
      const account = await users.get(trx, userId)
      if (!account) throw new AuthError('not_signed_in')
      await writeConfirmation(context, mail, trx, account, address)
      if (isChange) await audit.record(trx, { event: 'address_change_asked', result: 'ok', userId }, client)
    })
  } catch (error) {
    await changes.transaction((trx) => limits.giveBack(trx, place, 'undecided')).catch(() => {})
    throw error
  }
}

/**
 * Confirms what waits by the code of the letter, for whoever is signed in to the account that asked. Throws
 * `invalid_fields`, `email_taken`.
 */
export async function confirmByCode(
  context: SignInContext,
  signedIn: SignedIn,
  typed: string,
  client: Client,
): Promise<void> {
  const { changes, users, links, audit, clock } = context
  const userId = signedIn.user.id
  const outcome = await changes.transaction(async (trx, changed) => {
    const account = await users.get(trx, userId)
    const link = await links.newest(userId, 'confirm_address', trx)
    if (!account || !link) return 'ended'
    const waiting = readWaiting(link.payload)
    if (clock() >= waiting.codeEndsAt || waiting.wrong >= MOST_WRONG_CODES) return 'ended'
    if (!isCode(context, userId, waiting, typed)) {
      await links.rewrite(trx, link.key, JSON.stringify({ ...waiting, wrong: waiting.wrong + 1 }))
      await audit.record(trx, { event: 'address_confirmed', result: 'failed', userId }, client)
      return 'wrong'
    }
    await settle(context, trx, account, waiting.address, client)
    changed(userId)
    return 'done'
  })
  if (outcome === 'done') return
  throw new AuthError('invalid_fields', { fields: [outcome === 'wrong' ? wrongCode : endedCode] })
}

const wrongCode = { field: 'code', code: 'wrong_code', message: 'That code is not right.' }
const endedCode = { field: 'code', code: 'code_expired', message: 'That code has ended. Send a new one.' }

/** What the page of a link shows, or null for one that does not work: opening it changes nothing. */
export async function confirmationOf(
  context: SignInContext,
  token: string,
): Promise<{ username: string; address: string } | null> {
  const link = await context.links.read(token, 'confirm_address')
  const account = link && (await context.users.findCredentials(link.userId))
  return link && account ? { username: account.username, address: readWaiting(link.payload).address } : null
}

/**
 * Confirms an address by the link of the letter, once; it signs nobody in (EML-04). Throws `link_invalid`, `email_taken`.
 */
export async function confirmByLink(context: SignInContext, token: string, client: Client): Promise<void> {
  const { changes, users, links } = context
  const link: LinkRead | null = await links.read(token, 'confirm_address')
  if (!link) throw new AuthError('link_invalid')
  const { userId } = link
  await changes.transaction(async (trx, changed) => {
    const account = await users.get(trx, userId)
    if (!account || (await links.take(trx, token, 'confirm_address')) !== userId) throw new AuthError('link_invalid')
    await settle(context, trx, account, readWaiting(link.payload).address, client)
    changed(userId)
  })
}

/** The address is the account's from now on, and confirmed. */
async function settle(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  account: Owner,
  address: string,
  client: Client,
): Promise<void> {
  const { users, links, audit, clock } = context
  const { id: userId, email } = account
  await links.voidAll(trx, userId, 'confirm_address')
  if (address === email) {
    await users.setEmail(trx, userId, { email, email_key: canonical(email), email_verified_at: clock() })
    await audit.record(trx, { event: 'address_confirmed', result: 'ok', userId }, client)
    return
  }
  if (shownEmail(email) !== null) await tellFormer(context, trx, account, client)
  await links.voidAll(trx, userId, 'reset_password')
  await giveAddress(context, trx, userId, address)
  const event = account.address_due === null ? 'address_changed' : 'address_confirmed'
  await audit.record(trx, { event, result: 'ok', userId }, client)
}

/** Gives an account another address, which counts as confirmed. Throws `email_taken`. */
export async function giveAddress(
  { users, links, clock }: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
  address: string,
): Promise<void> {
  const row = { email: address, email_key: canonical(address), email_verified_at: clock() }
  // An address that a link of another account can put back is not free yet.
  if (await links.keepsAddress(trx, row.email_key, 'undo', userId)) throw addressTaken()
  await users.setEmail(trx, userId, row).catch((error: unknown) => {
    throw error instanceof UniqueViolation ? addressTaken() : error
  })
}

/** The address that waits to be confirmed, inside a transaction; null for none. */
export async function dueAddress(
  { links }: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
): Promise<string | null> {
  const link = await links.newest(userId, 'confirm_address', trx)
  return link && readWaiting(link.payload).address
}

/**
 * Before the change, since a notice goes to the address that is stored. Whoever was only ever said to own it, for example by
 * a slip of the keys, is told, but gets no link that would give the account away, nor keeps one.
 */
async function tellFormer(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  account: Owner,
  client: Client,
): Promise<void> {
  const { mail, links } = context
  if (account.email_verified_at !== null) return notify(context, trx, account.id, 'address_changed', client)
  await links.voidAll(trx, account.id, 'undo')
  const { id: userId, email: to } = account
  const words = wordsFor(context, account)
  const content = mail && addressLeftLetter({ words, site: mail.siteName, name: calledBy(account) })
  if (content) await mail.enqueue(trx, { kind: 'address_left', userId, to, content })
}

function addressTaken(): AuthError {
  const message = 'That address has an account of its own by now.'
  return new AuthError('email_taken', { detail: message, fields: [{ field: 'email', code: 'email_taken', message }] })
}
