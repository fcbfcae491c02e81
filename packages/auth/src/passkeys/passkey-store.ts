import type { Insertable, Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'

/** A passkey signs in by itself; a security key is a second step only, since it need not have seen its person (no PIN). */
export type PasskeyKind = 'passkey' | 'security_key'

/** Names one of an account's passkeys, or one of its security keys. */
export interface OneOfKind {
  readonly id: string
  readonly kind: PasskeyKind
}

export function createPasskeyStore(db: Database<AuthTables>) {
  const list = (from: Kysely<AuthTables>, userId: number) =>
    from.selectFrom('passkeys').selectAll().where('user_id', '=', userId).orderBy('created_at').execute()

  return {
    list: (userId: number, from: Kysely<AuthTables> = db.read) => list(from, userId),

    findByCredential: (credentialId: string) =>
      db.read.selectFrom('passkeys').selectAll().where('credential_id', '=', credentialId).executeTakeFirst(),

    find: (userId: number, { id, kind }: OneOfKind) =>
      db.read
        .selectFrom('passkeys')
        .selectAll()
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .where('kind', '=', kind)
        .executeTakeFirst(),

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

    async rename(trx: Kysely<AuthTables>, userId: number, { id, kind }: OneOfKind, name: string): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('passkeys')
        .set({ name })
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .where('kind', '=', kind)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async removeKeys(trx: Kysely<AuthTables>, userId: number): Promise<number> {
      const { numDeletedRows } = await trx
        .deleteFrom('passkeys')
        .where('user_id', '=', userId)
        .where('kind', '=', 'security_key')
        .executeTakeFirst()
      return Number(numDeletedRows)
    },

    async remove(trx: Kysely<AuthTables>, userId: number, { id, kind }: OneOfKind): Promise<boolean> {
      const { numDeletedRows } = await trx
        .deleteFrom('passkeys')
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .where('kind', '=', kind)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}
