import type { Dialect, MigrationSet } from '@miachat/auth'

/** The references that close a circle of cascades are checked by PostgreSQL when a deleted person's rows are all gone. */
const atTheEnd = (d: Dialect): string => (d.kind === 'postgres' ? ' DEFERRABLE INITIALLY DEFERRED' : '')

const leafReference = 'FOREIGN KEY (owner_id, id, active_leaf_id) REFERENCES messages(owner_id, conversation_id, id)'

/**
 * The app's own migrations. A released one is never changed: the next number mends it. References hold owner and id
 * together, so that the database itself refuses a row that points at somebody else's (X2). Encrypted forms stand beside the
 * plain ones from the first day, since a constraint cannot be added to a table of SQLite later.
 */
export const chatMigrations: MigrationSet = {
  name: 'chat',
  migrations: [
    {
      number: 1,
      name: 'personalities, characters, conversations, messages',
      statements: (d) => [
        `CREATE TABLE personalities (
          id TEXT NOT NULL PRIMARY KEY, owner_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
          traits_json TEXT NOT NULL, style_json TEXT NOT NULL, words_json TEXT NOT NULL,
          dos_json TEXT NOT NULL, donts_json TEXT NOT NULL, notes TEXT NOT NULL,
          created_at ${d.integer} NOT NULL, updated_at ${d.integer} NOT NULL,
          UNIQUE (owner_id, id))`,
        `CREATE TABLE characters (
          id TEXT NOT NULL PRIMARY KEY, owner_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120), tagline TEXT NOT NULL, picture TEXT,
          favourite ${d.integer} NOT NULL DEFAULT 0 CHECK (favourite IN (0, 1)),
          current_version ${d.integer} NOT NULL, personality_id TEXT, source_kind TEXT NOT NULL,
          created_at ${d.integer} NOT NULL, updated_at ${d.integer} NOT NULL, last_used_at ${d.integer} NOT NULL,
          deleted_at ${d.integer},
          UNIQUE (owner_id, id),
          FOREIGN KEY (owner_id, personality_id) REFERENCES personalities(owner_id, id)${atTheEnd(d)})`,
        `CREATE INDEX characters_shown ON characters (owner_id, favourite DESC, last_used_at DESC, id)
          WHERE deleted_at IS NULL`,
        'CREATE INDEX characters_by_personality ON characters (owner_id, personality_id)',
        `CREATE TABLE character_versions (
          owner_id ${d.integer} NOT NULL, character_id TEXT NOT NULL, version ${d.integer} NOT NULL,
          card_json TEXT NOT NULL, created_at ${d.integer} NOT NULL,
          PRIMARY KEY (owner_id, character_id, version),
          FOREIGN KEY (owner_id, character_id) REFERENCES characters(owner_id, id) ON DELETE CASCADE)`,
        `CREATE TABLE character_tags (
          owner_id ${d.integer} NOT NULL, character_id TEXT NOT NULL, tag TEXT NOT NULL,
          PRIMARY KEY (owner_id, character_id, tag),
          FOREIGN KEY (owner_id, character_id) REFERENCES characters(owner_id, id) ON DELETE CASCADE)${d.withoutRowid}`,
        // Without "ON DELETE": a character that a conversation uses cannot be deleted.
        `CREATE TABLE conversations (
          id TEXT NOT NULL PRIMARY KEY, owner_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          character_id TEXT NOT NULL, character_version ${d.integer} NOT NULL, name TEXT NOT NULL, picture TEXT,
          title TEXT, title_enc ${d.bytes}, key_id TEXT, active_leaf_id TEXT,
          message_count ${d.integer} NOT NULL DEFAULT 0,
          created_at ${d.integer} NOT NULL, last_message_at ${d.integer} NOT NULL,
          UNIQUE (owner_id, id),
          FOREIGN KEY (owner_id, character_id, character_version)
            REFERENCES character_versions(owner_id, character_id, version)${atTheEnd(d)},
          ${d.kind === 'sqlite' ? `${leafReference},` : ''}
          CHECK (title IS NULL OR title_enc IS NULL))`,
        'CREATE INDEX conversations_recent ON conversations (owner_id, last_message_at DESC, id DESC)',
        'CREATE INDEX conversations_by_character ON conversations (owner_id, character_id, character_version)',
        `CREATE TABLE messages (
          rid ${d.countingKey}, id TEXT NOT NULL UNIQUE, owner_id ${d.integer} NOT NULL,
          conversation_id TEXT NOT NULL, parent_id TEXT,
          role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'notice')),
          content TEXT, content_enc ${d.bytes}, key_id TEXT,
          state TEXT NOT NULL CHECK (state IN ('streaming', 'done', 'stopped', 'failed', 'interrupted')),
          made_by TEXT NOT NULL, client_key TEXT, created_at ${d.integer} NOT NULL,
          UNIQUE (owner_id, conversation_id, id), UNIQUE (conversation_id, client_key),
          FOREIGN KEY (owner_id, conversation_id) REFERENCES conversations(owner_id, id) ON DELETE CASCADE,
          FOREIGN KEY (owner_id, conversation_id, parent_id)
            REFERENCES messages(owner_id, conversation_id, id) ON DELETE CASCADE,
          CHECK ((content IS NULL) <> (content_enc IS NULL) OR state = 'streaming'))`,
        'CREATE INDEX messages_by_parent ON messages (owner_id, conversation_id, parent_id)',
        // Two tables point at each other: SQLite takes the name of a table to come, PostgreSQL does not.
        ...(d.kind === 'postgres' ? [`ALTER TABLE conversations ADD ${leafReference}${atTheEnd(d)}`] : []),
      ],
    },
    {
      number: 2,
      name: 'conversations that are put aside, and for how long they are kept',
      statements: (d) => [
        `ALTER TABLE conversations ADD COLUMN deleted_at ${d.integer}`,
        'CREATE INDEX conversations_aside ON conversations (deleted_at) WHERE deleted_at IS NOT NULL',
        `CREATE TABLE keeping (
          owner_id ${d.integer} NOT NULL PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
          days ${d.integer} NOT NULL CHECK (days BETWEEN 1 AND 3650), set_at ${d.integer} NOT NULL)`,
      ],
    },
    {
      number: 3,
      name: 'pictures that people have of themselves',
      statements: (d) => [
        `CREATE TABLE own_pictures (
          owner_id ${d.integer} NOT NULL PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
          source ${d.bytes} NOT NULL, width ${d.integer} NOT NULL, height ${d.integer} NOT NULL,
          size ${d.integer} NOT NULL, across ${d.integer} NOT NULL, down ${d.integer} NOT NULL,
          shown ${d.bytes} NOT NULL, changed_at ${d.integer} NOT NULL)`,
      ],
    },
  ],
}
