import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { postTo, sessionOf } from './support/crash-people.ts'
import { startPostgres } from './support/postgres.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const env = { PASSWORD_COST: '4', LOG_LEVEL: 'error' }
const anna = { username: 'anna', password: 'a walk by the river' }
const wrong = { username: 'anna', password: 'not the password' }

async function signUp(server: ServerProcess): Promise<string> {
  const answer = await postTo(server.url)('/auth/register', { ...anna, email: 'anna@example.org' })
  assert.equal(answer.status, 200, await answer.text())
  return sessionOf(answer)
}

const page = (server: ServerProcess, cookie: string): Promise<Response> =>
  fetch(`${server.url}/settings`, { headers: { cookie }, redirect: 'manual' })

/** A refusal that says when to come back, in bounded time, and gives no session. */
async function assertUnavailable(answer: Response, within: number, started: number): Promise<void> {
  assert.equal(answer.status, 503)
  assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
  assert.deepEqual(answer.headers.getSetCookie(), [])
  assert.ok(performance.now() - started < within, `answered after ${performance.now() - started} ms`)
  const body: unknown = await answer.json()
  assert.ok(typeof body === 'object' && body !== null && 'code' in body)
  assert.equal(body.code, 'store_unavailable')
}

/** Tries until it works again by itself. */
async function assertRecovers(server: ServerProcess, within: number): Promise<void> {
  const post = postTo(server.url)
  const deadline = performance.now() + within
  for (;;) {
    const answer = await post('/auth/login', anna)
    if (answer.status === 200) break
    assert.equal(answer.status, 503, await answer.text())
    assert.ok(performance.now() < deadline, 'it did not come back by itself')
    await sleep(100)
  }
  assert.equal((await post('/auth/login', wrong)).status, 401)
}

test('AVL-06: a database locked by another process: writes 503 in bounded time, pages go on, then all is well', async () => {
  const server = await startServer({ env })
  try {
    const cookie = await signUp(server)
    const other = new DatabaseSync(join(server.dataDir, 'miachat.db'))
    other.exec('BEGIN IMMEDIATE')
    const started = performance.now()
    const signIn = postTo(server.url)('/auth/login', anna)
    const shown = await page(server, cookie)
    assert.equal(shown.status, 200)
    assert.ok(performance.now() - started < 1000, 'a page does not wait for the lock')
    await assertUnavailable(await signIn, 12_000, started)
    other.exec('COMMIT')
    other.close()
    await assertRecovers(server, 10_000)
  } finally {
    assert.equal((await server.stop()).code, 0)
  }
})

test('AVL-05: a full disk: writes 503, pages go on, nothing is damaged, and it recovers without a restart', async () => {
  const server = await startServer({ env })
  const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}:unlimited`])
  try {
    const cookie = await signUp(server)
    limit('4096')
    const started = performance.now()
    await assertUnavailable(await postTo(server.url)('/auth/login', anna), 12_000, started)
    assert.equal((await page(server, cookie)).status, 200)
    const registered = await postTo(server.url)('/auth/register', { ...anna, username: 'bea', email: 'b@example.org' })
    assert.equal(registered.status, 503)
    limit('unlimited')
    await assertRecovers(server, 10_000)
    const again = await postTo(server.url)('/auth/register', { ...anna, username: 'bea', email: 'b@example.org' })
    assert.equal(again.status, 200, 'nothing half was left of the refused registration')
    const db = new DatabaseSync(join(server.dataDir, 'miachat.db'), { readOnly: true })
    assert.deepEqual(db.prepare('PRAGMA integrity_check').all().map(Object.values), [['ok']])
    db.close()
  } finally {
    assert.equal((await server.stop()).code, 0)
  }
})

test('AVL-05: a database that has become read-only: writes 503, pages go on, and it recovers by itself', async () => {
  const server = await startServer({ env, obeysPermissions: true })
  const path = join(server.dataDir, 'miachat.db')
  try {
    const cookie = await signUp(server)
    // Put in the place of the old one, as a restore by somebody else does; the server may only read it.
    const backup = new DatabaseSync(path)
    backup.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    backup.close()
    copyFileSync(path, `${path}.new`)
    chmodSync(`${path}.new`, 0o444)
    renameSync(`${path}.new`, path)
    await sleep(200)
    assert.equal((await page(server, cookie)).status, 200)
    const started = performance.now()
    await assertUnavailable(await postTo(server.url)('/auth/login', anna), 12_000, started)
    assert.equal((await page(server, cookie)).status, 200)
    chmodSync(path, 0o600)
    await assertRecovers(server, 10_000)
  } finally {
    assert.equal((await server.stop()).code, 0)
  }
})

test('AVL-06: a database file that is gone and back: 503 for all meanwhile, nobody gets in, then all is well', async () => {
  const server = await startServer({ env })
  const path = join(server.dataDir, 'miachat.db')
  try {
    const cookie = await signUp(server)
    renameSync(path, `${path}.away`)
    await sleep(200)
    const started = performance.now()
    await assertUnavailable(await postTo(server.url)('/auth/login', anna), 12_000, started)
    assert.equal((await page(server, cookie)).status, 503)
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200)
    assert.equal((await fetch(`${server.url}/readyz`)).status, 503)
    renameSync(`${path}.away`, path)
    await assertRecovers(server, 10_000)
    assert.equal((await page(server, cookie)).status, 200)
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200)
  } finally {
    await server.stop()
  }
})

test('AVL-06: a PostgreSQL that is gone and back: 503, nobody gets in, then all is well', async () => {
  const postgres = await startPostgres({ durable: true })
  try {
    const database = await postgres.createDatabase()
    const server = await startServer({ env: { ...env, DATABASE_URL: database.url } })
    try {
      const cookie = await signUp(server)
      assert.equal((await page(server, cookie)).status, 200)
      await postgres.interrupt()
      await sleep(200)
      const started = performance.now()
      await assertUnavailable(await postTo(server.url)('/auth/login', anna), 12_000, started)
      assert.equal((await page(server, cookie)).status, 503, 'a cached session is not trusted either')
      await postgres.resume()
      await assertRecovers(server, 15_000)
      assert.equal((await page(server, cookie)).status, 200)
    } finally {
      await server.stop()
    }
  } finally {
    await postgres.stop()
  }
})
