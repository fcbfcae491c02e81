import type { Connection, DatabaseKind } from './connection.ts'
import { lastMigration } from './migrate.ts'

/** How a database stands that is in use. */
export interface DatabaseState {
  readonly kind: DatabaseKind
  /** What its pages take, without the files beside them. */
  readonly bytes: number
  /** When it was last brought up to date, in milliseconds since 1970. */
  readonly migratedAt: number | null
  /** Its own clock, in milliseconds since 1970; null for SQLite, which has none. */
  readonly clock: number | null
}

const sizes: Readonly<Record<DatabaseKind, string>> = {
  sqlite: 'SELECT page_count * page_size AS value FROM pragma_page_count(), pragma_page_size()',
  postgres: 'SELECT pg_database_size(current_database()) AS value',
}

/** Asks the database about itself: cheap, and changes nothing. */
export async function databaseState(connection: Connection): Promise<DatabaseState> {
  const [bytes, migratedAt, clock] = await Promise.all([
    oneNumber(connection, sizes[connection.kind]),
    lastMigration(connection),
    databaseClock(connection),
  ])
  return { kind: connection.kind, bytes: bytes ?? 0, migratedAt, clock }
}

/** The database server's clock, in milliseconds since 1970; null for SQLite, which has none of its own. */
export async function databaseClock(connection: Connection): Promise<number | null> {
  if (connection.kind === 'sqlite') return null
  return oneNumber(connection, 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS value')
}

async function oneNumber(connection: Connection, sql: string): Promise<number | null> {
  const { rows } = await connection.read({ sql, parameters: [] })
  const [row] = rows
  return typeof row === 'object' && row !== null && 'value' in row ? Number(row.value) : null
}
