import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days, minutes } from '@miachat/auth'
import { z } from 'zod'
import { addPasskey, addSecurityKey, SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { codeIn, type Letter, letterBox, linkIn } from './support/letters.ts'
import { addAuthenticator, codeOf, password } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { setUser } from './support/stored.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const thiefsPassword = 'what the thief has chosen'
const newPassword = 'another walk, along the sea'
const problemShape = z.object({ code: z.string() })
const doneShape = z.object({ redirect: z.string() })
const tokenOf = (link: string): string => new URL(link, 'http://x').searchParams.get('token') ?? ''

describe('“this was not me”', () => {
  const box = letterBox()
  let world: TestAuth
  before(async () => {
    world = await testAuth({ mail: box.mail, siteName: 'Chat', limits: { registrations: 1000 } })
  })
  after(() => world.close())

  async function confirmed(name: string): Promise<Browser> {
    await box.letters(world)
    const browser = await signedUp(world, name, password)
    await confirm(browser, (await box.letters(world)).at(-1))
    return browser
  }
  async function confirm(browser: Browser, letter: Letter | undefined): Promise<void> {
    const json = { code: codeIn(letter) }
    assert.equal((await browser.send('/settings/address/confirm', { json })).status, 200)
  }
  /** Changes the address and answers the notice to the former one. */
  async function changeAddress(browser: Browser, email: string): Promise<Letter> {
    assert.equal((await browser.send('/settings/address', { json: { email } })).status, 200)
    await confirm(
      browser,
      (await box.letters(world)).find(({ to }) => to === email),
    )
    const [notice] = await box.letters(world)
    assert.ok(notice)
    return notice
  }
  async function changePassword(browser: Browser, from = password, to = thiefsPassword): Promise<Letter> {
    const json = { current_password: from, new_password: to }
    assert.equal((await browser.send('/settings/password', { json })).status, 200)
    const [notice] = await box.letters(world)
    assert.ok(notice)
    return notice
  }
  const undo = (notice: Letter, browser = world.browser()) =>
    browser.send('/auth/undo', { json: { token: tokenOf(linkIn(notice, '/auth/undo')) } })
  const signIn = (username: string, word: string) =>
    world.browser().send('/auth/login', { json: { username, password: word } })
  const setPassword = (redirect: string) =>
    world.browser().send('/auth/reset', { json: { token: tokenOf(redirect), new_password: newPassword } })
  const takeBack = async (notice: Letter): Promise<string> => {
    const response = await undo(notice)
    assert.equal(response.status, 200)
    assert.deepEqual(
      response.headers.getSetCookie().filter((cookie) => !/max-age=0/i.test(cookie)),
      [],
    )
    return doneShape.parse(await response.json()).redirect
  }
  const refused = async (response: Response): Promise<string> => {
    assert.equal(response.status, 422)
    return problemShape.parse(await response.json()).code
  }

  test('RST-06: opening the link changes nothing; what is no link does nothing; it is used once', async () => {
    const browser = await confirmed('looker')
    const notice = await changePassword(browser, password, newPassword)
    const link = linkIn(notice, '/auth/undo')
    for (let n = 0; n < 3; n++) assert.match(await (await world.browser().get(link)).text(), /Take your account back/)
    assert.equal((await browser.get('/settings')).status, 200)
    for (const token of ['x', 'A'.repeat(43), tokenOf(link).toLowerCase()]) {
      assert.equal(await refused(await world.browser().send('/auth/undo', { json: { token } })), 'link_invalid')
    }
    const uses = await Promise.all(Array.from({ length: 10 }, () => undo(notice)))
    assert.equal(uses.filter(({ status }) => status === 200).length, 1)
    assert.match(await (await world.browser().get(link)).text(), /This link does not work any more/)
  })

  const rename = async (browser: Browser, username: string): Promise<Letter> => {
    assert.equal((await browser.send('/settings/username', { json: { username } })).status, 200)
    return (await box.letters(world)).find(({ subject }) => subject.includes('user name')) ?? assert.fail()
  }
  const pageOf = async (notice: Letter) => (await world.browser().get(linkIn(notice, '/auth/undo'))).text()

  test('A1: a used link gives no name back, nor one to a twin’s harm, and the page does not say so', async () => {
    const browser = await confirmed('renamed-once')
    const used = await rename(browser, 'once-renamed')
    await setPassword(await takeBack(used))
    const back = world.browser()
    const json = { username: 'renamed-once', password: newPassword }
    assert.equal((await back.send('/auth/login', { json })).status, 200)
    assert.equal((await back.send('/settings/username', { json: { username: 'my-own-choice' } })).status, 200)
    assert.equal(await refused(await undo(used)), 'link_invalid')
    assert.equal((await signIn('my-own-choice', newPassword)).status, 200)
    const twin = await confirmed('twin-of-mine')
    await signedUp(world, 'mine', password)
    await setUser(world, 'twin-of-mine', { username: 'Mine', username_key: '#1' })
    const notice = await rename(twin, 'no-twin')
    assert.doesNotMatch(await pageOf(notice), /Your user name is/)
    await setPassword(await takeBack(notice))
    assert.equal((await signIn('no-twin', newPassword)).status, 200)
    assert.equal((await signIn('mine', password)).status, 200)
  })

  test('A1, CHG-02: the link of a changed user name gives it back, and so does an older one; the other name is free', async () => {
    for (const [name, how] of [
      ['named', 'by its own notice'],
      ['named-too', 'by one of before'],
    ] as const) {
      const browser = await confirmed(name)
      const older = await changePassword(browser)
      const first = await rename(browser, `${name}-by-a-thief`)
      await rename(browser, `${name}-again`)
      const notice = how === 'by its own notice' ? first : older
      const page = await pageOf(notice)
      assert.match(page, new RegExp(`Your user name is <strong dir="auto">${name}</strong> again`))
      assert.match(page, new RegExp(`For the account <strong dir="auto">${name}-again</strong>`))
      assert.equal((await signIn(`${name}-again`, thiefsPassword)).status, 200, 'looking changes nothing')
      await setPassword(await takeBack(notice))
      assert.equal((await signIn(`${name}-again`, newPassword)).status, 401)
      const owner = world.browser()
      assert.equal((await owner.send('/auth/login', { json: { username: name, password: newPassword } })).status, 200)
      assert.match(await (await owner.get('/settings/activity')).text(), /User name changed/, 'AUD-04')
      const taken = { username: `${name}-again`, email: `${name}-again@example.org`, password }
      assert.equal((await world.browser().send('/auth/register', { json: taken })).status, 200)
      const kept = { username: name, email: `${name}-else@example.org`, password }
      assert.equal((await world.browser().send('/auth/register', { json: kept })).status, 409)
    }
  })

  test('EML-02: the link of a changed address puts it back, ends everything and leads to a new password', async () => {
    const owner = await confirmed('victim')
    const login = { json: { username: 'victim', password } }
    const pair = z
      .object({ refresh_token: z.string() })
      .parse(await (await world.browser().send('/auth/api/login', login)).json())
    const thief = world.browser({ address: '203.0.113.9' })
    assert.equal((await thief.send('/auth/login', login)).status, 200)
    const notice = await changeAddress(thief, 'thief@evil.example')
    const told = await changePassword(thief)
    assert.equal(told.to, 'thief@evil.example')
    assert.equal((await owner.get('/settings')).status, 303)

    const page = await (await world.browser().get(linkIn(notice, '/auth/undo'))).text()
    assert.match(page, /Your address is <strong dir="auto">victim@example\.org<\/strong> again/)
    assert.doesNotMatch(page, /evil\.example/)
    const redirect = await takeBack(notice)
    assert.match(redirect, /^\/auth\/reset\?token=[\w-]{43}$/)
    assert.equal((await thief.get('/settings')).status, 303)
    const refresh = { json: { refresh_token: pair.refresh_token } }
    assert.equal((await world.browser().send('/auth/api/refresh', refresh)).status, 401)
    for (const word of [password, thiefsPassword]) assert.equal((await signIn('victim', word)).status, 401)
    assert.equal((await setPassword(redirect)).status, 200)
    assert.equal((await signIn('victim@example.org', newPassword)).status, 200)
    assert.equal((await signIn('thief@evil.example', newPassword)).status, 401)
    const letters = (await box.letters(world)).filter(({ subject }) => !subject.includes('new browser'))
    const subjects = letters.map(({ to, subject }) => `${to}: ${subject}`)
    assert.deepEqual(subjects, [
      'thief@evil.example: Your address was taken out of an account (Chat)',
      'victim@example.org: Your password was set by a one-time link (Chat)',
    ])
    assert.equal(await refused(await undo(told)), 'link_invalid', 'what the thief got afterwards is void')
  })

  test('a thief’s own links do not void the owner’s, whatever the order', async () => {
    const thief = await confirmed('chain')
    const toOwner = await changeAddress(thief, 'chain-1@evil.example')
    world.pass(1000)
    const toThief = await changeAddress(thief, 'chain-2@evil.example')
    assert.equal(toThief.to, 'chain-1@evil.example')
    const thiefsReset = await takeBack(toThief)
    const ownersReset = await takeBack(toOwner)
    assert.equal((await setPassword(thiefsReset)).status, 422)
    assert.equal((await setPassword(ownersReset)).status, 200)
    assert.equal((await signIn('chain@example.org', newPassword)).status, 200)
  })

  test('a thief who changes the password after the address does not void the link to the former address', async () => {
    const thief = await confirmed('order')
    const toOwner = await changeAddress(thief, 'order@evil.example')
    await changePassword(thief)
    await changePassword(thief, thiefsPassword, 'and once more for good measure')
    assert.equal((await setPassword(await takeBack(toOwner))).status, 200)
    assert.equal((await signIn('order@example.org', newPassword)).status, 200)
  })

  test('an older notice brings the address back too: it was mailed to the address of then', async () => {
    const thief = await confirmed('older')
    const earlier = await changePassword(thief)
    await changeAddress(thief, 'older@evil.example')
    assert.equal((await setPassword(await takeBack(earlier))).status, 200)
    assert.equal((await signIn('older@example.org', newPassword)).status, 200)
  })

  test('RST-07, MFA-07: it never bypasses a second factor nor takes one away', async () => {
    const browser = await confirmed('two-steps')
    const { secret } = await addAuthenticator(world, browser)
    assert.equal((await addSecurityKey(browser, new SoftPasskey())).status, 200)
    const letters = await box.letters(world)
    assert.ok(letters.some(({ subject }) => subject.includes('security key')))
    const added = letters.find(({ subject }) => subject.includes('authenticator'))
    assert.ok(added)
    const redirect = await takeBack(added)
    assert.equal((await setPassword(redirect)).status, 200)
    const half = await signIn('two-steps', newPassword)
    assert.equal(half.status, 401)
    const asked = z.looseObject({ pending_token: z.string(), methods: z.array(z.string()) }).parse(await half.json())
    assert.ok(asked.methods.includes('security_key'), 'a key stays with the second factor that it belongs to')
    const { pending_token } = asked
    world.pass(60_000)
    const json = { pending_token, code: codeOf(world, secret) }
    assert.equal((await world.browser().send('/auth/second-factor', { json })).status, 200)
  })

  test('PKY-05: a passkey that came with what the notice tells of, or later, goes; an older one stays', async () => {
    const thief = await confirmed('keys')
    const old = new SoftPasskey()
    assert.equal((await addPasskey(thief, old)).status, 200)
    world.pass(60_000)
    await box.letters(world)
    const added = new SoftPasskey()
    assert.equal((await addPasskey(thief, added)).status, 200)
    const [notice] = await box.letters(world)
    assert.ok(notice)
    await takeBack(notice)
    assert.equal((await signInBy(world.browser(), added)).status, 401)
    assert.equal((await signInBy(world.browser(), old)).status, 200)
  })

  test('the former address stays free for its owner while the link works: nobody else takes it', async () => {
    const thief = await confirmed('kept')
    const notice = await changeAddress(thief, 'kept@evil.example')
    const squatter = await confirmed('squatter')
    const json = { email: 'Kept@example.org' }
    assert.equal((await squatter.send('/settings/address', { json })).status, 200)
    const asked = (await box.letters(world)).find(({ to }) => to === 'Kept@example.org')
    const late = await squatter.send('/settings/address/confirm', { json: { code: codeIn(asked) } })
    assert.equal(late.status, 409)
    const person = { username: 'squatter-2', email: 'kept@example.org', password }
    assert.equal((await world.browser().send('/auth/register', { json: person })).status, 409)
    await assert.rejects(world.auth.registerUser(person), { code: 'email_taken' })
    assert.equal((await setPassword(await takeBack(notice))).status, 200)
    assert.equal((await signIn('kept@example.org', newPassword)).status, 200)
  })

  test('after 7 days the link has ended and the address is free', async () => {
    const browser = await confirmed('week')
    const notice = await changeAddress(browser, 'week@new.example')
    world.pass(days(7))
    assert.equal(await refused(await undo(notice)), 'link_invalid')
    await world.auth.registerUser({ username: 'week-2', email: 'week@example.org', password })
  })

  test('whoever never confirmed an address can put nothing back: a slip of the keys gives a stranger no account', async () => {
    await box.letters(world)
    const browser = await signedUp(world, 'slip', password)
    await box.letters(world)
    const early = await changePassword(browser, password, newPassword)
    const notice = await changeAddress(browser, 'right@example.org')
    assert.equal(notice.to, 'slip@example.org')
    assert.doesNotMatch(notice.text, /https?:/)
    assert.equal(await refused(await undo(early)), 'link_invalid')
    assert.equal((await browser.get('/settings')).status, 200)
  })

  test('a person without script: the form leads to the page of the new password, the cookie goes', async () => {
    const browser = await confirmed('scriptless')
    const notice = await changePassword(browser, password, newPassword)
    const form = { token: tokenOf(linkIn(notice, '/auth/undo')) }
    const answer = await browser.send('/auth/undo', { form })
    assert.equal(answer.status, 303)
    const page = await browser.get(answer.headers.get('location') ?? '')
    assert.match(await page.text(), /Set a new password.*scriptless/s)
    assert.equal(
      await count(world.auth, 'sessions s', "JOIN users u ON u.id = s.user_id WHERE u.username = 'scriptless'"),
      0,
    )
  })

  test('AUD-04: the account’s history tells of it', async () => {
    const browser = await confirmed('told')
    const redirect = await takeBack(await changePassword(browser, password, thiefsPassword))
    await setPassword(redirect)
    const again = world.browser()
    await again.send('/auth/login', { json: { username: 'told', password: newPassword } })
    assert.match(
      await (await again.get('/settings/activity')).text(),
      /The account was taken back by the link of a notice/,
    )
  })

  test('CHG-02, MFA-07: the passkey that a thief has added goes with it; one of before stays', async () => {
    const browser = await confirmed('keyholder')
    const [own, thiefs] = [new SoftPasskey(), new SoftPasskey()]
    assert.equal((await addPasskey(browser, own)).status, 200)
    await box.letters(world)
    world.pass(minutes(11))
    assert.equal((await browser.send('/settings/confirm', { json: { password } })).status, 200)
    assert.equal((await addPasskey(browser, thiefs)).status, 200)
    const [notice] = await box.letters(world)
    assert.equal((await signInBy(world.browser(), thiefs)).status, 200, 'it opens the account before')
    await takeBack(notice ?? assert.fail())
    assert.equal((await signInBy(world.browser(), thiefs)).status, 401)
    assert.equal((await signInBy(world.browser(), own)).status, 200)
  })
})
