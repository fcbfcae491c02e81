import { byLimit, type Database } from '@miachat/auth'
import type { Insertable, Kysely, Updateable } from 'kysely'
import type { ChatTables } from '../chat-tables.ts'

type Trx = Kysely<ChatTables>

/** A conversation as a list shows it: the name is the one that its character had when it began. */
export interface ConversationListed {
  readonly id: string
  readonly title: string | null
  readonly character_id: string
  readonly name: string
  readonly picture: string | null
  readonly last_message_at: number
}

/** SQL of conversations. Each question names the owner (X2). */
export function createConversationStore(db: Database<ChatTables>) {
  const listed = [
    'conversations.id',
    'conversations.title',
    'conversations.character_id',
    'conversations.name',
    'conversations.picture',
    'conversations.last_message_at',
  ] as const

  const newest = byLimit((most) =>
    db.statement<{ owner: number }, ConversationListed>((q, param) =>
      q
        .selectFrom('conversations')
        .select(listed)
        .where('owner_id', '=', param('owner'))
        .where('deleted_at', 'is', null)
        .orderBy('last_message_at', 'desc')
        .orderBy('id', 'desc')
        .limit(most),
    ),
  )

  const last = db.statement<{ owner: number }, ConversationListed & { words: string | null }>((q, param) =>
    q
      .selectFrom('conversations')
      .leftJoin('messages', (join) =>
        join
          .onRef('messages.owner_id', '=', 'conversations.owner_id')
          .onRef('messages.conversation_id', '=', 'conversations.id')
          .onRef('messages.id', '=', 'conversations.active_leaf_id'),
      )
      .select(listed)
      .select((eb) => eb.fn<string | null>('substr', ['messages.content', eb.lit(1), eb.lit(200)]).as('words'))
      .where('conversations.owner_id', '=', param('owner'))
      .where('conversations.deleted_at', 'is', null)
      .orderBy('conversations.last_message_at', 'desc')
      .orderBy('conversations.id', 'desc')
      .limit(1),
  )

  return {
    /** The newest, with the first words of its last message. */
    last: (owner: number) => last.first({ owner }),

    newest: (owner: number, most: number): Promise<ConversationListed[]> => newest(most).all({ owner }),

    /** Those after one in the order of the list. */
    older: (
      owner: number,
      after: { readonly id: string; readonly last_message_at: number },
      most: number,
    ): Promise<ConversationListed[]> =>
      db.read
        .selectFrom('conversations')
        .select(listed)
        .where('owner_id', '=', owner)
        .where('deleted_at', 'is', null)
        .where((eb) =>
          eb.or([
            eb('last_message_at', '<', after.last_message_at),
            eb.and([eb('last_message_at', '=', after.last_message_at), eb('id', '<', after.id)]),
          ]),
        )
        .orderBy('last_message_at', 'desc')
        .orderBy('id', 'desc')
        .limit(most)
        .execute(),

    /** With the frozen card and the personality that the character has now. */
    find: (read: Trx, owner: number, id: string) =>
      read
        .selectFrom('conversations')
        .innerJoin('character_versions', (join) =>
          join
            .onRef('character_versions.owner_id', '=', 'conversations.owner_id')
            .onRef('character_versions.character_id', '=', 'conversations.character_id')
            .onRef('character_versions.version', '=', 'conversations.character_version'),
        )
        .innerJoin('characters', (join) =>
          join
            .onRef('characters.owner_id', '=', 'conversations.owner_id')
            .onRef('characters.id', '=', 'conversations.character_id'),
        )
        .select([
          ...listed,
          'conversations.active_leaf_id',
          'conversations.message_count',
          'conversations.character_version',
          'character_versions.card_json',
          'characters.current_version',
          'characters.deleted_at',
          'characters.personality_id',
        ])
        .where('conversations.owner_id', '=', owner)
        .where('conversations.id', '=', id)
        .where('conversations.deleted_at', 'is', null)
        .executeTakeFirst(),

    /** All of an owner, those with one character, or those in which nothing was said since `before`. */
    async count(read: Trx, owner: number, { character, before }: Which & { before?: number } = {}): Promise<number> {
      const row = await read
        .selectFrom('conversations')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('owner_id', '=', owner)
        .where('deleted_at', 'is', null)
        .$if(character !== undefined, (query) => query.where('character_id', '=', character ?? ''))
        .$if(before !== undefined, (query) => query.where('last_message_at', '<', before ?? 0))
        .executeTakeFirstOrThrow()
      return row.n
    },

    /** The newest with this version of a character in which nothing was said but a greeting, and which has no title. */
    findUntouched: (trx: Trx, owner: number, character: string, version: number) =>
      trx
        .selectFrom('conversations')
        .select('id')
        .where('owner_id', '=', owner)
        .where('character_id', '=', character)
        .where('character_version', '=', version)
        .where('message_count', '<=', 1)
        .where('title', 'is', null)
        .where('deleted_at', 'is', null)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst(),

    async add(trx: Trx, row: Insertable<ChatTables['conversations']>): Promise<void> {
      await trx.insertInto('conversations').values(row).execute()
    },

    /** Keeps others from writing to it until the end of the transaction. False where there is none. */
    async lock(trx: Trx, owner: number, id: string): Promise<boolean> {
      // A write that changes nothing: SQLite knows no FOR UPDATE.
      const { numUpdatedRows } = await trx
        .updateTable('conversations')
        .set((eb) => ({ message_count: eb.ref('message_count') }))
        .where('owner_id', '=', owner)
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** False where there is no such conversation of this owner. */
    async update(
      trx: Trx,
      owner: number,
      id: string,
      change: Updateable<ChatTables['conversations']>,
    ): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('conversations')
        .set(change)
        .where('owner_id', '=', owner)
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Puts one aside, those with a character, those in which nothing was said since, or all. Answers how many. */
    async putAside(
      trx: Trx,
      owner: number,
      at: number,
      { id, character, before }: Which & { id?: string; before?: number },
    ): Promise<number> {
      const { numUpdatedRows } = await trx
        .updateTable('conversations')
        .set({ deleted_at: at })
        .where('owner_id', '=', owner)
        .where('deleted_at', 'is', null)
        .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
        .$if(character !== undefined, (query) => query.where('character_id', '=', character ?? ''))
        .$if(before !== undefined, (query) => query.where('last_message_at', '<', before ?? 0))
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },

    /** When the owner has last put something aside, if that was after `since`. */
    async lastAside(read: Trx, owner: number, since: number): Promise<number | null> {
      const row = await read
        .selectFrom('conversations')
        .select((eb) => eb.fn.max('deleted_at').as('at'))
        .where('owner_id', '=', owner)
        .where('deleted_at', '>', since)
        .executeTakeFirst()
      return row?.at ?? null
    },

    /** Brings back what was put aside at that moment. Answers how many. */
    async takeBack(trx: Trx, owner: number, at: number): Promise<number> {
      const { numUpdatedRows } = await trx
        .updateTable('conversations')
        .set({ deleted_at: null })
        .where('owner_id', '=', owner)
        .where('deleted_at', '=', at)
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },

    /** Of all owners: what was put aside up to then. */
    listAside: (read: Trx, until: number, most: number) =>
      read
        .selectFrom('conversations')
        .select(['id', 'owner_id', 'character_id'])
        .where('deleted_at', '<=', until)
        .orderBy('deleted_at')
        .limit(most)
        .execute(),

    /** What was put aside, with all its messages. False where it was taken back, or is gone. */
    async remove(trx: Trx, owner: number, id: string): Promise<boolean> {
      const { numDeletedRows } = await trx
        .deleteFrom('conversations')
        .where('owner_id', '=', owner)
        .where('id', '=', id)
        .where('deleted_at', 'is not', null)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}

/** Conversations with one character, or with all. */
interface Which {
  readonly character?: string
}

export type ConversationStore = ReturnType<typeof createConversationStore>
