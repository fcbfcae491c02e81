import { AuthError, type Clock, type Database } from '@miachat/auth'
import type { ChatTables } from '../chat-tables.ts'
import { refuseStale, versionOf } from '../lib/seen-version.ts'
import { copyName } from '../lib/text-fields.ts'
import type { PersonalityStore } from '../personalities/personality-store.ts'
import { type Card, type CharacterFields, cardOf, fieldsOf, parseCard, sameFields } from './card.ts'
import { characterFieldsJson, characterLengths } from './character-form.ts'
import type { CharacterStore } from './character-store.ts'
import { findExample } from './example-characters.ts'

export const MOST_CHARACTERS = 500
export const CHARACTERS_PER_PAGE = 60

export interface CharacterDeps {
  readonly db: Database<ChatTables>
  readonly store: CharacterStore
  readonly personalities: PersonalityStore
  readonly clock: Clock
  readonly newId: () => string
}

/** A character with its card, as its owner sees it. */
export interface Character {
  readonly id: string
  readonly name: string
  readonly tagline: string
  readonly picture: string | null
  readonly favourite: boolean
  readonly version: number
  readonly personalityId: string | null
  readonly sourceKind: string
  readonly card: Card
}

export type Characters = ReturnType<typeof createCharacters>

/** What can be done with characters. Somebody else's and unknown ones alike throw `not_found` (X2). */
export function createCharacters({ db, store, personalities, clock, newId }: CharacterDeps) {
  type Trx = Parameters<Parameters<typeof db.transaction>[0]>[0]

  async function get(read: Trx, owner: number, id: string): Promise<Character> {
    const row = await store.find(read, owner, id)
    if (!row) throw new AuthError('not_found')
    return {
      id: row.id,
      name: row.name,
      tagline: row.tagline,
      picture: row.picture,
      favourite: row.favourite === 1,
      version: row.current_version,
      personalityId: row.personality_id,
      sourceKind: row.source_kind,
      card: parseCard(row.card_json),
    }
  }

  async function refuseUnknownPersonality(trx: Trx, owner: number, id: string | null): Promise<void> {
    if (id === null || (await personalities.find(trx, owner, id))) return
    throw new AuthError('invalid_fields', {
      fields: [{ field: 'personality_id', code: 'unknown', message: 'This personality is no longer there.' }],
    })
  }

  async function add(
    trx: Trx,
    owner: number,
    made: { card: Card; personalityId: string | null; picture: string | null; sourceKind: string },
  ): Promise<string> {
    if ((await store.count(trx, owner)) >= MOST_CHARACTERS) {
      throw new AuthError('limit_reached', {
        detail: `You have ${MOST_CHARACTERS} characters, which is the most. Delete one to make room.`,
      })
    }
    await refuseUnknownPersonality(trx, owner, made.personalityId)
    const id = newId()
    const now = clock()
    const fields = fieldsOf(made.card)
    await store.add(trx, {
      id,
      owner_id: owner,
      name: fields.name,
      tagline: fields.tagline,
      picture: made.picture,
      favourite: 0,
      current_version: 1,
      personality_id: made.personalityId,
      source_kind: made.sourceKind,
      created_at: now,
      updated_at: now,
      last_used_at: now,
      deleted_at: null,
    })
    await store.addVersion(trx, versionRow(owner, id, 1, made.card, now))
    await store.setTags(trx, owner, id, fields.tags)
    return id
  }

  const versionRow = (owner: number, id: string, version: number, card: Card, now: number) => ({
    owner_id: owner,
    character_id: id,
    version,
    card_json: JSON.stringify(card),
    created_at: now,
  })

  return {
    get: (owner: number, id: string): Promise<Character> => get(db.read, owner, id),

    /**
     * A page of characters, those whose name or a tag holds `words`; `more` says that there are others. A page behind the
     * end is the last one.
     */
    async list(owner: number, words: string, wantedPage: number) {
      let rows = await store.listFirst(owner, MOST_CHARACTERS)
      const total = rows.length
      const wanted = forSearch(words)
      if (wanted !== '') {
        const tags = await store.tags(owner)
        const tagged = new Set(tags.filter(({ tag }) => forSearch(tag).includes(wanted)).map((row) => row.character_id))
        rows = rows.filter((row) => tagged.has(row.id) || forSearch(row.name).includes(wanted))
      }
      const page = Math.min(wantedPage, Math.max(1, Math.ceil(rows.length / CHARACTERS_PER_PAGE)))
      const start = (page - 1) * CHARACTERS_PER_PAGE
      const end = start + CHARACTERS_PER_PAGE
      return { rows: rows.slice(start, end), more: rows.length > end, total, page }
    },

    /** Answers the new id. Throws `conflict` at the most characters, `invalid_fields` for an unknown personality. */
    create: (owner: number, fields: CharacterFields, personalityId: string | null): Promise<string> =>
      db.transaction((trx) =>
        add(trx, owner, { card: cardOf(fields, clock()), personalityId, picture: null, sourceKind: 'made' }),
      ),

    /**
     * A new version where something of the card changed; running conversations keep theirs, others go. `seen` is what the person had
     * before them; throws `conflict` where something else is stored by now.
     */
    edit: (
      owner: number,
      id: string,
      fields: CharacterFields,
      personalityId: string | null,
      seen?: string,
    ): Promise<void> =>
      db.transaction(async (trx) => {
        const now = clock()
        // Writing first takes the row's lock: two edits at once make two versions, not one number twice.
        if (!(await store.update(trx, owner, id, { updated_at: now }))) throw new AuthError('not_found')
        const before = await get(trx, owner, id)
        refuseStale('character', {
          seen,
          stored: characterVersion(before),
          wanted: contentVersion(fields, personalityId),
        })
        if (personalityId !== before.personalityId) {
          await refuseUnknownPersonality(trx, owner, personalityId)
          await store.update(trx, owner, id, { personality_id: personalityId })
        }
        if (sameFields(fieldsOf(before.card), fields)) return
        const version = before.version + 1
        await store.addVersion(trx, versionRow(owner, id, version, cardOf(fields, now, before.card), now))
        await store.update(trx, owner, id, { name: fields.name, tagline: fields.tagline, current_version: version })
        await store.setTags(trx, owner, id, fields.tags)
        await store.removeUnusedVersions(trx, owner, id)
      }),

    duplicate: (owner: number, id: string, suffix: string): Promise<string> =>
      db.transaction(async (trx) => {
        const { card, personalityId, picture, sourceKind } = await get(trx, owner, id)
        const fields = fieldsOf(card)
        const copy = cardOf({ ...fields, name: copyName(fields.name, characterLengths.name, suffix) }, clock(), card)
        return add(trx, owner, { card: copy, personalityId, picture, sourceKind })
      }),

    /** A copy of a built-in example, which is then the person's own, in the language of the moment. */
    copyExample: (owner: number, key: string, language: string): Promise<string> =>
      db.transaction(async (trx) => {
        const example = findExample(key, language)
        if (!example) throw new AuthError('not_found')
        const card = cardOf(example.fields, clock())
        return add(trx, owner, { card, personalityId: null, picture: example.picture, sourceKind: 'example' })
      }),

    async setFavourite(owner: number, id: string, favourite: boolean): Promise<void> {
      const known = await db.transaction((trx) => store.update(trx, owner, id, { favourite: favourite ? 1 : 0 }))
      if (!known) throw new AuthError('not_found')
    },

    conversationsUsing: (owner: number, id: string): Promise<number> => store.conversationsUsing(db.read, owner, id),

    /** Conversations stay readable: a character that one uses is hidden, and goes with the last of them. */
    remove: (owner: number, id: string): Promise<void> =>
      db.transaction(async (trx) => {
        if (!(await store.update(trx, owner, id, { deleted_at: clock() }))) throw new AuthError('not_found')
        await store.removeUnused(trx, owner, id)
      }),
  }
}

/** Names what is stored, for `edit`: the number of a version would not tell that another personality was chosen. */
export const characterVersion = ({ card, personalityId }: Pick<Character, 'card' | 'personalityId'>): string =>
  contentVersion(fieldsOf(card), personalityId)

const contentVersion = (fields: CharacterFields, personalityId: string | null): string =>
  versionOf({ ...characterFieldsJson(fields), personality_id: personalityId })

/** Case and accents do not count. */
const forSearch = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()
