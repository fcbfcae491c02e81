import type { Database } from '@miachat/auth'
import type { Kysely } from 'kysely'
import type { ChatTables } from '../chat-tables.ts'

/** SQL of how long people keep their conversations. */
export function createKeepingStore(db: Database<ChatTables>) {
  return {
    find: (owner: number): Promise<{ days: number; set_at: number } | undefined> =>
      db.read.selectFrom('keeping').select(['days', 'set_at']).where('owner_id', '=', owner).executeTakeFirst(),

    /** Null keeps them for ever. */
    async set(trx: Kysely<ChatTables>, owner: number, days: number | null, at: number): Promise<void> {
      await trx.deleteFrom('keeping').where('owner_id', '=', owner).execute()
      if (days !== null) await trx.insertInto('keeping').values({ owner_id: owner, days, set_at: at }).execute()
    },

    /** Choices that were made up to then, by the number of the person. */
    list: (until: number, after: number, most: number): Promise<{ owner_id: number; days: number }[]> =>
      db.read
        .selectFrom('keeping')
        .select(['owner_id', 'days'])
        .where('set_at', '<=', until)
        .where('owner_id', '>', after)
        .orderBy('owner_id')
        .limit(most)
        .execute(),
  }
}
