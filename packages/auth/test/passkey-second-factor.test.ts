import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import { addPasskey, type Bent, SoftPasskey } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { codeOf, password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { count, write } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const problemShape = z.looseObject({ code: z.string() })
const SECOND = '/auth/second-factor/passkey'
const STEP_UP = '/settings/confirm/passkey'

describe('a passkey as the second step of a sign-in, and as step-up', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
  })
  after(() => world.close())

  async function withBoth(username: string) {
    const { browser, secret } = await withAuthenticator(world, username)
    const passkey = new SoftPasskey()
    assert.equal((await addPasskey(browser, passkey)).status, 200)
    return { browser, secret, passkey }
  }
  /** A browser that has given the right password by the form, as a person does. */
  async function waiting(username: string): Promise<Browser> {
    const browser = world.browser()
    const response = await browser.send('/auth/login', { form: { username, password } })
    assert.equal(response.headers.get('location'), '/auth/second-factor')
    return browser
  }
  async function by(browser: Browser, path: string, passkey: SoftPasskey, bent: Bent = {}, more: object = {}) {
    const options: unknown = await (await browser.send(`${path}/options`, { json: {} })).json()
    return browser.send(path, { json: { credential: passkey.use(options, bent), ...more } })
  }
  async function isRefused(response: Response, code = 'passkey_refused') {
    assert.equal(problemShape.parse(await response.json()).code, code)
    assert.equal(
      response.headers.getSetCookie().some((cookie) => /mia_(session|device)=/.test(cookie)),
      false,
    )
  }

  test('M4: it finishes a sign-in that waits, and the answer to the password says that it may', async () => {
    const { passkey } = await withBoth('second')
    const program = await world.browser().send('/auth/login', { json: { username: 'second', password } })
    assert.deepEqual(problemShape.parse(await program.json())['methods'], ['totp', 'recovery_code', 'passkey'])
    const browser = await waiting('second')
    assert.match(
      await (await browser.get('/auth/second-factor?next=/chat')).text(),
      /data-passkey="second-factor" data-next="\/chat"/,
    )
    const done = await by(browser, SECOND, passkey, {}, { next: '/chat' })
    assert.equal(done.status, 200)
    assert.equal(z.looseObject({ redirect: z.string() }).parse(await done.json()).redirect, '/chat')
    assert.ok(!browser.jar.has('mia_pending'))
    assert.equal((await browser.get('/settings')).status, 200)
    assert.match(await (await browser.get('/settings/activity')).text(), /second step of a sign-in was passed/)
  })

  test('MFA-04: a sign-in that waits is finished once, by one of two at once', async () => {
    const { passkey } = await withBoth('once')
    const browser = await waiting('once')
    const pending = browser.jar.get('mia_pending') ?? ''
    const options = async (): Promise<unknown> => (await browser.send(`${SECOND}/options`, { json: {} })).json()
    const [first, second] = [passkey.use(await options()), passkey.use(await options())]
    const both = await Promise.all(
      [first, second].map((credential) => browser.send(SECOND, { json: { credential, pending_token: pending } })),
    )
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401])
    await isRefused(await browser.send(`${SECOND}/options`, { json: { pending_token: pending } }), 'sign_in_expired')
  })

  test('PKY-01, PKY-02, PKY-04: what it refuses', async () => {
    const { passkey } = await withBoth('refuses')
    const { passkey: foreign } = await withBoth('foreigner')
    const browser = await waiting('refuses')
    await isRefused(await by(browser, SECOND, foreign))
    await isRefused(await by(browser, SECOND, passkey, { credentialId: foreign.id, signedBy: foreign }))
    for (const bent of [
      { userVerified: false },
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { userHandle: 'AAAA' },
      { signedBy: foreign },
    ]) {
      await isRefused(await by(browser, SECOND, passkey, bent))
    }
    const challengeOf = async (from: Browser, path: string) =>
      z
        .object({ options: z.object({ challenge: z.string() }) })
        .parse(await (await from.send(path, { json: {} })).json()).options.challenge
    const forSignIn = await challengeOf(browser, '/auth/passkeys/options')
    await isRefused(await by(browser, SECOND, passkey, { challenge: forSignIn }))
    const elsewhere = await waiting('refuses')
    const others = await challengeOf(elsewhere, `${SECOND}/options`)
    await isRefused(await by(browser, SECOND, passkey, { challenge: others }))
    assert.equal((await by(browser, SECOND, passkey, { userHandle: null })).status, 200, 'the handle may be left out')
  })

  test('PKY-03: a counter that went back finishes nothing', async () => {
    const { passkey } = await withBoth('counted-second')
    assert.equal((await by(await waiting('counted-second'), SECOND, passkey, { counter: 9 })).status, 200)
    const browser = await waiting('counted-second')
    await isRefused(await by(browser, SECOND, passkey, { counter: 9 }))
    assert.equal((await by(browser, SECOND, passkey, { counter: 10 })).status, 200, 'it still waits')
  })

  test('MFA-04: without a sign-in that waits there is nothing to ask for', async () => {
    for (const json of [{}, { pending_token: 'x' }]) {
      await isRefused(await world.browser().send(`${SECOND}/options`, { json }), 'sign_in_expired')
    }
    const tokens = await pendingOf(world, (await withBoth('by-program')) && 'by-program', '/auth/api/login')
    await isRefused(
      await world.browser().send(`${SECOND}/options`, { json: { pending_token: tokens } }),
      'sign_in_expired',
    )
    await withAuthenticator(world, 'no-passkey')
    const browser = await waiting('no-passkey')
    assert.equal((await browser.send(`${SECOND}/options`, { json: {} })).status, 404)
    assert.doesNotMatch(await (await browser.get('/auth/second-factor')).text(), /data-passkey/)
  })

  test('An account that was disabled meanwhile is not let in', async () => {
    const { passkey } = await withBoth('shut')
    const browser = await waiting('shut')
    const { id } = (await world.auth.admin.findUser('shut')) ?? assert.fail()
    await write(
      world.auth,
      `UPDATE users SET is_active = ${world.auth.connection.kind === 'postgres' ? 'false' : '0'} WHERE id = ?`,
      [id],
    )
    assert.equal((await by(browser, SECOND, passkey)).status, 401)
    assert.equal((await browser.get('/settings')).status, 303)
  })

  test('M6: this browser is trusted where the person asks for it', async () => {
    const { passkey } = await withBoth('truster')
    const browser = await waiting('truster')
    assert.equal((await by(browser, SECOND, passkey, {}, { trust_device: true })).status, 200)
    await browser.send('/auth/logout', { form: {} })
    const again = await browser.send('/auth/login', { form: { username: 'truster', password } })
    assert.equal(again.headers.get('location'), '/')
  })

  test('LOG-08: it confirms for ten minutes, under a new session value, with and without an authenticator', async () => {
    for (const username of ['confirms', 'confirms-plain']) {
      const { browser, passkey } =
        username === 'confirms'
          ? await withBoth(username)
          : { browser: await signedUp(world, username, password), passkey: new SoftPasskey() }
      if (username !== 'confirms') assert.equal((await addPasskey(browser, passkey)).status, 200)
      world.pass(minutes(11))
      const ask = () => browser.send('/settings/sessions/end-others', { json: {} })
      assert.equal((await ask()).status, 403)
      const former = browser.jar.get('mia_session')
      assert.match(await (await browser.get('/settings/confirm')).text(), /data-passkey="step-up"/)
      assert.equal((await by(browser, STEP_UP, passkey)).status, 200)
      assert.notEqual(browser.jar.get('mia_session'), former)
      assert.equal((await ask()).status, 200)
    }
  })

  test('PKY-02, PKY-03: step-up refuses a passkey of another, one that has not seen its person, a copy, and another purpose', async () => {
    const { browser, passkey } = await withBoth('stepper')
    const { browser: other, passkey: foreign } = await withBoth('other-stepper')
    world.pass(minutes(11))
    await isRefused(await by(browser, STEP_UP, foreign))
    await isRefused(await by(browser, STEP_UP, passkey, { userVerified: false }))
    const stolen: unknown = await (await other.send(`${STEP_UP}/options`, { json: {} })).json()
    await isRefused(await browser.send(STEP_UP, { json: { credential: passkey.use(stolen) } }))
    const forSignIn: unknown = await (await browser.send('/auth/passkeys/options', { json: {} })).json()
    await isRefused(await browser.send(STEP_UP, { json: { credential: passkey.use(forSignIn) } }))
    assert.equal((await by(browser, STEP_UP, passkey, { counter: 3 })).status, 200)
    await isRefused(await by(browser, STEP_UP, passkey, { counter: 2 }))
    assert.equal(await count(world.auth, 'audit_events', `WHERE event = 'passkey_copied'`), 2)
  })

  test('LOG-08: without a password the page asks for the passkey alone; a code still does where there is an authenticator', async () => {
    const { browser, secret } = await withBoth('without')
    await write(world.auth, `UPDATE users SET password_hash = '!' WHERE username IN ('without', 'bare')`)
    const bare = await signedUp(world, 'bare', password)
    assert.equal((await addPasskey(bare, new SoftPasskey())).status, 200)
    await write(world.auth, `UPDATE users SET password_hash = '!' WHERE username = 'bare'`)
    const page = await (await bare.get('/settings/confirm')).text()
    assert.match(page, /data-passkey="step-up"/)
    assert.doesNotMatch(page, /name="password"|name="code"/)
    world.pass(minutes(1))
    const json = { code: codeOf(world, secret) }
    assert.equal((await browser.send('/settings/confirm', { json })).status, 200)
  })
})
