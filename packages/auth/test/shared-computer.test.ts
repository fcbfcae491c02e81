import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hours, minutes } from '@miachat/auth'
import { addPasskey, SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { codeOf, password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const shared = { shared_computer: true }

describe('S7: a computer that others use, too', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000, perAddress: 1000 } })
  })
  after(() => world.close())

  async function signIn(username: string, more: object = shared): Promise<Browser> {
    const browser = world.browser()
    const response = await browser.send('/auth/login', { json: { username, password, ...more } })
    assert.equal(response.status, 200, await response.clone().text())
    return browser
  }
  const isIn = async (browser: Browser) => (await browser.get('/settings')).status === 200
  const root = async (browser: Browser) => /<html[^>]*>/.exec(await (await browser.get('/settings')).text())?.[0] ?? ''

  test('what is no yes or no is refused, and signs nobody in', async () => {
    await signedUp(world, 'odd', password)
    for (const odd of ['maybe', 7, ['on'], {}]) {
      const json = { username: 'odd', password, shared_computer: odd }
      const refused = await world.browser().send('/auth/login', { json })
      assert.ok([400, 422].includes(refused.status), JSON.stringify(odd))
    }
  })

  test('SES-04: it ends after 15 minutes without use and after two hours with it, whatever else was ticked', async () => {
    await signedUp(world, 'reader', password)
    const idle = await signIn('reader', { ...shared, remember_me: true })
    const busy = await signIn('reader')
    const own = await signIn('reader', { shared_computer: false })
    for (let passed = 0; passed < hours(2); passed += minutes(10)) {
      assert.ok(await isIn(busy), String(passed))
      await world.settled()
      world.pass(minutes(10))
    }
    assert.equal(await isIn(busy), false)
    assert.equal(await isIn(idle), false)
    assert.equal(await isIn(own), false, 'an hour without use')
    const again = await signIn('reader')
    world.pass(minutes(14))
    assert.ok(await isIn(again))
    world.pass(minutes(16))
    assert.equal(await isIn(again), false)
  })

  test('the browser keeps a cookie of this sitting only: no known device, no date', async () => {
    await signedUp(world, 'sits', password)
    const browser = world.browser()
    const form = { username: 'sits', password, remember_me: 'on', shared_computer: '1' }
    const cookies = (await browser.send('/auth/login', { form })).headers.getSetCookie()
    assert.equal(cookies.length, 1)
    assert.match(cookies[0] ?? '', /^mia_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    const confirmed = await browser.send('/settings/confirm', { json: { password } })
    assert.doesNotMatch(confirmed.headers.getSetCookie().join('\n'), /Max-Age/)
  })

  test('scripts are told to keep nothing, nobody is invited to make a passkey, and the list of devices says it', async () => {
    const owner = await signedUp(world, 'told', password)
    assert.match(await (await owner.get('/settings')).text(), /passkeys\/not-now/)
    assert.doesNotMatch(await root(owner), /data-shared/)
    const browser = await signIn('told')
    assert.match(await root(browser), / data-shared[ >]/)
    assert.doesNotMatch(await (await browser.get('/settings')).text(), /passkeys\/not-now/)
    const devices = await (await owner.get('/settings/devices')).text()
    assert.equal(devices.match(/A shared computer: it signs itself out soon/g)?.length, 1)
    const change = { current_password: password, new_password: 'another walk by the river' }
    const changed = await browser.send('/settings/password', { json: change })
    assert.equal(changed.status, 200)
    assert.match(await root(browser), / data-shared[ >]/, 'the new session after a change of the password')
    assert.doesNotMatch(changed.headers.getSetCookie().join('\n'), /mia_device/)
  })

  test('M6: through the second step, where the browser is not offered to be trusted, and is not', async () => {
    const { secret } = await withAuthenticator(world, 'second')
    const browser = world.browser()
    const form = { username: 'second', password, shared_computer: 'on' }
    assert.equal((await browser.send('/auth/login', { form })).headers.get('location'), '/auth/second-factor')
    assert.doesNotMatch(await (await browser.get('/auth/second-factor')).text(), /Trust this device/)
    const done = await browser.send('/auth/second-factor', {
      form: { code: codeOf(world, secret), trust_device: '1' },
    })
    assert.equal(done.status, 303)
    assert.ok(!browser.jar.has('mia_trusted') && !browser.jar.has('mia_device'))
    assert.equal(await count(world.auth, 'trusted_devices'), 0)
    assert.match(await root(browser), / data-shared[ >]/)
    // Without the tick of before it is offered.
    const plain = world.browser()
    await plain.send('/auth/login', { form: { username: 'second', password } })
    assert.match(await (await plain.get('/auth/second-factor')).text(), /Trust this device/)
  })

  test('M6: a passkey as the second step does not make it trusted either', async () => {
    const { browser, secret } = await withAuthenticator(world, 'second-key')
    const passkey = new SoftPasskey()
    assert.equal((await browser.send('/settings/confirm', { json: { code: codeOf(world, secret) } })).status, 200)
    assert.equal((await addPasskey(browser, passkey)).status, 200)
    const there = world.browser()
    const login = await there.send('/auth/login', { json: { username: 'second-key', password, ...shared } })
    const { pending_token } = JSON.parse(await login.text())
    const asked: unknown = await (
      await there.send('/auth/second-factor/passkey/options', { json: { pending_token } })
    ).json()
    const json = { pending_token, credential: passkey.use(asked), trust_device: true }
    assert.equal((await there.send('/auth/second-factor/passkey', { json })).status, 200)
    assert.ok(!there.jar.has('mia_trusted'))
    assert.match(await root(there), / data-shared[ >]/)
    // Another sign-in of the same account that has not said so is not touched by it.
    assert.ok(await pendingOf(world, 'second-key'))
  })

  test('a passkey signs in on it, too', async () => {
    const browser = await signedUp(world, 'by-key', password)
    const passkey = new SoftPasskey()
    assert.equal((await addPasskey(browser, passkey)).status, 200)
    const there = world.browser()
    const options: unknown = await (await there.send('/auth/passkeys/options', { json: {} })).json()
    const json = { credential: passkey.use(options), ...shared }
    assert.equal((await there.send('/auth/passkeys/sign-in', { json })).status, 200)
    assert.match(await root(there), / data-shared[ >]/)
    const own = world.browser()
    assert.equal((await signInBy(own, passkey)).status, 200)
    assert.doesNotMatch(await root(own), /data-shared/)
  })

  test('the form says for how long, and keeps the tick after a wrong password', async () => {
    const browser = world.browser()
    const page = await (await browser.get('/auth/login')).text()
    assert.match(page, /Others use this computer, too.*signed out after 15 minutes without use/s)
    const form = { username: 'nobody', password: 'wrong wrong', shared_computer: '1' }
    const again = await (await browser.send('/auth/login', { form })).text()
    assert.match(again, /name="shared_computer"[^>]*checked/)
  })
})

test('S7: never longer than the short sessions of this server', async () => {
  const world = await testAuth({ sessions: { short: { idle: minutes(5), absolute: minutes(20) } } })
  try {
    await signedUp(world, 'strict', password)
    const browser = world.browser()
    assert.match(await (await browser.get('/auth/login')).text(), /signed out after 5 minutes without use/)
    const json = { username: 'strict', password, ...shared }
    assert.equal((await browser.send('/auth/login', { json })).status, 200)
    world.pass(minutes(6))
    assert.equal((await browser.get('/settings')).status, 303)
  } finally {
    await world.close()
  }
})
