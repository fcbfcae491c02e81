import { AuthError } from '../lib/errors.ts'
import { testLetter } from '../mail/letter-texts.ts'
import type { User } from '../users/user.ts'
import { wordsFor } from './person-language.ts'
import type { SignInContext } from './sign-in-context.ts'

/**
 * Writes a letter to an administrator's own address, and to no other: it goes the way that all letters go. Throws `no_mail`,
 * and `conflict` for an account without an address.
 */
export async function writeTestLetter(context: SignInContext, user: User): Promise<void> {
  const { changes, mail } = context
  const { id: userId, email, displayName: name } = user
  if (mail === null) throw new AuthError('no_mail')
  if (email === null) throw new AuthError('conflict', { detail: 'Your account has no e-mail address.' })
  const content = testLetter({ words: wordsFor(context, user), site: mail.siteName, name })
  await changes.transaction((trx) => mail.enqueue(trx, { kind: 'test', userId, to: email, content }))
}
