import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import { addPasskey, addSecurityKey, type Bent, SoftPasskey, signInBy } from './support/authenticator.ts'
import { codeOf, password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const KEYS = '/settings/security-keys'
const SECOND = '/auth/second-factor/passkey'
/** A key without a PIN sees nobody. */
const noPin: Bent = { userVerified: false }
const problemShape = z.looseObject({ code: z.string() })
const problemOf = async (response: Response) => problemShape.parse(await response.json()).code

describe('security keys without a PIN: a second step after the password, and never more', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
  })
  after(() => world.close())

  async function withKey(username: string) {
    const { browser, secret, id } = await withAuthenticator(world, username)
    const key = new SoftPasskey()
    assert.equal((await addSecurityKey(browser, key)).status, 200)
    return { browser, secret, key, id }
  }
  async function finish(pending_token: string, key: SoftPasskey, bent: Bent = {}): Promise<Response> {
    const browser = world.browser()
    const options: unknown = await (await browser.send(`${SECOND}/options`, { json: { pending_token } })).json()
    const credential = key.use(options, { ...noPin, userHandle: null, ...bent })
    return browser.send(SECOND, { json: { credential, pending_token } })
  }

  test('It is registered after a fresh proof and beside an authenticator only, and not as a passkey', async () => {
    const plain = await signedUp(world, 'no-app', password)
    assert.equal(await problemOf(await plain.send(`${KEYS}/options`, { json: {} })), 'conflict')
    const { browser } = await withAuthenticator(world, 'late')
    assert.equal(await problemOf(await addPasskey(browser, new SoftPasskey(), noPin)), 'passkey_refused')
    // A challenge for a passkey registers no key, which would go round its verification.
    const options: unknown = await (await browser.send('/settings/passkeys/options', { json: {} })).json()
    const crossed = await browser.send(KEYS, { json: { credential: new SoftPasskey().make(options, noPin) } })
    assert.equal(await problemOf(crossed), 'passkey_refused')
    world.pass(minutes(11))
    assert.equal(await problemOf(await browser.send(`${KEYS}/options`, { json: {} })), 'step_up_required')
    assert.equal(await count(world.auth, 'passkeys'), 0)
  })

  test('PKY-02: never alone: by the passwordless sign-in it is refused, with and without verification', async () => {
    const { key } = await withKey('alone')
    for (const bent of [noPin, {}]) {
      const browser = world.browser()
      assert.equal(await problemOf(await signInBy(browser, key, bent)), 'passkey_refused')
      assert.equal(browser.jar.has('mia_session'), false)
    }
  })

  test('PKY-02: a passkey still has to see its person where the account has a key, too', async () => {
    const { browser } = await withKey('both')
    const passkey = new SoftPasskey()
    assert.equal((await addPasskey(browser, passkey)).status, 200)
    assert.equal(await problemOf(await finish(await pendingOf(world, 'both'), passkey)), 'passkey_refused')
    assert.equal(await problemOf(await signInBy(world.browser(), passkey, noPin)), 'passkey_refused')
  })

  test('PKY-01 to PKY-04: what it refuses as a second step: another’s, elsewhere, nobody there, a counter that went back', async () => {
    const { key } = await withKey('refuses')
    const { key: foreign } = await withKey('foreigner')
    const pending = await pendingOf(world, 'refuses')
    assert.equal(await problemOf(await finish(pending, foreign)), 'passkey_refused')
    for (const bent of [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { userPresent: false },
      { signedBy: foreign },
    ]) {
      assert.equal(await problemOf(await finish(pending, key, bent)), 'passkey_refused')
    }
    assert.equal((await finish(pending, key, { counter: 7 })).status, 200)
    const next = await pendingOf(world, 'refuses')
    assert.equal(await problemOf(await finish(next, key, { counter: 7 })), 'passkey_refused')
    assert.equal((await finish(next, key, { counter: 8 })).status, 200)
  })

  test('PKY-04: an answer counts once; and not for the step-up, nor the other way round', async () => {
    const { browser, key } = await withKey('replays')
    const pending = await pendingOf(world, 'replays')
    const guest = world.browser()
    const options: unknown = await (await guest.send(`${SECOND}/options`, { json: { pending_token: pending } })).json()
    const credential = key.use(options, { ...noPin, userHandle: null })
    assert.equal(
      await problemOf(await browser.send('/settings/confirm/passkey', { json: { credential } })),
      'passkey_refused',
    )
    assert.equal((await guest.send(SECOND, { json: { credential, pending_token: pending } })).status, 200)
    const again = await pendingOf(world, 'replays')
    assert.equal(
      await problemOf(await guest.send(SECOND, { json: { credential, pending_token: again } })),
      'passkey_refused',
    )
    const asked: unknown = await (await browser.send('/settings/confirm/passkey/options', { json: {} })).json()
    const shown = key.use(asked, { ...noPin, userHandle: null })
    assert.equal(
      await problemOf(await guest.send(SECOND, { json: { credential: shown, pending_token: again } })),
      'passkey_refused',
    )
  })

  test('LOG-08: it confirms like a code, for ten minutes; one that is removed confirms and finishes nothing', async () => {
    const { browser, key } = await withKey('confirms')
    const confirm = async () => {
      const asked: unknown = await (await browser.send('/settings/confirm/passkey/options', { json: {} })).json()
      return browser.send('/settings/confirm/passkey', {
        json: { credential: key.use(asked, { ...noPin, userHandle: null }) },
      })
    }
    world.pass(minutes(11))
    assert.equal(await problemOf(await browser.send(`${KEYS}/options`, { json: {} })), 'step_up_required')
    assert.equal((await confirm()).status, 200)
    assert.equal((await browser.send(`${KEYS}/options`, { json: {} })).status, 200)
    const list = z.looseObject({ security_keys: z.array(z.object({ id: z.string() }).loose()) })
    const page = await browser.get('/settings/second-factor', { accept: 'application/json' })
    const [one] = list.parse(await page.json()).security_keys
    const other = world.browser()
    const waits = await pendingOf(world, 'confirms')
    assert.equal((await browser.send(`${KEYS}/${one?.id}/remove`, { json: {} })).status, 200)
    const answer = await other.send(`${SECOND}/options`, { json: { pending_token: waits } })
    assert.equal(await problemOf(answer), 'sign_in_expired', 'what waited is void')
    const later = await pendingOf(world, 'confirms')
    const options: unknown = await (await other.send(`${SECOND}/options`, { json: { pending_token: later } })).json()
    assert.equal(problemShape.parse(options).code, 'not_found', 'there is none to ask for')
    const asked = await browser.send('/settings/confirm/passkey/options', { json: {} })
    assert.equal(await problemOf(asked), 'not_found')
  })

  test('MFA-07: adding and removing one ends the trust in devices, and removing it every other session', async () => {
    const { browser, secret } = await withAuthenticator(world, 'cuts')
    const trusting = world.browser()
    const sent = { pending_token: await pendingOf(world, 'cuts'), code: codeOf(world, secret), trust_device: true }
    assert.equal((await trusting.send('/auth/second-factor', { json: sent })).status, 200)
    assert.equal((await addSecurityKey(browser, new SoftPasskey())).status, 200)
    const form = { username: 'cuts', password }
    await trusting.send('/auth/logout', { form: {} })
    assert.equal((await trusting.send('/auth/login', { json: form })).status, 401, 'asked for the second step again')
  })

  test('The last authenticator takes it along: nothing is left that asks for it', async () => {
    const { browser, id } = await withKey('leaves')
    assert.equal((await browser.send(`/settings/authenticators/${id}/remove`, { json: {} })).status, 200)
    assert.equal(
      await count(world.auth, 'passkeys', `WHERE user_id = (SELECT id FROM users WHERE username = 'leaves')`),
      0,
    )
  })

  test('The answer to the password names it, and it signs in', async () => {
    const { key, secret } = await withKey('named')
    const response = await world.browser().send('/auth/login', { json: { username: 'named', password } })
    const { methods } = z.looseObject({ methods: z.array(z.string()) }).parse(await response.json())
    assert.deepEqual(methods, ['totp', 'recovery_code', 'security_key'])
    assert.equal((await finish(await pendingOf(world, 'named'), key)).status, 200)
    const json = { code: codeOf(world, secret), pending_token: await pendingOf(world, 'named') }
    assert.equal((await world.browser().send('/auth/second-factor', { json })).status, 200)
  })
})
