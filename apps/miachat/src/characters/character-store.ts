import { byLimit, type Database } from '@miachat/auth'
import type { Insertable, Kysely, Updateable } from 'kysely'
import type { ChatTables } from '../chat-tables.ts'

type Trx = Kysely<ChatTables>

export interface CharacterListed {
  readonly id: string
  readonly name: string
  readonly tagline: string
  readonly picture: string | null
  readonly favourite: number
}

const listed = [
  'characters.id',
  'characters.name',
  'characters.tagline',
  'characters.picture',
  'characters.favourite',
] as const

/** SQL of characters, their versions and tags. Each question names the owner (X2). */
export function createCharacterStore(db: Database<ChatTables>) {
  const first = byLimit((most) =>
    db.statement<{ owner: number }, CharacterListed>((q, param) =>
      q
        .selectFrom('characters')
        .select(listed)
        .where('owner_id', '=', param('owner'))
        .where('deleted_at', 'is', null)
        .orderBy('favourite', 'desc')
        .orderBy('last_used_at', 'desc')
        .orderBy('id')
        .limit(most),
    ),
  )

  return {
    /** The favourites, then those who were talked with last. */
    listFirst: (owner: number, most: number): Promise<CharacterListed[]> => first(most).all({ owner }),

    /** The tags of all characters of an owner, for searching: SQL's own lower case knows no more than ASCII in SQLite. */
    tags: (owner: number): Promise<{ character_id: string; tag: string }[]> =>
      db.read
        .selectFrom('character_tags')
        .select(['character_id', 'tag'])
        .where('owner_id', '=', owner)
        .orderBy('tag')
        .execute(),

    async count(trx: Trx, owner: number): Promise<number> {
      const row = await trx
        .selectFrom('characters')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('owner_id', '=', owner)
        .where('deleted_at', 'is', null)
        .executeTakeFirstOrThrow()
      return row.n
    },

    /** A character that is not deleted, with the card of its current version. */
    find: (read: Trx, owner: number, id: string) =>
      read
        .selectFrom('characters')
        .innerJoin('character_versions', (join) =>
          join
            .onRef('character_versions.owner_id', '=', 'characters.owner_id')
            .onRef('character_versions.character_id', '=', 'characters.id')
            .onRef('character_versions.version', '=', 'characters.current_version'),
        )
        .select([...listed, 'current_version', 'personality_id', 'source_kind', 'card_json'])
        .where('characters.owner_id', '=', owner)
        .where('characters.id', '=', id)
        .where('deleted_at', 'is', null)
        .executeTakeFirst(),

    async add(trx: Trx, character: Insertable<ChatTables['characters']>): Promise<void> {
      await trx.insertInto('characters').values(character).execute()
    },

    async addVersion(trx: Trx, version: Insertable<ChatTables['character_versions']>): Promise<void> {
      await trx.insertInto('character_versions').values(version).execute()
    },

    async setTags(trx: Trx, owner: number, id: string, tags: readonly string[]): Promise<void> {
      await trx.deleteFrom('character_tags').where('owner_id', '=', owner).where('character_id', '=', id).execute()
      if (tags.length === 0) return
      const rows = tags.map((tag) => ({ owner_id: owner, character_id: id, tag }))
      await trx.insertInto('character_tags').values(rows).execute()
    },

    /** False where there is no such character of this owner. */
    async update(trx: Trx, owner: number, id: string, change: Updateable<ChatTables['characters']>): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('characters')
        .set(change)
        .where('owner_id', '=', owner)
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async conversationsUsing(read: Trx, owner: number, id: string): Promise<number> {
      const row = await read
        .selectFrom('conversations')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('owner_id', '=', owner)
        .where('character_id', '=', id)
        .executeTakeFirstOrThrow()
      return row.n
    },

    /** The row with versions and tags. The database refuses it while a conversation uses the character. */
    async remove(trx: Trx, owner: number, id: string): Promise<void> {
      await trx.deleteFrom('characters').where('owner_id', '=', owner).where('id', '=', id).execute()
    },

    /** Removes a character that was deleted and is now used by no conversation. */
    async removeUnused(trx: Trx, owner: number, id: string): Promise<void> {
      await trx
        .deleteFrom('characters')
        .where('owner_id', '=', owner)
        .where('id', '=', id)
        .where('deleted_at', 'is not', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('conversations')
                .select('conversations.id')
                .where('conversations.owner_id', '=', owner)
                .where('conversations.character_id', '=', id),
            ),
          ),
        )
        .execute()
    },

    /** Removes the versions that are not the current one and that no conversation uses: each is a whole card. */
    async removeUnusedVersions(trx: Trx, owner: number, id: string): Promise<void> {
      await trx
        .deleteFrom('character_versions')
        .where('owner_id', '=', owner)
        .where('character_id', '=', id)
        .where('version', '<>', ({ selectFrom }) =>
          selectFrom('characters')
            .select('characters.current_version')
            .where('characters.owner_id', '=', owner)
            .where('characters.id', '=', id),
        )
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('conversations')
                .select('conversations.id')
                .where('conversations.owner_id', '=', owner)
                .where('conversations.character_id', '=', id)
                .whereRef('conversations.character_version', '=', 'character_versions.version'),
            ),
          ),
        )
        .execute()
    },
  }
}

export type CharacterStore = ReturnType<typeof createCharacterStore>
