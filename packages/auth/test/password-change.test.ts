import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import type { Browser } from './support/browser.ts'
import { createBrowser } from './support/browser.ts'
import { cookieHeader, sessionValue } from './support/cookies.ts'
import { heldDatabase } from './support/held-database.ts'
import { count, rowsOf } from './support/sql.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'
const better = 'two walks by the river'

describe('changing the password', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  const change = (browser: Browser, current: string, next: string) =>
    browser.send('/settings/password', { json: { current_password: current, new_password: next } })
  const signIn = async (username: string, word: string, browser = world.browser()) => {
    const { status } = await browser.send('/auth/login', { json: { username, password: word } })
    return { status, browser }
  }
  const codesOf = async (response: Response): Promise<string[]> =>
    JSON.parse(await response.text()).errors?.map((error: { code: string }) => error.code) ?? []

  test('CHG-01: without a session, or from another site, nothing happens', async () => {
    const browser = await signedUp(world, 'closed')
    assert.equal((await change(world.browser(), password, better)).status, 401)
    const foreign = await browser.send('/settings/password', {
      form: { current_password: password, new_password: better },
      headers: { origin: 'https://evil.example' },
    })
    assert.equal(foreign.status, 403)
    assert.equal((await signIn('closed', password)).status, 200)
  })

  test('CHG-01: an access token is no session: it changes no password', async () => {
    await signedUp(world, 'tokens')
    const login = await world.browser().send('/auth/api/login', { json: { username: 'tokens', password } })
    const { access_token } = JSON.parse(await login.text())
    const response = await world.browser().send('/settings/password', {
      json: { current_password: password, new_password: better },
      headers: { authorization: `Bearer ${access_token}` },
    })
    assert.equal(response.status, 401)
  })

  test('CHG-01: the current password must be right', async () => {
    const browser = await signedUp(world, 'wrong')
    for (const wrong of ['', 'wrong wrong', `${password} `, password.toUpperCase()]) {
      const response = await change(browser, wrong, better)
      assert.equal(response.status, wrong === '' ? 422 : 403)
      assert.deepEqual(await codesOf(response), [wrong === '' ? 'too_short' : 'wrong_current_password'])
    }
    assert.equal((await browser.get('/settings')).status, 200)
    assert.equal((await signIn('wrong', better)).status, 401)
  })

  test('CHG-01: a new password has the same rules as at registration', async () => {
    const browser = await signedUp(world, 'rules-person')
    for (const bad of ['short', 'password', 'rules-person', 'rules-person@example.org', 'x'.repeat(1025), '']) {
      assert.equal((await change(browser, password, bad)).status, 422, bad.slice(0, 30))
    }
    assert.equal((await signIn('rules-person', password)).status, 200)
  })

  test('CHG-01: ten wrong current passwords in ten minutes, then 429 also for the right one; signing in is not touched', async () => {
    const browser = await signedUp(world, 'guessed')
    for (let i = 0; i < 10; i++) assert.equal((await change(browser, `wrong ${i} wrong`, better)).status, 403)
    const limited = await change(browser, password, better)
    assert.equal(limited.status, 429)
    assert.ok(Number(limited.headers.get('retry-after')) > 0)
    assert.equal((await signIn('guessed', password)).status, 200)
    const other = await signedUp(world, 'neighbour')
    assert.equal((await change(other, password, better)).status, 200, 'nobody else is limited')
    world.pass(minutes(11))
    assert.equal((await change(browser, password, better)).status, 200)
  })

  test('CHG-01: wrong guesses in parallel do not exceed the budget', async () => {
    const browser = await signedUp(world, 'parallel')
    const answers = await Promise.all(Array.from({ length: 25 }, (_, i) => change(browser, `wrong ${i} wrong`, better)))
    const tried = answers.filter(({ status }) => status === 403).length
    assert.equal(tried, 10)
    assert.equal(answers.filter(({ status }) => status === 429).length, 15)
  })

  test('CHG-02, SES-02: everything else that was open is dead at once; this browser gets a new session', async () => {
    const browser = await signedUp(world, 'changes')
    const { browser: other } = await signIn('changes', password)
    const login = await other.send('/auth/api/login', { json: { username: 'changes', password } })
    const { access_token, refresh_token, user } = JSON.parse(await login.text())
    const bearer = { authorization: `Bearer ${access_token}` }
    const link = new URL((await world.auth.admin.resetLink(user.id, 'a test')).url)
    const before = cookieHeader(browser)
    // All of it is in the caches.
    assert.deepEqual(
      (await Promise.all([browser.get('/settings'), other.get('/settings'), other.get('/auth/api/me', bearer)])).map(
        (r) => r.status,
      ),
      [200, 200, 200],
    )
    const changed = await change(browser, password, better)
    assert.equal(changed.status, 200)
    assert.notEqual(cookieHeader(browser), before)
    assert.equal((await browser.get('/settings')).status, 200)
    assert.equal((await world.browser().get('/settings', { cookie: before })).status, 303)
    assert.equal((await other.get('/settings')).status, 303)
    assert.equal((await other.get('/auth/api/me', bearer)).status, 401)
    assert.equal((await other.send('/auth/api/refresh', { json: { refresh_token } })).status, 401)
    const reset = await other.send('/auth/reset', {
      json: { token: link.searchParams.get('token') ?? '', new_password: 'a thief in the night' },
    })
    assert.equal(reset.status, 422)
    assert.equal((await signIn('changes', password)).status, 401)
    assert.equal((await signIn('changes', better)).status, 200)
  })

  test('CHG-02: another person is not touched', async () => {
    const browser = await signedUp(world, 'one-of-two')
    const other = await signedUp(world, 'two-of-two')
    await change(browser, password, better)
    assert.equal((await other.get('/settings')).status, 200)
  })

  test('CHG-02: "stay signed in" stays; the form comes back to the settings', async () => {
    await signedUp(world, 'stays-in')
    const browser = world.browser()
    await browser.send('/auth/login', { json: { username: 'stays-in', password, remember_me: true } })
    const response = await browser.send('/settings/password', {
      form: { current_password: password, new_password: better },
    })
    assert.equal(response.status, 303)
    assert.equal(response.headers.get('location'), '/settings/security?done=password')
    assert.ok(
      response.headers.getSetCookie().some((c) => c.startsWith('mia_session=') && c.includes('Max-Age=2592000')),
    )
  })

  test('CHG-02: of several changes at once one wins, and its password is the one that holds', async () => {
    const browser = await signedUp(world, 'race')
    const words = Array.from({ length: 5 }, (_, i) => `walk number ${i} by the river`)
    const cookie = cookieHeader(browser)
    const answers = await Promise.all(
      words.map((word) =>
        world.browser().send('/settings/password', {
          json: { current_password: password, new_password: word },
          headers: { cookie },
        }),
      ),
    )
    const winners = words.filter((_, i) => answers[i]?.status === 200)
    assert.equal(winners.length, 1, answers.map((r) => r.status).join())
    for (const { status } of answers) assert.ok([200, 401, 409].includes(status), String(status))
    for (const word of words) assert.equal((await signIn('race', word)).status, word === winners[0] ? 200 : 401)
  })

  test('CHG-02: a sign-in with the old password that is under way when the change comes opens nothing', async () => {
    const browser = await signedUp(world, 'overtaken')
    const { id } = (await world.auth.admin.findUser('overtaken')) ?? { id: 0 }
    const attempts = Array.from({ length: 6 }, () => signIn('overtaken', password))
    const changed = change(browser, password, better)
    const tokens = Array.from({ length: 3 }, () =>
      world.browser().send('/auth/api/login', { json: { username: 'overtaken', password } }),
    )
    assert.equal((await changed).status, 200)
    for (const { browser: old } of await Promise.all(attempts)) assert.equal((await old.get('/settings')).status, 303)
    await Promise.all(tokens)
    assert.equal(await count(world.auth, 'sessions', 'WHERE user_id = ?', [id]), 1)
    assert.equal(await count(world.auth, 'token_families', 'WHERE user_id = ?', [id]), 0)
  })

  test('CHG-01: a session that ends while the change is under way changes nothing and shows nothing', async () => {
    const held = await heldDatabase(world.url)
    const slow = await testAuth({ url: world.url, database: held.connection, clock: world.clock })
    const browser = await signedUp(world, 'ended')
    const late = createBrowser(slow.fetch, baseUrl)
    late.jar.set('mia_session', sessionValue(browser))
    assert.equal((await late.get('/settings')).status, 200)
    const hold = held.hold('password_imported')
    const changing = late.send('/settings/password', { form: { current_password: password, new_password: better } })
    await hold.reached
    await browser.send('/auth/logout', { form: {} })
    hold.release()
    const response = await changing
    assert.equal(response.status, 303)
    assert.match(response.headers.get('location') ?? '', /^\/auth\/login/)
    assert.deepEqual(response.headers.getSetCookie(), [])
    assert.equal((await signIn('ended', better)).status, 401)
    await slow.close()
    await held.connection.close()
  })

  test('AUD-01, AUD-02: right and wrong changes are written down, no password with them', async () => {
    const browser = await signedUp(world, 'written')
    const { id } = (await world.auth.admin.findUser('written')) ?? { id: 0 }
    world.lines.length = 0
    await change(browser, 'mistyped secret', better)
    await change(browser, password, better)
    const events = await rowsOf(
      world.auth,
      "SELECT event, result FROM audit_events WHERE user_id = ? AND event = 'password_changed' ORDER BY id",
      [id],
    )
    assert.deepEqual(
      events.map((row) => row['result']),
      ['failed', 'ok'],
    )
    const log = JSON.stringify(world.lines)
    for (const word of ['mistyped', better, password]) assert.ok(!log.includes(word))
  })
})
