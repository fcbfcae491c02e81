import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { checkEmail } from '../users/account-names.ts'
import { sendConfirmation } from './confirm-address.ts'
import type { SignInContext } from './sign-in-context.ts'

/**
 * Begins a change of the address: it counts once the new one is confirmed, and nothing tells here whether somebody has it
 * (EML-02, REG-08). For a route behind a step-up. Throws `no_mail`, `invalid_fields`, `too_many_attempts`.
 */
export async function askForNewAddress(
  context: SignInContext,
  signedIn: SignedIn,
  typed: string,
  client: Client,
): Promise<void> {
  if (!context.mail) throw new AuthError('no_mail')
  const address = typed.trim()
  const error = checkEmail(address)
  if (error) throw new AuthError('invalid_fields', { fields: [error] })
  const { user } = signedIn
  if (address === user.email && user.emailConfirmed) {
    const message = 'That is your address already.'
    throw new AuthError('invalid_fields', { fields: [{ field: 'email', code: 'email_same', message }] })
  }
  await sendConfirmation(context, user.id, address, client, address !== user.email)
}

/** Forgets a change that was not confirmed yet: its link and its code are void. */
export async function dropNewAddress(context: SignInContext, { user }: SignedIn): Promise<void> {
  await context.changes.transaction(async (trx) => {
    await context.users.get(trx, user.id)
    await context.links.voidAll(trx, user.id, 'confirm_address')
  })
}
