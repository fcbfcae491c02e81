import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

/** Keys of an account: some are known whole; of others the beginning is, which holds no sign that LIKE reads. */
export interface KeysOfAccount {
  readonly whole: readonly string[]
  readonly begun: readonly string[]
}

export function createLimitStore(db: Database<AuthTables>) {
  const find = db.statement<{ key: string }, { state: string }>((q, param) =>
    q.selectFrom('limits').select('state').where('key', '=', param('key')),
  )
  return {
    find: (key: string) => find.first({ key }),

    /** Reads a row and keeps others from it until the transaction ends; makes it where there is none. */
    async lock(trx: Kysely<AuthTables>, key: string): Promise<string> {
      const row = await trx
        .insertInto('limits')
        .values({ key, state: '', expires_at: 0 })
        .onConflict((on) => on.column('key').doUpdateSet({ key }))
        .returning('state')
        .executeTakeFirstOrThrow()
      return row.state
    },

    async save(trx: Kysely<AuthTables>, key: string, state: string, expiresAt: number): Promise<void> {
      await trx.updateTable('limits').set({ state, expires_at: expiresAt }).where('key', '=', key).execute()
    },

    async remove(trx: Kysely<AuthTables>, keys: readonly string[]): Promise<void> {
      // PostgreSQL does not read an empty list.
      if (keys.length > 0) await trx.deleteFrom('limits').where('key', 'in', keys).execute()
    },

    async keysOf({ whole, begun }: KeysOfAccount): Promise<string[]> {
      const rows = await db.read
        .selectFrom('limits')
        .select('key')
        .where((is) => is.or([is('key', 'in', whole), ...begun.map((text) => is('key', 'like', `${text}%`))]))
        .execute()
      return rows.map(({ key }) => key)
    },

    /** Rows that still count, the latest end first, without those of names that nobody has. */
    running: (now: number, most: number): Promise<{ key: string; state: string }[]> =>
      db.read
        .selectFrom('limits')
        .select(['key', 'state'])
        .where('expires_at', '>', now)
        .where('key', 'not like', 'pair:name-%')
        .where('key', 'not like', 'streak:name-%')
        .orderBy('expires_at', 'desc')
        .limit(most)
        .execute(),

    /** How many rows ended before `at` and are still there. */
    async endedBefore(at: number): Promise<number> {
      const row = await db.read
        .selectFrom('limits')
        .select((of) => of.fn.countAll<number | string>().as('n'))
        // A row that is locked at this moment has no end yet.
        .where('expires_at', '>', 0)
        .where('expires_at', '<=', at)
        .executeTakeFirst()
      return Number(row?.n ?? 0)
    },

    /** Deletes up to `most` rows that count no more; answers how many there were. */
    async sweep(now: number, most: number): Promise<number> {
      const old = await db.read.selectFrom('limits').select('key').where('expires_at', '<=', now).limit(most).execute()
      if (old.length === 0) return 0
      const keys = old.map((row) => row.key)
      await db.transaction((trx) =>
        trx.deleteFrom('limits').where('key', 'in', keys).where('expires_at', '<=', now).execute(),
      )
      return old.length
    },
  }
}
