import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { AuthError } from '../lib/errors.ts'
import { authMigrations } from './auth-migrations.ts'
import type { AuthTables } from './auth-tables.ts'
import { type Connection, UniqueViolation } from './connection.ts'
import { MigrationRefused, migrate } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import { type Database, tables } from './tables.ts'

const unavailable = (error: unknown) => error instanceof AuthError && error.code === 'store_unavailable'

describe('a SQLite file', () => {
  let folder: string
  let path: string
  let connection: Connection
  let db: Database<AuthTables>
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'miachat-db-'))
    path = join(folder, 'data', 'miachat.db')
    connection = await openDatabase(`sqlite:${path}`)
    await migrate(connection, [authMigrations], 1)
    db = tables<AuthTables>(connection)
  })
  afterEach(async () => {
    await connection.close()
    rmSync(folder, { recursive: true })
  })

  const spend = (key: string) =>
    db.transaction((trx) => trx.insertInto('limits').values({ key, state: '', expires_at: 1 }).execute())
  const keys = async () => (await db.read.selectFrom('limits').select('key').orderBy('key').execute()).map((r) => r.key)

  test('a second row with the same key is refused with the column; the rest of the commit stands', async () => {
    const results = await Promise.allSettled([spend('a'), spend('b'), spend('a'), spend('c')])
    assert.deepEqual(
      results.map((r) => r.status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    )
    const [, , third] = results
    assert.ok(third?.status === 'rejected' && third.reason instanceof UniqueViolation)
    assert.equal(third.reason.column, 'key')
    assert.deepEqual(await keys(), ['a', 'b', 'c'])
  })

  test('work that throws leaves nothing, alone and in company', async () => {
    const failing = () =>
      db.transaction(async (trx) => {
        await trx.insertInto('limits').values({ key: 'x', state: '', expires_at: 1 }).execute()
        throw new Error('no')
      })
    await assert.rejects(failing(), /no/)
    const results = await Promise.allSettled([spend('a'), failing(), spend('b')])
    assert.deepEqual(
      results.map((r) => r.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(await keys(), ['a', 'b'])
  })

  test('two hundred transactions at once all stand, and the reader sees what was answered', async () => {
    await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const key = `k${i}`
        await spend(key)
        const row = await db.read.selectFrom('limits').select('key').where('key', '=', key).executeTakeFirst()
        assert.equal(row?.key, key)
      }),
    )
  })

  test('AVL-06: locked by another process for long: 503, reads go on, and it comes back by itself', async () => {
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const waits = spend('late')
    assert.deepEqual(await keys(), [])
    await assert.rejects(waits, unavailable)
    other.exec('COMMIT')
    other.close()
    await spend('after')
    assert.deepEqual(await keys(), ['after'])
  })

  test('AVL-06: a file that was moved away answers 503 and is found again when it is back', async () => {
    await spend('before')
    renameSync(path, `${path}.away`)
    await new Promise((r) => setTimeout(r, 120))
    await assert.rejects(spend('lost'), unavailable)
    await assert.rejects(keys(), unavailable)
    assert.equal(statSync(path, { throwIfNoEntry: false }), undefined, 'no empty file is made in its place')
    renameSync(`${path}.away`, path)
    await new Promise((r) => setTimeout(r, 120))
    await spend('after')
    assert.deepEqual(await keys(), ['after', 'before'])
  })

  test('STO-01: the log of a database without the database is no new, empty one', async () => {
    await spend('a')
    const elsewhere = join(folder, 'moved.db')
    renameSync(path, elsewhere)
    await assert.rejects(openDatabase(`sqlite:${path}`), /is missing, but its log .*-wal is there/)
    renameSync(elsewhere, path)
    assert.deepEqual(await keys(), ['a'])
  })

  test('files are 0600 and folders 0700', () => {
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.equal(statSync(join(folder, 'data')).mode & 0o777, 0o700)
    assert.equal(statSync(`${path}-wal`).mode & 0o777, 0o600)
  })

  test('STO-05: a backup of the running database opens and is whole', async () => {
    await spend('kept')
    const copy = join(folder, 'copy.db')
    await connection.backup(copy)
    const other = new DatabaseSync(copy, { readOnly: true })
    assert.deepEqual(other.prepare('PRAGMA integrity_check').all().map(Object.values), [['ok']])
    assert.equal(other.prepare('SELECT count(*) AS n FROM limits').get()?.n, 1)
    other.close()
    unlinkSync(copy)
  })

  test('STO-02: a newer database and a foreign one are refused with a sentence; two at once make one schema', async () => {
    const all = authMigrations.migrations.length
    const newer = {
      name: 'auth',
      migrations: [...authMigrations.migrations, { number: all + 1, name: 'later', statements: () => [] }],
    }
    await migrate(connection, [newer], 2)
    await assert.rejects(migrate(connection, [authMigrations], 3), MigrationRefused)
    const python = join(folder, 'python.db')
    const foreign = new DatabaseSync(python)
    foreign.exec('CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT)')
    foreign.close()
    const opened = await openDatabase(`sqlite:${python}`)
    await assert.rejects(migrate(opened, [authMigrations], 1), /miachat import/)
    await opened.close()
    const both = await Promise.all([1, 2].map(() => openDatabase(`sqlite:${join(folder, 'fresh.db')}`)))
    const counts = await Promise.all(both.map((c) => migrate(c, [authMigrations], 1)))
    assert.deepEqual(counts.sort(), [0, all])
    await Promise.all(both.map((c) => c.close()))
  })
})

test('statements are compiled once and take their values by name', async () => {
  const connection = await openDatabase('sqlite::memory:')
  await migrate(connection, [authMigrations], 1)
  const db = tables<AuthTables>(connection)
  const find = db.statement<{ key: string; after: number }, { state: string }>((q, param) =>
    q.selectFrom('limits').select('state').where('key', '=', param('key')).where('expires_at', '>', param('after')),
  )
  await db.transaction((trx) => trx.insertInto('limits').values({ key: 'k', state: 's', expires_at: 5 }).execute())
  assert.deepEqual(await find.first({ key: 'k', after: 5 }), undefined)
  assert.equal((await find.first({ key: 'k', after: 4 }))?.state, 's')
  await connection.close()
})

test('a limit is a figure in the text: SQLite would plan a statement with a bound one anew at each run', async () => {
  const connection = await openDatabase('sqlite::memory:')
  const { read, statement } = tables<AuthTables>(connection)
  const { sql, parameters } = read.selectFrom('users').select('id').where('id', '>', 7).limit(20).compile()
  assert.match(sql, /limit 20$/)
  assert.deepEqual(parameters, [7])
  assert.throws(() => read.selectFrom('users').select('id').limit(1.5).compile(), TypeError)
  const bound = statement<{ most: number }, unknown>((q, param) =>
    q.selectFrom('users').select('id').limit(param('most')),
  )
  await assert.rejects(bound.all({ most: 7 }), TypeError)
  await connection.close()
})

test('a database that was closed is one file: a copy of it alone is whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'miachat-db-'))
  const path = join(folder, 'miachat.db')
  const connection = await openDatabase(`sqlite:${path}`)
  await migrate(connection, [authMigrations], 1)
  await connection.close()
  assert.deepEqual(readdirSync(folder), ['miachat.db'])
  const copy = new DatabaseSync(path, { readOnly: true })
  assert.equal(copy.prepare('SELECT count(*) AS n FROM users').get()?.['n'], 0)
  copy.close()
  rmSync(folder, { recursive: true })
})
