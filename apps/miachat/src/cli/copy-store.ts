import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { type Connection, type Database, tables } from '@miachat/auth'
import { type Kysely, sql } from 'kysely'
import { inOrder } from './copy-order.ts'

/** Rows of one table are written so many at a time: well below the 65,535 values that one statement may have. */
const BATCH = 500

/** A column of the target. */
interface Column {
  readonly name: string
  readonly isBoolean: boolean
  /** The sequence that numbers it, or null. */
  readonly sequence: string | null
}

/** A table of the target with what is needed to fill it. */
export interface TargetTable {
  readonly name: string
  readonly columns: readonly Column[]
}

type AnyTables = Record<string, Record<string, unknown>>

/** Filled by the migrations, not by people; the counter's one row is replaced by the source's. */
const madeByMigrations: readonly string[] = ['schema_migrations', 'account_change_counter']

export const targetOf = (connection: Connection): Database<AnyTables> => tables<AnyTables>(connection)

/** The tables of the target, each after those that it points at. References that wait for the commit set no order. */
export async function tablesInOrder(db: Database<AnyTables>): Promise<TargetTable[]> {
  const { rows: columns } = await sql<{ table: string; name: string; type: string; sequence: string | null }>`
    SELECT c.table_name AS "table", c.column_name AS name, c.data_type AS type,
      CASE WHEN c.is_identity = 'YES' THEN pg_get_serial_sequence(quote_ident(c.table_name), c.column_name) END AS sequence
    FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
    ORDER BY c.table_name, c.ordinal_position`.execute(db.read)
  const { rows: references } = await sql<{ source: string; target: string }>`
    SELECT s.relname AS source, t.relname AS target FROM pg_constraint c
    JOIN pg_class s ON s.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
    WHERE c.contype = 'f' AND NOT c.condeferred AND s.oid <> t.oid
      AND c.connamespace = current_schema()::regnamespace`.execute(db.read)
  const byTable = Map.groupBy(columns, ({ table }) => table)
  return inOrder([...byTable.keys()], references).map((name) => ({
    name,
    columns: (byTable.get(name) ?? []).map(({ name: column, type, sequence }) => ({
      name: column,
      isBoolean: type === 'boolean',
      sequence,
    })),
  }))
}

/** The first table in which somebody’s rows lie already, or null. */
export async function filledTable(db: Database<AnyTables>, list: readonly TargetTable[]): Promise<string | null> {
  for (const { name } of list) {
    if (madeByMigrations.includes(name)) continue
    const { rows } = await sql`SELECT 1 FROM ${sql.table(name)} LIMIT 1`.execute(db.read)
    if (rows.length > 0) return name
  }
  return null
}

/** Fills one table from the source, in batches; answers how many rows. */
export async function copyTable(trx: Kysely<AnyTables>, source: DatabaseSync, table: TargetTable): Promise<number> {
  if (table.name === 'schema_migrations') return 0
  if (madeByMigrations.includes(table.name)) await sql`DELETE FROM ${sql.table(table.name)}`.execute(trx)
  const names = table.columns.map(({ name }) => `"${name}"`).join(', ')
  const rows = source.prepare(`SELECT ${names} FROM "${table.name}" ${order(source, table.name)}`).iterate()
  let batch: Record<string, unknown>[] = []
  let count = 0
  const flush = async () => {
    if (batch.length > 0) await trx.insertInto(table.name).values(batch).execute()
    count += batch.length
    batch = []
  }
  for (const row of rows) {
    batch.push(Object.fromEntries(table.columns.map((column) => [column.name, converted(row[column.name], column)])))
    if (batch.length >= BATCH) await flush()
  }
  await flush()
  for (const { name, sequence } of table.columns) {
    if (sequence !== null) await goOnAfter(trx, source, table.name, name, sequence)
  }
  return count
}

/** In the order in which rows were made, so that what points at an earlier row of the same table finds it there. */
function order(source: DatabaseSync, table: string): string {
  const { sql: text } = source.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(table) ?? {}
  return /WITHOUT ROWID\s*$/i.test(String(text)) ? '' : 'ORDER BY rowid'
}

/** SQLite knows no booleans; PostgreSQL holds no NUL in a text. */
function converted(value: SQLOutputValue | undefined, { isBoolean }: Column): unknown {
  if (value === null || value === undefined) return null
  if (isBoolean) return value !== 0 && value !== '0'
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD')
  return value instanceof Uint8Array ? Buffer.from(value) : value
}

/** Numbers go on after the largest that was ever given, also to rows that are gone (O7). */
async function goOnAfter(
  trx: Kysely<AnyTables>,
  source: DatabaseSync,
  table: string,
  column: string,
  sequence: string,
): Promise<void> {
  const given = Number(source.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').get(table)?.['seq'] ?? 0)
  await sql`SELECT setval(${sequence}::regclass, greatest(${given}::bigint, coalesce(max(${sql.ref(column)}), 0), 1),
    greatest(${given}::bigint, coalesce(max(${sql.ref(column)}), 0)) > 0) FROM ${sql.table(table)}`.execute(trx)
}

/** How many rows both sides have. */
export async function counts(
  trx: Kysely<AnyTables>,
  source: DatabaseSync,
  table: string,
): Promise<{ source: number; target: number }> {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.table(table)}`.execute(trx)
  return {
    source: Number(source.prepare(`SELECT count(*) AS n FROM "${table}"`).get()?.['n']),
    target: Number(rows[0]?.n),
  }
}
