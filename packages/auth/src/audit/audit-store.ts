import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

/** A place in the log: what comes before it is older. */
export interface LogPlace {
  readonly at: number
  readonly id: number
}

/** Which events of the whole log are wanted; null for all. */
export interface LogWanted {
  readonly userId: number | null
  readonly event: string | null
  readonly address: string | null
  /** Milliseconds since 1970: the first that counts, and the first that does not any more. */
  readonly from: number | null
  readonly to: number | null
}

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

    /** A stretch of all chains, or of one, in the order of account and number. */
    walk: (after: { readonly user_id: number; readonly id: number }, most: number, only: number | null = null) =>
      db.read
        .selectFrom('audit_events')
        .selectAll()
        .where('hash', 'is not', null)
        .$if(only !== null, (query) => query.where('user_id', '=', only))
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

    /**
     * A stretch of the log of all accounts, the newest first, from before a place on. Each filter has an index that carries the
     * order too: those of one account are read by number, which is the order of its chain.
     */
    stretch(wanted: LogWanted, before: LogPlace | null, most: number) {
      const { userId, event, address, from, to } = wanted
      let query = db.read
        .selectFrom('audit_events as e')
        .leftJoin('users', 'users.id', 'e.user_id')
        .selectAll('e')
        .select('users.username')
        .limit(most)
      if (event !== null) query = query.where('e.event', '=', event)
      if (address !== null) query = query.where('e.address', '=', address)
      if (from !== null) query = query.where('e.at', '>=', from)
      if (to !== null) query = query.where('e.at', '<', to)
      if (userId !== null) {
        query = query.where('e.user_id', '=', userId)
        if (before !== null) query = query.where('e.id', '<', before.id)
        return query.orderBy('e.id', 'desc').execute()
      }
      if (before !== null) {
        query = query.where((eb) => eb(eb.refTuple('e.at', 'e.id'), '<', eb.tuple(before.at, before.id)))
      }
      return query.orderBy('e.at', 'desc').orderBy('e.id', 'desc').execute()
    },

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

    /** The user names of accounts that are there. */
    async names(ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
      if (ids.length === 0) return new Map()
      const rows = await db.read.selectFrom('users').select(['id', 'username']).where('id', 'in', ids).execute()
      return new Map(rows.map(({ id, username }) => [id, username]))
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
