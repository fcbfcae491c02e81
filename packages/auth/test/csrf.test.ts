import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { cookieHeader, sessionValue } from './support/cookies.ts'
import { count } from './support/sql.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'
const FORM = 'application/x-www-form-urlencoded'

describe('requests that another site made the browser send', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
  })
  after(() => world.close())

  /** A request with exactly these headers: no Origin by itself. */
  const raw = (path: string, headers: Record<string, string>, body: string | null = '', method = 'POST') =>
    world.fetch(
      new Request(`${baseUrl}${path}`, { method, headers, redirect: 'manual', ...(body === null ? {} : { body }) }),
      { address: '127.0.0.1' },
    )

  const foreign: readonly (readonly [string, Record<string, string>])[] = [
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['same-site', { 'sec-fetch-site': 'same-site' }],
    ['an unknown word', { 'sec-fetch-site': 'same-origins' }],
    ['two words', { 'sec-fetch-site': 'same-origin, cross-site' }],
    ['an empty word', { 'sec-fetch-site': '' }],
    ['cross-site with our Origin', { 'sec-fetch-site': 'cross-site', origin: baseUrl }],
    ['Origin null', { origin: 'null' }],
    ['an empty Origin', { origin: '' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['ours as a prefix', { origin: 'http://localhost:8080.evil.example' }],
    ['ours as a suffix', { origin: 'http://evil-localhost:8080' }],
    ['ours as a name of its own', { origin: 'http://localhost.evil.example:8080' }],
    ['ours as userinfo', { origin: 'http://localhost:8080@evil.example' }],
    ['another port', { origin: 'http://localhost:8081' }],
    ['no port', { origin: 'http://localhost' }],
    ['another scheme', { origin: 'https://localhost:8080' }],
    ['another case', { origin: 'HTTP://LOCALHOST:8080' }],
    ['a trailing slash', { origin: `${baseUrl}/` }],
    ['two origins', { origin: `${baseUrl}, https://evil.example` }],
    ['a foreign Referer', { referer: 'https://evil.example/http://localhost:8080/' }],
    ['a Referer with ours as userinfo', { referer: 'http://localhost:8080@evil.example/' }],
    ['a Referer that is none', { referer: 'localhost:8080' }],
    ['our Referer beside a foreign Origin', { origin: 'https://evil.example', referer: `${baseUrl}/chat` }],
    ['nothing at all', {}],
  ]
  const targets = [
    '/auth/login',
    '/auth/register',
    '/auth/register/options',
    '/auth/logout',
    '/auth/forgot',
    '/auth/reset',
    '/auth/language',
    '/auth/theme',
    '/settings/profile',
    '/settings/username',
    '/settings/password',
    '/settings/sessions/x/name',
    '/settings/sessions/x/end',
    '/settings/sessions/end-others',
    '/settings/access/shut',
    '/settings/tokens',
    '/settings/tokens/x/revoke',
    '/auth/second-factor',
    '/auth/device',
    '/auth/device/x/allow',
    '/auth/device/x/refuse',
    '/auth/enrol',
    '/auth/enrol/x/confirm',
    '/auth/enrol/passkey',
    '/auth/enrol/passkey/options',
    '/settings/confirm',
    '/settings/confirm/drop',
    '/settings/authenticators',
    '/settings/authenticators/x/confirm',
    '/settings/authenticators/x/remove',
    '/settings/recovery-codes',
    '/settings/delete',
    '/settings/export',
    '/auth/restore',
    '/settings/address',
    '/settings/address/send',
    '/settings/address/confirm',
    '/settings/address/drop',
    '/auth/confirm-address',
    '/auth/undo',
    '/settings/trusted-devices/x/cut',
    '/settings/trusted-devices/cut-all',
    '/auth/second-factor/passkey',
    '/auth/second-factor/passkey/options',
    '/settings/confirm/passkey',
    '/settings/confirm/passkey/options',
    '/auth/passkeys/options',
    '/auth/passkeys/sign-in',
    '/settings/passkeys',
    '/settings/passkeys/options',
    '/settings/passkeys/not-now',
    '/settings/new-devices/x/mine',
    '/settings/new-devices/x/not-mine',
    '/settings/security-keys',
    '/settings/security-keys/options',
    '/settings/security-keys/x/rename',
    '/settings/security-keys/x/remove',
    '/settings/passkeys/x/rename',
    '/settings/passkeys/x/remove',
    '/auth/providers/x',
    // Takes what a provider posts, where one is set up that does (OAU-03): not here.
    '/auth/providers/x/callback',
    '/auth/welcome',
    '/settings/providers/x/link',
    '/settings/providers/x/confirm',
    '/settings/providers/x/unlink',
    '/admin/people/x/approve',
    '/admin/people/x/decline',
    '/admin/server/mail-test',
    '/admin/invitations',
    '/admin/invitations/x/withdraw',
    '/auth/first-administrator',
    '/admin/people/x/disable',
    '/admin/people/x/enable',
    '/admin/people/x/end-sessions',
    '/admin/people/x/confirm-address',
    '/admin/people/x/remove-second-factor',
    '/admin/people/x/demand-second-factor',
    '/admin/people/x/withdraw-demand',
    '/admin/people/x/forget-failures',
    '/admin/people/x/make-admin',
    '/admin/people/x/remove-admin',
    '/admin/people/x/reset-link',
    '/admin/people/x/delete',
    '/admin/people/x/sessions/:part/end',
    '/admin/people/x/authenticators/:part/remove',
    '/admin/people/x/passkeys/:part/remove',
    '/admin/people/x/security-keys/:part/remove',
    '/admin/log/export',
  ]

  test('CSR-01: the list of targets is the whole table of unsafe routes that look at cookies', () => {
    const rows = world.auth.routes.filter((row) => row.method === 'POST' && row.checkOrigin)
    assert.deepEqual(rows.map((row) => row.path.replace(':id', 'x')).sort(), targets.toSorted())
    const unchecked = world.auth.routes.filter((row) => row.method === 'POST' && !row.checkOrigin)
    assert.deepEqual(unchecked.map((row) => row.path).sort(), [
      '/auth/api/device/code',
      '/auth/api/device/token',
      '/auth/api/login',
      '/auth/api/logout',
      '/auth/api/refresh',
      '/auth/api/second-factor',
      '/auth/api/second-factor/passkey',
      '/auth/api/second-factor/passkey/options',
    ])
  })

  for (const [what, headers] of foreign) {
    test(`CSR-01, CSR-02: ${what} is refused on every such route, with and without a session`, async () => {
      const victim = await signedUp(world, `victim${foreign.findIndex(([name]) => name === what)}`)
      for (const path of targets) {
        for (const cookie of [{}, { cookie: cookieHeader(victim) }]) {
          const response = await raw(path, { ...headers, ...cookie, 'content-type': FORM }, 'a=b')
          assert.equal(response.status, 403, path)
          assert.equal(response.headers.getSetCookie().length, 0)
        }
      }
      assert.equal((await victim.get('/settings')).status, 200, 'the victim is still signed in')
    })
  }

  test('CSR-01: JSON with a cookie and no word of where it comes from is refused; without a cookie it is a program', async () => {
    const body = JSON.stringify({ username: 'nobody', password: 'wrong wrong' })
    const json = { 'content-type': 'application/json' }
    assert.equal((await raw('/auth/login', { ...json, cookie: 'mia_theme=dark' }, body)).status, 403)
    assert.equal((await raw('/auth/login', json, body)).status, 401)
  })

  const own: readonly (readonly [string, Record<string, string>])[] = [
    ['same-origin', { 'sec-fetch-site': 'same-origin' }],
    ['same-origin, although a privacy tool took the Origin', { 'sec-fetch-site': 'same-origin', origin: 'null' }],
    ['none: the person did it in the browser itself', { 'sec-fetch-site': 'none' }],
    ['our Origin', { origin: baseUrl }],
    ['our Origin beside a foreign Referer', { origin: baseUrl, referer: 'https://evil.example/' }],
    ['another name of this machine', { origin: 'http://127.0.0.1:8080' }],
    ['another name of this machine in IPv6', { origin: 'http://[::1]:8080' }],
    ['our Referer', { referer: `${baseUrl}/auth/login?next=/` }],
  ]
  for (const [what, headers] of own) {
    test(`CSR-01: ${what} passes`, async () => {
      const response = await raw('/auth/logout', { ...headers, 'content-type': FORM })
      assert.equal(response.status, 303)
    })
  }

  test('CSR-01: a public address has one origin, and loopback names are foreign to it', async () => {
    const public_ = await testAuth({ baseUrl: 'https://chat.example.org' })
    for (const [origin, status] of [
      ['https://chat.example.org', 303],
      ['http://localhost', 403],
      ['http://chat.example.org', 403],
      ['https://chat.example.org:8443', 403],
      ['https://example.org', 403],
      ['https://x.chat.example.org', 403],
    ] as const) {
      const request = new Request('https://chat.example.org/auth/logout', {
        method: 'POST',
        headers: { origin, 'content-type': FORM },
        body: '',
        redirect: 'manual',
      })
      assert.equal((await public_.fetch(request)).status, status, origin)
    }
    await public_.close()
  })

  test('CSR-01: our own page under another address is told what to set', async () => {
    const response = await raw('/auth/login', {
      origin: 'http://192.168.1.20:8080',
      host: '192.168.1.20:8080',
      'content-type': FORM,
      accept: 'text/html',
    })
    assert.equal(response.status, 421)
    assert.match(await response.text(), /This server believes that it is at http:\/\/localhost:8080; set BASE_URL/)
  })

  test('AUD-01: a refusal is written down without a body', async () => {
    world.lines.length = 0
    await raw('/auth/login', { origin: 'https://evil.example', 'content-type': FORM }, `password=${password}`)
    const line = world.lines.find(({ message }) => message === 'cross_site_request')
    assert.equal(line?.fields['result'], 'refused')
    assert.ok(!JSON.stringify(world.lines).includes('river'))
  })

  test('LIM-02, CSR-06: a page of another site cannot use up the limits of who looks at it by the token API', async () => {
    const owner = await signedUp(world, 'rosalind')
    const form = `username=rosalind&password=${encodeURIComponent('a wrong guess')}`
    for (const [what, headers] of foreign.filter(([name]) => name !== 'nothing at all')) {
      for (let count = 0; count < 4; count++) {
        const sent = { ...headers, cookie: cookieHeader(owner), 'content-type': FORM }
        assert.equal((await raw('/auth/api/login', sent, form)).status, 403, what)
      }
    }
    const json = { username: 'rosalind', password }
    assert.equal((await owner.send('/auth/login', { json })).status, 200)
    const program = { 'content-type': 'application/json' }
    assert.equal((await raw('/auth/api/login', program, JSON.stringify(json))).status, 200, 'programs say nothing')
  })

  test('CSR-03: a JSON body under another type is refused on every route that takes one', async () => {
    const body = JSON.stringify({ username: 'nobody', password: 'wrong wrong', refresh_token: 'x' })
    for (const path of ['/auth/login', '/auth/api/login', '/auth/api/refresh', '/auth/api/logout', '/auth/register']) {
      for (const type of [
        'text/plain',
        'text/plain;charset=utf-8',
        'text/json',
        'application/jsonx',
        'application/ld+json',
        'multipart/form-data; boundary=x',
        'application/json, text/plain',
        'text/plain, application/json',
        'text/plain; application/json',
        'application/json; charset=utf-16',
        '*/*',
        'json',
        '',
      ]) {
        const response = await raw(
          path,
          { origin: baseUrl, 'content-type': type, 'content-length': String(body.length) },
          body,
        )
        assert.equal(response.status, 415, `${path} ${type}`)
      }
    }
  })

  test('CSR-05: GET, HEAD and OPTIONS change nothing, the sign-out above all', async () => {
    const browser = await signedUp(world, 'safe')
    const before = [await count(world.auth, 'sessions'), await count(world.auth, 'audit_events')]
    for (const { path } of world.auth.routes) {
      if (path.includes('/assets/')) continue
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const target = `${path.replace(':id', sessionValue(browser))}?username=safe&password=${encodeURIComponent(password)}`
        const response = await raw(target, { cookie: cookieHeader(browser), accept: 'text/html' }, null, method)
        assert.deepEqual(response.headers.getSetCookie(), [], `${method} ${path}`)
        if (method === 'HEAD') assert.equal(await response.text(), '')
      }
    }
    assert.equal((await raw('/auth/logout', { cookie: cookieHeader(browser) }, null, 'GET')).status, 405)
    assert.equal((await browser.get('/settings')).status, 200)
    assert.deepEqual([await count(world.auth, 'sessions'), await count(world.auth, 'audit_events')], before)
  })
})

