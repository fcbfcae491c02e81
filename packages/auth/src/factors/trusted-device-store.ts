import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createTrustedDeviceStore(db: Database<AuthTables>) {
  return {
    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['trusted_devices']>): Promise<void> {
      await trx.insertInto('trusted_devices').values(row).execute()
    },

    /** Notes the use of the one among these that the account trusts since `from` or later; false for none. */
    async use(
      trx: Kysely<AuthTables>,
      userId: number,
      hashes: readonly Uint8Array[],
      from: number,
      now: number,
    ): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('trusted_devices')
        .set({ last_used_at: now })
        .where('user_id', '=', userId)
        .where('token_hash', 'in', hashes)
        .where('created_at', '>', from)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** The one among these that the account trusts since `from` or later. */
    async findAmong(
      trx: Kysely<AuthTables>,
      userId: number,
      hashes: readonly Uint8Array[],
      from: number,
    ): Promise<Uint8Array | undefined> {
      const row = await trx
        .selectFrom('trusted_devices')
        .select('token_hash')
        .where('user_id', '=', userId)
        .where('token_hash', 'in', hashes)
        .where('created_at', '>', from)
        .executeTakeFirst()
      return row?.token_hash
    },

    list: (userId: number, from: number) =>
      db.read
        .selectFrom('trusted_devices')
        .selectAll()
        .where('user_id', '=', userId)
        .where('created_at', '>', from)
        .orderBy('last_used_at', 'desc')
        .execute(),

    async hashes(trx: Kysely<AuthTables>, userId: number): Promise<Uint8Array[]> {
      const rows = await trx.selectFrom('trusted_devices').select('token_hash').where('user_id', '=', userId).execute()
      return rows.map((row) => row.token_hash)
    },

    /** Deletes the oldest of an account beyond `most`. */
    async trim(trx: Kysely<AuthTables>, userId: number, most: number): Promise<void> {
      const old = trx
        .selectFrom('trusted_devices')
        .select('token_hash')
        .where('user_id', '=', userId)
        .orderBy('created_at', 'desc')
        .offset(most)
        .limit(1000)
      await trx.deleteFrom('trusted_devices').where('token_hash', 'in', old).execute()
    },

    async removeAmong(trx: Kysely<AuthTables>, userId: number, hashes: readonly Uint8Array[]): Promise<number> {
      if (hashes.length === 0) return 0
      const { numDeletedRows } = await trx
        .deleteFrom('trusted_devices')
        .where('user_id', '=', userId)
        .where('token_hash', 'in', hashes)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },

    async removeAll(trx: Kysely<AuthTables>, userId: number): Promise<number> {
      const { numDeletedRows } = await trx
        .deleteFrom('trusted_devices')
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },

    async sweep(before: number, most: number): Promise<number> {
      const old = await db.read
        .selectFrom('trusted_devices')
        .select('token_hash')
        .where('created_at', '<=', before)
        .limit(most)
        .execute()
      if (old.length === 0) return 0
      const hashes = old.map((row) => row.token_hash)
      await db.transaction((trx) => trx.deleteFrom('trusted_devices').where('token_hash', 'in', hashes).execute())
      return hashes.length
    },
  }
}
