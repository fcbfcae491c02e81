import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { challengeCounters } from '../limits/counters.ts'
import type { PasskeyUse } from '../passkeys/passkeys.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Counts a challenge that somebody unknown asks for, before it is stored. Throws `too_many_attempts`. */
export async function countChallenge({ limits, changes }: SignInContext, client: Client): Promise<void> {
  const place = await limits.take(challengeCounters(client.address))
  await changes.transaction((trx) => limits.giveBack(trx, place, 'failed'))
}

/**
 * Runs what a passkey that was proved is to do. `accept` belongs into its transaction, after the look at the account, and
 * throws `passkey_refused` where the passkey was removed or its counter went back; the latter is written down and told to
 * the owner (PKY-03), whatever became of that transaction.
 */
export async function withPasskey<R>(
  context: SignInContext,
  use: PasskeyUse,
  from: { client: Client; browser: string | null },
  work: (accept: (trx: Kysely<AuthTables>) => Promise<void>) => Promise<R>,
): Promise<R> {
  const { passkeys, changes, users, audit } = context
  const { userId } = use
  const event = use.kind === 'security_key' ? 'security_key_copied' : 'passkey_copied'
  let copied = false
  try {
    return await work(async (trx) => {
      const verdict = await passkeys.accept(trx, use, from.browser)
      copied = verdict === 'copied'
      if (verdict !== 'accepted') throw new AuthError('passkey_refused')
    })
  } catch (error) {
    if (copied) {
      await changes.transaction(async (trx) => {
        await users.get(trx, userId)
        await audit.record(trx, { event, result: 'failed', userId }, from.client)
        await notify(context, trx, userId, event, from.client)
      })
    }
    throw error
  }
}
