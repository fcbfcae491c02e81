import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { canonical } from '../users/account-names.ts'
import type { SignInContext } from './sign-in-context.ts'

/** What a link "this was not me" holds. */
export interface Undo {
  /** The confirmed address to which the notice went; null for one that was not confirmed. */
  readonly address: string | null
  readonly confirmedAt: number | null
  /** The user name that the account had before what the notice tells of. */
  readonly username: string
}

/** An account as a transaction sees it. */
export interface AddressOwner {
  readonly id: number
  readonly username: string
  readonly display_name: string | null
  readonly email: string
  readonly email_verified_at: number | null
  readonly language: string | null
}

export const readUndo = (payload: string): Undo => JSON.parse(payload)

/**
 * The link "this was not me" of a notice, made in the transaction of what the notice tells of. A newer one does not void it:
 * a thief's later changes are told to the thief's address, and the owner has only the older link.
 */
export async function makeUndoLink(context: SignInContext, trx: Kysely<AuthTables>, account: AddressOwner) {
  const confirmedAt = account.email_verified_at
  const address = confirmedAt === null ? null : account.email
  const undo: Undo = { address, confirmedAt, username: account.username }
  const keeps = address === null ? null : canonical(address)
  return context.links.add(trx, account.id, 'undo', { payload: JSON.stringify(undo), keeps })
}
