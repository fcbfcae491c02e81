import type { Database } from '@miachat/auth'
import type { Kysely } from 'kysely'
import type { ChatTables } from '../chat-tables.ts'

type Row = Omit<ChatTables['own_pictures'], 'owner_id'>

/** SQL of the pictures that people have of themselves. */
export const createPictureStore = (db: Database<ChatTables>) => ({
  find: (owner: number): Promise<Row | undefined> =>
    db.read
      .selectFrom('own_pictures')
      .select(['source', 'width', 'height', 'size', 'across', 'down', 'shown', 'changed_at'])
      .where('owner_id', '=', owner)
      .executeTakeFirst(),

  exists: async (owner: number): Promise<boolean> =>
    (await db.read.selectFrom('own_pictures').select('changed_at').where('owner_id', '=', owner).executeTakeFirst()) !==
    undefined,

  async set(trx: Kysely<ChatTables>, owner: number, row: Row): Promise<void> {
    await trx
      .insertInto('own_pictures')
      .values({ owner_id: owner, ...row })
      .onConflict((conflict) => conflict.column('owner_id').doUpdateSet(row))
      .execute()
  },

  async remove(trx: Kysely<ChatTables>, owner: number): Promise<void> {
    await trx.deleteFrom('own_pictures').where('owner_id', '=', owner).execute()
  },
})
