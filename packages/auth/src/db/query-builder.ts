import { createRequire } from 'node:module'
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, Kysely, LimitNode } from 'kysely'
import type { DatabaseKind, Execute } from './connection.ts'

const require = createRequire(import.meta.url)
let loaded: typeof import('kysely') | null = null

/**
 * Kysely, loaded with the first query that is built. Its 255 modules were a fifth of a start, and a start asks its few
 * questions in plain SQL (`Database.plain`). By `require`, since queries are built where nothing can be waited for.
 */
export function kysely(): typeof import('kysely') {
  const found: typeof import('kysely') = loaded ?? require('kysely')
  loaded = found
  return found
}

/** A Kysely whose queries all go to `execute`. */
export function queryBuilder<Schema>(kind: DatabaseKind, execute: Execute): Kysely<Schema> {
  const single: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery) {
      const { rows, ...rest } = await execute(query)
      return { ...rest, rows: rowsOf<R>(rows) }
    },
    streamQuery() {
      throw new Error('Streaming is not used: page instead.')
    },
  }
  const refuse = async () => {
    throw new Error('Use db.transaction(work).')
  }
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => single,
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => {},
  }
  const { Kysely } = kysely()
  dialects ??= { sqlite: sqliteDialect(), postgres: postgresDialect() }
  return new Kysely<Schema>({ dialect: { ...dialects[kind], createDriver: () => driver } })
}

type DialectParts = Omit<Dialect, 'createDriver'>
let dialects: Readonly<Record<DatabaseKind, DialectParts>> | null = null

function sqliteDialect(): DialectParts {
  const { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, ValueNode } = kysely()
  /**
   * Writes LIMIT as a figure. SQLite looks at the value of a bound LIMIT when it plans, so it plans the statement anew at each
   * run: that made a list of seven rows four times as slow.
   */
  class PlainLimitCompiler extends SqliteQueryCompiler {
    protected override visitLimit({ limit }: LimitNode): void {
      if (!ValueNode.is(limit) || !Number.isSafeInteger(limit.value)) {
        throw new TypeError('A limit is a whole number that is known when the query is built.')
      }
      this.append(`limit ${limit.value}`)
    }
  }
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new PlainLimitCompiler(),
  }
}

function postgresDialect(): DialectParts {
  const { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } = kysely()
  return {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/** The database's rows are typed by the query that asked for them: the one place where we take its word. */
export function rowsOf<R>(rows: readonly unknown[]): R[]
export function rowsOf(rows: readonly unknown[]): unknown[] {
  return [...rows]
}
