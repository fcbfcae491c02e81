import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

/** Who looks at a code, and by which session: what somebody else has entered is shown to nobody. */
export interface EnteredBy {
  readonly userId: number
  readonly session: string
}

export function createDeviceCodeStore(db: Database<AuthTables>) {
  /** Deletes some that have expired: strangers write these rows, so that they must not gather until the next sweep. */
  async function deleteSome(trx: Kysely<AuthTables>, now: number, most: number): Promise<number> {
    const old = await trx
      .selectFrom('device_codes')
      .select('device_hash')
      .where('expires_at', '<=', now)
      .limit(most)
      .execute()
    if (old.length === 0) return 0
    const keys = old.map((row) => row.device_hash)
    await trx.deleteFrom('device_codes').where('device_hash', 'in', keys).execute()
    return old.length
  }

  return {
    /** Inserts, and deletes a few that have expired. */
    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['device_codes']>): Promise<void> {
      await deleteSome(trx, row.created_at, 10)
      await trx.insertInto('device_codes').values(row).execute()
    },

    /** Notes who has entered a code that nobody has decided on; answers which it is. */
    enter: (
      trx: Kysely<AuthTables>,
      userHashes: readonly Uint8Array[],
      by: EnteredBy,
      now: number,
    ): Promise<{ id: string } | undefined> =>
      trx
        .updateTable('device_codes')
        .set({ user_id: by.userId, session: by.session })
        .where('user_hash', 'in', userHashes)
        .where('expires_at', '>', now)
        .where('decision', 'is', null)
        .returning('id')
        .executeTakeFirst(),

    findEntered: (id: string, by: EnteredBy, now: number) =>
      db.read
        .selectFrom('device_codes')
        .select(['id', 'program', 'device', 'address', 'created_at'])
        .where('id', '=', id)
        .where('user_id', '=', by.userId)
        .where('session', '=', by.session)
        .where('expires_at', '>', now)
        .where('decision', 'is', null)
        .executeTakeFirst(),

    /** Decides once: of two answers at a time one counts. Answers what the program calls itself. */
    decide: (
      trx: Kysely<AuthTables>,
      { id, by, decision, now }: { id: string; by: EnteredBy; decision: 'allowed' | 'refused'; now: number },
    ): Promise<{ program: string } | undefined> =>
      trx
        .updateTable('device_codes')
        .set({ decision })
        .where('id', '=', id)
        .where('user_id', '=', by.userId)
        .where('session', '=', by.session)
        .where('expires_at', '>', now)
        .where('decision', 'is', null)
        .returning('program')
        .executeTakeFirst(),

    find: (deviceHash: Uint8Array) =>
      db.read.selectFrom('device_codes').selectAll().where('device_hash', '=', deviceHash).executeTakeFirst(),

    /** Notes a look that came in time, after `asked` of the one before; of two at once one is in time. */
    async look(trx: Kysely<AuthTables>, deviceHash: Uint8Array, asked: number | null, now: number): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('device_codes')
        .set({ asked_at: now })
        .where('device_hash', '=', deviceHash)
        .where('asked_at', asked === null ? 'is' : '=', asked)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },

    /** Notes a look that came too early, and makes the pause longer. */
    async slowDown(trx: Kysely<AuthTables>, deviceHash: Uint8Array, by: number, now: number): Promise<void> {
      await trx
        .updateTable('device_codes')
        .set((eb) => ({ pause: eb('pause', '+', by), asked_at: now }))
        .where('device_hash', '=', deviceHash)
        .execute()
    },

    /** Uses an allowed code up: of two programs that ask at the same time one gets it. */
    take: (trx: Kysely<AuthTables>, deviceHash: Uint8Array, now: number) =>
      trx
        .deleteFrom('device_codes')
        .where('device_hash', '=', deviceHash)
        .where('decision', '=', 'allowed')
        .where('expires_at', '>', now)
        .returning(['user_id', 'session', 'program'])
        .executeTakeFirst(),

    async deleteAll(trx: Kysely<AuthTables>, userId: number): Promise<number> {
      const { numDeletedRows } = await trx.deleteFrom('device_codes').where('user_id', '=', userId).executeTakeFirst()
      return Number(numDeletedRows)
    },

    /** Looks before it writes: at a start with nothing to delete the writer's thread and its memory need not be there. */
    async sweep(now: number, most: number): Promise<number> {
      const old = db.read.selectFrom('device_codes').select('device_hash').where('expires_at', '<=', now).limit(1)
      if ((await old.executeTakeFirst()) === undefined) return 0
      return db.transaction((trx) => deleteSome(trx, now, most))
    },
  }
}
