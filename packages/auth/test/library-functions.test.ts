import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AuthError, type ErrorCode } from '@miachat/auth'
import { rowsOf } from './support/stored.ts'
import { type TestAuth, testAuth } from './support/test-auth.ts'

const PASSWORD = 'a walk by the river'
const peer = '192.0.2.77'

const refusedWith = (code: ErrorCode) => (error: unknown) => error instanceof AuthError && error.code === code

function request(cookies: readonly string[] = [], headers: Record<string, string> = {}): Request {
  const cookie = cookies.map((value) => value.split(';')[0]).join('; ')
  return new Request('http://localhost:8080/of-the-host', { headers: { ...(cookie ? { cookie } : {}), ...headers } })
}

describe('the seed’s functions', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
    await world.auth.registerUser({ username: 'Paula', email: 'paula@example.org', password: PASSWORD })
  })
  after(() => world.close())

  test('registerUser refuses what the form refuses, and makes no half account', async () => {
    const { auth } = world
    const users = await rowsOf(world, 'users')
    const bad = auth.registerUser({ username: 'a b', email: 'nowhere', password: 'short' })
    await assert.rejects(bad, (error: unknown) => error instanceof AuthError && error.fields.length === 3)
    const taken = { username: 'PAULA', email: 'p@example.org', password: PASSWORD }
    await assert.rejects(auth.registerUser(taken), refusedWith('username_taken'))
    const address = { username: 'other', email: 'PAULA@example.org', password: PASSWORD }
    await assert.rejects(auth.registerUser(address), refusedWith('email_taken'))
    assert.equal(await rowsOf(world, 'users'), users)
  })

  test('registerUser at once twenty times: one account, nineteen refusals in words', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, () => world.auth.registerUser({ username: 'rush', email: null, password: PASSWORD })),
    )
    const refused = all.filter((result) => result.status === 'rejected')
    assert.equal(refused.length, 19)
    for (const { reason } of refused) assert.ok(refusedWith('username_taken')(reason), String(reason))
  })

  test('registerUser signs nobody in and answers nothing secret', async () => {
    const sessions = await rowsOf(world, 'sessions')
    const user = await world.auth.registerUser({ username: 'quiet', email: null, password: PASSWORD })
    assert.equal(await rowsOf(world, 'sessions'), sessions)
    assert.deepEqual(Object.keys(user).toSorted(), [
      'addressDue',
      'createdAt',
      'displayName',
      'email',
      'emailConfirmed',
      'fields',
      'id',
      'invitedToPasskey',
      'language',
      'lastLogin',
      'role',
      'secondFactorDemandedAt',
      'username',
    ])
    assert.equal(user.email, null)
    assert.equal(user.lastLogin, null)
  })

  test('authenticateUser refuses wrong passwords and unknown names alike, and opens nothing', async () => {
    const { auth } = world
    const sessions = await rowsOf(world, 'sessions')
    await assert.rejects(
      auth.authenticateUser('paula', 'wrong wrong', request(), peer),
      refusedWith('invalid_credentials'),
    )
    await assert.rejects(auth.authenticateUser('nobody', PASSWORD, request(), peer), refusedWith('invalid_credentials'))
    const { user } = await auth.authenticateUser('PAULA@example.org', PASSWORD, request(), peer)
    assert.equal(user.username, 'Paula')
    assert.equal(await rowsOf(world, 'sessions'), sessions)
    assert.equal((await auth.admin.findUser('paula'))?.lastLogin, null, 'LOG-06: this is no sign-in yet')
  })

  test('LOG-05: authenticateUser alone, more often than the budget, is refused to nobody who knows the password', async () => {
    for (let n = 0; n < 25; n++) await world.auth.authenticateUser('paula', PASSWORD, request(), peer)
  })

  test('LIM-01, LIM-04: it shares the limits of the routes, by the peer that the host names', async () => {
    const { auth } = world
    const other = '192.0.2.78'
    for (let n = 0; n < 10; n++) {
      await assert.rejects(
        auth.authenticateUser('paula', 'wrong wrong', request(), other),
        refusedWith('invalid_credentials'),
      )
    }
    await assert.rejects(auth.authenticateUser('paula', PASSWORD, request(), other), refusedWith('too_many_attempts'))
    const json = { username: 'paula@example.org', password: PASSWORD }
    assert.equal((await world.browser({ address: other }).send('/auth/api/login', { json })).status, 429)
    await auth.authenticateUser('paula', PASSWORD, request(), peer)
  })

  test('loginUserSession takes nothing but what authenticateUser has answered, and takes it once', async () => {
    const { auth } = world
    const authenticated = await auth.authenticateUser('paula', PASSWORD, request(), peer)
    const copy = { user: authenticated.user, method: 'password' as const }
    await assert.rejects(auth.loginUserSession(copy, request()), TypeError)
    const cookies = await auth.loginUserSession(authenticated, request(), { peer })
    assert.match(cookies[0] ?? '', /^mia_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    await assert.rejects(auth.loginUserSession(authenticated, request()), TypeError)
    assert.equal((await auth.getCurrentUserFromSession(request(cookies)))?.username, 'Paula')
    assert.equal((await auth.requireSessionAuth(request(cookies))).username, 'Paula')
    assert.ok((await auth.admin.findUser('paula'))?.lastLogin)
  })

  test('CHG-02, O5: between the two the password may change or the account be disabled: then nothing is opened', async () => {
    const { auth } = world
    const user = await auth.registerUser({ username: 'between', email: null, password: PASSWORD })
    const first = await auth.authenticateUser('between', PASSWORD, request(), peer)
    const second = await auth.authenticateUser('between', PASSWORD, request(), peer)
    await auth.admin.setActive(user.id, false, 'test')
    await assert.rejects(auth.loginUserSession(first, request()), refusedWith('invalid_credentials'))
    await auth.admin.setActive(user.id, true, 'test')
    const { url } = await auth.admin.resetLink(user.id, 'test')
    const json = { token: new URL(url).searchParams.get('token'), new_password: 'a ferry to the islands' }
    assert.equal((await world.browser().send('/auth/reset', { json })).status, 200)
    await assert.rejects(auth.loginUserSession(second, request()), refusedWith('invalid_credentials'))
  })

  test('SES-02: loginUserSession ends the session that the browser had; logoutUserSession ends it on the server', async () => {
    const { auth } = world
    const start = async (cookies: readonly string[]) =>
      auth.loginUserSession(await auth.authenticateUser('paula', PASSWORD, request(cookies), peer), request(cookies), {
        remember: true,
        peer,
      })
    const first = await start([])
    assert.match(first[0] ?? '', /Max-Age=2592000/)
    const second = await start(first)
    assert.equal(await auth.getCurrentUserFromSession(request(first)), null)
    const cleared = await auth.logoutUserSession(request(second))
    assert.match(cleared[0] ?? '', /^mia_session=; .*Max-Age=0/)
    assert.equal(await auth.getCurrentUserFromSession(request(second)), null)
    await assert.rejects(auth.requireSessionAuth(request(second)), refusedWith('not_signed_in'))
    assert.match((await auth.logoutUserSession(request()))[0] ?? '', /Max-Age=0/)
  })

  test('the guards tell apart who brings nothing and who brings something bad, and work without their object', async () => {
    const { requireSessionAuth, requireBearerAuth, requireEitherAuth } = world.auth
    const login = await world.browser().send('/auth/api/login', { json: { username: 'paula', password: PASSWORD } })
    const { access_token } = JSON.parse(await login.text())
    const bearer = request([], { authorization: `Bearer ${access_token}` })
    const bad = request([], { authorization: 'Bearer x' })
    await assert.rejects(requireSessionAuth(bearer), refusedWith('not_signed_in'))
    await assert.rejects(requireBearerAuth(request()), refusedWith('not_signed_in'))
    await assert.rejects(requireBearerAuth(bad), refusedWith('invalid_token'))
    await assert.rejects(requireEitherAuth(bad), refusedWith('invalid_token'))
    await assert.rejects(requireEitherAuth(request()), refusedWith('not_signed_in'))
    assert.equal((await requireBearerAuth(bearer)).username, 'Paula')
    assert.equal((await requireEitherAuth(bearer)).username, 'Paula')
  })
})
