import { createHash } from 'node:crypto'
import { AuthError, type Clock, type Database } from '@miachat/auth'
import { fillPlaceholders, parseCard } from '../characters/card.ts'
import type { CharacterStore } from '../characters/character-store.ts'
import type { ChatTables } from '../chat-tables.ts'
import { figures } from '../lib/figures.ts'
import { createTurns } from '../lib/turns.ts'
import { storedPersonality } from '../personalities/personalities.ts'
import type { PersonalityStore } from '../personalities/personality-store.ts'
import type { ConversationListed, ConversationStore } from './conversation-store.ts'
import { titleFrom } from './conversation-title.ts'
import type { MessageRow, MessageStore } from './message-store.ts'
import type { Responder } from './responder.ts'

export const MOST_CONVERSATIONS = 2_000
export const MOST_MESSAGES = 10_000
export const CONVERSATIONS_PER_PAGE = 50
/** In the list beside a conversation. */
export const CONVERSATIONS_BESIDE = 30
export const MESSAGES_PER_PAGE = 100
/** Messages of one person that wait for each other. */
const MOST_WAITING = 50
/** How far back whoever answers can look. */
const HISTORY = 200

/** How long a deletion can be taken back, in milliseconds: ten seconds are too short for whoever reads slowly (E3). */
export const TAKEN_BACK_FOR = 60_000

export interface ConversationDeps {
  readonly db: Database<ChatTables>
  readonly store: ConversationStore
  readonly messages: MessageStore
  readonly characters: CharacterStore
  readonly personalities: PersonalityStore
  readonly responder: Responder
  readonly clock: Clock
  readonly newId: () => string
}

/** The person who talks: `{{user}}` is called by this name. */
export interface Speaker {
  readonly id: number
  readonly displayName: string
  /** Of the page on which the person talks (BCP 47). */
  readonly language: string
}

export interface Message {
  readonly id: string
  readonly from: 'person' | 'character' | 'notice'
  readonly text: string
  readonly madeBy: string
  readonly at: number
}

/** A conversation with one page of its messages. */
export interface ConversationOpen extends ConversationListed {
  readonly messages: readonly Message[]
  /** The id before whose message there is more. */
  readonly earlierThan: string | null
  /** The page ends before the newest message. */
  readonly isEarlier: boolean
  /** The character was changed since; false for a deleted one. */
  readonly hasNewerVersion: boolean
  readonly characterDeleted: boolean
}

/** What was stored by one send. */
export interface Exchanged {
  readonly said: Message
  readonly reply: Message
  /** The conversation's; its first words give one. */
  readonly title: string | null
}

export type Conversations = ReturnType<typeof createConversations>

