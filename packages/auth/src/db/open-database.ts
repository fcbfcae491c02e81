import { DatabaseSync } from 'node:sqlite'
import type { Connection } from './connection.ts'
import { openPostgres, type PostgresPool, usePostgresPool } from './postgres-connection.ts'
import { openSqliteFile, useSqliteConnection } from './sqlite-connection.ts'

/**
 * Where the data lies: `sqlite:PATH`, `sqlite::memory:` (tests), `postgres://…`, or a connection that the host app has
 * already: a `DatabaseSync` of node:sqlite or a `Pool` of pg. A given connection is not closed by us.
 */
export type DatabaseSource = string | DatabaseSync | PostgresPool

/** Opens the database. Throws an Error with a sentence for an address of another kind. */
export async function openDatabase(source: DatabaseSource): Promise<Connection> {
  if (source instanceof DatabaseSync) return useSqliteConnection(source, { closes: false })
  if (typeof source !== 'string') return usePostgresPool(source, { closes: false })
  if (/^postgres(ql)?:\/\//.test(source)) return openPostgres(source)
  if (source === 'sqlite::memory:') return useSqliteConnection(new DatabaseSync(':memory:'), { closes: true })
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(source)?.[1]
  if (path) return openSqliteFile(path)
  throw new Error('DATABASE_URL must be sqlite:PATH or postgres://user:password@host/name.')
}
