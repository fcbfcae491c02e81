import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { createProgram, deadWithin100ms } from './support/program.ts'
import { stored } from './support/stored.ts'
import { secret, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const NEW_SECRET = 'the next secret of the tests, long enough too'

describe('access tokens at the door', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
    await signedUp(world, 'karla')
  })
  after(() => world.close())

  const program = () => createProgram(world)

  test('JWT-07, O23: no token is 401 with the bare challenge; a bad one is told as a bad one; /check is always 200', async () => {
    const { call } = program()
    const none = await call('/auth/api/me')
    assert.equal(none.status, 401)
    assert.equal(none.body.code, 'not_signed_in')
    assert.equal(none.headers.get('www-authenticate'), 'Bearer')
    assert.match(none.headers.get('content-type') ?? '', /^application\/problem\+json/)
    const bad = [
      'Bearer x',
      'Bearer x.y.z',
      'Bearer',
      'Bearer ',
      'Basic a2FybGE6eA==',
      'x',
      `Bearer ${'x'.repeat(100_000)}`,
      'Bearer a b',
      'Bearer ß',
      'Bearer x, Bearer y',
    ]
    for (const authorization of bad) {
      const answer = await call('/auth/api/me', { headers: { authorization } })
      assert.equal(answer.status, 401, authorization.slice(0, 30))
      assert.equal(answer.body.code, 'invalid_token')
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer error="invalid_token"')
      const check = await call('/auth/api/check', { headers: { authorization } })
      assert.equal(check.status, 200)
      assert.deepEqual(check.body, { success: true, authenticated: false })
    }
    assert.deepEqual((await call('/auth/api/check')).body, { success: true, authenticated: false })
  })

  test('JWT-07: the scheme is read without regard to case; the token is taken from nowhere else', async () => {
    const { call, login } = program()
    const { body } = await login('karla')
    const token = body.access_token
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
      const headers = { authorization: `${scheme} ${token}` }
      assert.equal((await call('/auth/api/me', { headers })).status, 200, scheme)
      assert.equal((await call('/auth/api/check', { headers })).body.authenticated, true, scheme)
    }
    for (const [path, headers] of [
      [`/auth/api/me?access_token=${token}`, {}],
      [`/auth/api/me?token=${token}`, {}],
      ['/auth/api/me', { cookie: `access_token=${token}; mia_session=${token}` }],
      ['/auth/api/me', { 'x-access-token': token }],
      ['/auth/api/me', { 'proxy-authorization': `Bearer ${token}` }],
    ] as const) {
      assert.equal((await call(path, { headers })).status, 401, path)
      assert.equal((await call(path.replace('/me', '/check'), { headers })).body.authenticated, false)
    }
  })

  test('JWT-03, O2: a refresh token or a session value is no access token, and an access token opens no session', async () => {
    const { call, login, me } = program()
    const browser = await signedUp(world, 'ludwig')
    const { body } = await login('ludwig')
    const session = browser.jar.get('mia_session') ?? ''
    for (const token of [body.refresh_token, session]) assert.equal((await me(token)).status, 401)
    for (const value of [body.access_token, body.refresh_token, body.refresh_token.slice(0, 43)]) {
      const headers = { cookie: `mia_session=${value}` }
      assert.equal((await call('/auth/api/check', { headers })).body.authenticated, false)
      const page = await world.browser().get('/settings', headers)
      assert.equal(page.status, 303)
    }
    const bearer = { authorization: `Bearer ${body.access_token}` }
    assert.equal((await world.browser().get('/settings', bearer)).status, 303, 'pages take the cookie alone')
  })

  test('JWT-08: no answer with a token or a person is stored', async () => {
    const { call, login, me } = program()
    const answer = await login('karla')
    const check = await call('/auth/api/check', { headers: { authorization: `Bearer ${answer.body.access_token}` } })
    for (const { headers } of [answer, await me(answer.body.access_token), check, await me('x')]) {
      assert.equal(headers.get('cache-control'), 'no-store')
    }
  })

  test('JWT-04: after thirty minutes the token has expired', async () => {
    const { login, me } = program()
    const { body } = await login('karla')
    assert.equal((await me(body.access_token)).status, 200)
    world.pass(minutes(29))
    assert.equal((await me(body.access_token)).status, 200)
    world.pass(minutes(1.1))
    const expired = await me(body.access_token)
    assert.equal(expired.status, 401)
    assert.equal(expired.body.code, 'invalid_token')
  })

  test('the contract of token login: the shape of the answer, and no cookie', async () => {
    const { login, me } = program()
    const { body, headers, status } = await login('KARLA@example.org')
    assert.equal(status, 200)
    assert.deepEqual(headers.getSetCookie(), [])
    const { success, message, token_type, expires_in, refresh_expires_in, user } = body
    assert.deepEqual(
      { success, message: typeof message, token_type, expires_in, refresh_expires_in },
      { success: true, message: 'string', token_type: 'bearer', expires_in: 1800, refresh_expires_in: 604_800 },
    )
    assert.deepEqual(Object.keys(user).toSorted(), ['created_at', 'email', 'id', 'last_login', 'username'])
    assert.deepEqual((await me(body.access_token)).body, { success: true, user })
  })

  const endings: Record<string, (world: TestAuth, name: string) => Promise<unknown>> = {
    'the password is changed': async (at, name) => {
      const browser = at.browser()
      await browser.send('/auth/login', { json: { username: name, password: 'a walk by the river' } })
      const json = { current_password: 'a walk by the river', new_password: 'a ferry to the islands' }
      assert.equal((await browser.send('/settings/password', { json })).status, 200)
    },
    'all other devices are signed out': async (at, name) => {
      const browser = at.browser()
      await browser.send('/auth/login', { json: { username: name, password: 'a walk by the river' } })
      assert.equal((await browser.send('/settings/sessions/end-others', { json: {} })).status, 200)
    },
    'the account is disabled': async (at, name) => {
      const user = await at.auth.admin.findUser(name)
      await at.auth.admin.setActive(user?.id ?? 0, false, 'test')
    },
    'the account is deleted': async (at, name) => {
      const user = await at.auth.admin.findUser(name)
      await at.auth.admin.setActive(user?.id ?? 0, false, 'test')
      await stored(at).transaction((trx) => trx.deleteFrom('users').where('username', '=', name).execute())
    },
  }
  for (const [n, [what, end]] of Object.entries(endings).entries()) {
    test(`JWT-06: once ${what} the token is dead, here at once and in another process within 100 ms`, async () => {
      const name = `mortal-${n}`
      await signedUp(world, name)
      const second = await testAuth({ url: world.url, clock: world.clock })
      const here = program()
      const there = createProgram(second)
      const { body } = await here.login(name)
      for (const at of [here, there]) assert.equal((await at.me(body.access_token)).status, 200)
      await end(world, name)
      assert.equal((await here.me(body.access_token)).status, 401)
      await deadWithin100ms(there, body.access_token)
      assert.equal((await there.refresh(body.refresh_token)).status, 401)
      await second.close()
    })
  }

  test('JWT-06: what /me answers follows the account, it does not come from the token', async () => {
    const { login, me } = program()
    await signedUp(world, 'renamed')
    const { body } = await login('renamed')
    await stored(world).transaction((trx) =>
      trx.updateTable('users').set({ email: 'new@example.org' }).where('username', '=', 'renamed').execute(),
    )
    world.pass(1000)
    // Another sign-in is a change that every process learns of.
    await login('renamed')
    assert.equal((await me(body.access_token)).body.user.email, 'new@example.org')
  })

  test('JWT-09, SEC-03: a new first key signs nobody out; without the old one its tokens are over, sessions are not', async () => {
    const { login } = program()
    const browser = world.browser()
    await browser.send('/auth/login', { json: { username: 'karla', password: 'a walk by the river' } })
    const { body } = await login('karla')
    const cookie = `mia_session=${browser.jar.get('mia_session')}`
    for (const [secrets, status] of [
      [[NEW_SECRET, secret], 200],
      [[NEW_SECRET], 401],
    ] as const) {
      const rotated = await testAuth({ url: world.url, secret: secrets, clock: world.clock })
      const at = createProgram(rotated)
      assert.equal((await at.me(body.access_token)).status, status)
      const anew = await at.login('karla')
      assert.equal((await at.me(anew.body.access_token)).status, 200)
      const check = await at.call('/auth/api/check', { headers: { cookie } })
      assert.equal(check.body.authenticated, true, 'sessions and passwords do not depend on the key')
      assert.equal(
        (await program().me(anew.body.access_token)).status,
        401,
        'the old program does not know the new key',
      )
      await rotated.close()
    }
  })

  test('SES-10: the fifty-first program ends the oldest', async () => {
    const { login, me, refresh } = program()
    await signedUp(world, 'many')
    const first = await login('many')
    world.pass(10)
    for (let n = 0; n < 49; n++) await login('many')
    assert.equal((await me(first.body.access_token)).status, 200)
    await login('many')
    assert.equal((await me(first.body.access_token)).status, 401)
    assert.equal((await refresh(first.body.refresh_token)).status, 401)
  })
})
