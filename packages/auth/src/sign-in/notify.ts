import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Client } from '../lib/log.ts'
import { noticeLetter } from '../mail/letter-texts.ts'
import { deviceName } from '../sessions/device-name.ts'
import { shownEmail } from '../users/account-names.ts'
import type { Words } from '../words/words.ts'
import { wordsFor } from './person-language.ts'
import type { SignInContext } from './sign-in-context.ts'
import { makeUndoLink } from './undo-link.ts'

/** What an account's owner is told of by mail. */
export type NoticeKind = keyof Words['notices']

/**
 * Tells the owner by mail of a change of what opens the account (CHG-02, LOG-09): one letter, in the transaction of the
 * change, to the address that is stored then, with a link that takes the account back. Does nothing on a server without mail, or for an account without an address.
 * `client` is who did it: its device, address and time stand in the letter. Null for an administrator, whose place is not told.
 */
export async function notify(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
  what: NoticeKind,
  client: Client | null,
  /** Why, where somebody else did it and said so. */
  reason?: string,
): Promise<void> {
  const { mail, users, clock } = context
  if (!mail) return
  const account = await users.get(trx, userId)
  if (!account || shownEmail(account.email) === null) return
  const { token, expiresAt } = await makeUndoLink(context, trx, account)
  const words = wordsFor(context, account)
  await mail.enqueue(trx, {
    kind: what,
    userId,
    to: account.email,
    content: noticeLetter({
      words,
      site: mail.siteName,
      name: account.display_name ?? account.username,
      what: words.notices[what],
      reason,
      at: clock(),
      from: client && { device: deviceName(client.userAgent), address: client.address },
      url: mail.url('/auth/undo', { token }),
      until: expiresAt,
    }),
  })
}
