import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Role, type UserRow, userColumns } from './user.ts'

/** What a check of a password needs of an account. */
export interface Credentials {
  readonly id: number
  readonly username: string
  readonly email: string
  readonly password_hash: string
  readonly password_imported: boolean
  /** Tells one password from the next: a hash that was only renewed leaves it as it is. */
  readonly password_changed_at: number | null
  readonly is_active: boolean
  /** When an account is deleted whose owner has left it, in milliseconds since 1970. */
  readonly deletes_at: number | null
  /** Since when the account is without a second factor that is demanded of it, in milliseconds since 1970. */
  readonly factor_grace_from: number | null
  /** Whether an administrator deletes it who had disabled it: its owner cannot keep it. */
  readonly kept_out: boolean
  /** Since when an account waits for an administrator's approval, in milliseconds since 1970. */
  readonly waits_since: number | null
}

/**
 * Whether somebody may show to be the owner: also of an account that is about to be deleted, to keep it, and of one that
 * waits for approval, to hear so.
 */
export const opensByProof = (
  account: Pick<Credentials, 'is_active' | 'deletes_at' | 'kept_out' | 'waits_since'>,
): boolean => account.is_active || (account.deletes_at !== null && !account.kept_out) || account.waits_since !== null

const credentialColumns = [
  'id',
  'username',
  'email',
  'password_hash',
  'password_imported',
  'password_changed_at',
  'is_active',
  'deletes_at',
  'factor_grace_from',
  'kept_out',
  'waits_since',
] as const

type CredentialRow = Omit<Credentials, 'password_imported' | 'is_active' | 'kept_out'> & {
  password_imported: boolean | number
  is_active: boolean | number
  kept_out: boolean | number
}
const credentialsOf = <Row extends CredentialRow>(row: Row) => ({
  ...row,
  password_imported: Boolean(row.password_imported),
  is_active: Boolean(row.is_active),
  kept_out: Boolean(row.kept_out),
})

