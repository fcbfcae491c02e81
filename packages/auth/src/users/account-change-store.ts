import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createAccountChangeStore(db: Database<AuthTables>) {
  const newest = db.statement<Record<never, never>, { n: number }>((q) =>
    q.selectFrom('account_change_counter').select('n').where('id', '=', 1),
  )
  const since = db.statement<{ n: number }, { n: number; user_id: number }>((q, param) =>
    q.selectFrom('account_changes').select(['n', 'user_id']).where('n', '>', param('n')).orderBy('n').limit(1000),
  )
  return {
    newest: async (): Promise<number> => (await newest.first({}))?.n ?? 0,
    since: (n: number) => since.all({ n }),

    /** The counter's row is locked until the commit, so numbers are committed in order and none is missed. */
    async add(trx: Kysely<AuthTables>, userId: number, at: number): Promise<void> {
      const { n } = await trx
        .updateTable('account_change_counter')
        .set((eb) => ({ n: eb('n', '+', 1) }))
        .where('id', '=', 1)
        .returning('n')
        .executeTakeFirstOrThrow()
      await trx.insertInto('account_changes').values({ n, user_id: userId, at }).execute()
    },

    async sweep(before: number, most: number): Promise<number> {
      const old = await db.read.selectFrom('account_changes').select('n').where('at', '<', before).limit(most).execute()
      if (old.length === 0) return 0
      const keys = old.map((row) => row.n)
      await db.transaction((trx) =>
        trx.deleteFrom('account_changes').where('n', 'in', keys).where('at', '<', before).execute(),
      )
      return old.length
    },
  }
}
