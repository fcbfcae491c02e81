import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createAuditStore(db: Database<AuthTables>) {
  return {
    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['audit_events']>): Promise<void> {
      await trx.insertInto('audit_events').values(row).execute()
    },

    list: (userId: number, most: number) =>
      db.read
        .selectFrom('audit_events')
        .select(['id', 'at', 'event', 'result', 'actor', 'address', 'user_agent', 'session', 'detail'])
        .where('user_id', '=', userId)
        .orderBy('id', 'desc')
        .limit(most)
        .execute(),

    /** Deletes up to `most` events from before `before`. Numbers grow with time, so the oldest lead. */
    async sweep(before: number, most: number): Promise<number> {
      return db.transaction(async (trx) => {
        const oldest = trx.selectFrom('audit_events').select(['id', 'at']).orderBy('id').limit(most).as('oldest')
        const old = trx.selectFrom(oldest).select('oldest.id').where('oldest.at', '<', before)
        const { numDeletedRows } = await trx.deleteFrom('audit_events').where('id', 'in', old).executeTakeFirst()
        return Number(numDeletedRows)
      })
    },
  }
}