/** Talking. Somebody else's and unknown conversations alike throw `not_found` (X2). */
export function createConversations(deps: ConversationDeps) {
  const { db, store, messages, characters, personalities, responder, clock, newId } = deps
  type Trx = Parameters<Parameters<typeof db.transaction>[0]>[0]
  const inTurn = createTurns<number>(MOST_WAITING)

  async function stored(
    trx: Trx,
    owner: number,
    conversation: string,
    text: string,
    key: string,
  ): Promise<Omit<Exchanged, 'title'> | null> {
    const said = await messages.findByKey(trx, owner, conversation, key)
    if (!said) return null
    // Answering the former text would drop the new one without a word.
    if (said.content !== text) {
      throw new AuthError('conflict', {
        detail: 'This client_key belongs to a message with another text. Send the new text with a new key.',
      })
    }
    const reply = await messages.firstChild(trx, owner, conversation, said.id)
    return reply ? { said: messageOf(said), reply: messageOf(reply) } : null
  }

  async function answer(trx: Trx, speaker: Speaker, id: string, text: string, key: string): Promise<Exchanged> {
    const owner = speaker.id
    const now = clock()
    // Of two sends with one key the second finds what the first stored.
    if (!(await store.lock(trx, owner, id))) throw new AuthError('not_found')
    const [before, conversation] = [await stored(trx, owner, id, text, key), await store.find(trx, owner, id)]
    if (!conversation) throw new AuthError('not_found')
    if (before) return { ...before, title: conversation.title }
    if (conversation.message_count + 2 > MOST_MESSAGES) {
      throw new AuthError('limit_reached', {
        detail: 'This conversation is full. Start a new one; this one stays readable.',
      })
    }
    const leaf = conversation.active_leaf_id
    const path = leaf === null ? [] : await messages.path(trx, owner, id, leaf, HISTORY)
    const voice =
      conversation.personality_id === null
        ? undefined
        : await personalities.find(trx, owner, conversation.personality_id)
    const reply = responder.reply({
      card: parseCard(conversation.card_json),
      personality: voice ? storedPersonality(voice) : null,
      history: [
        ...path.flatMap((row) =>
          row.role === 'notice' ? [] : [{ from: speakerOf(row.role), text: row.content ?? '' } as const],
        ),
        { from: 'person', text },
      ],
      names: { char: conversation.name, user: speaker.displayName },
      language: speaker.language,
      seed: id,
    })
    const base = { owner_id: owner, conversation_id: id, state: 'done', created_at: now } as const
    const said = {
      ...base,
      id: newId(),
      parent_id: leaf,
      role: 'user',
      content: text,
      made_by: 'person',
      client_key: key,
    } as const
    const replied = {
      ...base,
      id: newId(),
      parent_id: said.id,
      role: 'assistant',
      content: reply,
      made_by: responder.madeBy,
    } as const
    await messages.add(trx, said)
    await messages.add(trx, replied)
    const title = conversation.title ?? titleFrom(text)
    await store.update(trx, owner, id, {
      title,
      active_leaf_id: replied.id,
      message_count: conversation.message_count + 2,
      last_message_at: now,
    })
    await characters.update(trx, owner, conversation.character_id, { last_used_at: now })
    return { said: messageOf(said), reply: messageOf(replied), title }
  }

  return {
    /** A page of the list, the newest first; `after` is the last one of the page before. */
    async list(owner: number, after: string | null, most = CONVERSATIONS_PER_PAGE) {
      const start = after === null ? undefined : await store.find(db.read, owner, after)
      // One more than is shown tells whether there are others.
      const rows = start ? await store.older(owner, start, most + 1) : await store.newest(owner, most + 1)
      return { rows: rows.slice(0, most), more: rows.length > most, older: start !== undefined }
    },

    /** One page of a conversation: its end, or what comes before a message of it. */
    async open(owner: number, id: string, before: string | null): Promise<ConversationOpen> {
      const row = await store.find(db.read, owner, id)
      if (!row) throw new AuthError('not_found')
      const { card_json, active_leaf_id, message_count, character_version, current_version, deleted_at, ...listed } =
        row
      const next = before === null ? null : await messages.find(db.read, owner, id, before)
      if (next === undefined) throw new AuthError('not_found')
      const leaf = next === null ? active_leaf_id : next.parent_id
      const path = leaf === null ? [] : await messages.path(db.read, owner, id, leaf, MESSAGES_PER_PAGE)
      const first = path.at(0)
      return {
        ...listed,
        messages: path.map(messageOf),
        earlierThan: first && first.parent_id !== null ? first.id : null,
        isEarlier: before !== null,
        hasNewerVersion: deleted_at === null && current_version > character_version,
        characterDeleted: deleted_at !== null,
      }
    },

    /** Title and character, without messages. */
    async find(owner: number, id: string): Promise<ConversationListed> {
      const row = await store.find(db.read, owner, id)
      if (!row) throw new AuthError('not_found')
      return row
    },

    /**
     * Begins to talk with a character of the person's own, as it is now. Answers the id: of a new conversation, or of one
     * that was begun in this way before and in which the person has said nothing yet.
     */
    start: (speaker: Speaker, characterId: string): Promise<string> =>
      db.transaction(async (trx) => {
        const owner = speaker.id
        const now = clock()
        if (!(await characters.update(trx, owner, characterId, { last_used_at: now }))) throw new AuthError('not_found')
        const character = await characters.find(trx, owner, characterId)
        if (!character) throw new AuthError('not_found')
        const untouched = await store.findUntouched(trx, owner, characterId, character.current_version)
        if (untouched) return untouched.id
        if ((await store.count(trx, owner)) >= MOST_CONVERSATIONS) {
          throw new AuthError('limit_reached', {
            detail: `You have ${figures(MOST_CONVERSATIONS)} conversations, which is the most. Delete one to make room.`,
          })
        }
        const id = newId()
        await store.add(trx, {
          id,
          owner_id: owner,
          character_id: characterId,
          character_version: character.current_version,
          name: character.name,
          picture: character.picture,
          message_count: 0,
          created_at: now,
          last_message_at: now,
        })
        const names = { char: character.name, user: speaker.displayName }
        const greeting = fillPlaceholders(parseCard(character.card_json).data.first_mes, names)
        if (greeting.trim() === '') return id
        const first = newId()
        await messages.add(trx, {
          id: first,
          owner_id: owner,
          conversation_id: id,
          role: 'assistant',
          content: greeting,
          state: 'done',
          made_by: 'card',
          created_at: now,
        })
        await store.update(trx, owner, id, { active_leaf_id: first, message_count: 1 })
        return id
      }),

    /**
     * Stores what the person said and the reply, together or not at all. The same key again answers what was stored then.
     * Throws `conflict` for a full conversation and for a key of another text, `overloaded` when too many messages of the person wait.
     */
    say: (speaker: Speaker, id: string, text: string, key: string): Promise<Exchanged> =>
      inTurn(speaker.id, () => db.transaction((trx) => answer(trx, speaker, id, text, key))),

    async rename(owner: number, id: string, title: string): Promise<void> {
      const known = await db.transaction((trx) => store.update(trx, owner, id, { title }))
      if (!known) throw new AuthError('not_found')
    },

    /** One of them. For a moment it can be taken back. */
    async remove(owner: number, id: string): Promise<void> {
      const gone = await db.transaction((trx) => store.putAside(trx, owner, clock(), { id }))
      if (gone === 0) throw new AuthError('not_found')
    },

    /** All of an owner, or those with one character. Answers how many; for a moment they can be taken back together. */
    removeAll: (owner: number, character: string | null): Promise<number> =>
      db.transaction((trx) => store.putAside(trx, owner, clock(), character === null ? {} : { character })),

    count: (owner: number, character: string | null): Promise<number> =>
      store.count(db.read, owner, character === null ? {} : { character }),

    /** Whether what was deleted last can still be taken back. */
    canTakeBack: async (owner: number): Promise<boolean> =>
      (await store.lastAside(db.read, owner, clock() - TAKEN_BACK_FOR)) !== null,

    /** Brings back what was deleted last. Answers how many, 0 where it is too late. */
    takeBack: (owner: number): Promise<number> =>
      db.transaction(async (trx) => {
        const at = await store.lastAside(trx, owner, clock() - TAKEN_BACK_FOR)
        return at === null ? 0 : store.takeBack(trx, owner, at)
      }),
  }
}

/**
 * A form's key belongs to its text: who goes back in the browser and writes something else sends a new message, and who
 * presses twice sends one.
 */
export function keyOfForm(key: string, text: string): string {
  return `${key}.${createHash('sha256').update(text).digest('base64url').slice(0, 16)}`
}

const speakerOf = (role: 'user' | 'assistant'): 'person' | 'character' => (role === 'user' ? 'person' : 'character')

const messageOf = (row: Omit<MessageRow, 'parent_id'>): Message => ({
  id: row.id,
  from: row.role === 'notice' ? 'notice' : speakerOf(row.role),
  text: row.content ?? '',
  madeBy: row.made_by,
  at: row.created_at,
})
