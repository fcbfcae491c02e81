import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days, minutes } from '@miachat/auth'
import { z } from 'zod'
import { administrator, idOf } from './support/administrator.ts'
import { addPasskey, SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { letterBox, codeIn as letterCode } from './support/letters.ts'
import { addAuthenticator, codeOf, password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const limits = { registrations: 1000, perAddress: 1000 }
const codeIn = async (response: Response): Promise<string> =>
  z.object({ code: z.string() }).parse(await response.json()).code
const begunShape = z.object({ id: z.string(), secret: z.string() })
const doneShape = z.object({ recovery_codes: z.array(z.string()).length(10), redirect: z.literal('/') })

/** Signs in by JSON up to where a second factor has to be set up. */
async function stopped(world: TestAuth, username: string): Promise<string> {
  const response = await world.browser().send('/auth/login', { json: { username, password } })
  assert.equal(response.status, 401)
  assert.ok(!response.headers.getSetCookie().some((cookie) => cookie.includes('session')), 'no session')
  const shape = z.object({
    code: z.literal('second_factor_enrolment_required'),
    pending_token: z.string(),
    methods: z.tuple([z.literal('totp'), z.literal('passkey')]),
  })
  return shape.parse(await response.json()).pending_token
}

const begin = async (browser: Browser, pending_token: string) =>
  begunShape.parse(await (await browser.send('/auth/enrol', { json: { name: 'My phone', pending_token } })).json())

describe('M8: a second factor that is demanded of a role, without grace', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits, secondFactor: { user: { grace: 0 } } })
  })
  after(() => world.close())

  test('a sign-in stops: no session, no tokens, and the pending value opens nothing but the enrolment', async () => {
    await signedUp(world, 'stopped', password)
    const pending = await stopped(world, 'stopped')
    const program = await world.browser().send('/auth/api/login', { json: { username: 'stopped', password } })
    const problem = z.looseObject({ code: z.string(), detail: z.string() }).parse(await program.json())
    assert.equal(program.status, 401)
    assert.equal(problem.code, 'second_factor_enrolment_required')
    assert.match(problem.detail, /in a browser/)
    assert.ok(!('pending_token' in problem))
    const as = (path: string, json: object) => world.browser().send(path, { json })
    for (const path of ['/auth/second-factor', '/auth/restore', '/auth/api/second-factor']) {
      const answer = await as(path, { pending_token: pending, code: '000000' })
      assert.equal(await codeIn(answer), 'sign_in_expired', path)
    }
    const browser = world.browser()
    browser.jar.set('mia_session', pending)
    assert.equal((await browser.get('/settings', { accept: 'application/json' })).status, 401)
    assert.equal(await count(world.auth, 'sessions', "WHERE method = 'password'"), 0)
  })

  test('the enrolment refuses a wrong code, a foreign authenticator, a late, used or foreign value, and starts nothing', async () => {
    await signedUp(world, 'careful', password)
    await signedUp(world, 'other', password)
    const pending = await stopped(world, 'careful')
    const browser = world.browser()
    const { id, secret } = await begin(browser, pending)
    const confirm = async (pending_token: string, code: string, path = id) =>
      browser.send(`/auth/enrol/${path}/confirm`, { json: { pending_token, code } })
    assert.equal((await confirm(pending, '000000')).status, 422)
    assert.equal((await confirm(await stopped(world, 'other'), codeOf(world, secret))).status, 404)
    assert.equal(await codeIn(await confirm('nothing', codeOf(world, secret))), 'sign_in_expired')
    assert.equal((await confirm(pending, codeOf(world, secret), 'none')).status, 404)
    assert.ok(!browser.jar.has('mia_session'))
    assert.equal(await count(world.auth, 'authenticators', 'WHERE confirmed_at IS NOT NULL'), 0)
    const done = await confirm(pending, codeOf(world, secret))
    assert.equal(done.status, 200)
    doneShape.parse(await done.json())
    assert.equal((await browser.get('/settings')).status, 200)
    assert.equal(await codeIn(await confirm(pending, codeOf(world, secret, 1))), 'sign_in_expired', 'used up')
    world.pass(minutes(1))
    await pendingOf(world, 'careful')
    const late = await stopped(world, 'other')
    world.pass(minutes(10))
    assert.equal(
      await codeIn(await world.browser().send('/auth/enrol', { json: { name: 'x', pending_token: late } })),
      'sign_in_expired',
    )
  })

  test('who has the password alone adds nothing once the owner has set up a second factor elsewhere', async () => {
    const owner = await signedUp(world, 'raced', password)
    const thief = await stopped(world, 'raced')
    const browser = world.browser()
    const begun = await begin(browser, thief)
    assert.equal((await addPasskey(owner, new SoftPasskey())).status, 200)
    const json = { pending_token: thief, code: codeOf(world, begun.secret) }
    assert.equal(await codeIn(await browser.send(`/auth/enrol/${begun.id}/confirm`, { json })), 'sign_in_expired')
    const again = await browser.send('/auth/enrol', { json: { name: 'x', pending_token: thief } })
    assert.equal(await codeIn(again), 'sign_in_expired')
    assert.ok(!browser.jar.has('mia_session'))
  })

  test('by form: the sign-in leads to the page, QR code, recovery codes; a page of an ended sign-in says so', async () => {
    await signedUp(world, 'formal', password)
    const browser = world.browser()
    assert.match(await (await browser.get('/auth/enrol')).text(), /This sign-in has ended/)
    const asked = await browser.send('/auth/login', { form: { username: 'formal', password } })
    assert.deepEqual([asked.status, asked.headers.get('location')], [303, '/auth/enrol'])
    assert.match(await (await browser.get('/auth/enrol')).text(), /asks for a second step/)
    const nameless = await browser.send('/auth/enrol', { form: { name: '' } })
    assert.equal(nameless.status, 422)
    const begun = await browser.send('/auth/enrol', { form: { name: 'My phone' } })
    const place = begun.headers.get('location') ?? ''
    const page = await (await browser.get(place)).text()
    const secret = (/<code dir="ltr">([A-Z2-7 ]+)</.exec(page)?.[1] ?? '').replaceAll(' ', '')
    const wrong = await browser.send(`${place}/confirm`, { form: { code: '000000' } })
    assert.equal(wrong.status, 422)
    assert.match(await wrong.text(), /That code is not right/)
    const done = await browser.send(`${place}/confirm`, { form: { code: codeOf(world, secret) } })
    assert.match(await done.text(), /Your recovery codes/)
    assert.ok(!browser.jar.has('mia_pending'))
    assert.equal((await browser.get('/settings')).status, 200)
  })

  test('a session that is there opens nothing but the enrolment and the sign-out; tokens nothing at all', async () => {
    const browser = await signedUp(world, 'inside', password)
    const json = { accept: 'application/json' }
    for (const path of ['/settings', '/settings/security', '/settings/tokens', '/settings/data', '/settings/devices']) {
      assert.equal(await codeIn(await browser.get(path, json)), 'second_factor_setup_required', path)
    }
    const led = await browser.get('/settings', { accept: 'text/html' })
    assert.equal(led.headers.get('location'), '/settings/second-factor')
    assert.match(await (await browser.get('/settings/second-factor')).text(), /Nothing else opens before/)
    const change = { current_password: password, new_password: 'a ferry to the islands' }
    assert.equal(
      await codeIn(await browser.send('/settings/password', { json: change })),
      'second_factor_setup_required',
    )
    await addAuthenticator(world, browser)
    assert.equal((await browser.get('/settings', json)).status, 200, 'at once')
    const leaver = await signedUp(world, 'leaver', password)
    assert.equal((await leaver.send('/auth/logout', { json: {} })).status, 200)
  })

  test('a passkey counts as both: it opens, and the password alone asks for it, of programs too', async () => {
    const browser = await signedUp(world, 'keyed', password)
    const passkey = new SoftPasskey()
    assert.equal((await addPasskey(browser, passkey)).status, 200)
    assert.equal((await browser.get('/settings')).status, 200)
    const login = await world.browser().send('/auth/login', { json: { username: 'keyed', password } })
    const asked = z.object({ code: z.string(), methods: z.array(z.string()) }).parse(await login.json())
    assert.deepEqual(asked, { code: 'second_factor_required', methods: ['passkey'] })
    const form = world.browser()
    await form.send('/auth/login', { form: { username: 'keyed', password } })
    const page = await (await form.get('/auth/second-factor')).text()
    assert.match(page, /Use your passkey/)
    assert.doesNotMatch(page, /name="code"/)
    const program = await world.browser().send('/auth/api/login', { json: { username: 'keyed', password } })
    assert.equal(await codeIn(program), 'second_factor_required')
    assert.equal((await signInBy(world.browser(), passkey)).status, 200)
  })

  test('the last factor stays; another one lets it go', async () => {
    const { browser, id } = await withAuthenticator(world, 'keeper')
    const remove = () => browser.send(`/settings/authenticators/${id}/remove`, { json: {} })
    assert.equal(await codeIn(await remove()), 'second_factor_demanded')
    assert.equal(await count(world.auth, 'authenticators', 'WHERE id = ?', [id]), 1)
    const added = await addPasskey(browser, new SoftPasskey())
    const { id: passkeyId } = z.object({ id: z.string() }).parse(await added.json())
    assert.equal((await remove()).status, 200)
    const last = await browser.send(`/settings/passkeys/${passkeyId}/remove`, { json: {} })
    assert.equal(await codeIn(last), 'second_factor_demanded')
  })
})

