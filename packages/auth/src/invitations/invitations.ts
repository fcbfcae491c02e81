import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import { randomToken, tokenHash } from '../lib/secrets.ts'
import type { Role } from '../users/user.ts'
import { createInvitationStore } from './invitation-store.ts'

/** Somebody may make an account. Times are milliseconds since 1970. */
export interface Invitation {
  readonly id: string
  /** `admin` only for the first administrator of a server. */
  readonly role: Role
  /** The only address that the account may have; null for any. */
  readonly email: string | null
  /** It went to that address by mail, and nobody else has seen it: whoever has it reads that mailbox. */
  readonly sent: boolean
  /** `administrator 7`, `command line`. */
  readonly madeBy: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** How an invitation is named: by the secret in its link, or by what a trip to a provider has kept of it. */
export type InvitationKey = { readonly token: string } | { readonly id: string }

export type Invitations = ReturnType<typeof createInvitations>

/** One-time links that let somebody register: 256 random bits, stored as hashes; gone once used or withdrawn. */
export function createInvitations(deps: { db: Database<AuthTables>; clock: Clock }) {
  const { db, clock } = deps
  const store = createInvitationStore(db)
  type Row = NonNullable<Awaited<ReturnType<typeof store.findById>>>

  const read = (row: Row | undefined): Invitation | null =>
    row && clock() < row.expires_at
      ? {
          id: row.id,
          role: row.role === 'admin' ? 'admin' : 'user',
          email: row.email,
          sent: Boolean(row.sent),
          madeBy: row.made_by,
          createdAt: row.created_at,
          expiresAt: row.expires_at,
        }
      : null

  return {
    /** Makes one that works for so many milliseconds, and answers its secret. */
    async make(
      trx: Kysely<AuthTables>,
      order: { role: Role; email: string | null; sent: boolean; madeBy: string; lifetime: number },
    ): Promise<{ id: string; token: string; expiresAt: number }> {
      const token = randomToken()
      const id = randomUUID()
      const now = clock()
      const expiresAt = now + order.lifetime
      await store.insert(trx, {
        id,
        token_hash: tokenHash(token),
        role: order.role,
        email: order.email,
        sent: order.sent,
        made_by: order.madeBy,
        created_at: now,
        expires_at: expiresAt,
      })
      return { id, token, expiresAt }
    },

    /** One that still works, without using it up. */
    find: async (key: InvitationKey): Promise<Invitation | null> =>
      read(
        'token' in key ? await store.findByToken(tokenHash(key.token), clock()) : await store.findById(key.id, clock()),
      ),

    /** Uses it up, or withdraws it; null where it was used, withdrawn or has expired. */
    take: async (trx: Kysely<AuthTables>, id: string): Promise<Invitation | null> => read(await store.take(trx, id)),

    /** Those for a role that still work, the newest first. */
    async list(role: Role): Promise<Invitation[]> {
      const rows = await store.list(role, clock())
      return rows.flatMap((row) => read(row) ?? [])
    },

    /** Whether somebody may still become the first administrator. Asked at every start. */
    isOpenForAdmin: async (): Promise<boolean> => (await store.endsOfAdmin()).some((end) => clock() < end),

    /** None for this role works any more. */
    voidAll: (trx: Kysely<AuthTables>, role: Role): Promise<void> => store.removeRole(trx, role),

    sweep: (most: number): Promise<number> => store.sweep(clock(), most),
  }
}
