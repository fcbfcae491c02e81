import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createIdentityStore(db: Database<AuthTables>) {
  return {
    find: (from: Kysely<AuthTables>, issuer: string, subject: string) =>
      from
        .selectFrom('identities')
        .select(['id', 'user_id'])
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst(),

    list: (userId: number, from: Kysely<AuthTables> = db.read) =>
      from.selectFrom('identities').selectAll().where('user_id', '=', userId).orderBy('created_at').execute(),

    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['identities']>): Promise<void> {
      await trx.insertInto('identities').values(row).execute()
    },

    async setUsed(trx: Kysely<AuthTables>, id: string, name: string, at: number): Promise<void> {
      await trx.updateTable('identities').set({ name, last_used_at: at }).where('id', '=', id).execute()
    },

    async remove(trx: Kysely<AuthTables>, userId: number, id: string): Promise<{ provider: string } | undefined> {
      return trx
        .deleteFrom('identities')
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .returning('provider')
        .executeTakeFirst()
    },
  }
}
