import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type UserRow, userColumns } from '../users/user.ts'

/** A session with its person, as the check reads them. */
export interface SessionRow extends UserRow {
  session_created_at: number
  last_seen_at: number
  remember: boolean | number
  shared: boolean | number
  method: string
  confirmed_at: number | null
  started_as: string | null
  newcomer: string | null
  is_active: boolean | number
}

export function createSessionStore(db: Database<AuthTables>) {
  const find = db.statement<{ hash: Uint8Array }, SessionRow>((q, param) =>
    q
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select([
        ...userColumns,
        'users.is_active',
        'sessions.last_seen_at',
        'sessions.remember',
        'sessions.shared',
        'sessions.method',
        'sessions.confirmed_at',
        'sessions.started_as',
        'sessions.newcomer',
      ])
      .select('sessions.created_at as session_created_at')
      .where('sessions.token_hash', '=', param('hash')),
  )
  const list = db.statement<{ userId: number }, SessionListRow>((q, param) =>
    q
      .selectFrom('sessions')
      .select([
        'token_hash',
        'created_at',
        'last_seen_at',
        'remember',
        'shared',
        'method',
        'address',
        'device',
        'name',
        'started_as',
        'trusted_as',
      ])
      .where('user_id', '=', param('userId'))
      .orderBy('last_seen_at', 'desc'),
  )

  return {
    find: (hash: Uint8Array) => find.first({ hash }),
    list: (userId: number) => list.all({ userId }),

    /** The sessions of a person as a transaction sees them. */
    listIn: (trx: Kysely<AuthTables>, userId: number) =>
      trx
        .selectFrom('sessions')
        .select(['token_hash', 'started_as', 'created_at', 'last_seen_at', 'remember', 'shared'])
        .where('user_id', '=', userId)
        .execute(),

    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['sessions']>): Promise<void> {
      await trx.insertInto('sessions').values(row).execute()
    },

    async renewValue(trx: Kysely<AuthTables>, from: Uint8Array, to: Uint8Array, confirmedAt: number): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('sessions')
        .set({ token_hash: to, confirmed_at: confirmedAt })
        .where('token_hash', '=', from)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async setConfirmed(trx: Kysely<AuthTables>, hash: Uint8Array, at: number): Promise<void> {
      await trx.updateTable('sessions').set({ confirmed_at: at }).where('token_hash', '=', hash).execute()
    },

    /** Deletes the oldest sessions of a person beyond `most`. */
    async trim(trx: Kysely<AuthTables>, userId: number, most: number): Promise<void> {
      const old = await trx
        .selectFrom('sessions')
        .select('token_hash')
        .where('user_id', '=', userId)
        .orderBy('created_at', 'desc')
        .offset(most)
        .limit(1000)
        .execute()
      for (const { token_hash } of old) {
        await trx.deleteFrom('sessions').where('token_hash', '=', token_hash).execute()
      }
    },

    /** Deletes one session; answers whose it was and what it was called. */
    delete: (
      trx: Kysely<AuthTables>,
      hash: Uint8Array,
    ): Promise<{ user_id: number; name: string | null } | undefined> =>
      trx.deleteFrom('sessions').where('token_hash', '=', hash).returning(['user_id', 'name']).executeTakeFirst(),

    /** Tells every other session of a person of one that came from a new device. */
    async tellOthers(trx: Kysely<AuthTables>, userId: number, newcomer: string, except: Uint8Array): Promise<void> {
      await trx
        .updateTable('sessions')
        .set({ newcomer })
        .where('user_id', '=', userId)
        .where('token_hash', '<>', except)
        .execute()
    },

    /** One session, or each of a person where none is named, asks no more about that newcomer. */
    async forgetNewcomer(
      trx: Kysely<AuthTables>,
      userId: number,
      newcomer: string,
      only: Uint8Array | null,
    ): Promise<void> {
      const all = trx
        .updateTable('sessions')
        .set({ newcomer: null })
        .where('user_id', '=', userId)
        .where('newcomer', '=', newcomer)
      await (only ? all.where('token_hash', '=', only) : all).execute()
    },

    async rename(trx: Kysely<AuthTables>, hash: Uint8Array, name: string | null): Promise<void> {
      await trx.updateTable('sessions').set({ name }).where('token_hash', '=', hash).execute()
    },

    /** Deletes a person's sessions, but for the one named; answers how many. */
    async deleteAll(trx: Kysely<AuthTables>, userId: number, except: Uint8Array | null): Promise<number> {
      const all = trx.deleteFrom('sessions').where('user_id', '=', userId)
      const { numDeletedRows } = await (except ? all.where('token_hash', '<>', except) : all).executeTakeFirst()
      return Number(numDeletedRows)
    },

    async touch(hash: Uint8Array, at: number): Promise<void> {
      await db.transaction((trx) =>
        trx
          .updateTable('sessions')
          .set({ last_seen_at: at })
          .where('token_hash', '=', hash)
          .where('last_seen_at', '<', at)
          .execute(),
      )
    },

    /** A stretch of all sessions in the order of their key, for the sweep: needs no index of its own. */
    walk: (after: Uint8Array, most: number) =>
      db.read
        .selectFrom('sessions')
        .select(['token_hash', 'created_at', 'last_seen_at', 'remember', 'shared'])
        .where('token_hash', '>', after)
        .orderBy('token_hash')
        .limit(most)
        .execute(),

    /**
     * Deletes those of the sessions that nobody has used since they were read; answers how many. What somebody else is
     * writing stays for the next sweep: who waits for rows that others take in another order meets a deadlock.
     */
    async deleteUnused(rows: readonly { token_hash: Uint8Array; last_seen_at: number }[]): Promise<number> {
      const hashes = rows.map((row) => row.token_hash)
      const newest = rows.reduce((latest, row) => Math.max(latest, row.last_seen_at), 0)
      return db.transaction(async (trx) => {
        const free = trx
          .selectFrom('sessions')
          .select('token_hash')
          .where('token_hash', 'in', hashes)
          .where('last_seen_at', '<=', newest)
          .$if(db.kind === 'postgres', (query) => query.forUpdate().skipLocked())
        const { numDeletedRows } = await trx.deleteFrom('sessions').where('token_hash', 'in', free).executeTakeFirst()
        return Number(numDeletedRows)
      })
    },
  }
}

export interface SessionListRow {
  token_hash: Uint8Array
  created_at: number
  last_seen_at: number
  remember: boolean | number
  shared: boolean | number
  method: string
  address: string
  device: string
  name: string | null
  started_as: string | null
  trusted_as: string | null
}
