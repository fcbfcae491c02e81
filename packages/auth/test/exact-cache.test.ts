import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { AuthError } from '@miachat/auth'
import { createBrowser } from './support/browser.ts'
import { heldDatabase } from './support/held-database.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const READ_OF_SESSION = 'inner join'
const READ_OF_CHANGES = 'account_change_counter'
/** Longer than any knowledge of changes is trusted. */
const STALE_MS = 60

describe('the exact cache of verified sessions', () => {
  let world: TestAuth
  let held: Awaited<ReturnType<typeof heldDatabase>>
  /** A second process on the same database. */
  let other: TestAuth

  before(async () => {
    world = await testAuth()
    held = await heldDatabase(world.url)
    other = await testAuth({ url: world.url, database: held.connection })
  })
  after(async () => {
    await other.close()
    await held.connection.close()
    await world.close()
  })

  /** The same browser at the other process. */
  const atOther = (cookies: Map<string, string>) => {
    const browser = createBrowser(other.fetch, baseUrl)
    for (const [name, value] of cookies) browser.jar.set(name, value)
    return browser
  }
  const settings = async (browser: ReturnType<typeof atOther>) => (await browser.get('/settings')).status

  /** Signs somebody up in one process and makes sure that the other has the session in its cache, and knows it is new. */
  async function cachedAtOther(username: string) {
    const here = await signedUp(world, username)
    const there = atOther(here.jar)
    await sleep(STALE_MS)
    assert.equal(await settings(there), 200)
    return { here, there }
  }

  test('JWT-06, AVL-06: while the changes cannot be read nothing cached is trusted: 503, and back by itself', async () => {
    const { there } = await cachedAtOther('closed')
    await sleep(STALE_MS)
    held.fail(new AuthError('store_unavailable', { retryAfter: 2 }))
    const refused = await there.get('/settings')
    assert.equal(refused.status, 503)
    assert.equal(refused.headers.get('retry-after'), '2')
    held.fail(null)
    assert.equal(await settings(there), 200)
  })

  test('JWT-06: a sign-out in one process counts in another within 100 ms', async () => {
    const { here, there } = await cachedAtOther('seen')
    const started = performance.now()
    assert.equal((await here.send('/auth/logout', { form: {} })).status, 303)
    const answered = performance.now()
    // What counts is when a request was sent: on a busy machine its answer may come late.
    for (let sent = answered; (await settings(there)) === 200; sent = performance.now()) {
      assert.ok(sent - answered < 100, `still in after ${sent - started} ms`)
      await sleep(2)
    }
  })

  test('JWT-06: a row that was read before a sign-out is not kept after it', async () => {
    const here = await signedUp(world, 'overtaken')
    const there = atOther(here.jar)
    const reader = atOther(here.jar)
    await sleep(STALE_MS)
    // The first request holds the old row in its hand while the session ends and others learn of it.
    const hold = held.hold(READ_OF_SESSION)
    const slow = settings(reader)
    await hold.reached
    await here.send('/auth/logout', { form: {} })
    await sleep(STALE_MS)
    assert.equal(await settings(there), 303, 'another request learns of the sign-out')
    hold.release()
    // It began before the sign-out, so it may be answered either way; what counts is what is kept.
    await slow
    assert.equal(await settings(there), 303)
  })

  test('JWT-06: a request does not trust knowledge that another one began to fetch long ago', async () => {
    const { here, there } = await cachedAtOther('slow')
    await sleep(STALE_MS)
    const hold = held.hold(READ_OF_CHANGES)
    const first = settings(there)
    await hold.reached
    await here.send('/auth/logout', { form: {} })
    await sleep(100)
    const second = settings(there)
    await sleep(5)
    hold.release()
    await first
    assert.equal(await second, 303)
  })

  test('JWT-06: a process that slept through thousands of changes misses none', async () => {
    const { here, there } = await cachedAtOther('sleeper')
    await world.auth.connection.transaction(async (execute) => {
      const { rows } = await execute({ sql: 'SELECT n FROM account_change_counter', parameters: [] })
      const n = Number(JSON.parse(JSON.stringify(rows))[0].n)
      const mark = world.auth.connection.kind === 'sqlite' ? '(?1 + k), 0, 0' : '($1::bigint + k), 0, 0'
      await execute({
        sql: `WITH RECURSIVE many(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM many WHERE k < 2500)
              INSERT INTO account_changes (n, user_id, at) SELECT ${mark} FROM many`,
        parameters: [n],
      })
      await execute({ sql: 'UPDATE account_change_counter SET n = n + 2500', parameters: [] })
    })
    await here.send('/auth/logout', { form: {} })
    await sleep(STALE_MS)
    assert.equal(await settings(there), 303)
  })

  test('JWT-06: changes that were swept before a process saw them count all the same', async () => {
    const { here, there } = await cachedAtOther('swept')
    await here.send('/auth/logout', { form: {} })
    await world.auth.connection.transaction((execute) =>
      execute({ sql: 'DELETE FROM account_changes', parameters: [] }),
    )
    await sleep(STALE_MS)
    assert.equal(await settings(there), 303)
  })

  test('JWT-06: an older copy of the database put back is noticed: nobody is known any more', async () => {
    const { there } = await cachedAtOther('restored')
    await world.auth.connection.transaction(async (execute) => {
      await execute({ sql: 'DELETE FROM sessions', parameters: [] })
      await execute({ sql: 'DELETE FROM account_changes', parameters: [] })
      await execute({ sql: 'UPDATE account_change_counter SET n = 1', parameters: [] })
    })
    await sleep(STALE_MS)
    assert.equal(await settings(there), 303)
  })

  test('SES-06: a sign-out ends what is cached even when the row was deleted by other hands', async () => {
    const { here, there } = await cachedAtOther('rowless')
    const cookie = [...here.jar].map((pair) => pair.join('=')).join('; ')
    await world.auth.connection.transaction((execute) => execute({ sql: 'DELETE FROM sessions', parameters: [] }))
    assert.equal((await there.send('/auth/logout', { form: {} })).status, 303)
    const replayed = await createBrowser(other.fetch, baseUrl).get('/settings', { cookie })
    assert.equal(replayed.status, 303)
  })

  test('JWT-06: a cached session costs no query while the changes are known', async () => {
    const { there } = await cachedAtOther('quick')
    const me = async () => (await there.get('/auth/login')).status
    const before = held.reads
    const started = performance.now()
    for (let i = 0; i < 20; i++) assert.equal(await me(), 303)
    const windows = Math.ceil((performance.now() - started) / 50) + 1
    // One look at the counter for each 50 ms, and its rows where there are new ones.
    assert.ok(held.reads - before <= 2 * windows, `${held.reads - before} reads in ${windows} windows`)
  })

  test('JWT-06: an access token dies in another process within 100 ms of its sign-out', async () => {
    await signedUp(world, 'program')
    const program = world.browser()
    const login = await program.send('/auth/api/login', {
      json: { username: 'program', password: 'a walk by the river' },
    })
    const { access_token, refresh_token } = JSON.parse(await login.text())
    const bearer = { authorization: `Bearer ${access_token}` }
    const there = createBrowser(other.fetch, baseUrl)
    await sleep(STALE_MS)
    assert.equal((await there.get('/auth/api/me', bearer)).status, 200)
    assert.equal((await program.send('/auth/api/logout', { json: { refresh_token } })).status, 200)
    await sleep(STALE_MS)
    assert.equal((await there.get('/auth/api/me', bearer)).status, 401)
  })
})
