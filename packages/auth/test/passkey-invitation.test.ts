import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addPasskey, SoftPasskey } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const NOT_NOW = '/settings/passkeys/not-now'
const invitation = new RegExp(`action="${NOT_NOW}"`)

describe('P4: the invitation to make a passkey', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
  })
  after(() => world.close())

  const invites = async (browser: Browser): Promise<boolean> =>
    invitation.test(await (await browser.get('/settings')).text())
  const signedIn = async (username: string, word = password): Promise<Browser> => {
    const browser = world.browser()
    assert.equal((await browser.send('/auth/login', { json: { username, password: word } })).status, 200)
    return browser
  }

  test('Nobody is invited on the pages of the sign-in, nor on any but home and the settings', async () => {
    const stranger = world.browser()
    for (const path of ['/auth/login', '/auth/register', '/auth/forgot']) {
      assert.doesNotMatch(await (await stranger.get(path)).text(), invitation, path)
    }
    const browser = await signedUp(world, 'elsewhere', password)
    assert.equal(await invites(browser), true)
    for (const path of ['/settings/security', '/settings/passkeys', '/settings/devices', '/settings/confirm']) {
      assert.doesNotMatch(await (await browser.get(path)).text(), invitation, path)
    }
  })

  test('Nobody declines for another: a stranger is refused, and the other is still invited', async () => {
    const browser = await signedUp(world, 'asked', password)
    assert.equal((await world.browser().send(NOT_NOW, { json: {} })).status, 401)
    assert.equal((await (await signedUp(world, 'other', password)).send(NOT_NOW, { json: {} })).status, 200)
    assert.equal(await invites(browser), true)
  })

  test('“Not now” is remembered with the account: in other browsers and at the next sign-in', async () => {
    const browser = await signedUp(world, 'declines', password)
    const elsewhere = await signedIn('declines')
    assert.equal(await invites(elsewhere), true)
    const response = await browser.send(NOT_NOW, { form: {} })
    assert.deepEqual([response.status, response.headers.get('location')], [303, '/'])
    for (const one of [browser, elsewhere, await signedIn('declines')]) assert.equal(await invites(one), false)
  })

  test('A passkey ends it; whoever signs up with one, and an account of before, is not invited', async () => {
    const browser = await signedUp(world, 'takes', password)
    assert.equal((await addPasskey(browser, new SoftPasskey())).status, 200)
    assert.equal(await invites(browser), false)
    const fresh = world.browser()
    const options: unknown = await (
      await fresh.send('/auth/register/options', { json: { username: 'has-one' } })
    ).json()
    const credential = new SoftPasskey().make(options)
    const json = { username: 'has-one', email: 'has-one@example.org', credential }
    assert.equal((await fresh.send('/auth/register', { json })).status, 200)
    assert.equal(await invites(fresh), false)
    await world.auth.admin.addUser({ username: 'made-by-host', email: 'made@example.org', password }, 'test')
    assert.equal(await invites(await signedIn('made-by-host')), false)
  })

  test('A recovery invites again, by a link and by a recovery code; not where there is a passkey', async () => {
    const declined = await signedUp(world, 'link', password)
    assert.equal((await declined.send(NOT_NOW, { json: {} })).status, 200)
    const keeps = await signedUp(world, 'keeps', password)
    assert.equal((await addPasskey(keeps, new SoftPasskey())).status, 200)
    for (const [username, again] of [
      ['link', true],
      ['keeps', false],
    ] as const) {
      const { id } = (await world.auth.admin.findUser(username)) ?? assert.fail()
      const link = await world.auth.admin.resetLink(id, 'test')
      const token = new URL(link.url).searchParams.get('token') ?? ''
      const json = { token, new_password: 'another walk by the river' }
      assert.equal((await world.browser().send('/auth/reset', { json })).status, 200)
      assert.equal(await invites(await signedIn(username, 'another walk by the river')), again, username)
    }
    const { browser, codes } = await withAuthenticator(world, 'paper')
    assert.equal((await browser.send(NOT_NOW, { json: {} })).status, 200)
    const pending = await pendingOf(world, 'paper')
    const back = world.browser()
    const json = { code: codes[0] ?? '', pending_token: pending }
    assert.equal((await back.send('/auth/second-factor', { json })).status, 200)
    assert.equal(await invites(back), true)
  })

  test('Where the address makes passkeys impossible nobody is invited', async () => {
    const plain = await testAuth({ baseUrl: 'http://192.168.1.5:8080', url: world.url })
    try {
      const browser = plain.browser()
      const json = { username: 'by-number', email: 'by-number@example.org', password }
      assert.equal((await browser.send('/auth/register', { json })).status, 200)
      assert.equal(await invites(browser), false)
    } finally {
      await plain.auth.close()
    }
  })
})
