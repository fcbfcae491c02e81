import type { Clock, Database, Route } from '@miachat/auth'
import { characterPages } from './characters/character-pages.ts'
import { createCharacterStore } from './characters/character-store.ts'
import { createCharacters } from './characters/characters.ts'
import type { ChatTables } from './chat-tables.ts'
import { conversationPages } from './conversations/conversation-pages.ts'
import { createConversationStore } from './conversations/conversation-store.ts'
import { createConversations } from './conversations/conversations.ts'
import { createMessageStore } from './conversations/message-store.ts'
import type { Responder } from './conversations/responder.ts'
import { dashboardPages } from './dashboard/dashboard-pages.ts'
import { createIds } from './lib/uuid-v7.ts'
import { createPersonalities } from './personalities/personalities.ts'
import { personalityPages } from './personalities/personality-pages.ts'
import { createPersonalityStore } from './personalities/personality-store.ts'
import { practiceResponder } from './practice/practice-reply.ts'
import { createFaceOf } from './views/faces.ts'

export interface ChatRouteDeps {
  readonly db: Database<ChatTables>
  readonly clock: Clock
  /** Turns the path of a file of ours into the address to link. */
  readonly assetUrl?: (path: string) => string
  readonly responder?: Responder
}

/** Every address of talking: home, characters, personalities, conversations. All need a signed-in person. */
export function chatRoutes({
  db,
  clock,
  assetUrl = (path) => path,
  responder = practiceResponder,
}: ChatRouteDeps): Route[] {
  const newId = createIds(clock)
  const faceOf = createFaceOf(assetUrl)
  const characterStore = createCharacterStore(db)
  const personalityStore = createPersonalityStore(db)
  const conversationStore = createConversationStore(db)
  const characters = createCharacters({ db, store: characterStore, personalities: personalityStore, clock, newId })
  const personalities = createPersonalities({ db, store: personalityStore, clock, newId })
  const conversations = createConversations({
    db,
    store: conversationStore,
    messages: createMessageStore(),
    characters: characterStore,
    personalities: personalityStore,
    responder,
    clock,
    newId,
  })
  return [
    ...dashboardPages({ conversations: conversationStore, characters: characterStore, faceOf, clock }),
    ...characterPages({ characters, personalities, faceOf }),
    ...personalityPages({ personalities, assetUrl }),
    ...conversationPages({ conversations, characters, faceOf, assetUrl, clock }),
  ]
}
