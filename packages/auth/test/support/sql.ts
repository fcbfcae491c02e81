import type { Auth } from '@miachat/auth'

/** Rows of the test's own database, read past the library. `?` stands for a value on both databases. */
export async function rowsOf(auth: Auth, sql: string, parameters: unknown[] = []): Promise<Record<string, unknown>[]> {
  const { rows } = await auth.connection.read({ sql: placeholders(auth, sql), parameters })
  return rows.map((row) => ({ ...(typeof row === 'object' ? row : {}) }))
}

/** Writes past the library, in a transaction. */
export async function write(auth: Auth, sql: string, parameters: unknown[] = []): Promise<void> {
  await auth.connection.transaction((execute) => execute({ sql: placeholders(auth, sql), parameters }))
}

export async function count(auth: Auth, table: string, where = '', parameters: unknown[] = []): Promise<number> {
  const [row] = await rowsOf(auth, `SELECT count(*) AS n FROM ${table} ${where}`, parameters)
  return Number(row?.['n'])
}

function placeholders(auth: Auth, sql: string): string {
  let n = 0
  return auth.connection.kind === 'postgres' ? sql.replaceAll('?', () => `$${++n}`) : sql
}
