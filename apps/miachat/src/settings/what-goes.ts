import type { Database, User } from '@miachat/auth'
import { plural } from '@miachat/auth/views'
import { createCharacterStore } from '../characters/character-store.ts'
import type { ChatTables } from '../chat-tables.ts'
import { createConversationStore } from '../conversations/conversation-store.ts'
import { createPersonalityStore } from '../personalities/personality-store.ts'

/** What a person loses with the account, counted. */
export function createWhatGoes(db: Database<ChatTables>): (user: User) => Promise<string[]> {
  const conversations = createConversationStore(db)
  const characters = createCharacterStore(db)
  const personalities = createPersonalityStore(db)
  return async ({ id }) => {
    const [talks, people, own] = await Promise.all([
      conversations.count(db.read, id),
      characters.count(db.read, id),
      personalities.count(db.read, id),
    ])
    return [
      `${plural(talks, 'conversation', 'conversations')} with all messages`,
      plural(people, 'character', 'characters'),
      plural(own, 'personality', 'personalities'),
    ]
  }
}
