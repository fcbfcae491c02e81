import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

/** A link that was used or is void stays a while under a purpose that nothing asks for. */
const spent = (purpose: string): string => `spent ${purpose}`

export function createLinkStore(db: Database<AuthTables>) {
  return {
    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['links']>): Promise<void> {
      await trx.insertInto('links').values(row).execute()
    },

    findFormer: (hash: Uint8Array, purpose: string) =>
      db.read
        .selectFrom('links')
        .select('user_id')
        .where('token_hash', '=', hash)
        .where('purpose', 'in', [purpose, spent(purpose)])
        .executeTakeFirst(),

    /** What a link is and holds. */
    read: (hash: Uint8Array, purpose: string) =>
      db.read
        .selectFrom('links')
        .select(['user_id', 'created_at', 'expires_at', 'payload'])
        .where('token_hash', '=', hash)
        .where('purpose', '=', purpose)
        .executeTakeFirst(),

    newest: (from: Kysely<AuthTables>, userId: number, purpose: string) =>
      from
        .selectFrom('links')
        .select(['token_hash', 'created_at', 'expires_at', 'payload'])
        .where('user_id', '=', userId)
        .where('purpose', '=', purpose)
        .orderBy('created_at', 'desc')
        .executeTakeFirst(),

    async setPayload(trx: Kysely<AuthTables>, hash: Uint8Array, payload: string): Promise<void> {
      await trx.updateTable('links').set({ payload }).where('token_hash', '=', hash).execute()
    },

    async spendSince(trx: Kysely<AuthTables>, userId: number, purpose: string, since: number): Promise<void> {
      await trx
        .updateTable('links')
        .set({ purpose: spent(purpose) })
        .where('user_id', '=', userId)
        .where('purpose', '=', purpose)
        .where('created_at', '>=', since)
        .execute()
    },

    /** Another account's link for this purpose that keeps this address. */
    keeperOf: (trx: Kysely<AuthTables>, addressKey: string, purpose: string, exceptUser: number, now: number) =>
      trx
        .selectFrom('links')
        .select('user_id')
        .where('kept_address_key', '=', addressKey)
        .where('purpose', '=', purpose)
        .where('user_id', '!=', exceptUser)
        .where('expires_at', '>', now)
        .executeTakeFirst(),

    /** Uses the link up and answers what it was: of many at once exactly one gets it (RST-03). */
    take: (trx: Kysely<AuthTables>, hash: Uint8Array, purpose: string) =>
      trx
        .updateTable('links')
        .set({ purpose: spent(purpose) })
        .where('token_hash', '=', hash)
        .where('purpose', '=', purpose)
        .returning(['user_id', 'expires_at'])
        .executeTakeFirst(),

    open: (userId: number, purposes: readonly string[], now: number) =>
      db.read
        .selectFrom('links')
        .select(['purpose', 'created_at', 'expires_at'])
        .where('user_id', '=', userId)
        .where('purpose', 'in', purposes)
        .where('expires_at', '>', now)
        .orderBy('created_at', 'desc')
        .execute(),

    async spendAll(trx: Kysely<AuthTables>, userId: number, purpose: string): Promise<number> {
      const { numUpdatedRows } = await trx
        .updateTable('links')
        .set({ purpose: spent(purpose) })
        .where('user_id', '=', userId)
        .where('purpose', '=', purpose)
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },

    async sweep(before: number, most: number): Promise<number> {
      const old = await db.read
        .selectFrom('links')
        .select('token_hash')
        .where('expires_at', '<=', before)
        .limit(most)
        .execute()
      if (old.length === 0) return 0
      const keys = old.map((row) => row.token_hash)
      await db.transaction((trx) =>
        trx.deleteFrom('links').where('token_hash', 'in', keys).where('expires_at', '<=', before).execute(),
      )
      return old.length
    },
  }
}
