import type { Database, HostText, User } from '@miachat/auth'
import { createCharacterStore } from '../characters/character-store.ts'
import type { ChatTables } from '../chat-tables.ts'
import { createConversationStore } from '../conversations/conversation-store.ts'
import { createPersonalityStore } from '../personalities/personality-store.ts'
import { createPictureStore } from '../picture/picture-store.ts'
import { inAll } from '../words/words.ts'

/** What a person loses with the account, counted. */
export function createWhatGoes(db: Database<ChatTables>): (user: User) => Promise<HostText[]> {
  const conversations = createConversationStore(db)
  const characters = createCharacterStore(db)
  const personalities = createPersonalityStore(db)
  const pictures = createPictureStore(db)
  return async ({ id }) => {
    const [talks, people, own, picture] = await Promise.all([
      conversations.count(db.read, id),
      characters.count(db.read, id),
      personalities.count(db.read, id),
      pictures.exists(id),
    ])
    return [
      inAll(({ frame }) => frame.goes.talks(talks)),
      inAll(({ frame }) => frame.goes.characters(people)),
      inAll(({ frame }) => frame.goes.personalities(own)),
      ...(picture ? [inAll(({ frame }) => frame.goes.picture)] : []),
    ]
  }
}
