import type { Database } from '@miachat/auth'
import { createCharacterStore } from '../characters/character-store.ts'
import type { ChatTables } from '../chat-tables.ts'
import { createConversationStore } from './conversation-store.ts'
import { TAKEN_BACK_FOR } from './conversations.ts'
import { createKeepingStore } from './keeping-store.ts'

const DAY = 86_400_000
/** Whoever has chosen a shorter time by mistake has this long to choose another, in milliseconds. */
export const FIRST_AFTER = 3_600_000
const PEOPLE_AT_ONCE = 200
/** Conversations that one transaction deletes: others wait for it. */
const AT_ONCE = 50

/** Deletes conversations that were put aside, or are older than their owner keeps them: the `sweep` of `createAuth`. */
export function createConversationSweep(db: Database<ChatTables>): (most: number, now: number) => Promise<number> {
  const store = createConversationStore(db)
  const characters = createCharacterStore(db)
  const keeping = createKeepingStore(db)

  async function putOutdatedAside(now: number): Promise<void> {
    for (let after = 0; ; ) {
      const people = await keeping.list(now - FIRST_AFTER, after, PEOPLE_AT_ONCE)
      for (const { owner_id, days } of people) {
        const before = now - days * DAY
        // Looked at first: an idle server writes nothing.
        if ((await store.count(db.read, owner_id, { before })) === 0) continue
        await db.transaction((trx) => store.putAside(trx, owner_id, now - TAKEN_BACK_FOR, { before }))
      }
      const last = people.at(-1)
      if (!last || people.length < PEOPLE_AT_ONCE) return
      after = last.owner_id
    }
  }

  return async (most, now) => {
    await putOutdatedAside(now)
    let deleted = 0
    while (deleted < most) {
      const rows = await store.listAside(db.read, now - TAKEN_BACK_FOR, Math.min(AT_ONCE, most - deleted))
      if (rows.length === 0) break
      await db.transaction(async (trx) => {
        for (const { id, owner_id, character_id } of rows) {
          if (!(await store.remove(trx, owner_id, id))) continue
          // The character or the version that only this has kept.
          await characters.removeUnused(trx, owner_id, character_id)
          await characters.removeUnusedVersions(trx, owner_id, character_id)
        }
      })
      deleted += rows.length
    }
    return deleted
  }
}
