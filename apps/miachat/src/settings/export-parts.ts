import type { Database, ExportFile, ExportPart, User } from '@miachat/auth'
import { isoTime } from '@miachat/auth'
import { parseCard } from '../characters/card.ts'
import { cardPng } from '../characters/card-png.ts'
import { createCharacterStore } from '../characters/character-store.ts'
import { MOST_CHARACTERS } from '../characters/characters.ts'
import type { ChatTables } from '../chat-tables.ts'
import { type ConversationListed, createConversationStore } from '../conversations/conversation-store.ts'
import { MOST_CONVERSATIONS, MOST_MESSAGES } from '../conversations/conversations.ts'
import { createKeepingStore } from '../conversations/keeping-store.ts'
import { createMessageStore, type MessageRow } from '../conversations/message-store.ts'
import { storedPersonality } from '../personalities/personalities.ts'
import { createPersonalityStore } from '../personalities/personality-store.ts'
import { createPictureStore } from '../picture/picture-store.ts'

const json = (name: string, content: unknown): ExportFile => ({
  name: `${name}.json`,
  content: `${JSON.stringify(content, null, 2)}\n`,
})

/** A file's name of a number and harmless letters: it is unpacked on systems of all kinds. */
function fileName(folder: string, index: number, name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `${folder}/${String(index + 1).padStart(4, '0')}${words === '' ? '' : `-${words.slice(0, 40)}`}`
}

/** What MiaChat adds to the archive of a person: characters as V3 cards and as pictures that hold them, personalities, conversations (E1). */
export function createExportParts(db: Database<ChatTables>): (user: User) => Promise<ExportPart[]> {
  const characters = createCharacterStore(db)
  const personalities = createPersonalityStore(db)
  const conversations = createConversationStore(db)
  const messages = createMessageStore()
  const keeping = createKeepingStore(db)
  const pictures = createPictureStore(db)

  async function conversation(owner: User, listed: ConversationListed, index: number): Promise<ExportFile[]> {
    const found = await conversations.find(db.read, owner.id, listed.id)
    // Deleted since the archive was begun.
    if (!found) return []
    const all = await messages.all(db.read, owner.id, listed.id)
    const leaf = found.active_leaf_id
    const shown = leaf === null ? [] : await messages.path(db.read, owner.id, listed.id, leaf, MOST_MESSAGES)
    const name = fileName('conversations', index, found.title ?? found.name)
    const title = found.title ?? `With ${found.name}`
    const file = {
      title: found.title,
      character: found.name,
      last_message_at: isoTime(found.last_message_at),
      shown_until: leaf,
      messages: all.map(({ created_at, ...message }) => ({ ...message, created_at: isoTime(created_at) })),
    }
    return [json(name, file), { name: `${name}.md`, content: markdown(title, found.name, owner.displayName, shown) }]
  }

  return async (user) => {
    const [people, own, talks] = await Promise.all([
      characters.listFirst(user.id, MOST_CHARACTERS),
      personalities.list(user.id),
      conversations.newest(user.id, MOST_CONVERSATIONS),
    ])
    return [
      async () => {
        const kept = await keeping.find(user.id)
        return [json('chat-settings', { keeps_conversations_for_days: kept?.days ?? null })]
      },
      async () => {
        const own = await pictures.find(user.id)
        return own ? [{ name: 'picture.webp', content: own.source }] : []
      },
      ...people.map(({ id, name }, index) => async () => {
        const row = await characters.find(db.read, user.id, id)
        if (!row) return []
        const card = parseCard(row.card_json)
        const file = fileName('characters', index, name)
        return [json(file, card), { name: `${file}.png`, content: await cardPng(card, row) }]
      }),
      ...own.map((row, index) => async () => [
        json(fileName('personalities', index, row.name), storedPersonality(row)),
      ]),
      ...talks.map((listed, index) => () => conversation(user, listed, index)),
    ]
  }
}

/** The way through the conversation that the person sees, to be read. */
function markdown(title: string, character: string, person: string, shown: readonly MessageRow[]): string {
  const speakers = { user: person, assistant: character, notice: 'Notice' }
  const said = shown.map(
    ({ role, content, created_at }) => `**${speakers[role]}**, ${isoTime(created_at)}\n\n${content ?? ''}\n`,
  )
  return `# ${title}\n\n${said.join('\n')}`
}
