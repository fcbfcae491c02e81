import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type UserRow, userColumns } from '../users/user.ts'

export interface FamilyRow extends UserRow {
  family_expires_at: number
  is_active: boolean | number
}

export interface RefreshRow {
  token_hash: Uint8Array
  family_id: string
  used_at: number | null
  successor_hash: Uint8Array | null
  user_id: number
  expires_at: number
  is_active: boolean | number
}

export function createTokenStore(db: Database<AuthTables>) {
  const findFamily = db.statement<{ id: string }, FamilyRow>((q, param) =>
    q
      .selectFrom('token_families')
      .innerJoin('users', 'users.id', 'token_families.user_id')
      .select([...userColumns, 'users.is_active', 'token_families.expires_at as family_expires_at'])
      .where('token_families.id', '=', param('id')),
  )
  const refreshQuery = (q: Kysely<AuthTables>) =>
    q
      .selectFrom('refresh_tokens')
      .innerJoin('token_families', 'token_families.id', 'refresh_tokens.family_id')
      .innerJoin('users', 'users.id', 'token_families.user_id')
      .select(['refresh_tokens.token_hash', 'refresh_tokens.family_id', 'refresh_tokens.used_at'])
      .select(['refresh_tokens.successor_hash', 'token_families.user_id', 'token_families.expires_at'])
      .select('users.is_active')

  return {
    findFamily: (id: string) => findFamily.first({ id }),

    findRefresh: (q: Kysely<AuthTables>, hash: Uint8Array): Promise<RefreshRow | undefined> =>
      refreshQuery(q).where('refresh_tokens.token_hash', '=', hash).executeTakeFirst(),

    async insertFamily(trx: Kysely<AuthTables>, row: Insertable<AuthTables['token_families']>): Promise<void> {
      await trx.insertInto('token_families').values(row).execute()
    },

    async insertRefresh(
      trx: Kysely<AuthTables>,
      row: { token_hash: Uint8Array; family_id: string; created_at: number },
    ): Promise<void> {
      await trx.insertInto('refresh_tokens').values(row).execute()
    },

    /** Marks the token as used if nobody has: of many at once exactly one wins (RFR-05). */
    async useRefresh(
      trx: Kysely<AuthTables>,
      use: { hash: Uint8Array; successor: Uint8Array; at: number },
    ): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('refresh_tokens')
        .set({ used_at: use.at, successor_hash: use.successor })
        .where('token_hash', '=', use.hash)
        .where('used_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },

    /**
     * Writes that a family is used, and keeps others from it until the transaction ends; answers whether it is there.
     * First of all that a refresh does: a sign-out takes the family before its tokens too, and two that take them in
     * opposite order would wait for each other.
     */
    async useFamily(trx: Kysely<AuthTables>, id: string, at: number): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('token_families')
        .set({ last_used_at: at })
        .where('id', '=', id)
        .where('expires_at', '>', at)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },

    /** Deletes a family with its refresh tokens; answers whose it was. */
    async deleteFamily(trx: Kysely<AuthTables>, id: string): Promise<number | undefined> {
      const row = await trx.deleteFrom('token_families').where('id', '=', id).returning('user_id').executeTakeFirst()
      return row?.user_id
    },

    async deleteAll(trx: Kysely<AuthTables>, userId: number): Promise<number> {
      const { numDeletedRows } = await trx.deleteFrom('token_families').where('user_id', '=', userId).executeTakeFirst()
      return Number(numDeletedRows)
    },

    async rename(trx: Kysely<AuthTables>, id: string, name: string | null): Promise<void> {
      await trx.updateTable('token_families').set({ name }).where('id', '=', id).execute()
    },

    /** Deletes the oldest families of a person beyond `most`. */
    async trim(trx: Kysely<AuthTables>, userId: number, most: number): Promise<void> {
      const old = trx
        .selectFrom('token_families')
        .select('id')
        .where('user_id', '=', userId)
        .orderBy('created_at', 'desc')
        .offset(most)
        .limit(1000)
      await trx.deleteFrom('token_families').where('id', 'in', old).execute()
    },

    list: (userId: number, now: number) =>
      db.read
        .selectFrom('token_families')
        .select(['id', 'created_at', 'last_used_at', 'address', 'device', 'name', 'method'])
        .where('user_id', '=', userId)
        .where('expires_at', '>', now)
        .orderBy('last_used_at', 'desc')
        .execute(),

    /** What somebody else is writing stays for the next sweep: to wait for it could end in a deadlock. */
    async sweep(now: number, most: number): Promise<number> {
      const old = await db.read
        .selectFrom('token_families')
        .select('id')
        .where('expires_at', '<=', now)
        .limit(most)
        .execute()
      if (old.length === 0) return 0
      const keys = old.map((row) => row.id)
      const { numDeletedRows } = await db.transaction((trx) => {
        const free = trx
          .selectFrom('token_families')
          .select('id')
          .where('id', 'in', keys)
          .where('expires_at', '<=', now)
          .$if(db.kind === 'postgres', (query) => query.forUpdate().skipLocked())
        return trx.deleteFrom('token_families').where('id', 'in', free).executeTakeFirst()
      })
      return Number(numDeletedRows)
    },
  }
}
