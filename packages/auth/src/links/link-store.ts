import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createLinkStore(db: Database<AuthTables>) {
  return {
    async insert(trx: Kysely<AuthTables>, row: AuthTables['links']): Promise<void> {
      await trx.insertInto('links').values(row).execute()
    },

    find: (hash: Uint8Array, purpose: string) =>
      db.read
        .selectFrom('links')
        .select(['user_id', 'expires_at'])
        .where('token_hash', '=', hash)
        .where('purpose', '=', purpose)
        .executeTakeFirst(),

    /** Deletes the link and answers what it was: of many at once exactly one gets it (RST-03). */
    take: (trx: Kysely<AuthTables>, hash: Uint8Array, purpose: string) =>
      trx
        .deleteFrom('links')
        .where('token_hash', '=', hash)
        .where('purpose', '=', purpose)
        .returning(['user_id', 'expires_at'])
        .executeTakeFirst(),

    async deleteAll(trx: Kysely<AuthTables>, userId: number): Promise<void> {
      await trx.deleteFrom('links').where('user_id', '=', userId).execute()
    },

    async sweep(now: number, most: number): Promise<number> {
      return db.transaction(async (trx) => {
        const old = trx.selectFrom('links').select('token_hash').where('expires_at', '<=', now).limit(most)
        const { numDeletedRows } = await trx.deleteFrom('links').where('token_hash', 'in', old).executeTakeFirst()
        return Number(numDeletedRows)
      })
    },
  }
}
