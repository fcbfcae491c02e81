import type { Kysely } from 'kysely'
import type { AuditEventName } from '../audit/audit.ts'
import type { AuthTables } from '../db/auth-tables.ts'
import { accountDeletedLetter, administeredLetter } from '../mail/letter-texts.ts'
import { shownEmail } from '../users/account-names.ts'
import { english, type Words } from '../words/words.ts'
import type { Acting } from './administer.ts'
import { type NoticeKind, notify } from './notify.ts'
import { wordsFor } from './person-language.ts'
import type { SignInContext } from './sign-in-context.ts'

/** What opens the account was changed: the letter has the link "this was not me". */
const notices: Partial<Record<AuditEventName, NoticeKind>> = {
  second_factor_removed: 'second_factor_removed',
  second_factor_demanded: 'second_factor_demanded',
  authenticator_removed: 'authenticator_taken',
  passkey_removed: 'passkey_taken',
  security_key_removed: 'security_key_taken',
  reset_link_made: 'reset_link_made',
}

const isAdministered = (event: AuditEventName): event is AuditEventName & keyof Words['administered'] =>
  event in english.administered

/**
 * Tells the owner by mail what an administrator did to the account and why, in the transaction of the act. What the operator
 * does at the command line was asked for, and is told nobody, but for a lost second step. Nothing on a server without mail.
 */
export async function tellOfAct(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
  event: AuditEventName,
  { by, reason }: Acting,
): Promise<void> {
  const { mail, users, clock } = context
  if (!mail || (typeof by === 'string' && event !== 'second_factor_removed')) return
  const notice = notices[event]
  // Where an administrator sits is not told in letters.
  if (notice) return notify(context, trx, userId, notice, null, reason)
  const account = await users.get(trx, userId)
  if (!account || shownEmail(account.email) === null) return
  const words = wordsFor(context, account)
  const about = { words, site: mail.siteName, name: account.display_name ?? account.username, reason, at: clock() }
  const letter = { kind: event, userId, to: account.email }
  if (event === 'account_leaving' && account.deletes_at !== null) {
    const stays = account.deletes_at > about.at
    const keeps = stays && !account.kept_out ? mail.url('/auth/login') : null
    const content = accountDeletedLetter({ ...about, deletesAt: stays ? account.deletes_at : null, keeps })
    // An account that goes at once must not take its letter along.
    await mail.enqueue(trx, { ...letter, userId: stays ? userId : null, content })
  } else if (isAdministered(event)) {
    await mail.enqueue(trx, { ...letter, content: administeredLetter({ ...about, what: words.administered[event] }) })
  }
}