describe('M8: days of grace', () => {
  let world: TestAuth
  const box = letterBox()
  const json = { accept: 'application/json' }
  before(async () => {
    world = await testAuth({
      limits,
      mail: box.mail,
      siteName: 'Chat',
      secondFactor: { admin: { grace: days(3) } },
      sessions: { short: { idle: days(30), absolute: days(60) } },
      tokens: { accessLifetime: days(10) },
    })
  })
  after(() => world.close())

  const left = async (browser: Browser) =>
    /needs a second step at the sign-in: (\d+ days? (?:is|are) left)/.exec(
      await (await browser.get('/settings')).text(),
    )?.[1]
  const signIn = async (username: string) => {
    const browser = world.browser()
    assert.equal((await browser.send('/auth/login', { json: { username, password } })).status, 200)
    return browser
  }
  const act = async (browser: Browser, id: number, what: string, reason?: string) =>
    browser.send(`/admin/people/${id}/${what}`, { json: reason === undefined ? {} : { reason } })

  test('they count from the first sign-in on, whatever follows, and then tokens open nothing either', async () => {
    await signedUp(world, 'late', password)
    await world.auth.admin.setRole(await idOf(world, 'late'), 'admin', 'test')
    const browser = await signIn('late')
    assert.equal(await left(browser), '3 days are left')
    const tokens = await world.browser().send('/auth/api/login', { json: { username: 'late', password } })
    const { access_token } = z.looseObject({ access_token: z.string() }).parse(await tokens.json())
    const authorization = `Bearer ${access_token}`
    world.pass(days(2))
    assert.equal(await left(browser), '1 day is left')
    await signIn('late')
    assert.equal((await world.browser().get('/auth/api/me', { authorization })).status, 200)
    world.pass(days(1))
    assert.equal(await codeIn(await browser.get('/settings', json)), 'second_factor_setup_required')
    const asked = await world.browser().get('/auth/api/me', { authorization })
    assert.deepEqual([asked.status, await codeIn(asked)], [403, 'second_factor_setup_required'])
    await stopped(world, 'late')
  })

  test('without a demand nobody is asked, and nothing is written down', async () => {
    const browser = await signedUp(world, 'free', password)
    world.pass(days(20))
    assert.equal(await left(browser), undefined)
    await signIn('free')
    assert.equal(await count(world.auth, 'users', "WHERE username = 'free' AND factor_grace_from IS NOT NULL"), 0)
  })

  test('an administrator demands it of one person, with a reason that the person reads, and takes it back', async () => {
    const { browser: chief, id: chiefId, secret } = await administrator(world, 'chief')
    const browser = await signedUp(world, 'asked', password)
    const id = await idOf(world, 'asked')
    assert.equal((await act(chief, id, 'demand-second-factor')).status, 422, 'not without a reason')
    assert.equal((await act(browser, id, 'demand-second-factor', 'r')).status, 403)
    assert.equal((await act(chief, id, 'withdraw-demand', 'r')).status, 409, 'not demanded')
    await box.letters(world)
    assert.equal((await act(chief, id, 'demand-second-factor', 'You hold the <keys>')).status, 200)
    assert.equal((await act(chief, id, 'demand-second-factor', 'again')).status, 409)
    assert.deepEqual(
      (await box.letters(world)).map(({ to, subject }) => `${to}: ${subject}`),
      ['asked@example.org: Please set up a second step (Chat)'],
    )
    assert.equal(await left(browser), '7 days are left')
    const page = await (await browser.get('/settings/second-factor')).text()
    assert.match(page, /An administrator asks for it: <bdi>You hold the &lt;keys&gt;<\/bdi>/)
    const state = z.looseObject({ demanded_until: z.iso.datetime(), demand_reason: z.string() })
    const told = state.parse(await (await browser.get('/settings/second-factor', json)).json())
    assert.equal(told.demand_reason, 'You hold the <keys>')
    assert.match(
      await (await browser.get('/settings/activity')).text(),
      /Second step demanded by an administrator\. Reason: You hold/,
    )
    assert.match(await (await chief.get('/settings/activity')).text(), /for asked: Second step demanded/)
    assert.match(await (await chief.get(`/admin/people/${id}`)).text(), /demanded since/)
    world.pass(days(7))
    await stopped(world, 'asked')
    assert.equal(await codeIn(await browser.get('/settings', json)), 'second_factor_setup_required')
    // The administrator has shown who it is again.
    const again = await signInAsChief()
    assert.equal((await act(again, id, 'withdraw-demand', 'a mistake')).status, 200)
    assert.equal((await browser.get('/settings', json)).status, 200, 'at once')
    assert.equal(await left(browser), undefined)
    assert.equal((await act(again, chiefId, 'demand-second-factor', 'r')).status, 200)
    assert.equal((await act(again, chiefId, 'withdraw-demand', 'r')).status, 403, 'not for oneself')

    async function signInAsChief() {
      const pending_token = await pendingOf(world, 'chief')
      const fresh = world.browser()
      const code = codeOf(world, secret)
      assert.equal((await fresh.send('/auth/second-factor', { json: { pending_token, code } })).status, 200)
      return fresh
    }
  })

  test('ADM-02: an administrator is asked to set one up from the first sign-in on, also where none is demanded', async () => {
    const plain = await testAuth({ limits })
    await signedUp(plain, 'boss', password)
    await plain.auth.admin.setRole(await idOf(plain, 'boss'), 'admin', 'test')
    const browser = plain.browser()
    await browser.send('/auth/login', { json: { username: 'boss', password } })
    assert.match(await (await browser.get('/settings')).text(), /Administrators need a second step at the sign-in\./)
    await addAuthenticator(plain, browser)
    assert.doesNotMatch(await (await browser.get('/settings')).text(), /Administrators need/)
    await plain.close()
  })
})

test('M8, REG-08: where the address has to be confirmed first, one page leads on to the other, and none in a circle', async () => {
  const box = letterBox()
  const world = await testAuth({ mail: box.mail, unconfirmedAddresses: 'refuse', secondFactor: { user: { grace: 0 } } })
  const browser = await signedUp(world, 'both', password)
  const [letter] = await box.letters(world)
  const ledTo = async (path: string) => (await browser.get(path)).headers.get('location')
  assert.equal(await ledTo('/settings'), '/settings/address')
  assert.equal(await ledTo('/settings/second-factor'), '/settings/address')
  assert.equal((await browser.get('/settings/address')).status, 200)
  assert.equal((await browser.send('/settings/address/confirm', { json: { code: letterCode(letter) } })).status, 200)
  assert.equal(await ledTo('/settings'), '/settings/second-factor')
  assert.equal(await ledTo('/settings/address'), '/settings/second-factor')
  assert.equal((await browser.get('/settings/second-factor')).status, 200)
  await addAuthenticator(world, browser)
  assert.equal((await browser.get('/settings')).status, 200)
  await world.close()
})
