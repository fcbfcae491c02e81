import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase as postgresDatabase } from '../../../../tests/support/postgres.ts'

/** A database of a test's own, on the kind that TEST_DATABASE names: a SQLite file by default, or PostgreSQL. */
export async function testDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (process.env['TEST_DATABASE'] === 'postgres') return postgresDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'auth-test-'))
  return {
    url: `sqlite:${join(folder, 'test.db')}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}
