import type { Connection } from '@miachat/auth'

/** The database server's clock, in milliseconds since 1970; null for SQLite, which has none of its own. */
export async function databaseClock(connection: Connection): Promise<number | null> {
  if (connection.kind === 'sqlite') return null
  const { rows } = await connection.read({
    sql: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now',
    parameters: [],
  })
  const [row] = rows
  return typeof row === 'object' && row !== null && 'now' in row ? Number(row.now) : null
}
