import type { Kysely } from 'kysely'
import { type Sealed, type SealPurpose, seal, unseal } from '../lib/seal.ts'
import type { KeyRing } from '../lib/secrets.ts'
import type { AuthTables } from './auth-tables.ts'
import type { Connection } from './connection.ts'
import { kysely } from './query-builder.ts'
import { type Database, tables } from './tables.ts'

/** A column of sealed values, with the key's id beside each in `key_id`. */
interface SealedColumn {
  readonly table: keyof AuthTables
  readonly column: string
  readonly purpose: SealPurpose
  /** The columns of the row that a value is bound to: moved to a row where they differ, it does not open. */
  readonly boundTo: readonly ['id', ...string[]]
}

/** Everything that is sealed in the database. `keys rotate` walks this list, and a test compares it with the tables. */
export const sealedColumns = {
  authenticator: {
    table: 'authenticators',
    column: 'secret_enc',
    purpose: 'sealed-authenticator',
    boundTo: ['id'],
  },
  // With the address: a letter with a link does not open in a row whose address somebody replaced by their own.
  mail: { table: 'outbox', column: 'sealed', purpose: 'sealed-mail', boundTo: ['id', 'to_address'] },
} as const satisfies Record<string, SealedColumn>

type RowOf<C extends SealedColumn> = Readonly<Record<C['boundTo'][number], string>>

const placeOf = ({ table, column, boundTo }: SealedColumn, row: Readonly<Record<string, unknown>>): string =>
  [table, column, ...boundTo.map((name) => String(row[name]))].join('|')

/** Seals a text for this column of this row under the current key. */
export const sealFor = <C extends SealedColumn>(keys: KeyRing, column: C, row: RowOf<C>, text: string): Sealed =>
  seal(keys, column.purpose, placeOf(column, row), text)

/** The text of this column of this row, or null where no key that is given opens it. */
export const unsealFrom = <C extends SealedColumn>(
  keys: KeyRing,
  column: C,
  row: RowOf<C>,
  sealed: { readonly bytes: Uint8Array; readonly keyId: string },
): string | null => unseal(keys, column.purpose, placeOf(column, row), sealed)

/** Stands for a key that its owner has given up: what it sealed stays closed, and nothing waits for it any more. */
const LOST = 'lost'
/** Rows of one transaction: a running server waits no longer for its turn. */
const AT_ONCE = 500

/**
 * Seals under the ring's current key what others of its keys have sealed (SEC-03). Answers how many values, and how many no
 * key that is given opens.
 */
export async function sealAnew(connection: Connection, keys: KeyRing): Promise<{ anew: number; closed: number }> {
  const all = { anew: 0, closed: 0 }
  for (const column of Object.values(sealedColumns)) {
    for (let after: string | null = ''; after !== null; ) {
      const page = await sealPage(connection, keys, column, after)
      all.anew += page.anew
      all.closed += page.closed
      after = page.last
    }
  }
  return all
}

async function sealPage(connection: Connection, keys: KeyRing, column: SealedColumn, after: string) {
  const { current } = keys
  const { sql } = kysely()
  const [table, name] = [sql.table(column.table), sql.ref(column.column)]
  return tables<AuthTables>(connection).transaction(async (trx) => {
    const { rows } = await sql<{ id: string; key_id: string; value: Uint8Array }>`
      SELECT *, ${name} AS value FROM ${table} WHERE key_id <> ${current.id} AND id > ${after}
      ORDER BY id LIMIT ${sql.lit(AT_ONCE)}`.execute(trx)
    let anew = 0
    for (const row of rows) {
      const place = placeOf(column, row)
      const text = unseal(keys, column.purpose, place, { bytes: row.value, keyId: row.key_id })
      if (text === null) continue
      const { bytes, keyId } = seal(keys, column.purpose, place, text)
      await sql`UPDATE ${table} SET ${name} = ${bytes}, key_id = ${keyId} WHERE id = ${row.id}`.execute(trx)
      anew++
    }
    const last = rows.length < AT_ONCE ? null : (rows.at(-1)?.id ?? null)
    return { anew, closed: rows.length - anew, last }
  })
}

/** The ids of the keys under which something is sealed. */
export async function sealingKeys(db: Database<AuthTables>): Promise<Set<string>> {
  const ids = new Set<string>()
  for (const { table } of Object.values(sealedColumns)) {
    const rows = await db.plain<{ key_id: string }>(`SELECT DISTINCT key_id FROM ${table}`)
    for (const row of rows) ids.add(row.key_id)
  }
  ids.delete(LOST)
  return ids
}

/** Notes that these keys are gone for good. Answers how many values of each table stay closed. */
export async function giveUpKeys(
  trx: Kysely<AuthTables>,
  ids: readonly string[],
): Promise<Record<(typeof sealedColumns)[keyof typeof sealedColumns]['table'], number>> {
  const { sql } = kysely()
  const closed = { authenticators: 0, outbox: 0 }
  for (const { table } of Object.values(sealedColumns)) {
    const { numAffectedRows = 0n } = await sql`
      UPDATE ${sql.table(table)} SET key_id = ${LOST} WHERE key_id IN (${sql.join(ids)})`.execute(trx)
    closed[table] = Number(numAffectedRows)
  }
  return closed
}
