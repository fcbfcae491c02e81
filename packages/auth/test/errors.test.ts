import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { route } from '@miachat/auth'
import { createBrowser } from './support/browser.ts'
import { cookieHeader } from './support/cookies.ts'
import { count, rowsOf } from './support/sql.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'
const JSON_TYPE = 'application/json'
const FORM = 'application/x-www-form-urlencoded'
/** The routes that take a body from strangers. */
const bodies = ['/auth/login', '/auth/register', '/auth/api/login', '/auth/api/refresh', '/auth/reset']

describe('answers to malformed input', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 10_000, perAddress: 10_000, perAddressAndAccount: 10_000 } })
    await signedUp(world, 'anna')
  })
  after(() => world.close())

  const post = (
    path: string,
    type: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ) => world.browser().send(path, { method: 'POST', body, headers: { 'content-type': type, ...headers } })

  const unreadable: readonly (readonly [string, string, string | Uint8Array<ArrayBuffer>])[] = [
    ['no JSON', JSON_TYPE, '{'],
    ['JSON with a comma too many', JSON_TYPE, '{"username":"a",}'],
    ['a JSON array', JSON_TYPE, '[1,2,3]'],
    ['a JSON string', JSON_TYPE, '"username"'],
    ['a JSON number', JSON_TYPE, '7'],
    ['JSON null', JSON_TYPE, 'null'],
    ['a byte order mark inside', JSON_TYPE, '{\ufeff}'],
    ['bad UTF-8 in JSON', JSON_TYPE, new Uint8Array([0x7b, 0x22, 0x61, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['an overlong slash', JSON_TYPE, new Uint8Array([0x22, 0xc0, 0xaf, 0x22])],
    ['half a character', JSON_TYPE, '{"username":"\\ud800","password":"x"}'],
    ['half a character in a password', JSON_TYPE, '{"username":"anna","password":"\\udc00 and more"}'],
    ['half a character in a name of a field', JSON_TYPE, '{"\\ud800":1}'],
    ['deep JSON', JSON_TYPE, `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['deep JSON in a field', JSON_TYPE, `{"username":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`],
    ['bad percent codes in a form', FORM, 'username=%zz&password=x'],
    ['half a percent code', FORM, 'username=anna&password=%'],
    ['bad UTF-8 in a form', FORM, 'username=%ff%fe&password=x'],
    ['raw bad UTF-8 in a form', FORM, new Uint8Array([0x61, 0x3d, 0xff])],
    ['a field sent twice', FORM, 'username=anna&username=bella&password=x'],
    ['the same field in two spellings', FORM, 'username=anna&%75sername=bella&password=x'],
    ['too many fields', FORM, Array.from({ length: 300 }, (_, i) => `f${i}=1`).join('&')],
  ]
  for (const [what, type, body] of unreadable) {
    test(`ERR-01: ${what} is 400 everywhere, and says nothing of the inside`, async () => {
      for (const path of bodies) {
        const response = await post(path, type, body, { accept: JSON_TYPE })
        assert.equal(response.status, 400, path)
        const problem = JSON.parse(await response.text())
        assert.equal(problem.code, 'malformed_request')
        assert.equal(problem.request_id, response.headers.get('x-request-id'))
        assert.doesNotMatch(JSON.stringify(problem), /SyntaxError|position|token|at |node:|\.ts|\ud800/)
      }
    })
  }

  test('REG-07, ERR-01: fields of another type are 400, never a fault', async () => {
    for (const value of [1, true, null, [], {}, ['anna'], { $ne: 1 }, { toString: 'x' }, [['a']]]) {
      for (const field of ['username', 'password']) {
        for (const path of ['/auth/login', '/auth/api/login']) {
          const body = JSON.stringify({ username: 'anna', password, [field]: value })
          const { status } = await post(path, JSON_TYPE, body)
          assert.equal(status, 400, `${path} ${body}`)
        }
      }
    }
  })

  test('ERR-01: a missing field is 422 with its name', async () => {
    const response = await post('/auth/login', JSON_TYPE, '{}')
    assert.equal(response.status, 422)
    assert.deepEqual(
      JSON.parse(await response.text()).errors.map((e: { field: string; code: string }) => [e.field, e.code]),
      [
        ['username', 'required'],
        ['password', 'required'],
      ],
    )
  })

  test('ERR-05: prototype names as keys and values have no effect', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
      const body = `{"${name}":{"username":"anna","password":"${password}","polluted":1},"username":"${name}","password":"${name}"}`
      assert.equal((await post('/auth/login', JSON_TYPE, body)).status, 401, name)
      const form = `${encodeURIComponent(name)}=x&username=${name}&password=${name}`
      assert.equal((await post('/auth/login', FORM, form)).status, 401, name)
      const registration = `{"${name}":{"polluted":1},"username":"ab","email":"x","password":"y"}`
      assert.equal((await post('/auth/register', JSON_TYPE, registration)).status, 422, name)
      assert.equal((await world.browser().get(`/auth/login?${name}=x&next=${name}`)).status, 200)
    }
    const inherited = `{"__proto__":{"username":"anna","password":"${password}"}}`
    assert.equal((await post('/auth/login', JSON_TYPE, inherited)).status, 422, 'nothing is inherited')
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
    assert.equal(Reflect.get({}, 'polluted'), undefined)
  })

  test('ERR-05, REG-06: a registration that brings __proto__ keeps nothing of it', async () => {
    const body = `{"__proto__":{"is_active":0,"isAdmin":true},"id":1,"is_active":false,"role":"admin","created_at":"x",
      "username":"proto-kid","email":"kid@example.org","password":"${password}"}`
    const response = await post('/auth/register', JSON_TYPE, body)
    assert.equal(response.status, 200, await response.clone().text())
    const [row] = await rowsOf(world.auth, "SELECT fields, is_active FROM users WHERE username = 'proto-kid'")
    assert.equal(row?.['fields'], '{}')
    assert.ok(row?.['is_active'])
  })

  test('ERR-01: a NUL and other control characters in a name or address are an ordinary no', async () => {
    for (const odd of ['anna\u0000', '\u0000', 'an\u0000na@example.org', 'a\u001bb', 'a\u2028b', 'a\u0085b']) {
      for (const path of ['/auth/login', '/auth/api/login']) {
        const response = await post(path, JSON_TYPE, JSON.stringify({ username: odd, password }))
        assert.equal(response.status, 401, JSON.stringify(odd))
      }
      const registration = JSON.stringify({ username: odd, email: `${odd}@example.org`, password })
      assert.equal((await post('/auth/register', JSON_TYPE, registration)).status, 422, JSON.stringify(odd))
      assert.equal((await post('/auth/api/refresh', JSON_TYPE, JSON.stringify({ refresh_token: odd }))).status, 401)
      assert.equal(
        (await post('/auth/reset', JSON_TYPE, JSON.stringify({ token: odd, new_password: password }))).status,
        422,
      )
    }
  })

  test('ERR-01: control and direction characters in a profile name are refused, other scripts welcome', async () => {
    const browser = await signedUp(world, 'profile')
    for (const odd of ['a\u0000b', 'a\nb', 'a\u001b[31m', 'a\u0085b', '\u202egnirts', 'a\u2066b', 'a\u2028b']) {
      const response = await browser.send('/settings/profile', { json: { display_name: odd } })
      assert.equal(response.status, 422, JSON.stringify(odd))
    }
    for (const name of ['Zoë', '小林', 'محمد', '👩‍🚀', 'O’Neill', '']) {
      assert.equal((await browser.send('/settings/profile', { json: { display_name: name } })).status, 200, name)
    }
  })

  test('ERR-01: an unknown route is 404, a wrong method 405 with Allow, TRACE among them', async () => {
    for (const [method, path, allow] of [
      ['DELETE', '/auth/login', 'GET, HEAD, POST'],
      ['PUT', '/auth/api/login', 'POST'],
      ['PATCH', '/settings', 'GET, HEAD'],
      ['GET', '/auth/logout', 'POST'],
      ['POST', '/auth/api/me', 'GET, HEAD'],
      ['OPTIONS', '/auth/login', 'GET, HEAD, POST'],
    ] as const) {
      const response = await world.browser().send(path, { method, headers: { accept: JSON_TYPE } })
      assert.equal(response.status, 405, `${method} ${path}`)
      assert.equal(response.headers.get('allow'), allow)
      assert.equal(JSON.parse(await response.text()).code, 'method_not_allowed')
      assert.equal((await world.browser().send('/nothing', { method })).status, 404)
    }
  })

  test('ERR-01: a mistake in the form of a person is a page with the form and the status, never JSON', async () => {
    for (const [path, form, status] of [
      ['/auth/login', { username: 'anna', password: 'wrong wrong' }, 401],
      ['/auth/login', {}, 422],
      ['/auth/register', { username: 'anna', email: 'new@example.org', password }, 409],
      ['/auth/register', { username: 'x', email: 'x', password: 'x' }, 422],
      ['/auth/reset', { token: 'x', new_password: password }, 422],
    ] as const) {
      const response = await world.browser().send(path, { form, headers: { accept: 'text/html' } })
      assert.equal(response.status, status, path)
      assert.match(response.headers.get('content-type') ?? '', /^text\/html/)
      const page = await response.text()
      assert.match(page, /role="alert"|does not work any more/)
      assert.ok(!page.includes(password) && !page.includes('wrong wrong'), 'a password never comes back')
    }
  })

  test('ERR-01: a program never gets HTML, whatever goes wrong', async () => {
    for (const headers of [{ accept: JSON_TYPE }, { accept: `${JSON_TYPE}, */*;q=0.1` }]) {
      for (const path of ['/nothing', '/settings', '/auth/logout', '/auth/api/me', '/auth/api/nothing']) {
        const response = await world.browser().get(path, headers)
        assert.ok(response.status >= 400)
        assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/, path)
      }
    }
    const json = await world.browser().send('/auth/login', { json: { username: 'anna', password: 'wrong wrong' } })
    assert.match(json.headers.get('content-type') ?? '', /^application\/problem\+json/)
  })

  test('ERR-02: more than 64 KiB is 413, announced or not, without reading on', async () => {
    for (const path of bodies) {
      const big = 'x'.repeat(65 * 1024)
      assert.equal((await post(path, JSON_TYPE, big)).status, 413, path)
      let pulled = 0
      const endless = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled++
          controller.enqueue(new Uint8Array(8 * 1024).fill(0x20))
        },
      })
      const request = new Request(`${baseUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': JSON_TYPE, 'transfer-encoding': 'chunked', origin: baseUrl },
        body: endless,
        duplex: 'half',
      })
      const response = await world.fetch(request)
      assert.equal(response.status, 413, path)
      assert.equal(response.headers.get('connection'), 'close')
      assert.ok(pulled <= 12, `${pulled} pieces of 8 KiB were read`)
    }
    const fits = JSON.stringify({ username: 'anna', password: 'wrong wrong', more: 'x'.repeat(60 * 1024) })
    assert.equal((await post('/auth/login', JSON_TYPE, fits)).status, 401)
  })

  test('ERR-02: a body that announces too much is refused before a byte of it', async () => {
    let pulled = false
    const request = new Request(`${baseUrl}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': JSON_TYPE, 'content-length': '99999999', origin: baseUrl },
      body: new ReadableStream(
        {
          pull() {
            pulled = true
          },
        },
        { highWaterMark: 0 },
      ),
      duplex: 'half',
    })
    assert.equal((await world.fetch(request)).status, 413)
    assert.equal(pulled, false)
  })

  test('ERR-06: what the query says never counts for what the body should', async () => {
    const query = `?username=anna&password=${encodeURIComponent(password)}`
    assert.equal((await post(`/auth/login${query}`, FORM, '')).status, 422)
    assert.equal((await post(`/auth/login${query}`, JSON_TYPE, '{}')).status, 422)
    assert.equal((await post(`/auth/api/login${query}`, FORM, 'username=anna')).status, 422)
    assert.equal((await post(`/auth/login${query}`, FORM, 'username=anna&password=wrong')).status, 401)
  })

  test('ERR-04: addresses that no browser would send are answered, not thrown at', async () => {
    for (const path of [
      '//[',
      '/%',
      '/%zz',
      '/%00',
      '/%c0%ae',
      '/?%',
      '/auth/login?%zz=%',
      '/auth/login?next=%',
      '/;',
      '/:80',
      '/@x',
      `/${'a/'.repeat(3000)}`,
    ]) {
      const { status } = await world.browser().get(path, { accept: 'text/html' })
      assert.ok([200, 303, 404].includes(status), `${path.slice(0, 30)} ${status}`)
    }
  })

  test('AVL-08: after all of that nobody was signed in, nothing was made, no fault was logged', async () => {
    assert.equal(await count(world.auth, 'users'), 3)
    assert.deepEqual(
      world.lines.filter(({ level }) => level === 'error'),
      [],
    )
  })
})

describe('faults of our own', () => {
  const secretWord = 'SELECT password_hash FROM users'
  const rows = [
    route({
      method: 'GET',
      path: '/throws',
      access: 'open',
      summary: 'Throws.',
      handle: () => {
        throw new Error(secretWord)
      },
    }),
    route({
      method: 'GET',
      path: '/rejects',
      access: 'open',
      summary: 'Rejects.',
      handle: () => Promise.reject(new TypeError(secretWord)),
    }),
    route({
      method: 'GET',
      path: '/throws-oddly',
      access: 'open',
      summary: 'Throws no error.',
      handle: () => {
        throw { toString: null }
      },
    }),
    route({
      method: 'GET',
      path: '/no-session',
      access: 'open',
      summary: 'x',
      handle: (e) => e.json({ id: e.signedIn }),
    }),
  ]

  test('O21, ERR-01: an error of the program is 500 and tells nothing but a request id, which the log has too', async () => {
    const world = await testAuth()
    const browser = createBrowser(world.auth.site(rows), baseUrl)
    for (const path of ['/throws', '/rejects', '/throws-oddly']) {
      for (const accept of ['application/json', 'text/html']) {
        const response = await browser.get(path, { accept })
        assert.equal(response.status, 500, path)
        const text = await response.text()
        assert.doesNotMatch(text, /SELECT|TypeError|\.ts|node:|stack/)
        const id = response.headers.get('x-request-id') ?? ''
        assert.ok(id !== '' && text.includes(id))
        const line = world.lines.find(({ fields }) => fields['request_id'] === id)
        assert.equal(line?.level, 'error')
        if (path !== '/throws-oddly') assert.match(String(line?.fields['cause']), /SELECT/, 'the log knows the cause')
      }
    }
    await world.close()
  })

  test('ERR-04: an error while an error page is drawn is still answered', async () => {
    const world = await testAuth({
      errorView: () => {
        throw new Error(secretWord)
      },
    })
    const browser = world.browser()
    const page = await browser.get('/nothing', { accept: 'text/html' })
    assert.equal(page.status, 500)
    assert.match(page.headers.get('content-type') ?? '', /^text\/plain/)
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
    assert.doesNotMatch(await page.text(), /SELECT/)
    assert.equal((await browser.get('/nothing', { accept: 'application/json' })).status, 404, 'programs are unaffected')
    await world.close()
  })

  test('ERR-04: a layout that throws does not end the process either', async () => {
    const world = await testAuth({
      layout: () => () => {
        throw new Error(secretWord)
      },
    })
    assert.equal((await world.browser().get('/auth/login', { accept: 'text/html' })).status, 500)
    const signUp = await world
      .browser()
      .send('/auth/register', { json: { username: 'anna', email: 'a@example.org', password } })
    assert.equal(signUp.status, 200)
    await world.close()
  })

  test('AUD-05: a log that rejects and a counter that throws change no answer and end no process', async () => {
    const world = await testAuth({
      log: async () => {
        throw new Error('the disk of the log is full')
      },
      onAnswer: () => {
        throw new Error('nobody counts')
      },
    })
    const browser = await signedUp(world, 'hedwig')
    assert.equal((await browser.get('/settings')).status, 200)
    // A rejection that nobody takes would end this very process at the next turn.
    await new Promise((resolve) => setTimeout(resolve, 20))
    await world.close()
  })

  test('AUD-05: a log that throws fails no sign-in and no error page', async () => {
    const world = await testAuth({
      log: () => {
        throw new Error('the disk under the log is full')
      },
    })
    const browser = await signedUp(world, 'anna')
    assert.equal(
      (await browser.send('/auth/login', { json: { username: 'anna', password: 'wrong wrong' } })).status,
      401,
    )
    assert.equal((await browser.send('/auth/login', { json: { username: 'anna', password } })).status, 200)
    const site = createBrowser(world.auth.site(rows), baseUrl)
    assert.equal((await site.get('/throws', { accept: 'application/json' })).status, 500)
    assert.equal(
      (await site.send('/auth/logout', { form: {}, headers: { origin: 'https://evil.example' } })).status,
      403,
    )
    await world.close()
  })

  test('SES-12: a handler that asked for nobody is told of nobody', async () => {
    const world = await testAuth()
    const browser = await signedUp(world, 'anna')
    const site = createBrowser(world.auth.site(rows), baseUrl)
    const response = await site.get('/no-session', { cookie: cookieHeader(browser) })
    assert.equal(await response.text(), '{"id":null}')
    await world.close()
  })
})

test('ERR-01: an address that does not exist knows who is signed in, and asks nobody to sign in', async () => {
  const world = await testAuth()
  const browser = await signedUp(world, 'berta')
  const page = await browser.get('/nothing')
  assert.equal(page.status, 404)
  assert.match(await page.text(), /berta/)
  const stranger = await world.browser().get('/nothing')
  assert.equal(stranger.status, 404)
  assert.doesNotMatch(await stranger.text(), /berta/)
  await world.close()
})
