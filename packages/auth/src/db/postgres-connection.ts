import { AuthError } from '../lib/errors.ts'
import { type Connection, type Execute, UniqueViolation } from './connection.ts'

/** Classes of SQLSTATE (PostgreSQL manual, appendix A) that mean "not now". */
const unavailable = /^(08|28|3D|53|57|58|25006|40001|40P01|55P03)/
/** Codes of sockets and of the pool that mean the same. */
const networkCodes = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ENOENT|EAI_AGAIN)/
const UNIQUE_VIOLATION = '23505'

/** What we use of a client of the package pg: structural, so that nobody needs its types who does not use it. */
export interface PostgresClient {
  query(query: {
    text: string
    values: unknown[]
    types: { getTypeParser(oid: number): (value: string) => unknown }
  }): Promise<{ command?: string; rows: unknown[]; rowCount: number | null }>
  query(text: string): Promise<unknown>
  on(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
  release(broken?: boolean): void
}

/** The `Pool` of the package pg. */
export interface PostgresPool extends Pick<PostgresClient, 'query'> {
  connect(): Promise<PostgresClient>
  end(): Promise<void>
  on(event: 'error', listener: () => void): unknown
}

/** The longest that a statement may take: all of ours are small. */
const STATEMENT_MS = 5000

/** What the library asks of a connection string: the host's own pool can be given instead. */
export async function openPostgres(url: string): Promise<Connection> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 3000,
    statement_timeout: STATEMENT_MS,
    // The server ends what takes long; only this side notices a connection that died without a word, as in a failover.
    query_timeout: STATEMENT_MS + 1000,
    keepAlive: true,
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'miachat',
  })
  return usePostgresPool(pool, { closes: true })
}

/** Works over a `pg.Pool` that the host app has already. */
export function usePostgresPool(pool: PostgresPool, options: { closes: boolean }): Connection {
  // An idle connection that breaks must not end the process: the next query opens another or answers 503.
  pool.on('error', () => {})

  const on =
    (client: Pick<PostgresClient, 'query'>): Execute =>
    async ({ sql, parameters }) => {
      try {
        const { rows, rowCount } = await client.query({ text: sql, values: [...parameters], types })
        return { rows, numAffectedRows: BigInt(rowCount ?? 0) }
      } catch (error) {
        throw postgresError(error)
      }
    }

  /** PostgreSQL answers ROLLBACK, and no error, where a statement had failed and the work went on as if it had not. */
  async function commit(client: PostgresClient): Promise<void> {
    try {
      const { command } = await client.query({ text: 'COMMIT', values: [], types })
      if (command === 'ROLLBACK') throw new Error('An error inside the transaction was passed over: nothing was kept.')
    } catch (error) {
      throw postgresError(error)
    }
  }

  async function connect(): Promise<PostgresClient> {
    try {
      return await pool.connect()
    } catch (error) {
      throw postgresError(error)
    }
  }

  return {
    kind: 'postgres',
    read: on(pool),
    async transaction(work) {
      const client = await connect()
      const execute = on(client)
      let broken = false
      // While a client is out of its pool nobody else listens: its loss would end the process (AVL-06, AVL-08).
      client.on('error', ignore)
      try {
        await execute({ sql: 'BEGIN', parameters: [] })
        const result = await work(execute)
        await commit(client)
        return result
      } catch (error) {
        // A connection that no longer answers would only make the person wait once more.
        broken = error instanceof AuthError && !isAnswer(error.cause)
        if (!broken) {
          await client.query('ROLLBACK').catch(() => {
            broken = true
          })
        }
        throw error
      } finally {
        client.off('error', ignore)
        client.release(broken)
      }
    },
    async backup() {
      throw new Error('A PostgreSQL database is backed up with pg_dump.')
    },
    async close() {
      if (options.closes) await pool.end()
    },
  }
}

/** How the column types that our tables use are read, by their oid; every other type stays text. */
const readers = new Map<number, (value: string) => unknown>([
  [16, (value) => value === 't'], // boolean
  [17, (value) => Buffer.from(value.slice(2), 'hex')], // bytea
  [20, Number], // bigint: ours stay below 2^53
  [21, Number], // smallint
  [23, Number], // integer
])
/** The server's own word, not that of a socket, a timer or the pool. */
const isAnswer = (cause: unknown): boolean => cause instanceof Error && 'severity' in cause

const ignore = (): void => {}
const asText = (value: string): unknown => value
const types = { getTypeParser: (oid: number) => readers.get(oid) ?? asText }

function postgresError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === UNIQUE_VIOLATION) {
    const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : ''
    return new UniqueViolation(/\((\w+)/.exec(detail)?.[1] ?? '', error)
  }
  const away =
    unavailable.test(code) ||
    networkCodes.test(code) ||
    /timeout|terminated|Connection ended|not queryable/i.test(error.message)
  return away ? new AuthError('store_unavailable', { retryAfter: 2, cause: error }) : error
}
