import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import { addPasskey, type Bent, SoftPasskey } from './support/authenticator.ts'
import { codeOf, password, withAuthenticator } from './support/second-factor.ts'
import { count, write } from './support/sql.ts'
import { type TestAuth, testAuth } from './support/test-auth.ts'

const LOGIN = '/auth/api/login'
const SECOND = '/auth/api/second-factor/passkey'
const problemShape = z.looseObject({ code: z.string() })
const dueShape = z.looseObject({
  code: z.literal('second_factor_required'),
  methods: z.array(z.string()),
  pending_token: z.string(),
})
const pairShape = z.looseObject({ access_token: z.string(), refresh_token: z.string() })

describe('MFA-06: a passkey as the second step of a program’s sign-in', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
  })
  after(() => world.close())

  /** Programs keep no cookies. */
  const post = (path: string, json: object) => world.browser().send(path, { json })
  async function withBoth(username: string) {
    const { browser, secret } = await withAuthenticator(world, username)
    const passkey = new SoftPasskey()
    assert.equal((await addPasskey(browser, passkey)).status, 200)
    return { browser, secret, passkey }
  }
  async function due(username: string) {
    const response = await post(LOGIN, { username, password })
    assert.equal(response.status, 401)
    return dueShape.parse(await response.json())
  }
  const optionsOf = async (pending_token: string): Promise<unknown> =>
    (await post(`${SECOND}/options`, { pending_token })).json()
  async function finish(pending_token: string, passkey: SoftPasskey, bent: Bent = {}) {
    return post(SECOND, { pending_token, credential: passkey.use(await optionsOf(pending_token), bent) })
  }
  async function isRefused(response: Response, code = 'passkey_refused') {
    assert.deepEqual([response.status, problemShape.parse(await response.json()).code], [401, code])
  }

  test('Nothing is to be had without a sign-in that waits, nor by one of a browser, an expired or a finished one', async () => {
    const { passkey, secret } = await withBoth('waits')
    await isRefused(await post(`${SECOND}/options`, { pending_token: 'x' }), 'sign_in_expired')
    const credential = passkey.use(await optionsOf((await due('waits')).pending_token))
    await isRefused(await post(SECOND, { pending_token: 'x', credential }), 'sign_in_expired')
    const web = dueShape.parse(await (await post('/auth/login', { username: 'waits', password })).json())
    await isRefused(await post(`${SECOND}/options`, { pending_token: web.pending_token }), 'sign_in_expired')
    await isRefused(await post(SECOND, { pending_token: web.pending_token, credential }), 'sign_in_expired')
    const { pending_token: finished } = await due('waits')
    const byCode = await post('/auth/api/second-factor', { pending_token: finished, code: codeOf(world, secret) })
    assert.equal(byCode.status, 200)
    await isRefused(await post(`${SECOND}/options`, { pending_token: finished }), 'sign_in_expired')
    const { pending_token: old } = await due('waits')
    world.pass(minutes(11))
    await isRefused(await post(`${SECOND}/options`, { pending_token: old }), 'sign_in_expired')
    assert.equal(await count(world.auth, 'token_families'), 1)
  })

  test('PKY-01, PKY-02, PKY-04: what it refuses: another’s, unseen, elsewhere, and the challenge of another sign-in', async () => {
    const { passkey } = await withBoth('refuses')
    const { passkey: foreign } = await withBoth('foreigner')
    const { pending_token: one } = await due('refuses')
    await isRefused(await finish(one, foreign))
    for (const bent of [
      { userVerified: false },
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { userHandle: 'AAAA' },
      { signedBy: foreign },
    ]) {
      await isRefused(await finish(one, passkey, bent))
    }
    const { pending_token: other } = await due('refuses')
    const credential = passkey.use(await optionsOf(other))
    await isRefused(await post(SECOND, { pending_token: one, credential }))
    const again = passkey.use(await optionsOf(one))
    await isRefused(
      await post('/auth/second-factor/passkey', { pending_token: one, credential: again }),
      'sign_in_expired',
    )
    assert.equal((await post(SECOND, { pending_token: one, credential: again })).status, 200)
    await isRefused(await post(SECOND, { pending_token: one, credential: again }), 'sign_in_expired')
  })

  test('PKY-03: a counter that went back opens nothing, and the sign-in still waits', async () => {
    const { passkey } = await withBoth('counted')
    assert.equal((await finish((await due('counted')).pending_token, passkey, { counter: 5 })).status, 200)
    const { pending_token } = await due('counted')
    await isRefused(await finish(pending_token, passkey, { counter: 5 }))
    assert.equal((await finish(pending_token, passkey, { counter: 6 })).status, 200)
  })

  test('MFA-04: of two at once one is let in; a disabled account is not', async () => {
    const { passkey } = await withBoth('at-once')
    const { pending_token } = await due('at-once')
    const [first, second] = [passkey.use(await optionsOf(pending_token)), passkey.use(await optionsOf(pending_token))]
    const both = await Promise.all([first, second].map((credential) => post(SECOND, { pending_token, credential })))
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401])
    const { pending_token: next } = await due('at-once')
    const no = world.auth.connection.kind === 'postgres' ? 'false' : '0'
    await write(world.auth, `UPDATE users SET is_active = ${no} WHERE username = 'at-once'`)
    assert.equal((await finish(next, passkey)).status, 401)
  })

  test('The answer names the ways, and the tokens of a passkey are as good as those of a code', async () => {
    await withAuthenticator(world, 'without')
    assert.deepEqual((await due('without')).methods, ['totp', 'recovery_code'])
    const none = await post(`${SECOND}/options`, { pending_token: (await due('without')).pending_token })
    assert.equal(none.status, 404)
    const { passkey } = await withBoth('named')
    const { methods, pending_token } = await due('named')
    assert.deepEqual(methods, ['totp', 'recovery_code', 'passkey'])
    const response = await finish(pending_token, passkey)
    assert.equal(response.status, 200)
    assert.equal(response.headers.getSetCookie().length, 0)
    const pair = pairShape.parse(await response.json())
    const me = await world.browser().get('/auth/api/me', { authorization: `Bearer ${pair.access_token}` })
    assert.equal(me.status, 200)
    assert.equal((await post('/auth/api/refresh', { refresh_token: pair.refresh_token })).status, 200)
  })
})
