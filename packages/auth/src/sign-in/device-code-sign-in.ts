import type { DeviceCodeMade, ProgramAsking } from '../device-codes/device-codes.ts'
import { readUserCode } from '../device-codes/user-code.ts'
import { AuthError, type ErrorCode } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { deviceCodeCounters, userCodeCounters } from '../limits/counters.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { finish, startedNow, type TokensStarted } from './finish.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Begins a sign-in of a program without a browser (RFC 8628 section 3.1). Throws `too_many_attempts`. */
export async function beginDeviceCode(
  { limits, changes, deviceCodes }: SignInContext,
  program: string,
  client: Client,
): Promise<DeviceCodeMade> {
  const place = await limits.take(deviceCodeCounters(client.address))
  return changes.transaction(async (trx) => {
    await limits.giveBack(trx, place, 'failed')
    return deviceCodes.begin(trx, program, client)
  })
}

const enteredBy = ({ user, session }: SignedIn) => ({ userId: user.id, session: session.startedAs })

const wrongCode = (message: string): AuthError =>
  new AuthError('invalid_fields', { fields: [{ field: 'user_code', code: 'wrong_code', message }] })

/**
 * What a person has typed off a program; answers the id of what is to be decided. It allows nothing. Wrong codes are counted
 * for the account, for the network and for everybody together, since any of the codes that wait would do for who guesses (RFC
 * 8628 section 5.1). Throws `invalid_fields`, `too_many_attempts`.
 */
export async function enterUserCode(
  { limits, changes, deviceCodes, audit, users }: SignInContext,
  signedIn: SignedIn,
  typed: string,
  client: Client,
): Promise<string> {
  const code = readUserCode(typed)
  if (code === null) throw wrongCode('A code has eight letters, and no vowels.')
  const userId = signedIn.user.id
  const place = await limits.take(userCodeCounters(`user-${userId}`, client.address)).catch((error: unknown) => {
    audit.note({ event: 'program_allowed', result: 'limited', userId }, client)
    throw error
  })
  const id = await changes.transaction(async (trx) => {
    await users.get(trx, userId)
    const found = await deviceCodes.enter(trx, code, enteredBy(signedIn))
    await limits.giveBack(trx, place, found === null ? 'failed' : 'passed')
    if (found === null) await audit.record(trx, { event: 'program_allowed', result: 'failed', userId }, client)
    return found
  })
  if (id === null)
    throw wrongCode('No program waits with this code. Codes work for ten minutes: look again, or start anew.')
  return id
}

/** What this person has entered and has to decide on. Throws `not_found` where that has ended. */
export async function programAsking(
  { deviceCodes }: SignInContext,
  signedIn: SignedIn,
  id: string,
): Promise<ProgramAsking> {
  const found = await deviceCodes.entered(id, enteredBy(signedIn))
  if (!found) throw new AuthError('not_found')
  return found
}

/** Lets the program in, or not: once, and by whoever has entered its code. Throws `not_found` where that has ended. */
export async function decideOnProgram(
  { deviceCodes, changes, audit, users }: SignInContext,
  signedIn: SignedIn,
  { id, decision }: { id: string; decision: 'allowed' | 'refused' },
  client: Client,
): Promise<void> {
  const { user, session } = signedIn
  await changes.transaction(async (trx) => {
    await users.get(trx, user.id)
    const program = await deviceCodes.decide(trx, id, enteredBy(signedIn), decision)
    if (program === null) throw new AuthError('not_found')
    const event = decision === 'allowed' ? 'program_allowed' : 'program_refused'
    await audit.record(trx, { event, result: 'ok', userId: user.id, session: session.id, detail: { program } }, client)
  })
}

/** The words of RFC 8628 section 3.5. */
export type DeviceCodeRefusal = 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token'

/**
 * A program asks how it stands with its code (RFC 8628 section 3.4). Tokens come once, for whoever asks first after the
 * person has said yes; the account is looked at in that moment, as in every sign-in. A code that never was, was used or has
 * expired gets one answer, so that nobody learns which.
 */
export async function askWithDeviceCode(
  context: SignInContext,
  { deviceCode, program }: { deviceCode: string; program: string },
  client: Client,
): Promise<DeviceCodeRefusal | TokensStarted> {
  const { deviceCodes } = context
  const { state, userId } = await deviceCodes.ask(deviceCode, program)
  if (state === 'waits') return 'authorization_pending'
  if (state === 'too early') return 'slow_down'
  if (state === 'refused') return 'access_denied'
  if (state === 'unknown' || userId === null) return 'expired_token'
  try {
    return await letIn(context, { deviceCode, program, userId }, client)
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    if (error.code === 'sign_in_expired') return 'expired_token'
    if (!denials.has(error.code)) throw error
    // Else it could be asked for again and again until it expires, with a transaction each time.
    await context.changes.transaction((trx) => deviceCodes.take(trx, deviceCode))
    return 'access_denied'
  }
}

/** What can have become of an account since its owner said yes. */
const denials: ReadonlySet<ErrorCode> = new Set([
  'invalid_credentials',
  'account_leaving',
  'account_waiting',
  'second_factor_required',
  'second_factor_enrolment_required',
])

async function letIn(
  context: SignInContext,
  { deviceCode, program, userId }: { deviceCode: string; program: string; userId: number },
  client: Client,
): Promise<TokensStarted> {
  const { users, sessions, deviceCodes } = context
  const started = await finish(
    context,
    {
      method: 'device_code',
      event: 'token_sign_in',
      // The step-up, without which nobody says yes, has asked for whatever the account has.
      factors: ['knowledge', 'possession'],
      client,
      async establish(trx) {
        // The account first, as whoever ends its sessions does: else one of the two would not see the other.
        await users.get(trx, userId)
        const taken = await deviceCodes.take(trx, deviceCode)
        if (taken?.user_id !== userId) throw new AuthError('sign_in_expired')
        // What ends the session of who said yes ends this too: a sign-out everywhere must leave no way in behind (CHG-02).
        const isOpen = taken.session !== null && (await sessions.isOpen(trx, userId, taken.session))
        if (!isOpen) throw new AuthError('invalid_credentials')
        return userId
      },
    },
    { kind: 'tokens', name: program },
  )
  return startedNow(started)
}