export function createUserStore(db: Database<AuthTables>) {
  const by = (column: 'username' | 'email' | 'username_key' | 'email_key') => {
    const find = db.statement<{ value: string }, CredentialRow>((q, param) =>
      q.selectFrom('users').select(credentialColumns).where(column, '=', param('value')),
    )
    return async (value: string): Promise<Credentials | undefined> => {
      const row = await find.first({ value })
      return row && credentialsOf(row)
    }
  }
  const findById = db.statement<{ id: number }, UserRow>((q, param) =>
    q.selectFrom('users').select(userColumns).where('id', '=', param('id')),
  )
  const findCredentials = db.statement<{ id: number }, CredentialRow>((q, param) =>
    q.selectFrom('users').select(credentialColumns).where('id', '=', param('id')),
  )

  return {
    findByUsername: by('username'),
    findByEmail: by('email'),
    findByUsernameKey: by('username_key'),
    findByEmailKey: by('email_key'),
    findById: (id: number) => findById.first({ id }),
    async findCredentials(id: number): Promise<Credentials | undefined> {
      const row = await findCredentials.first({ id })
      return row && credentialsOf(row)
    },

    async insert(
      trx: Kysely<AuthTables>,
      user: {
        username: string
        email: string
        password_hash: string
        created_at: string
        username_key: string
        email_key: string
        password_changed_at: number
        email_verified_at: number | null
        address_due: number | null
        fields: string
        language: string | null
      },
    ): Promise<number> {
      const row = await trx
        .insertInto('users')
        .values({ ...user, last_login: null })
        .returning('id')
        .executeTakeFirstOrThrow()
      return row.id
    },

    /**
     * The account as it is inside the transaction, which nobody changes until it ends: else on PostgreSQL a password could
     * be changed, or the account disabled, between this look and the session that follows from it. Not FOR UPDATE, which
     * would also wait for whoever writes a row that refers to the account.
     */
    async get(trx: Kysely<AuthTables>, id: number): Promise<(UserRow & Credentials) | undefined> {
      const row = await trx
        .selectFrom('users')
        .select([...userColumns, ...credentialColumns])
        .where('id', '=', id)
        .$if(db.kind === 'postgres', (query) => query.forNoKeyUpdate())
        .executeTakeFirst()
      return row && credentialsOf(row)
    },

    /** A sign-in ends the streak of wrong passwords; `graceFrom` says since when a demanded second factor is missing. */
    async setLastLogin(trx: Kysely<AuthTables>, id: number, at: string, graceFrom: number | null): Promise<void> {
      const change = { last_login: at, failures: 0, factor_grace_from: graceFrom }
      await trx.updateTable('users').set(change).where('id', '=', id).execute()
    },

    /** What an administrator demands of somebody and why, and since when a demanded second factor is missing. */
    async demandOf(id: number): Promise<{ reason: string | null; graceFrom: number | null } | undefined> {
      const row = await db.read
        .selectFrom('users')
        .select(['factor_demand_reason', 'factor_grace_from'])
        .where('id', '=', id)
        .executeTakeFirst()
      return row && { reason: row.factor_demand_reason, graceFrom: row.factor_grace_from }
    },

    /** Of several at once the first counts. */
    async beginGrace(trx: Kysely<AuthTables>, id: number, at: number): Promise<void> {
      await trx
        .updateTable('users')
        .set({ factor_grace_from: at })
        .where('id', '=', id)
        .where('factor_grace_from', 'is', null)
        .execute()
    },

    /** Null takes the demand back. */
    async setDemand(
      trx: Kysely<AuthTables>,
      id: number,
      demand: { at: number; reason: string; graceFrom: number } | null,
    ): Promise<void> {
      await trx
        .updateTable('users')
        .set({
          factor_demanded_at: demand?.at ?? null,
          factor_demand_reason: demand?.reason ?? null,
          factor_grace_from: demand?.graceFrom ?? null,
        })
        .where('id', '=', id)
        .execute()
    },

    /** One wrong password more; answers how many there are since the last sign-in, each number once. */
    async countFailure(trx: Kysely<AuthTables>, id: number): Promise<number | undefined> {
      const row = await trx
        .updateTable('users')
        .set((e) => ({ failures: e('failures', '+', 1) }))
        .where('id', '=', id)
        .returning('failures')
        .executeTakeFirst()
      return row && Number(row.failures)
    },

    /** Replaces the hash if it still is the one that was checked; answers whether it was. */
    async renewHash(trx: Kysely<AuthTables>, id: number, from: string, to: string): Promise<boolean> {
      const { numUpdatedRows } = await trx
        .updateTable('users')
        .set({ password_hash: to, password_imported: false })
        .where('id', '=', id)
        .where('password_hash', '=', from)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },

    /** `password_changed_at` always grows, or two changes in a millisecond would pass for none. */
    async setPassword(trx: Kysely<AuthTables>, id: number, hash: string, at: number): Promise<void> {
      await trx
        .updateTable('users')
        .set((eb) => ({
          password_hash: hash,
          password_imported: false,
          password_changed_at: eb
            .case()
            .when('password_changed_at', '>=', at)
            .then(eb('password_changed_at', '+', 1))
            .else(at)
            .end(),
        }))
        .where('id', '=', id)
        .execute()
    },

    /** An account that is opened again is deleted no more. One that waited for approval is decided about by either. */
    async setActive(trx: Kysely<AuthTables>, id: number, active: boolean): Promise<void> {
      const change = active ? { is_active: true, deletes_at: null, kept_out: false } : { is_active: false }
      await trx
        .updateTable('users')
        .set({ ...change, waits_since: null })
        .where('id', '=', id)
        .execute()
    },

    /** Lets an account that was just made wait for approval: all that asks whether it is active is closed to it. */
    async setWaiting(trx: Kysely<AuthTables>, id: number, since: number): Promise<void> {
      await trx.updateTable('users').set({ is_active: false, waits_since: since }).where('id', '=', id).execute()
    },

    async setLeaving(trx: Kysely<AuthTables>, id: number, deletesAt: number, keptOut: boolean): Promise<void> {
      const change = { is_active: false, deletes_at: deletesAt, kept_out: keptOut }
      await trx.updateTable('users').set(change).where('id', '=', id).execute()
    },

    async listLeft(now: number, most: number): Promise<number[]> {
      const rows = await db.read
        .selectFrom('users')
        .select('id')
        .where('deletes_at', '<=', now)
        .where('is_active', '=', false)
        .limit(most)
        .execute()
      return rows.map(({ id }) => id)
    },

    /** Accounts whose owners have never confirmed the address that they registered with. */
    async listUnfinished(now: number, most: number): Promise<number[]> {
      const rows = await db.read
        .selectFrom('users')
        .select('id')
        .where('address_due', '<=', now)
        .where('role', '!=', 'admin')
        .limit(most)
        .execute()
      return rows.map(({ id }) => id)
    },

    /** Accounts that have waited for approval since `before`. */
    async listWaiting(before: number, most: number): Promise<number[]> {
      const rows = await db.read
        .selectFrom('users')
        .select('id')
        .where('waits_since', '<=', before)
        .where('role', '!=', 'admin')
        .limit(most)
        .execute()
      return rows.map(({ id }) => id)
    },

    /** With every row that refers to it. */
    async remove(trx: Kysely<AuthTables>, id: number): Promise<void> {
      await trx.deleteFrom('users').where('id', '=', id).execute()
    },

    async setPasskeyInvited(trx: Kysely<AuthTables>, id: number, invited: boolean): Promise<void> {
      await trx.updateTable('users').set({ passkey_invited: invited }).where('id', '=', id).execute()
    },

    async setRole(trx: Kysely<AuthTables>, id: number, role: Role): Promise<void> {
      await trx.updateTable('users').set({ role }).where('id', '=', id).execute()
    },

    /** Whether an administrator can act. Asked at every start. */
    hasAdmin: async (): Promise<boolean> =>
      (await db.plain("SELECT id FROM users WHERE role = 'admin' AND is_active LIMIT 1")).length > 0,

    /**
     * The administrators who can act, whom nobody else changes until the transaction ends: two who take each other's role
     * away at once would else leave none. Always in the same order, so that nobody waits for each other.
     */
    async lockAdmins(trx: Kysely<AuthTables>): Promise<number[]> {
      const rows = await trx
        .selectFrom('users')
        .select('id')
        .where('role', '=', 'admin')
        .where('is_active', '=', true)
        .orderBy('id')
        .$if(db.kind === 'postgres', (query) => query.forNoKeyUpdate())
        .execute()
      return rows.map(({ id }) => id)
    },

    /** Throws UniqueViolation where another account has the address. */
    async setEmail(
      trx: Kysely<AuthTables>,
      id: number,
      address: { email: string; email_key: string; email_verified_at: number | null },
    ): Promise<void> {
      await trx
        .updateTable('users')
        .set({ ...address, address_due: null })
        .where('id', '=', id)
        .execute()
    },

    /** Another account that has this address, by its canonical form. */
    holderOf: (trx: Kysely<AuthTables>, emailKey: string, exceptUser: number) =>
      trx
        .selectFrom('users')
        .select(['id', 'username', 'display_name', 'email', 'language'])
        .where('email_key', '=', emailKey)
        .where('id', '!=', exceptUser)
        .executeTakeFirst(),

    /** Throws UniqueViolation where another account has the name. */
    async setUsername(
      trx: Kysely<AuthTables>,
      id: number,
      name: { username: string; username_key: string },
    ): Promise<void> {
      await trx.updateTable('users').set(name).where('id', '=', id).execute()
    },

    /** Whether somebody has a name of this canonical form. */
    async hasUsernameKey(trx: Kysely<AuthTables>, key: string): Promise<boolean> {
      const row = await trx.selectFrom('users').select('id').where('username_key', '=', key).executeTakeFirst()
      return row !== undefined
    },

    async setLanguage(trx: Kysely<AuthTables>, id: number, language: string | null): Promise<void> {
      await trx.updateTable('users').set({ language }).where('id', '=', id).execute()
    },

    async setProfile(
      trx: Kysely<AuthTables>,
      id: number,
      profile: { display_name?: string | null; fields?: string },
    ): Promise<void> {
      await trx.updateTable('users').set(profile).where('id', '=', id).execute()
    },

    /** A page of accounts by id, for the command line. */
    list: (after: number, most: number) =>
      db.read
        .selectFrom('users')
        .select([...userColumns, 'is_active', 'waits_since'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(most)
        .execute(),
  }
}
