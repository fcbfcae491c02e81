import type { Database } from '@miachat/auth'
import type { Insertable, Kysely, Updateable } from 'kysely'
import type { ChatTables } from '../chat-tables.ts'

type Trx = Kysely<ChatTables>

/** SQL of personalities. Each question names the owner (X2). */
export function createPersonalityStore(db: Database<ChatTables>) {
  return {
    list: (owner: number) =>
      db.read
        .selectFrom('personalities')
        .selectAll()
        .where('owner_id', '=', owner)
        .orderBy('updated_at', 'desc')
        .orderBy('id')
        .execute(),

    /** Names for choosing one. */
    names: (owner: number) =>
      db.read
        .selectFrom('personalities')
        .select(['id', 'name'])
        .where('owner_id', '=', owner)
        .orderBy('name')
        .orderBy('id')
        .execute(),

    find: (read: Trx, owner: number, id: string) =>
      read
        .selectFrom('personalities')
        .selectAll()
        .where('owner_id', '=', owner)
        .where('id', '=', id)
        .executeTakeFirst(),

    async count(trx: Trx, owner: number): Promise<number> {
      const row = await trx
        .selectFrom('personalities')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('owner_id', '=', owner)
        .executeTakeFirstOrThrow()
      return row.n
    },

    async add(trx: Trx, row: Insertable<ChatTables['personalities']>): Promise<void> {
      await trx.insertInto('personalities').values(row).execute()
    },

    /** False where there is no such personality of this owner. */
    async update(
      trx: Trx,
      owner: number,
      id: string,
      change: Updateable<ChatTables['personalities']>,
    ): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('personalities')
        .set(change)
        .where('owner_id', '=', owner)
        .where('id', '=', id)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Takes it from the characters that have it, deleted ones too, and removes it. False where there is none. */
    async remove(trx: Trx, owner: number, id: string): Promise<boolean> {
      await trx
        .updateTable('characters')
        .set({ personality_id: null })
        .where('owner_id', '=', owner)
        .where('personality_id', '=', id)
        .execute()
      const { numDeletedRows } = await trx
        .deleteFrom('personalities')
        .where('owner_id', '=', owner)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },

    /** The characters that have a personality, by its id. */
    users: (owner: number) =>
      db.read
        .selectFrom('characters')
        .select(['id', 'name', 'personality_id'])
        .where('owner_id', '=', owner)
        .where('personality_id', 'is not', null)
        .where('deleted_at', 'is', null)
        .orderBy('name')
        .execute(),
  }
}

export type PersonalityStore = ReturnType<typeof createPersonalityStore>
