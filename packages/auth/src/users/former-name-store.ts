import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

/** SQL of user names that their owners have given up, by their canonical form (REG-02). */
export function createFormerNameStore(db: Database<AuthTables>) {
  return {
    /** For whom a name is kept, if for anybody. */
    async keptFor(trx: Kysely<AuthTables>, key: string): Promise<number | undefined> {
      const row = await trx
        .selectFrom('former_usernames')
        .select('user_id')
        .where('username_key', '=', key)
        .executeTakeFirst()
      return row?.user_id
    },

    async count(trx: Kysely<AuthTables>, userId: number): Promise<number> {
      const row = await trx
        .selectFrom('former_usernames')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow()
      return Number(row.n)
    },

    list: (userId: number) =>
      db.read
        .selectFrom('former_usernames')
        .select(['username_key', 'released_at'])
        .where('user_id', '=', userId)
        .orderBy('released_at')
        .execute(),

    async keep(trx: Kysely<AuthTables>, key: string, userId: number, at: number): Promise<void> {
      await trx
        .insertInto('former_usernames')
        .values({ username_key: key, user_id: userId, released_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    async free(trx: Kysely<AuthTables>, key: string): Promise<void> {
      await trx.deleteFrom('former_usernames').where('username_key', '=', key).execute()
    },

    async sweep(before: number, most: number): Promise<number> {
      const old = await db.read
        .selectFrom('former_usernames')
        .select('username_key')
        .where('released_at', '<', before)
        .limit(most)
        .execute()
      if (old.length === 0) return 0
      const keys = old.map((row) => row.username_key)
      await db.transaction((trx) =>
        trx
          .deleteFrom('former_usernames')
          .where('username_key', 'in', keys)
          .where('released_at', '<', before)
          .execute(),
      )
      return old.length
    },
  }
}

export type FormerNameStore = ReturnType<typeof createFormerNameStore>
