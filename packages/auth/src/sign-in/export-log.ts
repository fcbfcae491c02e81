import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { User } from '../users/user.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'

/**
 * Writes down that an administrator takes the log of all accounts away as a file, before a byte of it is read; the
 * administrator is told by mail, since a thief in the session of one would take it too. `asked` is what was chosen of it.
 * Throws `forbidden` for who is no administrator any more.
 */
export async function beginLogExport(
  context: SignInContext,
  by: User,
  asked: Readonly<Record<string, string>>,
  client: Client,
): Promise<void> {
  const { changes, users, audit } = context
  await changes.transaction(async (trx) => {
    if (!(await users.lockAdmins(trx)).includes(by.id)) throw new AuthError('forbidden')
    await audit.record(trx, { event: 'log_exported', result: 'ok', userId: by.id, detail: { ...asked } }, client)
    await notify(context, trx, by.id, 'log_exported', client)
  })
}
