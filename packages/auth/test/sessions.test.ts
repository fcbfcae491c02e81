import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { days, hours, minutes } from '@miachat/auth'
import { cookieHeader, sessionValue } from './support/cookies.ts'
import { heldDatabase } from './support/held-database.ts'
import { count, rowsOf, write } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'
const isIn = async (browser: { get: (path: string) => Promise<Response> }) =>
  (await browser.get('/settings')).status === 200

describe('sessions', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  const signIn = async (username: string, remember = false, browser = world.browser()) => {
    const response = await browser.send('/auth/login', { json: { username, password, remember_me: remember } })
    assert.equal(response.status, 200, await response.clone().text())
    return browser
  }

  test('SES-03: a value that we did not issue is never adopted, and nothing but the cookie is looked at', async () => {
    const stranger = world.browser()
    const made = 'A'.repeat(43)
    stranger.jar.set('mia_session', made)
    assert.equal(await isIn(stranger), false)
    const response = await stranger.send('/auth/register', {
      json: { username: 'fixated', email: 'fixated@example.org', password, session: made, mia_session: made },
    })
    assert.equal(response.status, 200)
    assert.notEqual(sessionValue(stranger), made)
    const value = sessionValue(stranger)
    const thief = world.browser()
    for (const path of [`/settings?mia_session=${value}`, `/settings?session=${value}`]) {
      assert.equal((await thief.get(path)).status, 303)
    }
    for (const headers of [{ authorization: `Bearer ${value}` }, { 'x-session': value }]) {
      assert.equal((await thief.get('/settings', headers)).status, 303)
    }
    assert.equal(
      (await thief.send('/settings/profile', { json: { display_name: 'x', mia_session: value } })).status,
      401,
    )
  })

  test('SES-03: parts and changes of a real value open nothing', async () => {
    const browser = await signedUp(world, 'parts')
    const value = sessionValue(browser)
    const hash = createHash('sha256').update(value).digest()
    for (const wrong of [
      value.slice(0, -1),
      `${value}A`,
      `${value}=`,
      `"${value}"`,
      value.toLowerCase(),
      value.toUpperCase(),
      encodeURIComponent(`${value} `),
      hash.toString('base64url'),
      hash.toString('hex'),
      '',
    ]) {
      if (wrong === value) continue
      const response = await world.browser().get('/settings', { cookie: `mia_session=${wrong}` })
      assert.equal(response.status, 303, wrong)
    }
    assert.ok(await isIn(browser))
  })

  test('SES-01: 256 random bits in the cookie, their SHA-256 in the database, the value nowhere', async () => {
    const browser = await signedUp(world, 'opaque')
    const value = sessionValue(browser)
    assert.match(value, /^[\w-]{43}$/)
    const hash = createHash('sha256').update(value).digest()
    assert.equal(await count(world.auth, 'sessions', 'WHERE token_hash = ?', [hash]), 1)
    for (const table of ['sessions', 'audit_events', 'users', 'limits', 'account_changes']) {
      for (const row of await rowsOf(world.auth, `SELECT * FROM ${table}`)) {
        for (const cell of Object.values(row)) {
          const text = cell instanceof Uint8Array ? Buffer.from(cell).toString('latin1') : String(cell)
          assert.ok(!text.includes(value), table)
        }
      }
    }
  })

  test('SES-02: each sign-in has a new value, and ends the one that this browser had', async () => {
    const browser = await signedUp(world, 'anew')
    const values = [sessionValue(browser)]
    for (let i = 0; i < 3; i++) {
      const before = cookieHeader(browser)
      await signIn('anew', false, browser)
      values.push(sessionValue(browser))
      assert.equal((await world.browser().get('/settings', { cookie: before })).status, 303, 'the former is ended')
    }
    assert.equal(new Set(values).size, 4)
    const { id } = JSON.parse(
      await (
        await signIn('anew', false, browser).then(() =>
          browser.send('/auth/login', { json: { username: 'anew', password } }),
        )
      ).text(),
    ).user
    assert.equal(await count(world.auth, 'sessions', 'WHERE user_id = ?', [id]), 1)
  })

  test('SES-02, REG-11: registering or signing in as somebody else ends the former session too', async () => {
    const browser = await signedUp(world, 'first')
    const first = cookieHeader(browser)
    await browser.send('/auth/register', {
      form: { username: 'second', email: 'second@example.org', password },
    })
    assert.equal((await world.browser().get('/settings', { cookie: first })).status, 303)
    const second = cookieHeader(browser)
    await signIn('first', false, browser)
    assert.equal((await world.browser().get('/settings', { cookie: second })).status, 303)
    assert.match(await (await browser.get('/settings/devices')).text(), />first</)
  })

  test('SES-02: a sign-in that fails leaves the session that there is', async () => {
    const browser = await signedUp(world, 'stays')
    const failed = await browser.send('/auth/login', { json: { username: 'stays', password: 'wrong wrong' } })
    assert.equal(failed.status, 401)
    assert.ok(await isIn(browser))
  })

  test('SES-04: no use keeps a session beyond its absolute end', async () => {
    const browser = await signedUp(world, 'absolute')
    for (let passed = 0; passed < hours(23.5); passed += minutes(50)) {
      assert.ok(await isIn(browser), `after ${passed / hours(1)} hours`)
      await world.settled()
      world.pass(minutes(50))
    }
    assert.equal(await isIn(browser), false)
  })

  test('SES-04: "stay signed in" lasts for a week without use and for thirty days with', async () => {
    await signedUp(world, 'remembered')
    const idle = await signIn('remembered', true)
    const busy = await signIn('remembered', true)
    world.pass(days(6.9))
    assert.ok(await isIn(busy))
    await world.settled()
    world.pass(days(0.2))
    assert.equal(await isIn(idle), false)
    for (let passed = 7.1; passed < 29; passed += 6) {
      assert.ok(await isIn(busy), `after ${passed} days`)
      await world.settled()
      world.pass(days(6))
    }
    assert.equal(await isIn(busy), false)
  })

  test('SES-06: the replayed cookie opens nothing, on any route, and other browsers stay in', async () => {
    const browser = await signedUp(world, 'leaves')
    const other = await signIn('leaves')
    const cookie = cookieHeader(browser)
    const out = await browser.send('/auth/logout', { json: {} })
    assert.deepEqual(JSON.parse(await out.text()), {
      success: true,
      message: 'You are signed out.',
      redirect: '/auth/login',
    })
    assert.equal(browser.jar.has('mia_session'), false)
    const thief = world.browser()
    assert.equal((await thief.get('/settings', { cookie })).status, 303)
    assert.match(await (await thief.get('/auth/api/check', { cookie })).text(), /"authenticated":false/)
    assert.equal((await thief.get('/auth/login', { cookie })).status, 200)
    assert.equal((await thief.send('/settings/sessions/end-others', { json: {}, headers: { cookie } })).status, 401)
    assert.ok(await isIn(other))
    assert.equal((await thief.send('/auth/logout', { form: {}, headers: { cookie } })).status, 303, 'again is no error')
  })

  test('SES-06: two sign-outs at once are both answered', async () => {
    const browser = await signedUp(world, 'double')
    const cookie = cookieHeader(browser)
    const out = () => world.browser().send('/auth/logout', { form: {}, headers: { cookie } })
    assert.deepEqual(
      (await Promise.all([out(), out(), out()])).map((r) => r.status),
      [303, 303, 303],
    )
  })

  test('SES-07: disabling a user ends every session and token at once, and no password helps', async () => {
    const browser = await signedUp(world, 'disabled')
    const other = await signIn('disabled', true)
    const login = await world.browser().send('/auth/api/login', { json: { username: 'disabled', password } })
    const { access_token, refresh_token, user } = JSON.parse(await login.text())
    const bearer = { authorization: `Bearer ${access_token}` }
    assert.equal((await other.get('/auth/api/me', bearer)).status, 200)
    await world.auth.admin.setActive(user.id, false, 'a test')
    assert.equal(await isIn(browser), false)
    assert.equal(await isIn(other), false)
    assert.equal((await other.get('/auth/api/me', bearer)).status, 401)
    assert.equal((await other.send('/auth/api/refresh', { json: { refresh_token } })).status, 401)
    for (const path of ['/auth/login', '/auth/api/login']) {
      assert.equal((await other.send(path, { json: { username: 'disabled', password } })).status, 401)
    }
    await world.auth.admin.setActive(user.id, true, 'a test')
    assert.equal(await isIn(browser), false, 'what was ended stays ended')
    await signIn('disabled')
  })

  test('SES-08, ACC-03: nobody ends a device of somebody else, or one that is none', async () => {
    const browser = await signedUp(world, 'olga')
    const thief = await signedUp(world, 'thief')
    const signedIn = await signIn('olga')
    const page = await (await browser.get('/settings/devices')).text()
    const id = /\/settings\/sessions\/([\w-]+)\/end"/.exec(page)?.[1]
    assert.ok(id, 'the other device is in the list')
    for (const wrong of [id, '0', '__proto__', 'constructor', 'null', "'", 'a'.repeat(500)]) {
      assert.equal((await thief.send(`/settings/sessions/${wrong}/end`, { json: {} })).status, 404, wrong)
    }
    assert.ok(await isIn(signedIn))
    assert.equal((await browser.send(`/settings/sessions/${id}/end`, { form: {} })).status, 303)
    assert.equal(await isIn(signedIn), false)
    assert.ok(await isIn(browser))
    assert.ok(await isIn(thief))
  })

  test('SES-08: the list holds programs too, and "all others" ends them all at once', async () => {
    const browser = await signedUp(world, 'others')
    const second = await signIn('others')
    const program = world.browser({ userAgent: 'curl/8.9' })
    const login = await program.send('/auth/api/login', { json: { username: 'others', password } })
    const { access_token, refresh_token } = JSON.parse(await login.text())
    const page = await (await browser.get('/settings/devices')).text()
    assert.match(page, /curl/)
    assert.match(page, /Firefox on Linux.*from 127\.0\.0\.1/s)
    assert.equal((await browser.send('/settings/sessions/end-others', { form: {} })).status, 303)
    assert.ok(await isIn(browser))
    assert.equal(await isIn(second), false)
    assert.equal((await program.get('/auth/api/me', { authorization: `Bearer ${access_token}` })).status, 401)
    assert.equal((await program.send('/auth/api/refresh', { json: { refresh_token } })).status, 401)
  })

  test('SES-10: of sixty sign-ins fifty sessions are left, and it is the oldest that went', async () => {
    const oldest = await signedUp(world, 'many')
    const browsers = []
    for (let i = 0; i < 60; i++) {
      world.pass(1)
      browsers.push(await signIn('many'))
    }
    const { id } = await world.auth.admin.findUser('many').then((user) => ({ id: user?.id }))
    assert.equal(await count(world.auth, 'sessions', 'WHERE user_id = ?', [id]), 50)
    assert.equal(await isIn(oldest), false)
    const states = await Promise.all(browsers.map(isIn))
    assert.deepEqual(
      states,
      states.map((_, i) => i >= 10),
    )
  })

  test('SES-11: sessions survive a restart, sign-outs too', async () => {
    const stays = await signedUp(world, 'restarted')
    const leaves = await signIn('restarted')
    const gone = cookieHeader(leaves)
    await leaves.send('/auth/logout', { form: {} })
    const again = await testAuth({ url: world.url, clock: world.clock })
    const get = (cookie: string) => again.browser().get('/settings', { cookie })
    assert.equal((await get(cookieHeader(stays))).status, 200)
    assert.equal((await get(gone)).status, 303)
    await again.close()
  })
})

