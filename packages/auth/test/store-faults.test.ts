import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { AuthError, authMigrations, createAuth } from '@miachat/auth'
import { createBrowser } from './support/browser.ts'
import { heldDatabase } from './support/held-database.ts'
import { count } from './support/sql.ts'
import { baseUrl, secret, signedUp, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'
const onSqlite = process.env['TEST_DATABASE'] !== 'postgres'

/** Tries every way of writing that a browser has. */
async function writes(browser: Awaited<ReturnType<typeof signedUp>>) {
  return Promise.all([
    browser.send('/auth/login', { json: { username: 'anna', password } }),
    browser.send('/auth/register', { json: { username: 'newcomer', email: 'n@example.org', password } }),
    browser.send('/auth/api/login', { json: { username: 'anna', password } }),
    browser.send('/settings/profile', { json: { display_name: 'x'.repeat(70) } }),
    browser.send('/auth/logout', { json: {} }),
  ])
}

describe('AVL-05: a disk that is full', { skip: !onSqlite }, () => {
  test('writes are 503 with Retry-After, pages go on, nobody gets in, and it is over when there is room again', async () => {
    const world = await testAuth({ limits: { registrations: 1000 } })
    const browser = await signedUp(world, 'anna')
    await world.settled()
    const { connection } = world.auth
    // The limit is the writer's own: its file may not grow by a single page any more.
    const pragma = (sql: string) => connection.transaction((execute) => execute({ sql, parameters: [] }))
    const filled = await pragma('PRAGMA page_count')
    const pages = Number(Object.values(JSON.parse(JSON.stringify(filled.rows[0])))[0])
    await pragma(`PRAGMA max_page_count = ${pages}`)
    // What free room the pages still have goes first.
    const fill = async () => {
      for (let i = 0; i < 400; i++) {
        await connection.transaction((execute) =>
          execute({
            sql: 'INSERT INTO limits (key, state, expires_at) VALUES (?, ?, 0)',
            parameters: [`f${i}`, 'x'.repeat(300)],
          }),
        )
      }
    }
    await assert.rejects(fill(), (error) => error instanceof AuthError && error.code === 'store_unavailable')

    const before = await count(world.auth, 'users')
    let made = 0
    let refused = 0
    // Some rows still find room in pages that are half full.
    for (let i = 0; refused < 5; i++) {
      assert.ok(i < 200, 'the disk never gets full')
      const fresh = world.browser()
      const response = await fresh.send('/auth/register', {
        json: { username: `newcomer${i}`, email: `n${i}@example.org`, password },
      })
      if (response.status === 200) {
        made++
        continue
      }
      refused++
      assert.equal(response.status, 503)
      assert.ok(Number(response.headers.get('retry-after')) > 0)
      assert.deepEqual(response.headers.getSetCookie(), [])
      assert.equal(JSON.parse(await response.text()).code, 'store_unavailable')
    }
    assert.equal((await browser.get('/settings')).status, 200)
    assert.equal((await world.browser().get('/auth/login', { accept: 'text/html' })).status, 200)
    const form = await world.browser().send('/auth/register', {
      form: { username: 'on-paper', email: 'paper@example.org', password },
    })
    assert.equal(form.status, 503)
    assert.match(await form.text(), /value="on-paper"/, 'what was typed is not lost')
    world.pass(200_000)
    assert.equal((await browser.get('/settings')).status, 200, 'a renewal that cannot be written holds nobody up')

    await pragma('PRAGMA max_page_count = 1073741823')
    const later = await world.browser().send('/auth/register', {
      json: { username: 'latecomer', email: 'late@example.org', password },
    })
    assert.equal(later.status, 200)
    const users = await count(world.auth, 'users')
    assert.equal(users, before + made + 1, 'no half accounts')
    const check = await connection.read({ sql: 'PRAGMA integrity_check', parameters: [] })
    assert.match(JSON.stringify(check.rows), /"ok"/)
    await world.close()
  })
})

describe('AVL-06: a database that is locked, away or failing', () => {
  test('nobody gets in while nothing can be read: 503 for those with a cookie or a password, pages for guests', async () => {
    const world = await testAuth()
    const held = await heldDatabase(world.url)
    const failing = await testAuth({ url: world.url, database: held.connection, clock: world.clock })
    const person = await signedUp(world, 'anna')
    const browser = createBrowser(failing.fetch, baseUrl)
    for (const [name, value] of person.jar) browser.jar.set(name, value)
    assert.equal((await browser.get('/settings')).status, 200)
    held.fail(new AuthError('store_unavailable', { retryAfter: 2 }))
    await new Promise((resolve) => setTimeout(resolve, 60))
    for (const accept of ['text/html', 'application/json']) {
      const response = await browser.get('/settings', { accept })
      assert.equal(response.status, 503)
      assert.equal(response.headers.get('retry-after'), '2')
    }
    const guest = createBrowser(failing.fetch, baseUrl)
    assert.equal((await guest.get('/auth/login', { accept: 'text/html' })).status, 200)
    assert.equal((await guest.get('/settings', { accept: 'text/html' })).status, 303)
    for (const word of [password, 'wrong wrong']) {
      const response = await guest.send('/auth/login', { json: { username: 'anna', password: word } })
      assert.equal(response.status, 503)
    }
    const check = await browser.get('/auth/api/check')
    assert.equal(check.status, 503, 'neither yes nor no')
    held.fail(null)
    assert.equal((await browser.get('/settings')).status, 200)
    await failing.close()
    await held.connection.close()
    await world.close()
  })

  test('STO-01, AVL-06: another process holds the file: writes wait off the event loop, then 503; reads go on', {
    skip: !onSqlite,
  }, async () => {
    const world = await testAuth()
    const browser = await signedUp(world, 'anna')
    const other = new DatabaseSync(world.url.slice('sqlite:'.length))
    other.exec('BEGIN IMMEDIATE')
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const writing = writes(browser)
    for (let i = 0; i < 20; i++) {
      assert.equal((await world.browser().get('/auth/login', { accept: 'text/html' })).status, 200)
      assert.equal((await browser.get('/auth/api/check')).status, 200)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const answers = await writing
    delay.disable()
    assert.deepEqual(
      answers.map(({ status }) => status),
      [503, 503, 503, 503, 503],
    )
    assert.ok(delay.percentile(99) / 1e6 < 250, `the loop was held for ${delay.percentile(99) / 1e6} ms`)
    other.exec('ROLLBACK')
    other.close()
    assert.equal((await browser.send('/auth/login', { json: { username: 'anna', password } })).status, 200)
    await world.close()
  })

  test('a sweep with nothing to delete writes nothing: an idle server needs no thread that writes', async () => {
    const world = await testAuth()
    await signedUp(world, 'anna')
    const held = await heldDatabase(world.url)
    const idle = await testAuth({ url: world.url, database: held.connection, clock: world.clock })
    const before = held.transactions
    assert.equal(await idle.auth.sweep(), 0)
    assert.equal(held.transactions, before)
    await idle.close()
    await held.connection.close()
    await world.close()
  })

  test('STO-01: the settings of the file are WAL, FULL and foreign keys', { skip: !onSqlite }, async () => {
    const world = await testAuth()
    const ask = async (sql: string) => {
      const { rows } = await world.auth.connection.transaction((execute) => execute({ sql, parameters: [] }))
      return Object.values(JSON.parse(JSON.stringify(rows[0])))[0]
    }
    assert.equal(await ask('PRAGMA journal_mode'), 'wal')
    assert.equal(await ask('PRAGMA synchronous'), 2)
    assert.equal(await ask('PRAGMA foreign_keys'), 1)
    await world.close()
  })
})

describe('STO-02: several first starts at once', () => {
  const open = async (database: string) =>
    createAuth({ database, secret, baseUrl, passwords: { scheme: 'bcrypt', cost: 4, threads: 1 } })

  test('in one process: one schema, everybody works', async () => {
    const world = await testAuth({ migrate: false })
    const all = await Promise.all(Array.from({ length: 4 }, () => open(world.url)))
    for (const [i, auth] of all.entries()) {
      await auth.registerUser({ username: `person${i}`, email: null, password })
    }
    assert.equal(await count(all[0] ?? world.auth, 'users'), 4)
    assert.equal(await count(all[0] ?? world.auth, 'schema_migrations'), authMigrations.migrations.length)
    await Promise.all(all.map((auth) => auth.close()))
    await world.close()
  })

  test('in processes of their own on an empty folder: none fails', { skip: !onSqlite }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'auth-first-'))
    const program = `
      import { createAuth } from '@miachat/auth'
      const auth = await createAuth({ database: process.argv[1], secret: '${secret}', baseUrl: '${baseUrl}', passwords: { scheme: 'bcrypt', cost: 4 } })
      await auth.registerUser({ username: process.argv[2], email: null, password: '${password}' })
      await auth.close()`
    const starts = Array.from({ length: 4 }, async (_, i) => {
      const child = spawn(
        process.execPath,
        [
          '--conditions=miachat-source',
          '--input-type=module',
          '-e',
          program,
          `sqlite:${join(folder, 'new', 'first.db')}`,
          `person${i}`,
        ],
        { cwd: new URL('.', import.meta.url), stdio: ['ignore', 'ignore', 'pipe'] },
      )
      let said = ''
      child.stderr.on('data', (chunk) => {
        said += String(chunk)
      })
      const [code] = await once(child, 'exit')
      return `${code} ${said}`
    })
    assert.deepEqual(await Promise.all(starts), ['0 ', '0 ', '0 ', '0 '])
    const db = new DatabaseSync(join(folder, 'new', 'first.db'))
    assert.equal(db.prepare('SELECT count(*) AS n FROM users').get()?.['n'], 4)
    db.close()
    rmSync(folder, { recursive: true })
  })
})
