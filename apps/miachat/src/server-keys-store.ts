import { type AuthTables, type Database, giveUpKeys, sealingKeys } from '@miachat/auth'

/** A key that this database has been used with: its id, which tells nothing of the secret. */
export interface ServerKey {
  readonly id: string
  /** Milliseconds since 1970; null for one that is known by what it has sealed alone. */
  readonly firstUsedAt: number | null
  /** Milliseconds since 1970; null for the key that signs now. */
  readonly neededUntil: number | null
  /** Something is sealed with it that does not open without it: an authenticator, a letter. */
  readonly seals: boolean
}

export type ServerKeysStore = ReturnType<typeof createServerKeysStore>

type ServerKeyRow = AuthTables['server_keys']

/** The keys that the database has been used with (SEC-03). */
export function createServerKeysStore(db: Database<AuthTables>) {
  return {
    async list(): Promise<ServerKey[]> {
      const rows = await db.plain<ServerKeyRow>('SELECT id, first_used_at, needed_until FROM server_keys')
      const seals = await sealingKeys(db)
      const known = new Set(rows.map((row) => row.id))
      const others = [...seals]
        .filter((id) => !known.has(id))
        .map((id) => ({ id, firstUsedAt: null, neededUntil: 0, seals: true }))
      const listed = rows.map((row) => ({
        id: row.id,
        firstUsedAt: Number(row.first_used_at),
        neededUntil: row.needed_until === null ? null : Number(row.needed_until),
        seals: seals.has(row.id),
      }))
      return [...listed, ...others]
    },

    /** Makes `id` the one that signs; the former one stays needed until the last token that it signed has ended. */
    makeCurrent: (id: string, now: number, formerNeededUntil: number): Promise<void> =>
      db.transaction(async (trx) => {
        await trx
          .updateTable('server_keys')
          .set({ needed_until: formerNeededUntil })
          .where('needed_until', 'is', null)
          .where('id', '!=', id)
          .execute()
        await trx
          .insertInto('server_keys')
          .values({ id, first_used_at: now, needed_until: null })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ needed_until: null }))
          .execute()
      }),

    /**
     * Forgets that keys were needed: their tokens end, which is the price of a lost key. Authenticators that only they open
     * stay on, so that a lost key opens no account; recovery codes finish those sign-ins. Answers how many values of each table
     * stay closed.
     */
    forget: (ids: readonly string[]) =>
      db.transaction(async (trx) => {
        await trx.deleteFrom('server_keys').where('id', 'in', ids).execute()
        return giveUpKeys(trx, ids)
      }),

    /** Deletes what nobody needs any more. */
    async sweep(now: number): Promise<void> {
      await db.transaction((trx) => trx.deleteFrom('server_keys').where('needed_until', '<', now).execute())
    },
  }
}
