import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days } from '@miachat/auth'
import { addPasskey, SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { addAuthenticator, codeOf, password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { count, rowsOf } from './support/sql.ts'
import { type TestAuth, testAuth } from './support/test-auth.ts'

describe('trusted devices', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000, perAddress: 1000 } })
  })
  after(() => world.close())

  const login = (browser: Browser, username: string, path = '/auth/login') =>
    browser.send(path, { json: { username, password } })
  const leave = (browser: Browser) => browser.send('/auth/logout', { json: {} })

  /** Somebody signed in whose browser is trusted, with the code that made it so. */
  async function trusting(username: string, trust: object = { trust_device: true }) {
    const { secret, codes, id } = await withAuthenticator(world, username)
    const browser = world.browser()
    const pending_token = await pendingOf(world, username)
    const json = { pending_token, code: codeOf(world, secret), ...trust }
    assert.equal((await browser.send('/auth/second-factor', { json })).status, 200)
    world.pass(60_000)
    return { browser, secret, codes, id }
  }

  test('M6: without the tick, with a code from paper, for a program, or after a wrong code nothing is trusted', async () => {
    const { browser, codes, secret } = await trusting('not-trusted', {})
    assert.ok(!browser.jar.has('mia_trusted'))
    await leave(browser)
    assert.equal((await login(browser, 'not-trusted')).status, 401)
    const second = async (json: object, path = '/auth/second-factor') => {
      const fresh = world.browser()
      const pending_token = await pendingOf(world, 'not-trusted', path.replace('second-factor', 'login'))
      const { status } = await fresh.send(path, { json: { pending_token, trust_device: true, ...json } })
      assert.ok(!fresh.jar.has('mia_trusted'))
      return status
    }
    assert.equal(await second({ code: codes[0] }), 200)
    assert.equal(await second({ code: '000000' }), 401)
    assert.equal(await second({ code: codeOf(world, secret) }, '/auth/api/second-factor'), 200)
    assert.equal(await count(world.auth, 'trusted_devices'), 0)
  })

  test('M6, MFA-02: a trusted browser gives the password alone, for this account only; the row holds a hash', async () => {
    const { browser } = await trusting('trusted')
    const value = browser.jar.get('mia_trusted') ?? ''
    assert.match(value, /^[\w-]{43}$/)
    const text = JSON.stringify(await rowsOf(world.auth, 'SELECT * FROM trusted_devices'), (_, field: unknown) =>
      field instanceof Uint8Array ? Buffer.from(field).toString('latin1') : field,
    )
    assert.ok(!text.includes(value))
    await leave(browser)
    assert.equal(
      (await browser.send('/auth/login', { json: { username: 'trusted', password: 'wrong one' } })).status,
      401,
    )
    assert.equal((await login(browser, 'trusted')).status, 200)
    assert.equal((await browser.get('/settings')).status, 200)
    await withAuthenticator(world, 'not-its-owner')
    assert.equal((await login(browser, 'not-its-owner')).status, 401, 'another account’s')
    const program = await login(browser, 'trusted', '/auth/api/login')
    assert.equal(program.status, 401, 'MFA-06: a program has no such browser')
    const forged = world.browser()
    for (const odd of ['x', '.', `${'a'.repeat(43)}.${'b'.repeat(5000)}`, `x.x.x.x.x.${value}`]) {
      forged.jar.set('mia_trusted', odd)
      assert.equal((await login(forged, 'trusted')).status, 401)
    }
  })

  test('MFA-07: who came in by it has not shown the second factor: changes ask for a code, the password is not enough', async () => {
    const { browser, id, secret } = await trusting('shown-nothing')
    await leave(browser)
    assert.equal((await login(browser, 'shown-nothing')).status, 200)
    assert.equal((await browser.send(`/settings/authenticators/${id}/remove`, { json: {} })).status, 403)
    assert.equal((await browser.send('/settings/confirm', { json: { password } })).status, 422)
    assert.equal((await browser.send('/settings/confirm', { json: { code: codeOf(world, secret) } })).status, 200)
    assert.equal((await browser.send(`/settings/authenticators/${id}/remove`, { json: {} })).status, 200)
  })

  test('M6, F4: it ends after 30 days, with a reset, a new password, any change of the second step, and everybody’s sign-out', async () => {
    const ends: Record<string, (one: Awaited<ReturnType<typeof trusting>>) => Promise<unknown>> = {
      'end-by-time': async () => world.pass(days(30)),
      'end-by-reset': async () => {
        const user = await world.auth.admin.findUser('end-by-reset')
        const { url } = await world.auth.admin.resetLink(user?.id ?? 0, 'test')
        const token = new URL(url).searchParams.get('token')
        const json = { token, new_password: password }
        assert.equal((await world.browser().send('/auth/reset', { json })).status, 200)
      },
      'end-by-password': ({ browser }) =>
        browser.send('/settings/password', { json: { current_password: password, new_password: password } }),
      'end-by-another-app': ({ browser }) => addAuthenticator(world, browser, 'Another'),
      'end-by-new-codes': ({ browser }) => browser.send('/settings/recovery-codes', { json: {} }),
      'end-by-all-out': ({ browser }) => browser.send('/settings/sessions/end-others', { json: {} }),
      'end-by-list': async ({ browser }) => {
        assert.equal((await browser.send('/settings/trusted-devices/cut-all', { json: {} })).status, 200)
      },
    }
    for (const [username, end] of Object.entries(ends)) {
      const one = await trusting(username)
      await end(one)
      const again = world.browser()
      again.jar.set('mia_trusted', one.browser.jar.get('mia_trusted') ?? '')
      assert.equal((await login(again, username)).status, 401, username)
    }
    const removed = await trusting('end-by-removal')
    await removed.browser.send(`/settings/authenticators/${removed.id}/remove`, { json: {} })
    assert.equal(
      await count(world.auth, 'trusted_devices', 'WHERE user_id = (SELECT id FROM users WHERE username = ?)', [
        'end-by-removal',
      ]),
      0,
    )
  })

  test('M6, ACC-03: the list shows each with its own button; another person’s id is like none', async () => {
    const { browser } = await trusting('has-a-list')
    const page = await (await browser.get('/settings/second-factor')).text()
    assert.match(page, /<h2 id="trusted-devices-title">Trusted devices<\/h2>/)
    assert.match(page, /This device/)
    const place = /\/settings\/trusted-devices\/[\w-]{16}\/cut/.exec(page)?.[0] ?? ''
    const { browser: other } = await trusting('has-another')
    assert.equal((await other.send(place, { json: {} })).status, 404)
    assert.equal((await other.send('/settings/trusted-devices/cut-all', { json: {} })).status, 200)
    const kept = world.browser()
    kept.jar.set('mia_trusted', browser.jar.get('mia_trusted') ?? '')
    assert.equal((await login(kept, 'has-a-list')).status, 200)
    const cut = await browser.send(place, { form: {} })
    assert.equal(cut.headers.get('location'), '/settings/second-factor?done=cut')
    assert.match(await (await browser.get('/settings/second-factor?done=cut')).text(), /asked for a code again/)
    assert.equal((await login(kept, 'has-a-list')).status, 401)
  })

  test('S1: the list of devices marks the sessions of trusted browsers, of this account alone, for as long as they are trusted', async () => {
    const marked = async (browser: Browser) =>
      [...(await (await browser.get('/settings/devices')).text()).matchAll(/<li class="row.*?<\/li>/gs)]
        .filter(([text]) => text.includes('/sessions/'))
        .map(([text]) => [text.includes('This device'), text.includes('>Trusted</span>')])
    const { browser, codes, secret } = await trusting('marked')
    const plain = world.browser({ userAgent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0' })
    const signIn = async (one: Browser, more: object) => {
      const pending_token = await pendingOf(world, 'marked')
      assert.equal((await one.send('/auth/second-factor', { json: { pending_token, ...more } })).status, 200)
    }
    // What a browser sends along says nothing of itself: a code from paper is never trusted.
    await signIn(plain, { code: codes[0], trust_device: true })
    assert.deepEqual(await marked(plain), [
      [true, false],
      [false, true],
      [false, false],
    ])
    const text = await (await plain.get('/settings/devices')).text()
    assert.match(text, /Asked for no second step until .*<a href="\/settings\/second-factor#trusted-devices">/)
    assert.deepEqual((await marked(browser))[0], [true, true])
    // A new session of the trusted browser, by the password alone, and the new value of a step-up.
    await leave(browser)
    assert.equal((await login(browser, 'marked')).status, 200)
    assert.equal((await browser.send('/settings/confirm', { json: { code: codeOf(world, secret) } })).status, 200)
    assert.deepEqual((await marked(browser))[0], [true, true])
    // Another account in the same browser is not trusted by it.
    const { browser: other } = await trusting('marked-other', {})
    other.jar.set('mia_trusted', browser.jar.get('mia_trusted') ?? '')
    assert.equal((await login(other, 'marked-other')).status, 401)
    assert.deepEqual((await marked(other))[0], [true, false])
    assert.equal((await browser.send('/settings/trusted-devices/cut-all', { json: {} })).status, 200)
    for (const one of [browser, plain]) assert.ok((await marked(one)).every(([, trusted]) => !trusted))
  })

  test('S1: a passkey signs in to a trusted browser: marked, too; after 30 days not', async () => {
    const { browser, secret } = await trusting('marked-key')
    const passkey = new SoftPasskey()
    assert.equal((await browser.send('/settings/confirm', { json: { code: codeOf(world, secret) } })).status, 200)
    assert.equal((await addPasskey(browser, passkey)).status, 200)
    // A change of the second step cuts what was trusted; so it is trusted anew, by the passkey this time.
    await leave(browser)
    const pending_token = await pendingOf(world, 'marked-key')
    const asked: unknown = await (
      await browser.send('/auth/second-factor/passkey/options', { json: { pending_token } })
    ).json()
    const json = { pending_token, credential: passkey.use(asked), trust_device: true }
    assert.equal((await browser.send('/auth/second-factor/passkey', { json })).status, 200)
    const isMarked = async () => (await (await browser.get('/settings/devices')).text()).includes('>Trusted</span>')
    assert.ok(await isMarked())
    await leave(browser)
    assert.equal((await signInBy(browser, passkey)).status, 200)
    assert.ok(await isMarked())
    world.pass(days(29))
    assert.equal((await signInBy(browser, passkey)).status, 200)
    assert.ok(await isMarked())
    world.pass(days(1))
    assert.equal(await isMarked(), false)
  })

  test('M6: two people of one browser; the swept table; the form', async () => {
    const { browser } = await trusting('shares-a')
    const { secret } = await withAuthenticator(world, 'shares-b')
    await leave(browser)
    const form = { username: 'shares-b', password }
    assert.equal((await browser.send('/auth/login', { form })).headers.get('location'), '/auth/second-factor')
    const asks = await (await browser.get('/auth/second-factor')).text()
    assert.match(asks, /Trust this device for 30 days/)
    const sent = { code: codeOf(world, secret), trust_device: '1' }
    const done = await browser.send('/auth/second-factor', { form: sent })
    const [cookie] = done.headers.getSetCookie().filter((line) => line.startsWith('mia_trusted='))
    assert.match(cookie ?? '', /^mia_trusted=[\w-]{43}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/)
    await leave(browser)
    assert.equal((await login(browser, 'shares-a')).status, 200)
    assert.equal((await login(browser, 'shares-b')).status, 200)
    world.pass(days(31))
    await world.auth.sweep()
    assert.equal(await count(world.auth, 'trusted_devices'), 0)
  })
})

test('M6: an operator who forbids it is not asked, and what was trusted before counts no more', async () => {
  const world = await testAuth({ secondFactor: { trustedFor: 0 } })
  try {
    const { secret } = await withAuthenticator(world, 'forbidden')
    const browser = world.browser()
    await browser.send('/auth/login', { form: { username: 'forbidden', password } })
    assert.doesNotMatch(await (await browser.get('/auth/second-factor')).text(), /Trust this device/)
    const form = { code: codeOf(world, secret), trust_device: '1' }
    assert.equal((await browser.send('/auth/second-factor', { form })).status, 303)
    assert.ok(!browser.jar.has('mia_trusted'))
    assert.equal(await count(world.auth, 'trusted_devices'), 0)
  } finally {
    await world.close()
  }
})
