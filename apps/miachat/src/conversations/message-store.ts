import type { Insertable, Kysely } from 'kysely'
import type { ChatTables } from '../chat-tables.ts'

type Trx = Kysely<ChatTables>

export interface MessageRow {
  readonly id: string
  readonly parent_id: string | null
  readonly role: 'user' | 'assistant' | 'notice'
  readonly content: string | null
  readonly made_by: string
  readonly created_at: number
}

const shown = ['id', 'parent_id', 'role', 'content', 'made_by', 'created_at'] as const

/** SQL of messages, which form a tree. Each question names owner and conversation (X2). */
export function createMessageStore() {
  return {
    /** The way from `leaf` towards the root, at most `most` messages, oldest first. */
    async path(read: Trx, owner: number, conversation: string, leaf: string, most: number): Promise<MessageRow[]> {
      const { sql } = await import('kysely')
      const { rows } = await sql<MessageRow>`
        WITH RECURSIVE path (id, parent_id, role, content, made_by, created_at, depth) AS (
          SELECT id, parent_id, role, content, made_by, created_at, 1 FROM messages
            WHERE owner_id = ${owner} AND conversation_id = ${conversation} AND id = ${leaf}
          UNION ALL
          SELECT m.id, m.parent_id, m.role, m.content, m.made_by, m.created_at, path.depth + 1
            FROM path JOIN messages m
              ON m.owner_id = ${owner} AND m.conversation_id = ${conversation} AND m.id = path.parent_id
            WHERE path.depth < ${most})
        SELECT id, parent_id, role, content, made_by, created_at FROM path ORDER BY depth DESC`.execute(read)
      return rows
    },

    find: (read: Trx, owner: number, conversation: string, id: string): Promise<MessageRow | undefined> =>
      read
        .selectFrom('messages')
        .select(shown)
        .where('owner_id', '=', owner)
        .where('conversation_id', '=', conversation)
        .where('id', '=', id)
        .executeTakeFirst(),

    findByKey: (read: Trx, owner: number, conversation: string, key: string): Promise<MessageRow | undefined> =>
      read
        .selectFrom('messages')
        .select(shown)
        .where('owner_id', '=', owner)
        .where('conversation_id', '=', conversation)
        .where('client_key', '=', key)
        .executeTakeFirst(),

    /** The first answer to a message. */
    firstChild: (read: Trx, owner: number, conversation: string, parent: string): Promise<MessageRow | undefined> =>
      read
        .selectFrom('messages')
        .select(shown)
        .where('owner_id', '=', owner)
        .where('conversation_id', '=', conversation)
        .where('parent_id', '=', parent)
        .orderBy('rid')
        .limit(1)
        .executeTakeFirst(),

    /** The whole tree, oldest first. */
    all: (read: Trx, owner: number, conversation: string): Promise<MessageRow[]> =>
      read
        .selectFrom('messages')
        .select(shown)
        .where('owner_id', '=', owner)
        .where('conversation_id', '=', conversation)
        .orderBy('rid')
        .execute(),

    async add(trx: Trx, row: Insertable<ChatTables['messages']>): Promise<void> {
      await trx.insertInto('messages').values(row).execute()
    },
  }
}

export type MessageStore = ReturnType<typeof createMessageStore>
