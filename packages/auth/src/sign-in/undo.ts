import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { seconds } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { streakKey } from '../limits/counters.ts'
import { addressPutBackLetter } from '../mail/letter-texts.ts'
import { NO_PASSWORD } from '../passwords/hasher.ts'
import { canonical, shownEmail } from '../users/account-names.ts'
import { findAccount } from '../users/find-account.ts'
import { endEverything } from './change-password.ts'
import { wordsFor } from './person-language.ts'
import type { SignInContext } from './sign-in-context.ts'
import { type AddressOwner, readUndo, type Undo } from './undo-link.ts'
import { takeWaysAway } from './ways-in.ts'

/** A passkey is stored just before the notice that tells of it. */
const SAME_MOMENT = seconds(10)

/** What the page of the link shows, or null for one that does not work: opening it changes nothing. */
export async function undoOf(context: SignInContext, token: string) {
  const link = await context.links.read(token, 'undo')
  const account = link && (await context.users.findCredentials(link.userId))
  if (!link || !account) return null
  const { address, username: former } = readUndo(link.payload)
  const { username, email } = account
  const holder = await findAccount(context.users, former)
  return {
    username,
    usernamePutBack: former === username || (holder && holder.id !== account.id) ? null : former,
    addressPutBack: address !== null && address !== email ? address : null,
  }
}

/**
 * "This was not me": ends all that is open, puts the address back to which the notice went and the user name that
 * the account had then, takes the password away and answers the secret of a link that sets a new one. The second factor stays as it is: this signs nobody in (RST-07). Links
 * of notices that came later are void, since a thief may have them; older ones are not, since a thief may use this one.
 * Throws `link_invalid`.
 */
export async function undoByOwner(context: SignInContext, token: string, client: Client): Promise<string> {
  const { changes, users, links, limits, audit, clock } = context
  const link = await links.read(token, 'undo')
  if (!link) throw new AuthError('link_invalid')
  const { userId, createdAt } = link
  return changes.transaction(async (trx, changed) => {
    await limits.forget(trx, streakKey(`user-${userId}`))
    const account = await users.get(trx, userId)
    if (!account || (await links.take(trx, token, 'undo')) !== userId) throw new AuthError('link_invalid')
    const former = readUndo(link.payload)
    await putAddressBack(context, trx, account, former)
    await putNameBack(context, trx, account, former, client)
    await users.setPassword(trx, userId, NO_PASSWORD, clock())
    // A thief would come in again by what came with that of which the notice told, or later.
    await takeWaysAway(context, trx, userId, createdAt - SAME_MOMENT)
    await endEverything(context, trx, userId, changed)
    // A thief who has closed the account must not have it deleted; an administrator who has disabled it may.
    if (account.deletes_at !== null && !account.kept_out) {
      await users.setActive(trx, userId, true)
      await audit.record(trx, { event: 'account_restored', result: 'ok', userId }, client)
    }
    await links.voidSince(trx, userId, 'undo', createdAt)
    await audit.record(trx, { event: 'taken_back', result: 'ok', userId }, client)
    return (await links.make(trx, userId, 'reset_password')).token
  })
}

async function putAddressBack(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  account: AddressOwner,
  { address, confirmedAt }: Undo,
): Promise<void> {
  const { users, mail } = context
  if (address === null || address === account.email) return
  const key = canonical(address)
  // The link has kept it, but an operator may have given it to somebody.
  if (await users.holderOf(trx, key, account.id)) return
  if (mail && shownEmail(account.email) !== null) {
    const name = account.display_name ?? account.username
    const content = addressPutBackLetter({ words: wordsFor(context, account), site: mail.siteName, name })
    await mail.enqueue(trx, { kind: 'address_put_back', userId: account.id, to: account.email, content })
  }
  await users.setEmail(trx, account.id, { email: address, email_key: key, email_verified_at: confirmedAt })
}

/** Nobody else has got the name meanwhile, since it is kept; but twins of an import share theirs. */
async function putNameBack(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  account: AddressOwner,
  { username }: Undo,
  client: Client,
): Promise<void> {
  if (username === account.username) return
  const { users, formerNames, audit } = context
  const key = canonical(username)
  const isTaken = key !== canonical(account.username) && (await users.hasUsernameKey(trx, key))
  // Names and addresses are one field at the sign-in (LOG-01).
  if (isTaken || (await users.holderOf(trx, key, account.id))) return
  await users.setUsername(trx, account.id, { username, username_key: key })
  await formerNames.free(trx, key)
  await audit.record(trx, { event: 'username_changed', result: 'ok', userId: account.id }, client)
}
