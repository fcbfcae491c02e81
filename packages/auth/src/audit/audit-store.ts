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

    history: (userId: number, most: number) =>
      db.read
        .selectFrom('audit_events')
        .select(['at', 'event', 'result', 'actor', 'address', 'user_agent'])
        .where('user_id', '=', userId)
        .where('event', '<>', 'token_refresh')
        .orderBy('id', 'desc')
        .limit(most)
        .execute(),

    /** Deletes up to `most` events from before `before`; answers how many there were. */
    async sweep(before: number, most: number): Promise<number> {
      // Numbers grow with time, so the oldest lead and no index by time is needed.
      const oldest = await db.read.selectFrom('audit_events').select(['id', 'at']).orderBy('id').limit(most).execute()
      const old = oldest.filter((row) => row.at < before).map((row) => row.id)
      if (old.length === 0) return 0
      await db.transaction((trx) => trx.deleteFrom('audit_events').where('id', 'in', old).execute())
      return old.length
    },
  }
}
