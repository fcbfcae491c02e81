import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Invitation, InvitationKey } from '../invitations/invitations.ts'
import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { canonical } from '../users/account-names.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Who may make an account: everybody, who was invited, everybody but an administrator decides, nobody. */
export const registrations = ['open', 'invitation', 'approval', 'closed'] as const
export type Registration = (typeof registrations)[number]

/** Somebody may register. `settle` belongs into the transaction that makes the account. */
export interface Admission {
  /** The invitation was mailed to the very address that the account gets. */
  readonly addressShown: boolean
  /** Uses the invitation up, or lets the account wait. Throws `link_invalid` where another was faster. */
  settle(trx: Kysely<AuthTables>, userId: number): Promise<void>
}

/**
 * Whether somebody may make an account: every registration asks here, by form, program, passkey or provider, before
 * anything is computed for it, and settles in its transaction. `email` is undefined where it is not known yet. An
 * invitation lets in past approval too. Throws `registration_closed`, `invitation_required`, `link_invalid`,
 * `invalid_fields` for an address that was not invited.
 */
export async function admission(
  context: SignInContext,
  asked: { invitation: InvitationKey | null; email: string | null | undefined; client: Client },
): Promise<Admission> {
  const { registration, invitations } = context
  const invitation = asked.invitation && (await invitations.find(asked.invitation))
  // The first administrator comes in by any setting: nobody else could change one.
  if (registration === 'closed' && invitation?.role !== 'admin') throw new AuthError('registration_closed')
  if (asked.invitation && !invitation) throw new AuthError('link_invalid')
  if (registration === 'invitation' && !invitation) throw new AuthError('invitation_required')
  const { email, client } = asked
  if (email !== undefined && invitation) refuseOtherAddress(invitation, email)
  return {
    addressShown: invitation?.sent ?? false,
    async settle(trx, userId) {
      if (invitation) await useInvitation(context, trx, invitation.id, userId, client)
      else if (registration === 'approval') await context.users.setWaiting(trx, userId, context.clock())
    },
  }
}

function refuseOtherAddress(invitation: Invitation, email: string | null): void {
  if (invitation.email === null || canonical(invitation.email) === canonical(email ?? '')) return
  const message = 'Your invitation is for another address. Use the one that you were invited by.'
  throw new AuthError('invalid_fields', { fields: [{ field: 'email', code: 'email_not_invited', message }] })
}

async function useInvitation(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  id: string,
  userId: number,
  client: Client,
): Promise<void> {
  const { audit, invitations } = context
  const invitation = await invitations.take(trx, id)
  if (!invitation) throw new AuthError('link_invalid')
  const { role, madeBy } = invitation
  await audit.record(trx, { event: 'invitation_used', result: 'ok', userId, detail: { made_by: madeBy } }, client)
  if (role === 'admin') await becomeFirst(context, trx, userId, client)
}

/** Makes the first administrator of this server. Throws `link_invalid` where there is one by now: the code is void then. */
export async function becomeFirst(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
  client: Client,
): Promise<void> {
  const { users, audit } = context
  if ((await users.lockAdmins(trx)).length > 0) throw new AuthError('link_invalid')
  await users.setRole(trx, userId, 'admin')
  await audit.record(trx, { event: 'admin_role_given', result: 'ok', userId, actor: 'first start' }, client)
}