describe('writing the use of a session', () => {
  test('SES-05: a hundred requests write nothing before a twentieth of the idle time, then once', async () => {
    const world = await testAuth()
    const held = await heldDatabase(world.url)
    const counted = await testAuth({ url: world.url, database: held.connection, clock: world.clock })
    const { id } = await counted.auth.registerUser({ username: 'counted', email: null, password })
    const browser = counted.browser()
    await browser.send('/auth/login', { form: { username: 'counted', password } })
    const lastSeen = async () =>
      Number(
        (await rowsOf(world.auth, 'SELECT last_seen_at FROM sessions WHERE user_id = ?', [id]))[0]?.['last_seen_at'],
      )
    const started = await lastSeen()
    const before = held.transactions
    for (let i = 0; i < 50; i++) await isIn(browser)
    world.pass(minutes(2.9))
    for (let i = 0; i < 50; i++) await isIn(browser)
    assert.equal(held.transactions, before)
    world.pass(minutes(0.2))
    await Promise.all(Array.from({ length: 50 }, () => isIn(browser)))
    for (let i = 0; i < 50; i++) await isIn(browser)
    assert.equal(held.transactions, before + 1)
    await counted.settled()
    assert.ok((await lastSeen()) - started >= minutes(3))
    await counted.close()
    await held.connection.close()
    await world.close()
  })
})

