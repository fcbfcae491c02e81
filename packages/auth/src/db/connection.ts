import type { CompiledQuery, QueryResult } from 'kysely'

export type DatabaseKind = 'sqlite' | 'postgres'

/** Runs one compiled query and answers its rows. */
export type Execute = (query: Pick<CompiledQuery, 'sql' | 'parameters'>) => Promise<QueryResult<unknown>>

/**
 * A way to one database. `read` never waits for a writer. `transaction` is the only way to write: it resolves after the
 * commit is on disk, so what has been answered to a client survives `kill -9` (AVL-03). Both throw
 * `AuthError('store_unavailable')` when the database is locked, full, read-only or away (AVL-05, AVL-06).
 */
export interface Connection {
  readonly kind: DatabaseKind
  readonly read: Execute
  transaction<R>(work: (execute: Execute) => Promise<R>): Promise<R>
  /** Writes a consistent copy of a running SQLite database to `path`. Throws on PostgreSQL, which has pg_dump. */
  backup(path: string): Promise<void>
  close(): Promise<void>
}

/** A row that may exist once only exists already. `column` is the first column of the constraint. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
  readonly column: string
  constructor(column: string, cause: unknown) {
    super(`There is already a row with this ${column}.`, { cause })
    this.column = column
  }
}
