import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createChallengeStore(db: Database<AuthTables>) {
  /** Deletes some that have expired: strangers write these rows, so that they must not gather until the next sweep. */
  async function deleteSome(trx: Kysely<AuthTables>, now: number, most: number): Promise<number> {
    const old = await trx
      .selectFrom('passkey_challenges')
      .select('challenge_hash')
      .where('expires_at', '<=', now)
      .limit(most)
      .execute()
    if (old.length === 0) return 0
    const keys = old.map((row) => row.challenge_hash)
    await trx.deleteFrom('passkey_challenges').where('challenge_hash', 'in', keys).execute()
    return old.length
  }

  return {
    /** Inserts, and deletes the oldest of this browser beyond `most` and a few that have expired. */
    insert: (row: Insertable<AuthTables['passkey_challenges']>, most: number): Promise<void> =>
      db.transaction(async (trx) => {
        await deleteSome(trx, row.created_at, 10)
        const old = trx
          .selectFrom('passkey_challenges')
          .select('challenge_hash')
          .where('browser_hash', '=', row.browser_hash)
          .orderBy('created_at', 'desc')
          .offset(most - 1)
          .limit(100)
        await trx.deleteFrom('passkey_challenges').where('challenge_hash', 'in', old).execute()
        await trx.insertInto('passkey_challenges').values(row).execute()
      }),

    /** Uses a challenge up, at once and whatever comes of it: of many who bring the same answer one gets it (PKY-01). */
    take: (challengeHash: Uint8Array, browserHash: Uint8Array) =>
      db.transaction((trx) =>
        trx
          .deleteFrom('passkey_challenges')
          .where('challenge_hash', '=', challengeHash)
          .where('browser_hash', '=', browserHash)
          .returningAll()
          .executeTakeFirst(),
      ),

    /** Looks before it writes: at a start with nothing to delete the writer's thread and its memory need not be there. */
    async sweep(now: number, most: number): Promise<number> {
      const old = db.read
        .selectFrom('passkey_challenges')
        .select('challenge_hash')
        .where('expires_at', '<=', now)
        .limit(1)
      if ((await old.executeTakeFirst()) === undefined) return 0
      return db.transaction((trx) => deleteSome(trx, now, most))
    },
  }
}