describe('the sweep', () => {
  test('SES-09: a hundred thousand ended sessions go in batches, and nobody waits', async () => {
    const world = await testAuth()
    const browser = await signedUp(world, 'sweeper')
    const { id } = (await world.auth.admin.findUser('sweeper')) ?? { id: 0 }
    const old = world.clock() - hours(2)
    const hash =
      world.auth.connection.kind === 'sqlite' ? 'randomblob(32)' : "decode(md5(k::text) || md5('x' || k), 'hex')"
    await write(
      world.auth,
      `WITH RECURSIVE many(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM many WHERE k < 100000)
       INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, remember, method, address, device)
       SELECT ${hash}, ${id}, ${old}, ${old}, ${world.auth.connection.kind === 'sqlite' ? '0' : 'false'}, 'password', '', '' FROM many`,
    )
    let swept = false
    const sweeping = world.auth.sweep().then((rows) => {
      swept = true
      return rows
    })
    const waits: number[] = []
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    while (!swept) {
      const started = performance.now()
      assert.equal((await browser.get('/auth/login')).status, 303)
      waits.push(performance.now() - started)
      await sleep(5)
    }
    delay.disable()
    assert.ok((await sweeping) >= 100_000)
    assert.equal(await count(world.auth, 'sessions'), 1)
    waits.sort((a, b) => a - b)
    // Two hundred batches: one that held everybody up would show in every hundredth of the measurements.
    const wait = waits[Math.floor(waits.length * 0.95)] ?? 0
    assert.ok(wait < 50, `one request in twenty waited for ${wait} ms`)
    assert.ok(delay.percentile(95) / 1e6 < 50, `the loop was held for ${delay.percentile(95) / 1e6} ms`)
    assert.ok(await isIn(browser))
    await world.close()
  })

  test('SES-09: closing does not wait for the end of a sweep', async () => {
    const world = await testAuth()
    await signedUp(world, 'closer')
    const { id } = (await world.auth.admin.findUser('closer')) ?? { id: 0 }
    const hash =
      world.auth.connection.kind === 'sqlite' ? 'randomblob(32)' : "decode(md5(k::text) || md5('x' || k), 'hex')"
    await write(
      world.auth,
      `WITH RECURSIVE many(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM many WHERE k < 20000)
       INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, remember, method, address, device)
       SELECT ${hash}, ${id}, 1, 1, ${world.auth.connection.kind === 'sqlite' ? '0' : 'false'}, 'password', '', '' FROM many`,
    )
    world.auth.startSweeping()
    const started = performance.now()
    await world.close()
    assert.ok(performance.now() - started < 700, `${performance.now() - started} ms`)
  })

  test('SES-09: sweeps come at once and then every hour, until the end', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const world = await testAuth()
    const sweeps = () => world.lines.filter(({ message }) => message === 'swept').length
    const endAll = () => write(world.auth, 'UPDATE sessions SET created_at = 1, last_seen_at = 1')
    /** Waits for that many sweeps, and a moment for one too many. */
    const swept = async (times: number) => {
      for (let tries = 0; sweeps() < times && tries < 200; tries++) await sleep(10)
      await sleep(150)
      assert.equal(sweeps(), times)
    }
    await signedUp(world, 'early')
    await endAll()
    world.auth.startSweeping()
    // Asking twice does not sweep twice.
    world.auth.startSweeping()
    await swept(1)
    assert.equal(await count(world.auth, 'sessions'), 0)
    await signedUp(world, 'later')
    await endAll()
    t.mock.timers.tick(hours(1) - 1)
    await swept(1)
    assert.equal(await count(world.auth, 'sessions'), 1)
    t.mock.timers.tick(1)
    await swept(2)
    assert.equal(await count(world.auth, 'sessions'), 0)
    t.mock.timers.tick(hours(1))
    await swept(3)
    await world.close()
    t.mock.timers.tick(hours(2))
    await swept(3)
  })
})
