import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import { addPasskey, SoftPasskey } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { codeOf, password, withAuthenticator } from './support/second-factor.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const stateShape = z.object({
  authenticators: z.array(z.object({ id: z.string(), name: z.string(), last_used_at: z.string().nullable() })),
  recovery_codes_left: z.int(),
  trusted_devices: z.array(z.object({ id: z.string(), current: z.boolean() })),
})
const stepUpShape = z.object({ methods: z.array(z.string()), confirmed_for: z.int() })
const begunShape = z.object({ id: z.string(), name: z.string(), secret: z.string(), uri: z.string() })
const passkeysShape = z.object({ passkeys: z.array(z.object({ name: z.string(), synced: z.boolean() })) })

/** Every answer is checked against the API document by `testAuth`. */
describe('second factors by JSON', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  const json = async (browser: Browser, path: string) => {
    const answer = await browser.get(path, { accept: 'application/json' })
    assert.equal(answer.status, 200, path)
    return answer.json()
  }

  test('a program walks the whole way: what is there, add, trust, remove; never a secret of what is in use', async () => {
    const { browser, secret, codes } = await withAuthenticator(world, 'program')
    const { id } = stateShape.parse(await json(browser, '/settings/second-factor')).authenticators[0] ?? assert.fail()
    const login = world.browser()
    const asked = await login.send('/auth/login', { json: { username: 'program', password } })
    const { pending_token, methods } = z
      .object({ pending_token: z.string(), methods: z.array(z.string()) })
      .parse(await asked.json())
    assert.deepEqual(methods, ['totp', 'recovery_code'])
    const step = { pending_token, code: codeOf(world, secret), trust_device: true }
    assert.equal((await login.send('/auth/second-factor', { json: step })).status, 200)
    const text = JSON.stringify(await json(login, '/settings/second-factor'))
    for (const hidden of [secret, ...codes]) assert.ok(!text.includes(hidden))
    const state = stateShape.parse(JSON.parse(text))
    assert.equal(state.recovery_codes_left, 10)
    assert.deepEqual(
      state.trusted_devices.map(({ current }) => current),
      [true],
    )
    const begun = await login.send('/settings/authenticators', { json: { name: 'Another' } })
    const { id: other } = z.object({ id: z.string() }).parse(await begun.json())
    const shown = begunShape.parse(await json(login, `/settings/authenticators/${other}`))
    assert.equal(shown.name, 'Another')
    const confirm = { code: codeOf(world, shown.secret) }
    const done = await login.send(`/settings/authenticators/${other}/confirm`, { json: confirm })
    assert.deepEqual(z.object({ recovery_codes: z.array(z.string()) }).parse(await done.json()).recovery_codes, [])
    const gone = await login.send(`/settings/authenticators/${other}`, { headers: { accept: 'application/json' } })
    assert.equal(gone.status, 404, 'MFA-03: the secret is shown until it counts, and never again')
    assert.equal((await login.send(`/settings/authenticators/${id}/remove`, { json: {} })).status, 200)
    const left = stateShape.parse(await json(login, '/settings/second-factor'))
    assert.deepEqual(
      left.authenticators.map(({ name }) => name),
      ['Another'],
    )
    assert.deepEqual(left.trusted_devices, [])
  })

  test('LOG-08: it hears by what it can confirm, and for how long that counts', async () => {
    const browser = await signedUp(world, 'confirms', password)
    const look = async () => stepUpShape.parse(await json(browser, '/settings/confirm'))
    const fresh = await look()
    assert.deepEqual(fresh.methods, ['password'])
    assert.ok(fresh.confirmed_for > 590 && fresh.confirmed_for <= 600)
    assert.equal((await addPasskey(browser, new SoftPasskey())).status, 200)
    world.pass(minutes(10))
    assert.deepEqual(await look(), { methods: ['password', 'passkey'], confirmed_for: 0 })
    const [passkey] = passkeysShape.parse(await json(browser, '/settings/passkeys')).passkeys
    assert.ok(passkey?.name)
    assert.equal((await browser.send('/settings/confirm', { json: { password } })).status, 200)
    assert.ok((await look()).confirmed_for > 590)
  })

  test('ACC-03: nobody sees another’s, and nobody without a session', async () => {
    const { id } = await withAuthenticator(world, 'seen-by-none')
    const other = await signedUp(world, 'curious', password)
    const stranger = await other.send(`/settings/authenticators/${id}`, { headers: { accept: 'application/json' } })
    assert.equal(stranger.status, 404)
    assert.deepEqual(stateShape.parse(await json(other, '/settings/second-factor')).authenticators, [])
    for (const path of ['/settings/second-factor', '/settings/passkeys', '/settings/confirm']) {
      assert.equal((await world.browser().get(path, { accept: 'application/json' })).status, 401, path)
    }
  })
})
