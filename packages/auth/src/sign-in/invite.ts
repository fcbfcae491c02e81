import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { days } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import { invitationLetter } from '../mail/letter-texts.ts'
import { checkEmail } from '../users/account-names.ts'
import { findAccount } from '../users/find-account.ts'
import type { Acting } from './administer.ts'
import { wordsFor } from './person-language.ts'
import type { SignInContext } from './sign-in-context.ts'

export interface InvitationOrder {
  /** The only address that the account may have; null for any. */
  readonly email: string | null
  /** How long it works. */
  readonly days: number
}

export interface InvitationMade {
  readonly id: string
  /** The address to hand on, this once; null where it went to the address by mail and nobody else is to see it. */
  readonly url: string | null
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** A fresh server's first administrator has a day: the code stands where the server's output goes. */
const FIRST_ADMINISTRATOR = days(1)

/**
 * Makes a one-time link by which one account can be made. With an address and mail it is sent there, else it is answered to
 * be handed on. `origin` is the configured address (RST-04). Throws `registration_closed`, `invalid_fields`, `email_taken`,
 * `forbidden`.
 */
export async function invite(
  context: SignInContext,
  order: InvitationOrder,
  acting: Acting,
  origin: string,
): Promise<InvitationMade> {
  const { changes, invitations, audit, mail, users } = context
  const { email } = order
  if (context.registration === 'closed') throw new AuthError('registration_closed')
  const wrong = email === null ? null : checkEmail(email)
  if (wrong) throw new AuthError('invalid_fields', { fields: [wrong] })
  if (email !== null && (await findAccount(users, email))) {
    const message = 'That address already has an account.'
    throw new AuthError('email_taken', { detail: message, fields: [{ field: 'email', code: 'email_taken', message }] })
  }
  const sent = email !== null && mail !== null
  return changes.transaction(async (trx) => {
    await refuseFormer(context, trx, acting)
    const madeBy = nameOf(acting)
    const { id, token, expiresAt } = await invitations.make(trx, {
      role: 'user',
      email,
      sent,
      madeBy,
      lifetime: days(order.days),
    })
    const url = registrationUrl(origin, token)
    if (sent) {
      const content = invitationLetter({ words: wordsFor(context, null), site: mail.siteName, url, until: expiresAt })
      await mail.enqueue(trx, { kind: 'invitation', userId: null, to: email, content, expiresAt })
    }
    await audit.record(trx, { event: 'invitation_made', result: 'ok', ...actorOf(acting) }, acting.client)
    return { id, url: sent ? null : url, expiresAt }
  })
}

/** The link does not work any more. Throws `not_found` where it was used, withdrawn or has expired; `forbidden`. */
export async function withdrawInvitation(context: SignInContext, id: string, acting: Acting): Promise<void> {
  const { changes, invitations, audit } = context
  await changes.transaction(async (trx) => {
    await refuseFormer(context, trx, acting)
    if ((await invitations.take(trx, id))?.role !== 'user') throw new AuthError('not_found')
    await audit.record(trx, { event: 'invitation_withdrawn', result: 'ok', ...actorOf(acting) }, acting.client)
  })
}

/**
 * A one-time address by which somebody becomes the administrator of a server that has none (ADM-01); null where there is
 * one, or such an address was made within the last day: it stands where that start has written it.
 */
export async function firstAdministratorUrl(context: SignInContext, origin: string): Promise<string | null> {
  const { changes, users, invitations } = context
  if ((await users.hasAdmin()) || (await invitations.isOpenForAdmin())) return null
  return changes.transaction(async (trx) => {
    if ((await users.lockAdmins(trx)).length > 0) return null
    const { token } = await invitations.make(trx, {
      role: 'admin',
      email: null,
      sent: false,
      madeBy: 'first start',
      lifetime: FIRST_ADMINISTRATOR,
    })
    return `${origin}/auth/first-administrator?token=${token}`
  })
}

const registrationUrl = (origin: string, token: string): string => `${origin}/auth/register?invitation=${token}`

const nameOf = ({ by }: Acting): string => (typeof by === 'string' ? by : `administrator ${by.id}`)

/** Whose log tells of it: an administrator's own, or the server's alone. */
const actorOf = ({ by }: Acting) => (typeof by === 'string' ? { actor: by } : { userId: by.id })

/** The role may have been taken away since the request came in. */
async function refuseFormer({ users }: SignInContext, trx: Kysely<AuthTables>, { by }: Acting): Promise<void> {
  if (typeof by !== 'string' && !(await users.lockAdmins(trx)).includes(by.id)) throw new AuthError('forbidden')
}