describe('CSR-06: other origins reading answers', () => {
  const app = 'https://app.example.org'
  const preflight = {
    origin: app,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  }
  const options = (world: TestAuth, path: string, headers: Record<string, string>) =>
    world.fetch(new Request(`${baseUrl}${path}`, { method: 'OPTIONS', headers }))
  const corsHeadersOf = (response: Response) =>
    [...response.headers.keys()].filter((name) => name.startsWith('access-control-'))

  test('off by default: nobody’s preflight is answered, no origin is echoed', async () => {
    const world = await testAuth()
    for (const { path } of world.auth.routes) {
      const response = await options(world, path.replace(':id', 'x'), preflight)
      assert.equal(response.status, 405, path)
      assert.deepEqual(corsHeadersOf(response), [])
    }
    for (const path of ['/auth/api/check', '/settings', '/auth/login']) {
      const response = await world.fetch(
        new Request(`${baseUrl}${path}`, { headers: { origin: app }, redirect: 'manual' }),
      )
      assert.deepEqual(corsHeadersOf(response), [])
    }
    await world.close()
  })

  test('with a list: exactly its origins, exactly the token API, never with credentials', async () => {
    const world = await testAuth({ corsOrigins: [app] })
    const allowed = await options(world, '/auth/api/login', preflight)
    assert.equal(allowed.status, 204)
    assert.equal(allowed.headers.get('access-control-allow-origin'), app)
    assert.equal(allowed.headers.get('access-control-allow-credentials'), null)
    assert.match(allowed.headers.get('vary') ?? '', /origin/i)
    for (const origin of [
      'https://app.example.org.evil.example',
      'https://example.org',
      'http://app.example.org',
      'null',
      '*',
    ]) {
      const refused = await options(world, '/auth/api/login', { ...preflight, origin })
      assert.equal(refused.status, 405, origin)
      assert.deepEqual(corsHeadersOf(refused), [])
    }
    for (const path of ['/auth/login', '/settings', '/settings/password', '/auth/apix']) {
      assert.deepEqual(corsHeadersOf(await options(world, path, preflight)), [], path)
    }
    const read = await world.fetch(new Request(`${baseUrl}/auth/api/me`, { headers: { origin: app } }))
    assert.equal(read.status, 401)
    assert.equal(read.headers.get('access-control-allow-origin'), app, 'errors can be read too')
    const cookieRoute = await world.fetch(new Request(`${baseUrl}/auth/login`, { headers: { origin: app } }))
    assert.deepEqual(corsHeadersOf(cookieRoute), [])
    await world.close()
  })
})

test('CSR-04: no form carries a forgery token that could be replayed or outlive its session: the headers alone decide', async () => {
  const world = await testAuth()
  const anna = await signedUp(world, 'anna')
  const again = await signedUp(world, 'bert')
  const forms = ['/auth/login', '/settings', '/settings/security', '/settings/devices', '/settings/tokens']
  for (const path of forms) {
    const hidden = async (browser: typeof anna) =>
      [
        ...(await (await browser.get(path, { accept: 'text/html' })).text()).matchAll(/<input type="hidden"[^>]*>/g),
      ].map(([input]) => input.replace(/\/sessions\/[\w-]+/g, ''))
    // A token would be another one for each page, and for each session.
    assert.deepEqual(await hidden(anna), await hidden(anna), path)
    assert.deepEqual(await hidden(anna), await hidden(again), path)
  }
  await world.close()
})
