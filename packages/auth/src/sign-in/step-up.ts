import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { AuthError, type FieldError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { networkOf, passwordChangeCounters, secondFactorCounters } from '../limits/counters.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'
import { withPasskey } from './use-passkey.ts'

const wrongCode: FieldError = {
  field: 'code',
  code: 'wrong_code',
  message: 'That code is not right, or was used before.',
}
const wrongPassword: FieldError = {
  field: 'password',
  code: 'wrong_current_password',
  message: 'The current password is not right.',
}

/**
 * Somebody signed in shows once more who it is (LOG-08): by a code where the account has an authenticator (MFA-07), else by
 * the password. The session gets a new value (SES-02), which is answered. Throws `wrong_current_password`,
 * `invalid_fields`, `too_many_attempts`.
 */
export async function stepUp(
  context: SignInContext,
  signedIn: SignedIn,
  shown: { password: string; code: string },
  client: Client,
): Promise<string> {
  const { users, factors, limits, limitSettings, hasher, audit, changes, sessions } = context
  const userId = signedIn.user.id
  const account = await users.findCredentials(userId)
  if (!account) throw new AuthError('not_signed_in')
  const byCode = await factors.isOn(userId)
  const counters = byCode
    ? secondFactorCounters(`user-${userId}`, signedIn.session.id, true)
    : passwordChangeCounters(limitSettings, `user-${userId}`)
  const place = await limits.take(counters)
  let settled = false
  try {
    const known =
      !byCode &&
      (await context.inTurn(networkOf(client.address), () =>
        hasher.verify(shown.password, account.password_hash, account.password_imported),
      ))
    const token = await changes.transaction(async (trx, changed) => {
      const row = await users.get(trx, userId)
      const method = byCode ? await factors.use(trx, userId, shown.code) : null
      const right = byCode
        ? method !== null
        : known && row?.password_changed_at === account.password_changed_at && !(await factors.isOn(userId, trx))
      await limits.giveBack(trx, place, right ? 'passed' : 'failed')
      const result = right ? 'ok' : 'failed'
      await audit.record(trx, { event: 'step_up', result, userId, session: signedIn.session.id }, client)
      if (method === 'recovery_code') {
        await audit.record(trx, { event: 'recovery_code_used', result: 'ok', userId }, client)
        await notify(context, trx, userId, 'recovery_code_used', client)
      }
      changed(userId)
      return right ? await sessions.confirm(trx, signedIn.session.key) : null
    })
    settled = true
    if (token === undefined) throw new AuthError('not_signed_in')
    if (token !== null) return token
  } finally {
    if (!settled) await changes.transaction((trx) => limits.giveBack(trx, place, 'undecided')).catch(() => {})
  }
  throw byCode
    ? new AuthError('invalid_fields', { fields: [wrongCode] })
    : new AuthError('wrong_current_password', { fields: [wrongPassword] })
}

/**
 * The same by a passkey of the account that has seen its person, whether or not there is an authenticator, or by a security
 * key, which stands beside one. Throws `passkey_refused`, `passkeys_unavailable`.
 */
export async function stepUpByPasskey(
  context: SignInContext,
  signedIn: SignedIn,
  shown: { credential: AuthenticationResponseJSON; browser: string | null; device: string | null },
  client: Client,
): Promise<string> {
  const { passkeys, users, devices, audit, changes, sessions } = context
  const userId = signedIn.user.id
  const use = await passkeys.proveUse({ browser: shown.browser, ceremony: 'step_up', userId }, shown.credential)
  const account = await users.findCredentials(userId)
  if (!account) throw new AuthError('not_signed_in')
  const from = { client, browser: devices.find(shown.device, account) }
  const token = await withPasskey(context, use, from, (accept) =>
    changes.transaction(async (trx, changed) => {
      await users.get(trx, userId)
      await accept(trx)
      await audit.record(trx, { event: 'step_up', result: 'ok', userId, session: signedIn.session.id }, client)
      changed(userId)
      return sessions.confirm(trx, signedIn.session.key)
    }),
  )
  if (token === undefined) throw new AuthError('not_signed_in')
  return token
}

/** Ends the ten minutes before their time: for whoever leaves a device alone that stays signed in. */
export async function dropStepUp({ changes, sessions }: SignInContext, { user, session }: SignedIn): Promise<void> {
  await changes.transaction(async (trx, changed) => {
    await sessions.unconfirm(trx, session.key)
    changed(user.id)
  })
}
