import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createAuditStore(db: Database<AuthTables>) {
  return {
    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['audit_events']>): Promise<void> {
      await trx.insertInto('audit_events').values(row).execute()
    },

    /** The hash of the account's newest row; keeps others from adding one until the transaction ends. */
    async lockChain(trx: Kysely<AuthTables>, userId: number): Promise<Uint8Array> {
      const { last_hash } = await trx
        .insertInto('audit_chains')
        .values({ user_id: userId, last_hash: new Uint8Array() })
        // A write that changes nothing: SQLite knows no FOR UPDATE.
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ user_id: userId }))
        .returning('last_hash')
        .executeTakeFirstOrThrow()
      return last_hash
    },

    async setChain(trx: Kysely<AuthTables>, userId: number, hash: Uint8Array): Promise<void> {
      await trx.updateTable('audit_chains').set({ last_hash: hash }).where('user_id', '=', userId).execute()
    },

    async endOfChain(userId: number): Promise<Uint8Array | null> {
      const row = await db.read
        .selectFrom('audit_chains')
        .select('last_hash')
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row?.last_hash ?? null
    },

    /** A stretch of all chains, in the order of account and number. */
    walk: (after: { readonly user_id: number; readonly id: number }, most: number) =>
      db.read
        .selectFrom('audit_events')
        .selectAll()
        .where('hash', 'is not', null)
        .where((eb) =>
          eb.or([
            eb('user_id', '>', after.user_id),
            eb.and([eb('user_id', '=', after.user_id), eb('id', '>', after.id)]),
          ]),
        )
        .orderBy('user_id')
        .orderBy('id')
        .limit(most)
        .execute(),

    list: (userId: number, most: number) =>
      db.read
        .selectFrom('audit_events')
        .select(['id', 'at', 'event', 'result', 'actor', 'address', 'user_agent', 'session', 'detail'])
        .where('user_id', '=', userId)
        .orderBy('id', 'desc')
        .limit(most)
        .execute(),

    history(
      userId: number,
      most: number,
      { before = Number.MAX_SAFE_INTEGER, only }: { before?: number | undefined; only?: readonly string[] },
    ) {
      const found = db.read
        .selectFrom('audit_events')
        .select(['id', 'at', 'event', 'result', 'actor', 'address', 'user_agent', 'detail'])
        .where('user_id', '=', userId)
        .where('id', '<', before)
      return (only ? found.where('event', 'in', only) : found.where('event', '<>', 'token_refresh'))
        .orderBy('id', 'desc')
        .limit(most)
        .execute()
    },

    /** Deletes up to `most` events from before `before`; answers how many there were. */
    async sweep(before: number, most: number): Promise<number> {
      // Numbers grow with time, so the oldest lead and no index by time is needed.
      const oldest = await db.read.selectFrom('audit_events').select(['id', 'at']).orderBy('id').limit(most).execute()
      const old = oldest.filter((row) => row.at < before).map((row) => row.id)
      if (old.length === 0) return 0
      await db.transaction((trx) => trx.deleteFrom('audit_events').where('id', 'in', old).execute())
      return old.length
    },
  }
}
