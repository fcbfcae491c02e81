import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { userOf } from '../users/user.ts'
import { turnOn } from './change-factors.ts'
import { finish, methodOf, type SessionStarted, startedNow } from './finish.ts'
import type { SignInContext } from './sign-in-context.ts'
import { hasSecondFactor } from './ways-in.ts'

async function pendingOf({ pending }: SignInContext, token: string) {
  const found = await pending.peek(token, 'enrol')
  if (!found) throw new AuthError('sign_in_expired')
  return found
}

/** Whose sign-in waits until a demanded second factor is set up, and why it is demanded. Throws `sign_in_expired`. */
export async function enrolling(
  context: SignInContext,
  token: string,
): Promise<{ userId: number; username: string; reason: string | null }> {
  const { userId } = await pendingOf(context, token)
  const [account, demand] = await Promise.all([context.users.findCredentials(userId), context.users.demandOf(userId)])
  if (!account || !demand) throw new AuthError('sign_in_expired')
  return { userId, username: account.username, reason: demand.reason }
}

/** Begins an authenticator for a sign-in that waits for one; answers its id. Throws `sign_in_expired`. */
export async function beginEnrolment(context: SignInContext, token: string, name: string): Promise<string> {
  const { userId } = await pendingOf(context, token)
  return context.changes.transaction(async (trx) => {
    await refuseEnrolled(context, trx, userId)
    return context.factors.begin(trx, userId, name)
  })
}

/**
 * Makes the authenticator count by a code of it, and finishes the sign-in; answers the recovery codes, this once. Throws
 * `sign_in_expired`, `not_found`, `invalid_fields`.
 */
export async function finishEnrolment(
  context: SignInContext,
  attempt: {
    pending: string
    id: string
    code: string
    client: Client
    former: string | null
    device: string | null
  },
): Promise<{ started: SessionStarted; codes: string[] }> {
  const { client, id, code, former, device } = attempt
  const { userId, remember, shared, method } = await pendingOf(context, attempt.pending)
  let codes: string[] = []
  const started = await finish(
    context,
    {
      method: methodOf(method),
      event: 'sign_in',
      factors: ['knowledge', 'possession'],
      client,
      async establish(trx) {
        await refuseEnrolled(context, trx, userId)
        if (!(await context.pending.take(trx, attempt.pending, 'enrol'))) throw new AuthError('sign_in_expired')
        codes = await turnOn(context, trx, userId, { id, code }, client)
        return userId
      },
    },
    { kind: 'session', remember, shared, former, device },
  )
  return { started: startedNow(started), codes }
}

/** Once the owner has set one up elsewhere, whoever has the password alone must not add another. Holds the account. */
async function refuseEnrolled(
  context: SignInContext,
  trx: Parameters<typeof hasSecondFactor>[2] & {},
  userId: number,
): Promise<void> {
  const account = await context.users.get(trx, userId)
  if (!account || (await hasSecondFactor(context, userOf(account), trx))) throw new AuthError('sign_in_expired')
}
