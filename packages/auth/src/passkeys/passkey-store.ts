import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

export function createPasskeyStore(db: Database<AuthTables>) {
  const list = (from: Kysely<AuthTables>, userId: number) =>
    from.selectFrom('passkeys').selectAll().where('user_id', '=', userId).orderBy('created_at').execute()

  return {
    list: (userId: number, from: Kysely<AuthTables> = db.read) => list(from, userId),

    findByCredential: (credentialId: string) =>
      db.read.selectFrom('passkeys').selectAll().where('credential_id', '=', credentialId).executeTakeFirst(),

    find: (userId: number, id: string) =>
      db.read.selectFrom('passkeys').selectAll().where('user_id', '=', userId).where('id', '=', id).executeTakeFirst(),

    async insert(trx: Kysely<AuthTables>, row: Insertable<AuthTables['passkeys']>): Promise<void> {
      await trx.insertInto('passkeys').values(row).execute()
    },

    /** Notes a use, unless the counter did not grow: of two who bring the same count at once, one is noted (PKY-03). */
    async use(
      trx: Kysely<AuthTables>,
      id: string,
      use: { counter: number; backedUp: boolean; at: number; on: string | null },
    ): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('passkeys')
        .set({ counter: use.counter, backed_up: use.backedUp, last_used_at: use.at, last_used_on: use.on })
        .where('id', '=', id)
        // Authenticators without a counter always say 0.
        .where((eb) => (use.counter === 0 ? eb('counter', '=', 0) : eb('counter', '<', use.counter)))
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async exists(trx: Kysely<AuthTables>, id: string): Promise<boolean> {
      return (await trx.selectFrom('passkeys').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
    },

    async rename(trx: Kysely<AuthTables>, userId: number, id: string, name: string): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('passkeys')
        .set({ name })
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async remove(trx: Kysely<AuthTables>, userId: number, id: string): Promise<boolean> {
      const { numDeletedRows } = await trx
        .deleteFrom('passkeys')
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}
