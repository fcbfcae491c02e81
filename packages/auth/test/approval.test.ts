import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days } from '@miachat/auth'
import { z } from 'zod'
import { administrator, idOf } from './support/administrator.ts'
import { SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { letterBox } from './support/letters.ts'
import { password } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { baseUrl, type TestAuth, testAuth } from './support/test-auth.ts'

const html = { accept: 'text/html' }
const codeIn = async (response: Response) => z.looseObject({ code: z.string() }).parse(await response.json()).code

describe('registration by approval', () => {
  let world: TestAuth
  let chief: Browser
  const box = letterBox()
  let ends: (() => Promise<void>) | null = null
  const signedUpHere: string[] = []
  before(async () => {
    // The administrator was there before the mode was.
    const open = await testAuth({ limits: { registrations: 1000 } })
    world = await testAuth({
      url: open.url,
      registration: 'approval',
      mail: box.mail,
      limits: { registrations: 1000 },
      onSignUp: ({ username }) => void signedUpHere.push(username),
    })
    ends = open.close
    const made = await administrator(open)
    chief = world.browser()
    for (const [name, value] of made.browser.jar) chief.jar.set(name, value)
  })
  after(async () => {
    await world.auth.close()
    await ends?.()
  })

  const register = (username: string, browser: Browser = world.browser()) =>
    browser.send('/auth/register', { json: { username, email: `${username}@example.org`, password } })
  const signIn = (username: string, given = password) =>
    world.browser().send('/auth/login', { json: { username, password: given } })
  const act = async (username: string, what: string, reason = 'Known to us') =>
    chief.send(`/admin/people/${await idOf(world, username)}/${what}`, { json: { reason } })
  const sessions = () => count(world.auth, 'sessions')

  test('SES-12: who waits has no session and no token, by no way, and reads so; a stranger does not', async () => {
    const before = await sessions()
    const browser = world.browser()
    const answer = await register('willa', browser)
    assert.deepEqual([answer.status, await codeIn(answer)], [403, 'account_waiting'])
    assert.equal(browser.jar.has('mia_session'), false)
    assert.equal((await browser.get('/settings', html)).status, 303)
    assert.equal(await codeIn(await signIn('willa')), 'account_waiting')
    assert.equal(await codeIn(await signIn('willa', 'not the right one')), 'invalid_credentials', 'LOG-03')
    const tokens = await world.browser().send('/auth/api/login', { json: { username: 'willa', password } })
    assert.equal(await codeIn(tokens), 'account_waiting')
    const request = new Request(`${baseUrl}/sign-in`, { method: 'POST', headers: { origin: baseUrl } })
    await assert.rejects(world.auth.authenticateUser('willa', password, request, '127.0.0.1'), {
      code: 'account_waiting',
    })
    const { url } = await world.auth.admin.resetLink(await idOf(world, 'willa'), 'test')
    const token = new URL(url).searchParams.get('token')
    await world.browser().send('/auth/reset', { json: { token, new_password: password } })
    assert.equal(await codeIn(await signIn('willa')), 'account_waiting')
    assert.equal(await sessions(), before)
    assert.equal(await count(world.auth, 'token_families'), 0)
    assert.deepEqual(signedUpHere, ['willa'])
  })

  test('the form leads to a page that says so, after the registration and after each sign-in', async () => {
    const form = { username: 'walter', email: 'walter@example.org', password, website: '' }
    const made = await world.browser().send('/auth/register', { form })
    assert.equal(made.headers.get('location'), '/auth/waiting')
    const again = await world.browser().send('/auth/login', { form: { username: 'walter', password } })
    assert.equal(again.headers.get('location'), '/auth/waiting')
    assert.match(await (await world.browser().get('/auth/waiting', html)).text(), /You get a letter/)
    assert.match(await (await world.browser().get('/auth/register', html)).text(), /An administrator looks at/)
  })

  test('a passkey made at the registration opens nothing either', async () => {
    const [browser, passkey] = [world.browser(), new SoftPasskey()]
    const options: unknown = await (
      await browser.send('/auth/register/options', { json: { username: 'wilma' } })
    ).json()
    const json = { username: 'wilma', email: 'wilma@example.org', credential: passkey.make(options) }
    assert.equal(await codeIn(await browser.send('/auth/register', { json })), 'account_waiting')
    assert.equal(await codeIn(await signInBy(world.browser(), passkey)), 'account_waiting')
    assert.equal((await act('wilma', 'approve')).status, 200)
    assert.equal((await signInBy(world.browser(), passkey)).status, 200)
  })

  test('ADM-02: administrators see who waits and approve; the person is told, and is in', async () => {
    await register('wanda')
    await box.letters(world)
    const page = await (await chief.get('/admin/people', html)).text()
    assert.match(page, /\d accounts? waits? for your approval/)
    const waiting = await (await chief.get('/admin/people?state=waiting', html)).text()
    assert.match(waiting, /wanda/)
    assert.doesNotMatch(waiting, /<bdi>chief</)
    assert.doesNotMatch(await (await chief.get('/admin/people?state=disabled', html)).text(), /wanda/)
    assert.equal((await act('wanda', 'approve')).status, 200)
    const [letter] = await box.letters(world)
    assert.deepEqual([letter?.to, letter?.subject], ['wanda@example.org', 'Your account was approved (localhost)'])
    assert.equal((await signIn('wanda')).status, 200)
    for (const what of ['approve', 'decline']) assert.equal((await act('wanda', what)).status, 409, what)
    assert.equal((await signIn('wanda')).status, 200, 'who is in cannot be declined')
    assert.match(await (await chief.get('/settings/activity', html)).text(), /for wanda: Account approved/, 'AD10')
  })

  test('ACC-01: who is declined is gone, hears the reason, and the name is free', async () => {
    await register('wendy')
    await box.letters(world)
    const id = await idOf(world, 'wendy')
    assert.equal((await act('wendy', 'decline', 'Nobody here knows you')).status, 200)
    assert.equal(await world.auth.admin.findUser('wendy'), null)
    const [letter] = await box.letters(world)
    assert.equal(letter?.to, 'wendy@example.org')
    assert.match(letter?.text ?? '', /Their reason: Nobody here knows you/)
    assert.equal(await codeIn(await signIn('wendy')), 'invalid_credentials')
    assert.equal((await chief.send(`/admin/people/${id}/decline`, { json: { reason: 'Again' } })).status, 404)
    const log = await (await chief.get('/settings/activity', html)).text()
    assert.match(log, new RegExp(`for account ${id}, which is deleted: `))
    assert.doesNotMatch(log, /wendy/, 'ACC-01: no log keeps the name')
    await register('wendy')
    assert.notEqual(await idOf(world, 'wendy'), id)
  })

  test('of an approval and a decline at once, one counts', async () => {
    await register('wavering')
    const id = await idOf(world, 'wavering')
    const answers = await Promise.all(
      ['approve', 'decline'].map((what) =>
        chief.send(`/admin/people/${id}/${what}`, { json: { reason: 'Both at once' } }),
      ),
    )
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  })

  test('who has an invitation does not wait', async () => {
    const { url } = await world.auth.admin.invite({ email: null, days: 1 }, 'test')
    const invitation = new URL(url ?? '').searchParams.get('invitation')
    const json = { username: 'known', email: 'known@example.org', password, invitation }
    assert.equal((await world.browser().send('/auth/register', { json })).status, 200)
  })

  test('an account that waits and is disabled waits no more: it is closed, and nobody hears why', async () => {
    await register('wrong')
    await world.auth.admin.setActive(await idOf(world, 'wrong'), false, 'test')
    assert.equal(await codeIn(await signIn('wrong')), 'invalid_credentials')
    await world.auth.admin.setActive(await idOf(world, 'wrong'), true, 'test')
    assert.equal((await signIn('wrong')).status, 200)
  })

  test('whoever enables an account that waits approves it: the same line in the log, the same letter', async () => {
    await register('wilbur')
    await box.letters(world)
    const id = await idOf(world, 'wilbur')
    await world.auth.admin.setActive(id, true, 'command line')
    const letters = await box.letters(world)
    assert.deepEqual(
      letters.map(({ to, subject }) => [to, subject]),
      [['wilbur@example.org', 'Your account was approved (localhost)']],
    )
    const log = (await world.auth.admin.events(id, 10)).map(({ event, actor }) => [event, actor])
    assert.deepEqual(log[0], ['account_approved', 'command line'])
    assert.ok(!log.some(([event]) => event === 'account_enabled'))
    assert.equal((await signIn('wilbur')).status, 200)
    await box.letters(world)
    await world.auth.admin.setActive(id, false, 'command line')
    await world.auth.admin.setActive(id, true, 'command line')
    assert.deepEqual(await box.letters(world), [], 'once approved, it is enabled without a letter')
  })

  test('an administrator reads until when an account waits, and who waits reads it before', async () => {
    await register('wistful')
    const page = await (await chief.get(`/admin/people/${await idOf(world, 'wistful')}`, html)).text()
    assert.match(page, /Deleted if nobody approves it/)
    const approved = await (await chief.get(`/admin/people/${await idOf(world, 'known')}`, html)).text()
    assert.doesNotMatch(approved, /Deleted if nobody approves it/)
    const waiting = await (await world.browser().get('/auth/waiting', html)).text()
    assert.match(waiting, /nobody has decided for 30 days, the account is deleted/)
  })

  // The last: it moves the clock by a month.
  test('who waits for thirty days is deleted and the name is free; approved, disabled and other accounts stay', async () => {
    for (const name of ['weary', 'late', 'lucky', 'stern']) await register(name)
    const weary = await idOf(world, 'weary')
    await world.auth.admin.setActive(await idOf(world, 'lucky'), true, 'test')
    await world.auth.admin.setActive(await idOf(world, 'stern'), false, 'test')
    world.pass(days(30) - 60_000)
    await register('newer')
    await world.auth.sweep()
    assert.ok(await world.auth.admin.findUser('weary'), 'not a minute early')
    await world.auth.admin.setActive(await idOf(world, 'late'), true, 'test')
    world.pass(120_000)
    await world.auth.sweep()
    assert.equal(await world.auth.admin.findUser('weary'), null)
    for (const name of ['late', 'lucky', 'stern', 'newer', 'chief', 'known']) {
      assert.ok(await world.auth.admin.findUser(name), name)
    }
    const log = await world.auth.admin.events(weary, 10)
    assert.ok(
      log.some(({ event }) => event === 'account_deleted'),
      'AUD-01: the log says that it went',
    )
    assert.equal(await codeIn(await signIn('weary')), 'invalid_credentials')
    await register('weary')
    assert.notEqual(await idOf(world, 'weary'), weary)
  })
})
