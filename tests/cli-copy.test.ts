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
      assert.match((await copy(database.url)).stderr, /MiaChat is running on this database/)
      await first.stop()

      const db = new DatabaseSync(join(dataDir, 'miachat.db'))
      // A number that was given out stays given out, also when its person is gone.
      db.exec("PRAGMA foreign_keys = ON; DELETE FROM users WHERE username = 'gone'")
      talk(db)
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

/** A talk whose branch ends in a message, whose messages point at each other: every reference that closes a circle. */
function talk(db: DatabaseSync): void {
  const has = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'messages'").get()?.['n']
  assert.equal(has, 1, 'the tables of talks are there')
  db.exec(`BEGIN;
    PRAGMA defer_foreign_keys = ON;
    INSERT INTO personalities VALUES ('p1', 1, 'Calm', '{}', '{}', '[]', '[]', '[]', 'ends with NUL' || char(0), 1, 1);
    INSERT INTO characters (id, owner_id, name, tagline, current_version, personality_id, source_kind, created_at, updated_at, last_used_at)
      VALUES ('c1', 1, 'Zoë', '', 1, 'p1', 'made', 1, 1, 1);
    INSERT INTO character_versions (owner_id, character_id, version, name, card_json, created_at) VALUES (1, 'c1', 1, 'Zoë', '{}', 1);
    INSERT INTO character_tags (owner_id, character_id, tag) VALUES (1, 'c1', 'calm');
    INSERT INTO conversations (id, owner_id, character_id, character_version, title, message_count, created_at, last_message_at)
      VALUES ('t1', 1, 'c1', 1, 'A walk 🙂', 1200, 1, 1);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
      INSERT INTO messages (id, owner_id, conversation_id, parent_id, role, content, state, made_by, created_at)
      SELECT 'm' || i, 1, 't1', CASE WHEN i > 1 THEN 'm' || (i - 1) END, 'user', 'words ' || i, 'done', 'person', i FROM n;
    UPDATE conversations SET active_leaf_id = 'm1200' WHERE id = 't1';
    COMMIT`)
}
