import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days, minutes } from '@miachat/auth'
import { z } from 'zod'
import { idOf } from './support/administrator.ts'
import { SoftPasskey } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { codeIn, letterBox, linkIn } from './support/letters.ts'
import { addAuthenticator } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { baseUrl, type TestAuth, testAuth } from './support/test-auth.ts'
import { assertAlike, compare } from './support/timing.ts'

const password = 'a walk by the river'
const LINK = '/auth/confirm-address'
const json = { accept: 'application/json' }
const problemCode = async (response: Response): Promise<string> =>
  z.object({ code: z.string() }).parse(await response.json()).code
const state = z.looseObject({ email: z.string().nullable(), confirmed: z.boolean() })

const register = (browser: Browser, username: string, email: string, chosen = password) =>
  browser.send('/auth/register', { json: { username, email, password: chosen } })

describe('REG-08: a registration where nothing opens before the address is confirmed', () => {
  const box = letterBox()
  let world: TestAuth
  before(async () => {
    world = await testAuth({
      mail: box.mail,
      siteName: 'Chat',
      unconfirmedAddresses: 'refuse',
      limits: { registrations: 1000 },
    })
  })
  after(() => world.close())

  /** Somebody whose address is confirmed. */
  async function member(username: string): Promise<Browser> {
    const browser = world.browser()
    assert.equal((await register(browser, username, `${username}@example.org`, 'a member’s own words')).status, 200)
    const code = codeIn((await box.letters(world)).find(({ to }) => to === `${username}@example.org`))
    assert.equal((await browser.send('/settings/address/confirm', { json: { code } })).status, 200)
    return browser
  }
  const shown = async (response: Response, username: string) => ({
    status: response.status,
    headers: [...response.headers].filter(([name]) => !['set-cookie', 'x-request-id', 'date'].includes(name)),
    cookies: response.headers.getSetCookie().map((cookie) => cookie.replace(/=[^;]+/, '')),
    body: (await response.text())
      .replaceAll(username, 'NAME')
      .replace(/"(id|created_at|last_login)":("[^"]*"|\d+)/g, '$1'),
  })

  test('a taken and a free address: the same answer, the same pages, and a letter each; the owner’s says nothing of the newcomer', async () => {
    await member('resident')
    const thief = world.browser()
    const honest = world.browser()
    const taken = await shown(await register(thief, 'thief', 'RESIDENT@example.org'), 'thief')
    const free = await shown(await register(honest, 'honest', 'free@example.org'), 'honest')
    assert.deepEqual(taken, free)
    assert.equal(taken.status, 200)
    assert.match(taken.body, /"email":null/)
    const page = async (browser: Browser, email: string) =>
      (await (await browser.get('/settings/address')).text())
        .replaceAll(email, 'ADDRESS')
        .replace(/thief|honest|nonce="[^"]*"|\d{4}-\d\d-\d\d[T ][\d:.Z]*/g, '')
    assert.equal(await page(thief, 'RESIDENT@example.org'), await page(honest, 'free@example.org'))
    const letters = await box.letters(world)
    assert.deepEqual(
      letters.map(({ to, subject }) => [to, subject]),
      [
        ['resident@example.org', 'You already have an account (Chat)'],
        ['free@example.org', 'Confirm your address for Chat'],
      ],
    )
    assert.ok(!letters[0]?.text.includes('thief') && !letters[0]?.text.includes(LINK))
    // Whatever is asked next tells no more.
    for (const browser of [thief, honest]) {
      const wrong = await browser.send('/settings/address/confirm', { json: { code: '00000000' } })
      assert.deepEqual([wrong.status, await problemCode(wrong)], [422, 'invalid_fields'])
    }
    world.pass(minutes(2))
    for (const [browser, username, email] of [
      [thief, 'thief', 'RESIDENT@example.org'],
      [honest, 'honest', 'free@example.org'],
    ] as const) {
      assert.equal((await browser.send('/settings/address/send', { json: {} })).status, 200)
      assert.equal((await world.browser().send('/auth/login', { json: { username: email, password } })).status, 401)
      assert.equal((await world.browser().send('/auth/login', { json: { username, password } })).status, 200)
    }
  })

  test('by form and by passkey too; user names are told, wrong fields as well', async () => {
    await member('known')
    const form = (username: string, email: string) =>
      world.browser().send('/auth/register', { form: { username, email, password } })
    const [taken, free] = [await form('by-form-1', 'known@example.org'), await form('by-form-2', 'unknown@example.org')]
    assert.deepEqual([taken.status, taken.headers.get('location')], [303, '/'])
    assert.deepEqual([free.status, free.headers.get('location')], [303, '/'])
    const byPasskey = async (username: string, email: string) => {
      const browser = world.browser()
      const options: unknown = await (await browser.send('/auth/register/options', { json: { username } })).json()
      const credential = new SoftPasskey().make(options)
      return shown(await browser.send('/auth/register', { json: { username, email, credential } }), username)
    }
    assert.deepEqual(await byPasskey('keyed-1', 'known@example.org'), await byPasskey('keyed-2', 'else@example.org'))
    const same = await register(world.browser(), 'known', 'another@example.org')
    assert.deepEqual([same.status, await problemCode(same)], [409, 'username_taken'])
    assert.equal((await register(world.browser(), 'fine', 'no address')).status, 422)
  })

  test('nothing opens, and the account has no address, before the letter is answered; then it is whole', async () => {
    await box.letters(world)
    const browser = world.browser()
    await register(browser, 'waiting', 'waiting@example.org')
    assert.equal(await problemCode(await browser.get('/settings', json)), 'address_unconfirmed')
    assert.equal(await count(world.auth, 'users', "WHERE email_key = 'waiting@example.org'"), 0)
    const [letter] = await box.letters(world)
    const token = new URLSearchParams(linkIn(letter, LINK).split('?')[1]).get('token')
    assert.equal((await world.browser().get(linkIn(letter, LINK))).status, 200)
    assert.equal(
      await count(world.auth, 'users', "WHERE email_key = 'waiting@example.org'"),
      0,
      'opening it changes nothing',
    )
    assert.equal((await world.browser().send(LINK, { json: { token } })).status, 200)
    const now = state.parse(await (await browser.get('/settings/address', json)).json())
    assert.deepEqual([now.email, now.confirmed], ['waiting@example.org', true])
    assert.equal((await browser.get('/settings')).status, 200)
    assert.match(await (await browser.get('/settings/activity')).text(), /E-mail address confirmed/)
    const login = await world.browser().send('/auth/login', { json: { username: 'waiting@example.org', password } })
    assert.equal(login.status, 200)
  })

  test('of two who register one free address, whoever reads its letters gets it; the other hears so only then', async () => {
    await box.letters(world)
    const [first, second] = [world.browser(), world.browser()]
    await register(first, 'first-of-two', 'shared@example.org')
    await register(second, 'second-of-two', 'shared@example.org')
    const [one, two] = await box.letters(world)
    assert.deepEqual([one?.to, two?.to], ['shared@example.org', 'shared@example.org'])
    assert.equal((await second.send('/settings/address/confirm', { json: { code: codeIn(two) } })).status, 200)
    const late = await first.send('/settings/address/confirm', { json: { code: codeIn(one) } })
    assert.deepEqual([late.status, await problemCode(late)], [409, 'email_taken'])
  })

  test('no crowd of registrations fills a mailbox: five an hour, taken or free', async () => {
    await member('flooded')
    for (const email of ['flooded@example.org', 'nobody-there@example.org']) {
      const answers: number[] = []
      for (let n = 0; n < 7; n++) {
        const username = `${email.slice(0, 6)}-${n}`
        answers.push((await register(world.browser({ address: `198.51.100.${n + 1}` }), username, email)).status)
      }
      const expected = email.startsWith('flooded') ? 4 : 5
      assert.equal(answers.filter((status) => status === 200).length, expected, answers.join(' '))
      assert.ok(answers.slice(expected).every((status) => status === 429))
    }
  })

  test('V5: an administrator takes such an address for confirmed, unless somebody has it', async () => {
    const { id: chiefId } = await world.auth.registerUser({ username: 'chief', email: null, password })
    await world.auth.admin.setRole(chiefId, 'admin', 'test')
    const chief = world.browser()
    await chief.send('/auth/login', { json: { username: 'chief', password } })
    await addAuthenticator(world, chief)
    await member('has-it')
    const confirm = async (id: number) =>
      chief.send(`/admin/people/${id}/confirm-address`, { json: { reason: 'No letter came' } })
    await register(world.browser(), 'without-luck', 'has-it@example.org')
    const refused = await confirm(await idOf(world, 'without-luck'))
    assert.deepEqual([refused.status, await problemCode(refused)], [409, 'email_taken'])
    assert.equal((await confirm(chiefId)).status, 409, 'no address, and none awaited')
    const browser = world.browser()
    await register(browser, 'unlucky', 'unlucky@example.org')
    assert.equal((await confirm(await idOf(world, 'unlucky'))).status, 200)
    const now = state.parse(await (await browser.get('/settings/address', json)).json())
    assert.deepEqual([now.email, now.confirmed], ['unlucky@example.org', true])
  })

  test('what nobody confirms within seven days is deleted, and the name is free again; administrators stay', async () => {
    await register(world.browser(), 'gone', 'gone@example.org')
    await register(world.browser(), 'stays', 'stays@example.org')
    const stays = await idOf(world, 'stays')
    await world.auth.admin.setRole(stays, 'admin', 'test')
    // A minute, since a loaded machine takes seconds for what stands above.
    world.pass(days(7) - minutes(1))
    await world.auth.sweep()
    assert.ok(await world.auth.admin.findUser('gone'))
    await member('keeper')
    world.pass(minutes(1))
    await world.auth.sweep()
    assert.equal(await world.auth.admin.findUser('gone'), null)
    assert.ok(await world.auth.admin.findUser('keeper'))
    assert.ok(await world.auth.admin.findUser('stays'))
    assert.equal((await register(world.browser(), 'gone', 'gone@example.org')).status, 200)
  })
})

test('REG-08: where addresses need not be confirmed a taken one is told, as the contract says, and no account waits', async () => {
  const box = letterBox()
  const world = await testAuth({ mail: box.mail })
  assert.equal((await register(world.browser(), 'one', 'one@example.org')).status, 200)
  const taken = await register(world.browser(), 'two', 'one@example.org')
  assert.deepEqual([taken.status, await problemCode(taken)], [409, 'email_taken'])
  assert.equal(await count(world.auth, 'users', 'WHERE address_due IS NOT NULL'), 0)
  await world.close()
})

test('REG-08: a taken address takes the time of a free one', async () => {
  const box = letterBox()
  const world = await testAuth({
    mail: box.mail,
    unconfirmedAddresses: 'refuse',
    passwords: { scheme: 'bcrypt', cost: 8, threads: 1 },
    limits: { registrations: 1e9 },
  })
  let made = 0
  const time = async (email: string) => {
    const n = ++made
    const request = new Request(`${baseUrl}/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: baseUrl },
      body: JSON.stringify({ username: `person-${n}`, email, password }),
    })
    const started = performance.now()
    const response = await world.auth.fetch(request, { address: `198.18.${n >> 8}.${n & 255}` })
    await response.text()
    const passed = performance.now() - started
    assert.equal(response.status, 200)
    return passed
  }
  // Each has an owner of its own: five letters an hour are the most that one gets.
  for (let n = 0; n < 120; n++) {
    await world.auth.registerUser({
      username: `owner-${n}`,
      email: `owner-${n}@example.org`,
      password: `${password} ${n}`,
    })
  }
  let taken = 0
  let free = 0
  await assertAlike(() =>
    compare(
      40,
      () => time(`owner-${taken++}@example.org`),
      () => time(`free-${free++}@example.org`),
    ),
  )
  await world.close()
})
