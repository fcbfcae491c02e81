import { AuthError, type Clock, type Database } from '@miachat/auth'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { ChatTables } from '../chat-tables.ts'
import { refuseStale, versionOf } from '../lib/seen-version.ts'
import { copyName } from '../lib/text-fields.ts'
import { eachDial, MIDDLE, type Personality } from './personality.ts'
import { personalityLengths } from './personality-form.ts'
import type { PersonalityStore } from './personality-store.ts'

export const MOST_PERSONALITIES = 200

export interface PersonalityDeps {
  readonly db: Database<ChatTables>
  readonly store: PersonalityStore
  readonly clock: Clock
  readonly newId: () => string
}

export interface StoredPersonality extends Personality {
  readonly id: string
}

/** A personality with the characters that have it. */
export interface PersonalityListed extends StoredPersonality {
  readonly usedBy: readonly { readonly id: string; readonly name: string }[]
}

export type Personalities = ReturnType<typeof createPersonalities>

/** What can be done with personalities. Somebody else's and unknown ones alike throw `not_found` (X2). */
export function createPersonalities({ db, store, clock, newId }: PersonalityDeps) {
  type Trx = Parameters<Parameters<typeof db.transaction>[0]>[0]

  async function get(read: Trx, owner: number, id: string): Promise<StoredPersonality> {
    const row = await store.find(read, owner, id)
    if (!row) throw new AuthError('not_found')
    return storedPersonality(row)
  }

  async function add(trx: Trx, owner: number, personality: Personality): Promise<string> {
    if ((await store.count(trx, owner)) >= MOST_PERSONALITIES) {
      throw new AuthError('limit_reached', {
        detail: `You have ${MOST_PERSONALITIES} personalities, which is the most. Delete one to make room.`,
      })
    }
    const id = newId()
    const now = clock()
    await store.add(trx, { id, owner_id: owner, created_at: now, updated_at: now, ...columnsOf(personality) })
    return id
  }

  return {
    get: (owner: number, id: string): Promise<StoredPersonality> => get(db.read, owner, id),

    async list(owner: number): Promise<PersonalityListed[]> {
      const [rows, users] = await Promise.all([store.list(owner), store.users(owner)])
      const usedBy = Map.groupBy(users, (user) => user.personality_id)
      return rows.map((row) => ({ ...storedPersonality(row), usedBy: usedBy.get(row.id) ?? [] }))
    },

    names: store.names,

    usedBy: async (owner: number, id: string) =>
      (await store.users(owner)).filter((character) => character.personality_id === id),

    /** Answers the new id. Throws `conflict` at the most personalities. */
    create: (owner: number, personality: Personality): Promise<string> =>
      db.transaction((trx) => add(trx, owner, personality)),

    /** `seen` is what the person had before them; throws `conflict` where something else is stored by now. */
    edit: (owner: number, id: string, personality: Personality, seen?: string): Promise<void> =>
      db.transaction(async (trx) => {
        // Writing first takes the row's lock: of two edits at once the second reads what the first has stored.
        if (!(await store.update(trx, owner, id, { updated_at: clock() }))) throw new AuthError('not_found')
        const stored = personalityVersion(await get(trx, owner, id))
        refuseStale('personality', { seen, stored, wanted: personalityVersion(personality) })
        await store.update(trx, owner, id, columnsOf(personality))
      }),

    duplicate: (owner: number, id: string, suffix: string): Promise<string> =>
      db.transaction(async (trx) => {
        const personality = await get(trx, owner, id)
        return add(trx, owner, { ...personality, name: copyName(personality.name, personalityLengths.name, suffix) })
      }),

    /** Characters that had it go on without one. */
    async remove(owner: number, id: string): Promise<void> {
      if (!(await db.transaction((trx) => store.remove(trx, owner, id)))) throw new AuthError('not_found')
    },
  }
}

/** Names what is stored, for `edit`. */
export const personalityVersion = (personality: Personality): string => versionOf(columnsOf(personality))

const numbers = z.record(z.string(), z.number())
const texts = z.array(z.string())

/** From a row to a personality; a dial that a row lacks stands in the middle. */
export function storedPersonality(row: Selectable<ChatTables['personalities']>): StoredPersonality {
  const kept = new Map(
    [row.traits_json, row.style_json].flatMap((json) => Object.entries(numbers.parse(JSON.parse(json)))),
  )
  return {
    id: row.id,
    name: row.name,
    dials: eachDial((name) => kept.get(name) ?? MIDDLE),
    words: texts.parse(JSON.parse(row.words_json)),
    dos: texts.parse(JSON.parse(row.dos_json)),
    donts: texts.parse(JSON.parse(row.donts_json)),
    notes: row.notes,
  }
}

function columnsOf({ name, dials, words, dos, donts, notes }: Personality) {
  const { openness, conscientiousness, extraversion, agreeableness, stability, ...style } = dials
  return {
    name,
    traits_json: JSON.stringify({ openness, conscientiousness, extraversion, agreeableness, stability }),
    style_json: JSON.stringify(style),
    words_json: JSON.stringify(words),
    dos_json: JSON.stringify(dos),
    donts_json: JSON.stringify(donts),
    notes,
  }
}
