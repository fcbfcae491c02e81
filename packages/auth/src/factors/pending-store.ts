import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createPendingStore(db: Database<AuthTables>) {
  return {
    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['pending_sign_ins']>): Promise<void> {
      await trx.insertInto('pending_sign_ins').values(row).execute()
    },

    /** Deletes the oldest of an account beyond `most`, among those of known browsers or among the others. */
    async trim(trx: Kysely<AuthTables>, userId: number, known: boolean, most: number): Promise<void> {
      const old = trx
        .selectFrom('pending_sign_ins')
        .select('token_hash')
        .where('user_id', '=', userId)
        .where('known_device', '=', known)
        .orderBy('created_at', 'desc')
        .offset(most)
        .limit(1000)
      await trx.deleteFrom('pending_sign_ins').where('token_hash', 'in', old).execute()
    },

    find: (hash: Uint8Array) =>
      db.read.selectFrom('pending_sign_ins').selectAll().where('token_hash', '=', hash).executeTakeFirst(),

    take: (trx: Kysely<AuthTables>, hash: Uint8Array) =>
      trx.deleteFrom('pending_sign_ins').where('token_hash', '=', hash).returningAll().executeTakeFirst(),

    async countWrong(trx: Kysely<AuthTables>, hash: Uint8Array, most: number): Promise<void> {
      await trx
        .updateTable('pending_sign_ins')
        .set((eb) => ({ tries: eb('tries', '+', 1) }))
        .where('token_hash', '=', hash)
        .execute()
      await trx.deleteFrom('pending_sign_ins').where('token_hash', '=', hash).where('tries', '>=', most).execute()
    },

    async deleteAll(trx: Kysely<AuthTables>, userId: number): Promise<void> {
      await trx.deleteFrom('pending_sign_ins').where('user_id', '=', userId).execute()
    },

    async sweep(now: number, most: number): Promise<number> {
      const old = await db.read
        .selectFrom('pending_sign_ins')
        .select('token_hash')
        .where('expires_at', '<=', now)
        .limit(most)
        .execute()
      if (old.length === 0) return 0
      const keys = old.map((row) => row.token_hash)
      await db.transaction((trx) => trx.deleteFrom('pending_sign_ins').where('token_hash', 'in', keys).execute())
      return old.length
    },
  }
}
