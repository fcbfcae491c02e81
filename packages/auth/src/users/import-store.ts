import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { DatabaseKind } from '../db/connection.ts'
import { kysely } from '../db/query-builder.ts'
import { importedKey, type KnownAccounts, type PlannedPerson } from './plan-import.ts'

const PAGE = 5000

/** Keeps everybody else from making accounts until the transaction ends. SQLite has one writer at a time anyway. */
export async function lockUsers(trx: Kysely<AuthTables>, kind: DatabaseKind): Promise<void> {
  if (kind === 'postgres') await kysely().sql`LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE`.execute(trx)
}

/** All names, addresses and earlier imports. Works with a reading connection and inside a transaction. */
export async function knownAccounts(db: Kysely<AuthTables>, kind: DatabaseKind): Promise<KnownAccounts> {
  const users: KnownAccounts['users'][number][] = []
  for (let after = -1; ; ) {
    const page = await db
      .selectFrom('users')
      .select(['id', 'username', 'email', 'username_key', 'email_key'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute()
    users.push(...page)
    const last = page.at(-1)
    if (!last || page.length < PAGE) break
    after = last.id
  }
  const rows = await db.selectFrom('imported_users').select(['source_key', 'user_id']).execute()
  return {
    users,
    newestId: Math.max(await newestCount(db, kind), users.at(-1)?.id ?? 0),
    imported: new Map(rows.map((row) => [Buffer.from(row.source_key).toString('hex'), row.user_id])),
  }
}

async function newestCount(db: Kysely<AuthTables>, kind: DatabaseKind): Promise<number> {
  const { sql } = kysely()
  const { rows } =
    kind === 'sqlite'
      ? await sql<{ n: number | null }>`SELECT max(seq) AS n FROM sqlite_sequence WHERE name = 'users'`.execute(db)
      : await sql<{
          n: number | null
        }>`SELECT pg_sequence_last_value(pg_get_serial_sequence('users', 'id')::regclass) AS n`.execute(db)
  return rows[0]?.n ?? 0
}

/** Writes one person and the note that the row is in; answers the id. */
export async function insertImported(
  trx: Kysely<AuthTables>,
  person: PlannedPerson,
  row: { sourceKey: Buffer; passwordHash: string; createdAt: string; at: number },
): Promise<number> {
  const { id } = await trx
    .insertInto('users')
    .values({
      ...(person.keptId === null ? {} : { id: person.keptId }),
      username: person.username,
      email: person.email,
      password_hash: row.passwordHash,
      created_at: row.createdAt,
      last_login: person.lastLogin,
      is_active: person.isActive,
      // A key must be there before the id is known; the source key is random enough to meet no other.
      username_key: person.usernameKey ?? `#${row.sourceKey.toString('hex')}`,
      email_key: person.emailKey ?? `#${row.sourceKey.toString('hex')}`,
      password_imported: true,
      fields: '{}',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (person.usernameKey === null || person.emailKey === null) {
    await trx
      .updateTable('users')
      .set({ username_key: importedKey(person.usernameKey, id), email_key: importedKey(person.emailKey, id) })
      .where('id', '=', id)
      .execute()
  }
  await trx.insertInto('imported_users').values({ source_key: row.sourceKey, user_id: id, at: row.at }).execute()
  return id
}

/** PostgreSQL does not count ids that were given by hand: the next account would meet one of them. */
export async function countOnFromNewest(trx: Kysely<AuthTables>, kind: DatabaseKind, newestId: number): Promise<void> {
  if (kind !== 'postgres') return
  const { sql } = kysely()
  await sql`SELECT setval(pg_get_serial_sequence('users', 'id'), greatest(${newestId}::bigint, max(id), 1)) FROM users`.execute(
    trx,
  )
}
