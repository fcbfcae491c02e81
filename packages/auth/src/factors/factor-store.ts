import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createFactorStore(db: Database<AuthTables>) {
  const authenticators = (from: Kysely<AuthTables>, userId: number) =>
    from.selectFrom('authenticators').selectAll().where('user_id', '=', userId).orderBy('created_at').execute()

  return {
    list: (userId: number) => authenticators(db.read, userId),
    listIn: authenticators,

    async isOn(trx: Kysely<AuthTables>, userId: number): Promise<boolean> {
      const row = await trx
        .selectFrom('authenticators')
        .select('id')
        .where('user_id', '=', userId)
        .where('confirmed_at', 'is not', null)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['authenticators']>): Promise<void> {
      await trx.insertInto('authenticators').values(row).execute()
    },

    /** Only a step newer than the last one: of many who bring the same code at once, one gets it (MFA-01). */
    async takeStep(trx: Kysely<AuthTables>, id: string, step: number, now: number): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('authenticators')
        .set({ last_step: step, last_used_at: now })
        .where('id', '=', id)
        .where('last_step', '<', step)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async confirm(trx: Kysely<AuthTables>, id: string, now: number): Promise<void> {
      await trx.updateTable('authenticators').set({ confirmed_at: now }).where('id', '=', id).execute()
    },

    async remove(trx: Kysely<AuthTables>, userId: number, id: string): Promise<boolean> {
      const { numDeletedRows } = await trx
        .deleteFrom('authenticators')
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .where('confirmed_at', 'is not', null)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },

    /** Every authenticator and recovery code of a person; answers whether there was one that counted. */
    async removeAll(trx: Kysely<AuthTables>, userId: number): Promise<boolean> {
      const removed = await trx
        .deleteFrom('authenticators')
        .where('user_id', '=', userId)
        .returning('confirmed_at')
        .execute()
      await trx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
      return removed.some(({ confirmed_at }) => confirmed_at !== null)
    },

    async removeUnconfirmed(trx: Kysely<AuthTables>, userId: number): Promise<void> {
      await trx.deleteFrom('authenticators').where('user_id', '=', userId).where('confirmed_at', 'is', null).execute()
    },

    async replaceCodes(
      trx: Kysely<AuthTables>,
      userId: number,
      hashes: readonly Uint8Array[],
      now: number,
    ): Promise<void> {
      await trx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
      for (const code_hash of hashes) {
        await trx.insertInto('recovery_codes').values({ code_hash, user_id: userId, created_at: now }).execute()
      }
    },

    async useCode(trx: Kysely<AuthTables>, userId: number, hash: Uint8Array, now: number): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('recovery_codes')
        .set({ used_at: now })
        .where('code_hash', '=', hash)
        .where('user_id', '=', userId)
        .where('used_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async codesLeft(userId: number, from: Kysely<AuthTables> = db.read): Promise<number> {
      const rows = await from
        .selectFrom('recovery_codes')
        .select('code_hash')
        .where('user_id', '=', userId)
        .where('used_at', 'is', null)
        .execute()
      return rows.length
    },
  }
}
