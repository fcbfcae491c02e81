import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createExportStore(db: Database<AuthTables>) {
  return {
    /** The one archive of a person. */
    find: (userId: number) =>
      db.read.selectFrom('exports').selectAll().where('user_id', '=', userId).executeTakeFirst(),

    /** In place of an earlier one. */
    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['exports']>): Promise<void> {
      await trx.deleteFrom('exports').where('user_id', '=', row.user_id).execute()
      await trx.insertInto('exports').values(row).execute()
    },

    /** False where the archive is no longer wanted. */
    async update(
      trx: Kysely<AuthTables>,
      id: string,
      change: { done?: number; seen_at: number; finished_at?: number; size?: number },
    ): Promise<boolean> {
      const { numUpdatedRows } = await trx.updateTable('exports').set(change).where('id', '=', id).executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async addChunk(trx: Kysely<AuthTables>, export_id: string, n: number, bytes: Uint8Array): Promise<void> {
      await trx.insertInto('export_chunks').values({ export_id, n, bytes }).execute()
    },

    async chunk(id: string, n: number): Promise<Uint8Array | undefined> {
      const row = await db.read
        .selectFrom('export_chunks')
        .select('bytes')
        .where('export_id', '=', id)
        .where('n', '=', n)
        .executeTakeFirst()
      return row?.bytes
    },

    async sweep(before: number, most: number): Promise<number> {
      const old = await db.read
        .selectFrom('exports')
        .select('id')
        .where('created_at', '<=', before)
        .limit(most)
        .execute()
      if (old.length === 0) return 0
      const ids = old.map((row) => row.id)
      await db.transaction((trx) => trx.deleteFrom('exports').where('id', 'in', ids).execute())
      return ids.length
    },
  }
}
