import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { createClient } from './support/http-client.ts'
import { miachat } from './support/miachat-command.ts'
import { testDatabase } from './support/postgres.ts'
import { startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const cheap = { PASSWORD_COST: '4' }

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

describe('from SQLite to PostgreSQL', () => {
  let folder: string
  let dataDir: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'miachat-copy-'))
    dataDir = join(folder, 'data')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  const copy = (to: string) => miachat(['copy', '--to', to], { dataDir, cwd: folder, env: cheap })

  test('without a source, without a target, or with one that is none, nothing happens', async () => {
    assert.match((await copy('postgres://127.0.0.1:1/x')).stderr, /there is no database at/)
    assert.equal((await copy('mysql://x')).code, 2)
    assert.equal((await miachat(['copy'], { dataDir, cwd: folder })).code, 2)
  })

  test('everything goes over: people, sessions, tokens and talks go on, numbers too', async () => {
    const database = await testDatabase()
    try {
      const first = await startServer({ dataDir, env: cheap })
      const browser = createClient(first.url)
      await browser.register('dora', password)
      const { body: tokens } = await createClient(first.url).send('/auth/api/login', {
        json: { username: 'dora', password },
      })
      await createClient(first.url).register('gone', password)
      const chat = await talk(browser)
      assert.match((await copy(database.url)).stderr, /MiaChat is running on this database/)
      await first.stop()

      const db = new DatabaseSync(join(dataDir, 'miachat.db'))
      // A number that was given out stays given out, also when its person is gone.
      db.exec("PRAGMA foreign_keys = ON; DELETE FROM users WHERE username = 'gone'")
      manyEvents(db)
      const tablesHere = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        .all()
        .map((row) => String(row['name']))
      const countsHere = Object.fromEntries(
        tablesHere.map((name) => [name, db.prepare(`SELECT count(*) AS n FROM "${name}"`).get()?.['n']]),
      )
      db.close()

      const done = await copy(database.url)
      assert.equal(done.code, 0, done.stderr)
      assert.match(done.stdout, /^users +1$/m)
      assert.match(done.stdout, /both sides have the same counts/)
      for (const name of tablesHere) {
        const [row] = await query(database.url, `SELECT count(*)::int AS n FROM "${name}"`)
        assert.deepEqual([name, row?.['n']], [name, countsHere[name]])
      }

      const again = await copy(database.url)
      assert.equal(again.code, 1)
      assert.match(again.stderr, /that PostgreSQL is not empty: its table "\w+" has rows\. Nothing was copied\./)

      const env = { ...cheap, DATABASE_URL: database.url }
      const second = await startServer({ dataDir, env, port: first.port })
      try {
        assert.equal(await browser.whoAmI(), 'dora')
        assert.match((await browser.send(chat, { headers: { accept: 'text/html' } })).text, /Are you still there\? 🙂/)
        const refreshed = await createClient(second.url).send('/auth/api/refresh', {
          json: { refresh_token: tokens.refresh_token },
        })
        assert.equal(refreshed.status, 200)
        assert.equal((await createClient(second.url).signIn('dora', password)).body.user.id, 1)
        assert.equal((await createClient(second.url).register('newcomer', password)).body.user.id, 3)
      } finally {
        await second.stop()
      }
    } finally {
      await database.drop()
    }
  })

  test('a target that holds a users table of another program is refused', async () => {
    const database = await testDatabase()
    try {
      await query(database.url, 'CREATE TABLE users (id int)')
      const { code, stderr } = await copy(database.url)
      assert.equal(code, 1)
      assert.match(stderr, /users table that MiaChat did not make/)
    } finally {
      await database.drop()
    }
  })
})

/** A talk through the pages: its rows point at each other in a circle. Answers where it lies. */
async function talk(browser: ReturnType<typeof createClient>): Promise<string> {
  const form = (path: string, fields: Record<string, string>) =>
    browser.send(path, { form: fields, headers: { accept: 'text/html' } })
  const copied = await form('/characters/examples/mia/copy', {})
  const character = /\/characters\/([\w-]+)/.exec(copied.headers.get('location') ?? '')?.[1] ?? ''
  const started = await form('/chat', { character_id: character })
  const chat = started.headers.get('location') ?? ''
  const sent = await form(`${chat}/messages`, { text: 'Are you still there? 🙂', client_key: 'k'.repeat(8) })
  assert.equal(sent.status, 303, sent.text)
  return chat
}

/** More rows than one batch holds, and a sign that PostgreSQL does not keep in texts. */
function manyEvents(db: DatabaseSync): void {
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
    INSERT INTO audit_events (at, event, result, address, user_agent, request_id)
    SELECT i, 'sign_in', 'failed', '192.0.2.1', 'agent' || char(0) || i, 'r' || i FROM n`)
}
