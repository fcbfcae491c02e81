import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createOutboxStore(db: Database<AuthTables>) {
  return {
    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['outbox']>): Promise<void> {
      await trx.insertInto('outbox').values(row).execute()
    },

    async due(now: number, most: number): Promise<string[]> {
      const rows = await db.read
        .selectFrom('outbox')
        .select('id')
        .where('next_try_at', '<=', now)
        .where('leased_until', '<=', now)
        .orderBy('next_try_at')
        .limit(most)
        .execute()
      return rows.map(({ id }) => id)
    },

    /** Takes a row until `until`: of many senders at once exactly one gets it. */
    lease: (id: string, now: number, until: number) =>
      db.transaction((trx) =>
        trx
          .updateTable('outbox')
          .set((row) => ({ leased_until: until, tries: row('tries', '+', 1) }))
          .where('id', '=', id)
          .where('next_try_at', '<=', now)
          .where('leased_until', '<=', now)
          .returningAll()
          .executeTakeFirst(),
      ),

    /** Only under the lease that it was taken with: a sender that was away too long changes nothing, and gets false. */
    async remove(trx: Kysely<AuthTables>, id: string, lease: number): Promise<boolean> {
      const gone = await trx
        .deleteFrom('outbox')
        .where('id', '=', id)
        .where('leased_until', '=', lease)
        .executeTakeFirst()
      return gone.numDeletedRows === 1n
    },

    async putBack(id: string, lease: number, nextTryAt: number, error: string): Promise<void> {
      await db.transaction((trx) =>
        trx
          .updateTable('outbox')
          .set({ leased_until: 0, next_try_at: nextTryAt, last_error: error })
          .where('id', '=', id)
          .where('leased_until', '=', lease)
          .execute(),
      )
    },

    async waitingSince(before: number): Promise<{ count: number; lastError: string | null }> {
      const row = await db.read
        .selectFrom('outbox')
        .select((of) => [of.fn.countAll<number>().as('count'), of.fn.max('last_error').as('last')])
        .where('created_at', '<=', before)
        .executeTakeFirst()
      return { count: Number(row?.count ?? 0), lastError: row?.last ?? null }
    },
  }
}

export type OutboxStore = ReturnType<typeof createOutboxStore>
