import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import { type Bent, SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { count, rowsOf } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const problemShape = z.looseObject({ code: z.string() })
const codeOf = async (response: Response) => problemShape.parse(await response.json()).code
const optionsFor = async (browser: Browser, username: string): Promise<unknown> =>
  (await browser.send('/auth/register/options', { json: { username } })).json()

describe('sign-up with a passkey', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
  })
  after(() => world.close())

  const people = (username: string) => count(world.auth, 'users', 'WHERE username = ?', [username])
  async function signUp(browser: Browser, username: string, passkey: SoftPasskey, bent: Bent = {}, more: object = {}) {
    const credential = passkey.make(await optionsFor(browser, username), bent)
    return browser.send('/auth/register', {
      json: { username, email: `${username}@example.org`, credential, ...more },
    })
  }

  test('R8: an account without a password, signed in at once; the passkey signs in again', async () => {
    const [browser, passkey] = [world.browser(), new SoftPasskey()]
    const response = await signUp(browser, 'no-word', passkey)
    assert.equal(response.status, 200, await response.clone().text())
    assert.equal((await browser.get('/settings')).status, 200)
    const [row] = await rowsOf(world.auth, `SELECT password_hash FROM users WHERE username = 'no-word'`)
    assert.equal(row?.['password_hash'], '!')
    assert.equal((await signInBy(world.browser(), passkey)).status, 200)
    assert.match(await (await browser.get('/settings/activity')).text(), /Account made/)
    const page = await (await browser.get('/settings/passkeys')).text()
    assert.match(page, /Firefox on Linux/)
    const [, id = ''] = /\/settings\/passkeys\/([\w-]+)/.exec(page) ?? []
    const removed = await browser.send(`/settings/passkeys/${id}/remove`, { json: {} })
    assert.equal(await codeOf(removed), 'last_way_in', 'PKY-05')
  })

  test('R8: the same by the form, which has the answer of the browser in a field', async () => {
    const [browser, passkey] = [world.browser(), new SoftPasskey()]
    const credential = JSON.stringify(passkey.make(await optionsFor(browser, 'by-form')))
    const form = { username: 'by-form', email: 'by-form@example.org', credential, website: '', next: '/chat' }
    assert.equal((await browser.send('/auth/register', { form })).headers.get('location'), '/chat')
    assert.equal((await signInBy(world.browser(), passkey)).status, 200)
  })

  test('PW-02: a password that is sent beside the passkey is not kept', async () => {
    const [browser, passkey] = [world.browser(), new SoftPasskey()]
    const password = 'a walk by the river'
    assert.equal((await signUp(browser, 'both-given', passkey, {}, { password })).status, 200)
    const login = await world.browser().send('/auth/login', { json: { username: 'both-given', password } })
    assert.equal(login.status, 401)
  })

  test('PKY-01, PKY-02: what was not made for us, here, now and for this makes no account', async () => {
    const bents: readonly Bent[] = [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { userVerified: false },
      { userPresent: false },
      { type: 'webauthn.get' },
      { challenge: 'A'.repeat(43) },
      { attestation: { format: 'apple', statement: new Map() } },
    ]
    for (const bent of bents) {
      assert.equal(await codeOf(await signUp(world.browser(), 'bent', new SoftPasskey(), bent)), 'passkey_refused')
    }
    const browser = world.browser()
    const used = new SoftPasskey().make(await optionsFor(browser, 'used'))
    const send = (from: Browser, credential: unknown, username = 'bent') =>
      from.send('/auth/register', { json: { username, email: `${username}@example.org`, credential } })
    assert.equal((await send(browser, used, 'used')).status, 200)
    const again = world.browser()
    again.jar.set('mia_passkey', browser.jar.get('mia_passkey') ?? '')
    assert.equal(await codeOf(await send(again, used)), 'passkey_refused', 'replayed')
    const mine = world.browser()
    const made = new SoftPasskey().make(await optionsFor(mine, 'bent'))
    assert.equal(await codeOf(await send(world.browser(), made)), 'passkey_refused', 'another browser')
    const late = world.browser()
    const slow = new SoftPasskey().make(await optionsFor(late, 'bent'))
    world.pass(minutes(5))
    assert.equal(await codeOf(await send(late, slow)), 'passkey_refused', 'too late')
    const owner = await signedUp(world, 'adder')
    const forAdding: unknown = await (await owner.send('/settings/passkeys/options', { json: {} })).json()
    const stranger = world.browser()
    stranger.jar.set('mia_passkey', owner.jar.get('mia_passkey') ?? '')
    assert.equal(await codeOf(await send(stranger, new SoftPasskey().make(forAdding))), 'passkey_refused', 'for adding')
    assert.equal(await people('bent'), 0)
  })

  test('PKY-04: a credential that somebody has makes no account, and none is left half made', async () => {
    const passkey = new SoftPasskey()
    assert.equal((await signUp(world.browser(), 'has-it', passkey)).status, 200)
    assert.equal(await codeOf(await signUp(world.browser(), 'wants-it', passkey)), 'passkey_refused')
    assert.equal(await people('wants-it'), 0)
  })

  test('REG-10, PKY-04: the options do not tell whether a name is taken; the registration does, under its limit', async () => {
    await signedUp(world, 'taken')
    const shape = async (username: string) => {
      const response = await world.browser().send('/auth/register/options', { json: { username } })
      assert.equal(response.status, 200)
      const text = await response.text()
      return text.replaceAll(/"(challenge|id)":"[\w-]{43}"/g, '').replaceAll(username, 'NAME')
    }
    assert.equal(await shape('taken'), await shape('not-taken'))
    assert.equal(await codeOf(await signUp(world.browser(), 'taken', new SoftPasskey())), 'username_taken')
    const json = {
      username: 'taken',
      email: 'x@example.org',
      credential: new SoftPasskey().make(await optionsFor(world.browser(), 'x-y-z')),
    }
    const guess = await world.browser().send('/auth/register', { json })
    assert.equal(await codeOf(guess), 'passkey_refused', 'no name is told for a passkey that is none')
  })

  test('R4: by the form everything wrong stands at its field, and a credential that is no JSON is malformed', async () => {
    await signedUp(world, 'form-taken')
    const browser = world.browser()
    const credential = JSON.stringify(new SoftPasskey().make(await optionsFor(browser, 'form-taken')))
    const form = { username: 'form-taken', email: 'other@example.org', credential }
    const page = await browser.send('/auth/register', { form })
    assert.equal(page.status, 409)
    assert.match(await page.text(), /That user name is taken\. Choose another\./)
    for (const odd of ['{', '[]', '"x"', '{"id":1}']) {
      const response = await browser.send('/auth/register', {
        form: { ...form, credential: odd },
        headers: { accept: 'application/json' },
      })
      assert.ok([400, 422].includes(response.status), odd)
    }
    const nothing = await browser.send('/auth/register', { json: { username: 'a', email: 'b' } })
    assert.match(await nothing.text(), /"field":"password","code":"required"/)
  })

  test('REG-01: the options want a name that a registration takes', async () => {
    for (const username of ['', 'ab', 'a b c', 'admin', 'x'.repeat(300)]) {
      const response = await world.browser().send('/auth/register/options', { json: { username } })
      assert.equal(response.status, 422, username)
    }
  })
})

test('where registration is closed there is nothing to begin', async () => {
  const world = await testAuth({ registration: 'closed' })
  try {
    const response = await world.browser().send('/auth/register/options', { json: { username: 'anna' } })
    assert.equal(await codeOf(response), 'registration_closed')
    assert.doesNotMatch(await (await world.browser().get('/auth/register')).text(), /data-passkey/)
  } finally {
    await world.close()
  }
})
