import { checkPassword, type PasswordAttempt } from './check-password.ts'
import { finish, type SecondFactorDue, type SignedInNow, type Wanted } from './finish.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Signs in with a name or address and a password: to a session, or to tokens for a program (LOG-04). */
export async function passwordSignIn<W extends Wanted>(
  context: SignInContext,
  attempt: Omit<PasswordAttempt, 'event'>,
  wanted: W,
): Promise<SignedInNow<W> | SecondFactorDue> {
  const event = wanted.kind === 'tokens' ? 'token_sign_in' : 'sign_in'
  const right = await checkPassword(context, { ...attempt, event })
  const establish = async (trx: Parameters<typeof right.settle>[0]) => {
    await right.settle(trx)
    return right.userId
  }
  try {
    return await finish(
      context,
      { method: 'password', event, factors: ['knowledge'], client: attempt.client, establish },
      wanted,
    )
  } catch (error) {
    await right.release(error)
    throw error
  }
}
