import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Route, route } from '@miachat/auth'
import { createBrowser } from './support/browser.ts'
import { cookieHeader } from './support/cookies.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

/** Every address that strangers may use. A new one has to be written down here, by somebody who thought about it. */
const publicRows = [
  'GET /auth/api/check open',
  'GET /auth/assets/* open',
  'GET /auth/confirm-address guest',
  'GET /auth/enrol guest',
  'GET /auth/enrol/:id guest',
  'GET /auth/first-administrator guest',
  'GET /auth/forgot guest',
  'GET /auth/left guest',
  'GET /auth/login guest',
  'GET /auth/providers/:id/callback guest',
  'GET /auth/register guest',
  'GET /auth/reset guest',
  'GET /auth/restore guest',
  'GET /auth/second-factor guest',
  'GET /auth/undo guest',
  'GET /auth/waiting guest',
  'GET /auth/welcome guest',
  'POST /auth/api/device/code open',
  'POST /auth/api/device/token open',
  'POST /auth/api/login open',
  'POST /auth/api/logout open',
  'POST /auth/api/refresh open',
  'POST /auth/api/second-factor open',
  'POST /auth/api/second-factor/passkey open',
  'POST /auth/api/second-factor/passkey/options open',
  'POST /auth/confirm-address guest',
  'POST /auth/enrol open',
  'POST /auth/enrol/:id/confirm open',
  'POST /auth/enrol/passkey open',
  'POST /auth/enrol/passkey/options open',
  'POST /auth/forgot open',
  'POST /auth/language guest',
  'POST /auth/login open',
  'POST /auth/logout open',
  'POST /auth/passkeys/options open',
  'POST /auth/passkeys/sign-in open',
  'POST /auth/providers/:id open',
  'POST /auth/providers/:id/callback open',
  'POST /auth/register open',
  'POST /auth/register/options open',
  'POST /auth/reset open',
  'POST /auth/restore open',
  'POST /auth/second-factor open',
  'POST /auth/second-factor/passkey open',
  'POST /auth/second-factor/passkey/options open',
  'POST /auth/theme open',
  'POST /auth/undo guest',
  'POST /auth/welcome open',
]

describe('SES-12, O20: closed by default', () => {
  let world: TestAuth
  let hostRows: Route[]
  let reached: string[]
  before(async () => {
    world = await testAuth()
    reached = []
    const row = (method: 'GET' | 'POST', path: string) =>
      route({
        method,
        path,
        summary: path,
        handle: (exchange) => {
          reached.push(path)
          return exchange.json({ path: exchange.path })
        },
      })
    hostRows = [row('GET', '/'), row('GET', '/chat'), row('GET', '/chat/:id'), row('POST', '/api/characters')]
  })
  after(() => world.close())

  test('the public list is exactly this', () => {
    const rows = world.auth.routes
      .filter((row) => row.access === 'open' || row.access === 'guest')
      .map((row) => `${row.method} ${row.path.replace(/\/assets\/.*/, '/assets/*')} ${row.access}`)
    assert.deepEqual([...new Set(rows)].sort(), publicRows)
  })

  test('every other row of the library refuses a guest: 303 for a browser, 401 for a program', async () => {
    const closed = world.auth.routes.filter((row) => row.access !== 'open' && row.access !== 'guest')
    assert.ok(closed.length >= 6)
    for (const { method, path, access } of closed) {
      const target = path.replace(/:\w+/g, 'x')
      const page = await world.browser().send(target, { method, headers: { accept: 'text/html' } })
      assert.equal(page.status, access === 'bearer' ? 401 : 303, `${method} ${path}`)
      const program = await world.browser().send(target, { method, headers: { accept: 'application/json' } })
      assert.equal(program.status, 401, `${method} ${path}`)
      assert.equal(JSON.parse(await program.text()).code, 'not_signed_in')
    }
  })

  test('a row of the host that says nothing is closed too, and HEAD as well', async () => {
    const browser = createBrowser(world.auth.site(hostRows), baseUrl)
    for (const path of ['/', '/chat', '/chat/7']) {
      const page = await browser.get(path, { accept: 'text/html' })
      assert.deepEqual(
        [page.status, page.headers.get('location')],
        [303, `/auth/login?next=${encodeURIComponent(path)}`],
      )
      assert.equal((await browser.send(path, { method: 'HEAD' })).status, 303)
    }
    const posted = await browser.send('/api/characters', { json: {} })
    assert.equal(posted.status, 401)
    assert.match(posted.headers.get('content-type') ?? '', /^application\/problem\+json/)
    assert.deepEqual(reached, [])
  })

  test('other spellings of a path never open it', async () => {
    const browser = createBrowser(world.auth.site(hostRows), baseUrl)
    for (const path of [
      '//chat',
      '///chat',
      '/chat/',
      '/chat//',
      '/CHAT',
      '/Chat',
      '/%63hat',
      '/chat%00',
      '/chat%20',
      '/chat%2f',
      '/chat;x',
      '/chat;jsessionid=1',
      '/chat.json',
      '/chat.css',
      '/./chat',
      '/x/../chat',
      '/%2e/chat',
      '/chat/.',
      '/chat/..%2f',
      '/auth/login/../../chat',
      '/auth/assets/../../chat',
      '/auth/login%2f..%2f..%2fchat',
      '/chat\\',
      '/chat?',
      '/chat/%2e%2e',
      '/chat/7%2f',
    ]) {
      const response = await browser.get(path, { accept: 'text/html' })
      assert.ok([303, 404].includes(response.status), `${path} ${response.status}`)
      if (response.status === 303) assert.match(response.headers.get('location') ?? '', /^\/auth\/login\?next=/)
    }
    assert.deepEqual(reached, [])
  })

  test('headers that rewrite paths or methods in other frameworks do nothing', async () => {
    const browser = createBrowser(world.auth.site(hostRows), baseUrl)
    for (const header of [
      'x-original-url',
      'x-rewrite-url',
      'x-http-method-override',
      'x-method-override',
      'x-forwarded-prefix',
      'x-middleware-subrequest',
    ]) {
      assert.equal((await browser.get('/auth/login', { [header]: '/chat' })).status, 200)
      assert.equal((await browser.get('/chat', { [header]: '/auth/login' })).status, 303)
      assert.equal((await browser.send('/auth/logout', { method: 'GET', headers: { [header]: 'POST' } })).status, 405)
    }
    assert.deepEqual(reached, [])
  })

  test('a signed-in person gets in, with exactly the parameters of the path', async () => {
    const browser = await signedUp(world, 'inside')
    const response = await createBrowser(world.auth.site(hostRows), baseUrl).get('/chat/7', {
      cookie: cookieHeader(browser),
    })
    assert.equal(response.status, 200)
    assert.deepEqual(reached, ['/chat/:id'])
  })

  test('an address that is no route is 404 for everybody, in the caller’s own form', async () => {
    const signedIn = await signedUp(world, 'lost')
    for (const browser of [world.browser(), signedIn]) {
      const page = await browser.get('/nothing/here', { accept: 'text/html' })
      assert.equal(page.status, 404)
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
      const program = await browser.get('/api/nothing')
      assert.equal(program.status, 404)
      assert.equal(JSON.parse(await program.text()).code, 'not_found')
    }
  })
})
