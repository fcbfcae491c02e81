import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type UserRow, userColumns } from '../users/user.ts'

/** A token with its person, as the check reads them. */
export interface PersonalTokenRow extends UserRow {
  token_id: string
  scopes: string
  expires_at: number
  last_used_at: number | null
  is_active: boolean | number
}

export function createPersonalTokenStore(db: Database<AuthTables>) {
  const find = db.statement<{ hash: Uint8Array }, PersonalTokenRow>((q, param) =>
    q
      .selectFrom('personal_tokens')
      .innerJoin('users', 'users.id', 'personal_tokens.user_id')
      .select([...userColumns, 'users.is_active', 'personal_tokens.id as token_id'])
      .select(['personal_tokens.scopes', 'personal_tokens.expires_at', 'personal_tokens.last_used_at'])
      .where('personal_tokens.token_hash', '=', param('hash')),
  )

  return {
    find: (hash: Uint8Array) => find.first({ hash }),

    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['personal_tokens']>): Promise<void> {
      await trx.insertInto('personal_tokens').values(row).execute()
    },

    list: (userId: number, now: number, from: Kysely<AuthTables> = db.read) =>
      from
        .selectFrom('personal_tokens')
        .select(['id', 'name', 'scopes', 'created_at', 'expires_at', 'last_used_at', 'last_used_from'])
        .where('user_id', '=', userId)
        .where('expires_at', '>', now)
        .orderBy('created_at', 'desc')
        .execute(),

    async touch(id: string, at: number, from: string): Promise<void> {
      await db.transaction((trx) =>
        trx
          .updateTable('personal_tokens')
          .set({ last_used_at: at, last_used_from: from })
          .where('id', '=', id)
          .execute(),
      )
    },

    /** Deletes one of a person's; answers its name, undefined for one that is not theirs. */
    async delete(trx: Kysely<AuthTables>, userId: number, id: string): Promise<string | undefined> {
      const row = await trx
        .deleteFrom('personal_tokens')
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .returning('name')
        .executeTakeFirst()
      return row?.name
    },

    async deleteAll(trx: Kysely<AuthTables>, userId: number): Promise<number> {
      const { numDeletedRows } = await trx
        .deleteFrom('personal_tokens')
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },

    endsAt: (id: string) =>
      db.read.selectFrom('personal_tokens').select('expires_at').where('id', '=', id).executeTakeFirst(),

    async sweep(before: number, most: number): Promise<number> {
      const old = await db.read
        .selectFrom('personal_tokens')
        .select('id')
        .where('expires_at', '<=', before)
        .limit(most)
        .execute()
      if (old.length === 0) return 0
      const ids = old.map((row) => row.id)
      await db.transaction((trx) => trx.deleteFrom('personal_tokens').where('id', 'in', ids).execute())
      return ids.length
    },
  }
}
