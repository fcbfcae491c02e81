import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { authMigrations, migrate, openDatabase, tables } from '@miachat/auth'
import { bringUpToDate } from '../src/database-start.ts'
import { openMiaChat, startMiaChat } from '../src/main.ts'
import { newKey } from '../src/secret-key-file.ts'
import { createServerKeysStore } from '../src/server-keys-store.ts'
import { StopWithSentence } from '../src/stop-with-sentence.ts'
import { appSettings } from './support/app-world.ts'

const quiet = () => {}
const [first, second, third] = [newKey(), newKey(), newKey()]

async function world() {
  const { config, drop } = await appSettings()
  /** Starts with these keys and stops at once: refused with a sentence, or taken. */
  const startWith = async (...secrets: string[]) => {
    const app = await startMiaChat({ ...config, secrets }, quiet)
    await app.close()
  }
  const stopped = (sentence: RegExp) => (error: unknown) =>
    error instanceof StopWithSentence && sentence.test(error.message)
  return { config, drop, startWith, stopped }
}

test('SEC-03: a start that lacks the key in use stops with a sentence that says what to do', async () => {
  const { startWith, stopped, drop } = await world()
  await startWith(first)
  await assert.rejects(startWith(second), stopped(/another key.*SECRET_KEY=new,former.*miachat keys rotate --lost/s))
  await startWith(first)
  await drop()
})

test('SEC-03: a new key in front is taken; the former must stay as long as its tokens live, then it may go', async () => {
  const { config, startWith, stopped, drop } = await world()
  await startWith(first)
  await startWith(second, first)
  await assert.rejects(startWith(second), stopped(/It can go after \d{4}-\d\d-\d\dT/))
  await startWith(third, second, first)
  const connection = await openDatabase(config.databaseUrl)
  const keys = await createServerKeysStore(tables(connection)).list()
  assert.equal(keys.filter((key) => key.neededUntil === null).length, 1)
  const latest = Math.max(...keys.map((key) => key.neededUntil ?? 0))
  assert.ok(Math.abs(latest - Date.now() - config.accessLifetime) < 60_000)
  // The tokens of the former keys have ended meanwhile.
  const ids = keys.filter((key) => key.neededUntil !== null).map((key) => key.id)
  const store = createServerKeysStore(tables(connection))
  assert.deepEqual(await store.forget(ids), { authenticators: 0, outbox: 0 }, 'nothing was sealed with them')
  assert.equal((await store.list()).length, 1)
  await connection.close()
  await startWith(third)
  await drop()
})

test('SEC-03: going back to a former key makes it the one that signs again', async () => {
  const { startWith, stopped, drop } = await world()
  await startWith(first)
  await startWith(second, first)
  await startWith(first, second)
  await assert.rejects(startWith(first), stopped(/another key/))
  await assert.rejects(startWith(second), stopped(/another key/))
  await drop()
})

test('A command beside a server needs no key, makes none, and is not taken for a start', async () => {
  const { config, startWith, drop } = await world()
  const command = await openMiaChat({ ...config, production: true }, quiet)
  await command.close()
  assert.deepEqual(readdirSync(config.dataDir), [])
  await startWith(first)
  await (await openMiaChat(config, quiet)).close()
  await startWith(first)
  await drop()
})

test('STO-02: a database of the Python original is refused with a sentence that names the import', async () => {
  const { config, drop } = await appSettings()
  const foreign = await openDatabase(config.databaseUrl)
  await foreign.transaction(async (execute) => {
    await execute({ sql: 'CREATE TABLE users (id INTEGER PRIMARY KEY)', parameters: [] })
  })
  await foreign.close()
  await assert.rejects(startMiaChat(config, quiet), (error) => {
    return error instanceof StopWithSentence && /miachat import FILE/.test(error.message)
  })
  await drop()
})

test('STO-02: a database of a newer program is refused', async () => {
  const { config, drop } = await appSettings()
  const connection = await openDatabase(config.databaseUrl)
  const { migrations } = authMigrations
  const next = {
    number: migrations.length + 1,
    name: 'of the future',
    statements: () => ['CREATE TABLE future (id INTEGER)'],
  }
  await migrate(connection, [{ name: authMigrations.name, migrations: [...migrations, next] }], 0)
  await connection.close()
  await assert.rejects(startMiaChat(config, quiet), /by a newer program.*Install the newer version/s)
  await drop()
})

test('STO-05: a database that has to be changed is copied first, and the newest five copies are kept', async (t) => {
  const { config, drop } = await appSettings()
  const connection = await openDatabase(config.databaseUrl)
  if (connection.kind !== 'sqlite') {
    t.skip('PostgreSQL has pg_dump')
  } else {
    const backups = join(config.dataDir, 'backups')
    assert.ok((await bringUpToDate(connection, config.dataDir, Date.now())) > 0)
    assert.throws(() => readdirSync(backups), { code: 'ENOENT' }, 'an empty database is worth no copy')
    await connection.transaction((execute) =>
      execute({ sql: `DELETE FROM schema_migrations WHERE set_name = 'chat'`, parameters: [] }),
    )
    mkdirSync(backups, { recursive: true, mode: 0o700 })
    for (let day = 1; day <= 6; day++)
      writeFileSync(join(backups, `before-migration-2020-01-0${day}T00-00-00-000Z.db`), '')
    writeFileSync(join(backups, 'mine.db'), '')
    // The tables are there already, so the migration fails; the copy was made before.
    await assert.rejects(
      bringUpToDate(connection, config.dataDir, Date.UTC(2026, 0, 1)),
      /cannot be brought up to date/,
    )
    const names = readdirSync(backups).sort()
    assert.deepEqual(names.slice(-2), ['before-migration-2026-01-01T00-00-00-000Z.db', 'mine.db'])
    assert.equal(names.length, 6)
    const copy = join(backups, names.at(-2) ?? '')
    assert.equal(statSync(copy).mode & 0o077, 0)
    const copied = await openDatabase(`sqlite:${copy}`)
    const { rows } = await copied.read({ sql: 'SELECT COUNT(*) AS n FROM users', parameters: [] })
    assert.deepEqual({ ...Object(rows[0]) }, { n: 0 })
    await copied.close()
  }
  await connection.close()
  await drop()
})
