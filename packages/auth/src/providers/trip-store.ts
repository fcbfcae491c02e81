import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createTripStore(db: Database<AuthTables>) {
  return {
    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['provider_trips']>): Promise<void> {
      await trx.insertInto('provider_trips').values(row).execute()
    },

    find: (hash: Uint8Array) =>
      db.read.selectFrom('provider_trips').selectAll().where('state_hash', '=', hash).executeTakeFirst(),

    /** Deletes it and answers what it was: of many at once exactly one gets it (OAU-01). */
    take: (trx: Kysely<AuthTables>, hash: Uint8Array, provider: string) =>
      trx
        .deleteFrom('provider_trips')
        .where('state_hash', '=', hash)
        .where('provider', '=', provider)
        .returningAll()
        .executeTakeFirst(),

    async sweep(now: number, most: number): Promise<number> {
      const old = await db.read
        .selectFrom('provider_trips')
        .select('state_hash')
        .where('expires_at', '<=', now)
        .limit(most)
        .execute()
      if (old.length === 0) return 0
      const keys = old.map((row) => row.state_hash)
      await db.transaction((trx) => trx.deleteFrom('provider_trips').where('state_hash', 'in', keys).execute())
      return old.length
    },
  }
}
