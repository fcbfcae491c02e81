import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addPasskey, SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { codeIn, letterBox } from './support/letters.ts'
import { codeOf, password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const QUESTION = 'A new device signed in to your account. Was it you?'
const windows = { userAgent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0' }

describe('S4: the other devices are asked about a sign-in from a new one', () => {
  const box = letterBox()
  let world: TestAuth
  /** A second process on the same database. */
  let other: TestAuth
  before(async () => {
    const options = { mail: box.mail, limits: { registrations: 1000, perAddress: 1000 } }
    world = await testAuth(options)
    other = await testAuth({ ...options, url: world.url, clock: world.clock })
  })
  after(async () => {
    await other.close()
    await world.close()
  })

  const page = async (browser: Browser, path = '/settings'): Promise<string> => (await browser.get(path)).text()
  const isAsked = async (browser: Browser, path?: string) => (await page(browser, path)).includes(QUESTION)
  /** The address to which one of the two buttons posts. */
  const buttonOf = async (browser: Browser, which: 'mine' | 'not-mine') => {
    const [address] = new RegExp(`/settings/new-devices/[\\w-]+/${which}`).exec(await page(browser)) ?? []
    return address ?? assert.fail('no question')
  }
  async function signIn(username: string, browser = world.browser(windows)) {
    assert.equal((await browser.send('/auth/login', { json: { username, password } })).status, 200)
    return browser
  }
  const isIn = async (browser: Browser) => (await browser.get('/settings')).status === 200

  test('ACC-03, CSR-01: nobody answers for another: a guest, another site, another person, another device’s id', async () => {
    const browser = await signedUp(world, 'asked', password)
    const fresh = await signIn('asked')
    const places = [await buttonOf(browser, 'mine'), await buttonOf(browser, 'not-mine')] as const
    const thief = await signedUp(world, 'answers-for-others', password)
    for (const place of places) {
      assert.equal((await world.browser().send(place, { json: {} })).status, 401)
      const foreign = { json: {}, headers: { origin: 'https://evil.example' } }
      assert.equal((await browser.send(place, foreign)).status, 403)
    }
    assert.equal((await thief.send(places[0], { json: {} })).status, 200, 'without effect')
    assert.equal((await thief.send(places[1], { json: {} })).status, 404)
    assert.equal((await fresh.send(places[1], { json: {} })).status, 404, 'nobody was asked there')
    for (const id of ['x', '__proto__', 'null']) {
      assert.equal((await browser.send(`/settings/new-devices/${id}/not-mine`, { json: {} })).status, 404)
    }
    assert.ok(await isAsked(browser))
    assert.ok(await isIn(fresh))
  })

  test('not at the first sign-in, nor from a browser that was in before, nor by a wrong password', async () => {
    const browser = await signedUp(world, 'unasked', password)
    const second = await signIn('unasked')
    assert.equal((await browser.send(await buttonOf(browser, 'mine'), { json: {} })).status, 200)
    await second.send('/auth/logout', { json: {} })
    await signIn('unasked', second)
    await signIn('unasked', second)
    const wrong = { username: 'unasked', password: 'not the one' }
    assert.equal((await world.browser(windows).send('/auth/login', { json: wrong })).status, 401)
    assert.equal(await isAsked(browser), false)
    assert.equal(await isAsked(second), false)
  })

  test('every other device is asked on every page, in each process at once, until it answers; the new one is not, nor other people', async () => {
    const browser = await signedUp(world, 'everywhere', password)
    const phone = await signIn('everywhere')
    const stranger = await signedUp(world, 'everywhere-else', password)
    assert.equal((await browser.send(await buttonOf(browser, 'mine'), { json: {} })).status, 200)
    const elsewhere = other.browser()
    for (const [name, value] of browser.jar) elsewhere.jar.set(name, value)
    assert.equal(await isAsked(elsewhere), false)
    const fresh = await signIn('everywhere')
    for (const path of ['/settings', '/settings/devices', '/settings/security']) {
      assert.ok(await isAsked(browser, path), path)
    }
    assert.ok(await isAsked(phone))
    for (const one of [fresh, stranger]) assert.equal(await isAsked(one), false)
    // JWT-06: within 100 ms elsewhere.
    await new Promise((done) => setTimeout(done, 100))
    assert.ok(await isAsked(elsewhere))
    const devices = await page(browser, '/settings/devices')
    assert.equal(devices.match(/badge-warning">New</g)?.length, 1)
    assert.equal((await browser.send('/settings/confirm', { json: { password } })).status, 200)
    assert.ok(await isAsked(browser), 'SES-02: the session has another value')
    const place = await buttonOf(browser, 'mine')
    const next = '/settings/activity?page=2'
    const answer = await browser.send(place, { form: { next } })
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, next])
    assert.equal(await isAsked(browser), false)
    assert.doesNotMatch(await page(browser, '/settings/devices'), /badge-warning">New</)
    assert.ok(await isAsked(phone), 'each device answers for itself')
    const evil = await phone.send(place, { form: { next: '//evil.example' } })
    assert.equal(evil.headers.get('location'), '/')
    assert.equal(await isAsked(phone), false)
    assert.ok(await isIn(fresh))
  })

  test('“It was me” about one that is not the newest leaves the question about the newest', async () => {
    const browser = await signedUp(world, 'two-new', password)
    await signIn('two-new')
    const first = await buttonOf(browser, 'mine')
    await signIn('two-new')
    assert.equal((await browser.send(first, { json: {} })).status, 200)
    assert.ok(await isAsked(browser))
    assert.notEqual(await buttonOf(browser, 'mine'), first)
  })

  test('“Not me” ends the new device and what is trusted, asks for a new password, and is written down; twice, or after it has left', async () => {
    const browser = await signedUp(world, 'not-me', password)
    const phone = await signIn('not-me')
    const thief = await signIn('not-me')
    const place = await buttonOf(browser, 'not-mine')
    const done = await browser.send(place, { form: {} })
    assert.equal(done.headers.get('location'), '/settings/security?done=not-mine')
    assert.match(
      await page(browser, '/settings/security?done=not-mine'),
      /That device is signed out\..*set another password/s,
    )
    assert.equal(await isIn(thief), false)
    for (const one of [browser, phone]) {
      assert.ok(await isIn(one))
      assert.equal(await isAsked(one), false, 'answered for all')
    }
    assert.match(await page(browser, '/settings/activity'), /Devices were signed out/)
    assert.equal((await browser.send(place, { json: {} })).status, 404)
    const left = await signIn('not-me')
    await left.send('/auth/logout', { json: {} })
    assert.equal((await browser.send(await buttonOf(browser, 'not-mine'), { json: {} })).status, 200)
    assert.equal(await isAsked(browser), false)
  })

  test('“Not me” of a device that was trusted: it is asked for the code again', async () => {
    const { browser, secret } = await withAuthenticator(world, 'not-me-trusted')
    const pending_token = await pendingOf(world, 'not-me-trusted')
    const thief = world.browser(windows)
    const json = { pending_token, code: codeOf(world, secret), trust_device: true }
    assert.equal((await thief.send('/auth/second-factor', { json })).status, 200)
    assert.equal((await browser.send(await buttonOf(browser, 'not-mine'), { json: {} })).status, 200)
    const again = await thief.send('/auth/login', { json: { username: 'not-me-trusted', password } })
    assert.equal(JSON.parse(await again.text()).code, 'second_factor_required')
  })

  test('LOG-09: a passkey in a new browser is told by mail and asked about, once; in one that is known it is not', async () => {
    const browser = await signedUp(world, 'by-passkey', password)
    const code = codeIn((await box.letters(world)).find(({ to }) => to === 'by-passkey@example.org'))
    assert.equal((await browser.send('/settings/address/confirm', { json: { code } })).status, 200)
    const passkey = new SoftPasskey()
    assert.equal((await addPasskey(browser, passkey)).status, 200)
    await box.letters(world)
    const told = async () => (await box.letters(world)).filter(({ subject }) => subject.includes('new browser')).length
    assert.equal((await signInBy(browser, passkey)).status, 200)
    assert.equal(await told(), 0)
    const fresh = world.browser(windows)
    assert.equal((await signInBy(fresh, passkey)).status, 200)
    assert.equal(await told(), 1)
    assert.ok(await isAsked(browser))
    await fresh.send('/auth/logout', { json: {} })
    assert.equal((await signInBy(fresh, passkey)).status, 200)
    assert.equal(await told(), 0)
  })
})
