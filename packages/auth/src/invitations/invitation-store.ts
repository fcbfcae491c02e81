import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

const columns = ['id', 'role', 'email', 'sent', 'made_by', 'created_at', 'expires_at'] as const

export function createInvitationStore(db: Database<AuthTables>) {
  const open = (now: number) => db.read.selectFrom('invitations').select(columns).where('expires_at', '>', now)

  return {
    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['invitations']>): Promise<void> {
      await trx.insertInto('invitations').values(row).execute()
    },

    findByToken: (hash: Uint8Array, now: number) => open(now).where('token_hash', '=', hash).executeTakeFirst(),
    findById: (id: string, now: number) => open(now).where('id', '=', id).executeTakeFirst(),

    list: (role: string, now: number) =>
      open(now).where('role', '=', role).orderBy('created_at', 'desc').orderBy('id').execute(),

    /** When the invitations of a first administrator end, in milliseconds since 1970. */
    async endsOfAdmin(): Promise<number[]> {
      const rows = await db.plain<{ expires_at: number }>("SELECT expires_at FROM invitations WHERE role = 'admin'")
      return rows.map((row) => Number(row.expires_at))
    },

    /** Of many at once exactly one gets it. */
    take: (trx: Kysely<AuthTables>, id: string) =>
      trx.deleteFrom('invitations').where('id', '=', id).returning(columns).executeTakeFirst(),

    async removeRole(trx: Kysely<AuthTables>, role: string): Promise<void> {
      await trx.deleteFrom('invitations').where('role', '=', role).execute()
    },

    async sweep(before: number, most: number): Promise<number> {
      const old = await db.read
        .selectFrom('invitations')
        .select('id')
        .where('expires_at', '<=', before)
        .limit(most)
        .execute()
      if (old.length === 0) return 0
      const ids = old.map(({ id }) => id)
      await db.transaction((trx) => trx.deleteFrom('invitations').where('id', 'in', ids).execute())
      return old.length
    },
  }
}
