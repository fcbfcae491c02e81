import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/** A database of a test's own, on the kind that TEST_DATABASE names: a SQLite file by default, or PostgreSQL. */
export async function testDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (process.env['TEST_DATABASE'] !== 'postgres') {
    const folder = mkdtempSync(join(tmpdir(), 'auth-test-'))
    return {
      url: `sqlite:${join(folder, 'test.db')}`,
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    }
  }
  const server = process.env['TEST_POSTGRES_URL']
  if (!server) throw new Error('TEST_DATABASE=postgres needs TEST_POSTGRES_URL, which the test line sets.')
  const name = `test_${randomBytes(8).toString('hex')}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    async drop() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.end()
    },
  }
}
