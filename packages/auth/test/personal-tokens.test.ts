import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { route } from '@miachat/auth'
import { codeIn, letterBox, linkIn } from './support/letters.ts'
import { password } from './support/second-factor.ts'
import { stored } from './support/stored.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const HOME = '/settings/tokens'
const json = { accept: 'application/json' }

describe('personal tokens', () => {
  let world: TestAuth
  /** A second process on the same database. */
  let other: TestAuth
  before(async () => {
    const options = { limits: { registrations: 1000 }, tokenScopes: { notes: 'Read your notes' } }
    world = await testAuth(options)
    other = await testAuth({ ...options, url: world.url, clock: world.clock })
  })
  after(async () => {
    await other.close()
    await world.close()
  })

  type Browser = ReturnType<TestAuth['browser']>
  const rows = [
    route({
      method: 'GET',
      path: '/notes',
      access: 'either',
      scope: 'notes',
      summary: 'Notes.',
      handle: (exchange) => exchange.json({ of: exchange.user?.username }),
    }),
    route({
      method: 'GET',
      path: '/unscoped',
      access: 'either',
      summary: 'Closed to every personal token.',
      handle: (exchange) => exchange.json({}),
    }),
  ]
  const kept = () => stored(world).read.selectFrom('personal_tokens').selectAll().execute()
  const ask = (path: string, token: string, from = world) =>
    from.auth.site(rows)(new Request(`${baseUrl}${path}`, { headers: { authorization: `Bearer ${token}` } }))
  async function make(browser: Browser, wanted: object = {}): Promise<{ id: string; token: string }> {
    const sent = { name: 'Backup', days: 30, scopes: ['notes'], ...wanted }
    const made = await browser.send(HOME, { json: sent })
    const text = await made.text()
    assert.equal(made.status, 200, text)
    return JSON.parse(text)
  }
  const listed = async (browser: Browser) => JSON.parse(await (await browser.get(HOME, json)).text()).tokens

  test('LOG-08: to see the list and to make a token needs a fresh proof; a guest and another site get nothing', async () => {
    const browser = await signedUp(world, 'stale-tokens', password)
    world.pass(11 * 60_000)
    for (const refused of [
      await browser.get(HOME, json),
      await browser.send(HOME, { json: { name: 'x', days: 1, scopes: ['notes'] } }),
    ]) {
      assert.equal(refused.status, 403)
      assert.equal(JSON.parse(await refused.text()).code, 'step_up_required')
    }
    assert.equal((await world.browser().get(HOME, json)).status, 401)
    const foreign = { json: { name: 'x', days: 1, scopes: ['notes'] }, headers: { origin: 'https://evil.example' } }
    assert.equal((await browser.send(HOME, foreign)).status, 403)
    assert.equal((await browser.send('/settings/confirm', { json: { password } })).status, 200)
    assert.deepEqual(await listed(browser), [])
  })

  test('what does not fit is refused: no name, no scope, an unknown one, no day or too many; a form is shown again', async () => {
    const browser = await signedUp(world, 'wrong-tokens', password)
    const right = { name: 'Backup', days: 30, scopes: ['notes'] }
    for (const wrong of [
      { name: '' },
      { name: 'x'.repeat(61) },
      { name: 'line\nend' },
      { scopes: [] },
      { scopes: undefined },
      { scopes: ['admin'] },
      { scopes: ['notes', '__proto__'] },
      { scopes: ['constructor'] },
      { days: 0 },
      { days: 366 },
      { days: 1.5 },
    ]) {
      const refused = await browser.send(HOME, { json: { ...right, ...wrong } })
      assert.ok([400, 422].includes(refused.status), JSON.stringify(wrong))
    }
    const form = await browser.send(HOME, { form: { name: '<b>Backup</b>', days: '30' } })
    assert.equal(form.status, 422)
    assert.match(await form.text(), /<title>Error: Tokens.*Choose at least one.*value="&lt;b&gt;Backup/s)
    assert.deepEqual(await listed(browser), [])
  })

  test('closed by default: no scope, no row; a row without one, the settings and the host’s guards stay closed', async () => {
    const browser = await signedUp(world, 'scoped', password)
    const { token } = await make(browser)
    assert.deepEqual(await (await ask('/notes', token)).json(), { of: 'scoped' })
    for (const path of ['/unscoped', '/auth/api/me']) {
      const refused = await ask(path, token)
      assert.equal(refused.status, 403, path)
      assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer error="insufficient_scope"/)
    }
    assert.equal((await ask('/settings', token)).status, 303)
    assert.equal((await ask(HOME, token)).status, 303)
    const request = new Request(`${baseUrl}/x`, { headers: { authorization: `Bearer ${token}` } })
    await assert.rejects(world.auth.requireBearerAuth(request), { code: 'insufficient_scope' })
    const profile = await make(browser, { scopes: ['profile'] })
    assert.equal((await ask('/auth/api/me', profile.token)).status, 200)
    assert.equal((await ask('/notes', profile.token)).status, 403)
    assert.equal(JSON.parse(await (await ask('/auth/api/check', token)).text()).authenticated, true)
  })

  test('shown once and stored as a hash; a letter that is wrong, and a token of nobody, open nothing', async () => {
    const browser = await signedUp(world, 'hashed', password)
    const { token } = await make(browser)
    assert.match(token, /^mia_pat_[0-9A-Za-z]{46}$/)
    const text = JSON.stringify(await kept())
    assert.doesNotMatch(text, new RegExp(token.slice(8, 30)))
    assert.doesNotMatch(await (await browser.get(HOME)).text(), /mia_pat_/)
    assert.doesNotMatch(await (await browser.get(HOME, json)).text(), /mia_pat_/)
    for (const wrong of [
      token.slice(0, -1),
      `${token}0`,
      token.replace('mia_pat_', ''),
      `mia_pat_${'0'.repeat(40)}2kaqcA`,
    ]) {
      const refused = await ask('/notes', wrong)
      assert.equal(refused.status, 401, wrong)
      assert.match(refused.headers.get('www-authenticate') ?? '', /invalid_token/)
    }
    const form = await browser.send(HOME, { form: { name: 'From a form', days: '7', 'scope-notes': '1' } })
    assert.equal(form.status, 200)
    assert.equal(form.headers.get('cache-control'), 'no-store')
    const [, shown = ''] = /<pre[^>]*>(mia_pat_\w+)<\/pre>/.exec(await form.text()) ?? []
    assert.equal((await ask('/notes', shown)).status, 200)
  })

  test('S6, ACC-03: listed with name, scopes, last use and end; only its owner revokes one, and it counts in every process at once', async () => {
    const browser = await signedUp(world, 'revoker', password)
    const thief = await signedUp(world, 'token-thief', password)
    const { id, token } = await make(browser, { name: 'Küche <b>' })
    assert.equal((await ask('/notes', token, other)).status, 200)
    let [entry] = await listed(browser)
    // Written beside the answer.
    for (let n = 0; n < 100 && entry.last_used_at === null; n++) {
      await sleep(20)
      ;[entry] = await listed(browser)
    }
    assert.deepEqual([entry.name, entry.scopes, entry.last_used_from], ['Küche <b>', ['notes'], 'unknown'])
    assert.ok(Date.parse(entry.last_used_at) > 0)
    assert.match(await (await browser.get(HOME)).text(), /Küche &lt;b&gt;.*Last used.*May read your notes/s)
    for (const wrong of [id, 'x', '__proto__']) {
      assert.equal((await thief.send(`${HOME}/${wrong}/revoke`, { json: {} })).status, 404)
    }
    assert.equal((await ask('/notes', token, other)).status, 200)
    assert.equal((await browser.send(`${HOME}/${id}/revoke`, { form: {} })).status, 303)
    await sleep(100)
    assert.equal((await ask('/notes', token, other)).status, 401)
    assert.equal((await ask('/notes', token)).status, 401)
    const log = await (await browser.get('/settings/activity')).text()
    assert.match(log, /A token for programs was revoked.*A token for programs was made/s)
  })

  test('it ends with its days, with its account, with a new password, and with the button of the receipt', async () => {
    const browser = await signedUp(world, 'ender', password)
    const [short, day30] = [await make(browser, { days: 1 }), await make(browser)]
    assert.match(await (await browser.get('/settings/access')).text(), /Tokens for programs \(2\).*Backup/s)
    world.pass(24 * 3_600_000)
    assert.equal((await ask('/notes', short.token)).status, 401)
    assert.equal((await ask('/notes', day30.token)).status, 200)
    const anew = world.browser()
    const signIn = { username: 'ender', password }
    assert.equal((await anew.send('/auth/login', { json: signIn })).status, 200)
    assert.deepEqual((await listed(anew)).length, 1)
    assert.equal((await anew.send('/settings/access/shut', { json: {} })).status, 200)
    assert.equal((await ask('/notes', day30.token)).status, 401)
    const third = await make(anew)
    const change = { current_password: password, new_password: 'a walk by another river' }
    assert.equal((await anew.send('/settings/password', { json: change })).status, 200)
    assert.equal((await ask('/notes', third.token)).status, 401)
    const fourth = await make(anew)
    const user = await world.auth.admin.findUser('ender')
    assert.ok(user)
    await world.auth.admin.setActive(user.id, false, 'test')
    assert.equal((await ask('/notes', fourth.token)).status, 401)
    await world.auth.sweep()
    assert.ok(
      (await kept()).every(({ expires_at }) => expires_at > world.clock()),
      'swept',
    )
  })

  test('RFR-06: a sign-out by the token API is refused to a personal token, known or not, and nothing ends', async () => {
    const browser = await signedUp(world, 'leaver', password)
    const { token } = await make(browser)
    const login = await world.browser().send('/auth/api/login', { json: { username: 'leaver', password } })
    const { access_token, refresh_token } = JSON.parse(await login.text())
    const logout = (json: object, bearer?: string) =>
      world
        .browser()
        .send('/auth/api/logout', { json, ...(bearer && { headers: { authorization: `Bearer ${bearer}` } }) })
    for (const refused of [
      await logout({}, token),
      await logout({ refresh_token: token }),
      await logout({ refresh_token }, token),
      await logout({ refresh_token: token }, access_token),
      await logout({}, `mia_pat_${'0'.repeat(40)}2kaqcA`),
      await logout({}, 'mia_pat_nothing'),
    ]) {
      assert.equal(refused.status, 400)
      assert.equal(JSON.parse(await refused.text()).code, 'unsupported_token_type')
    }
    assert.equal((await ask('/notes', token)).status, 200)
    assert.equal((await ask('/auth/api/me', access_token)).status, 200)
    assert.equal((await logout({ refresh_token }, access_token)).status, 200)
    assert.equal((await ask('/auth/api/me', access_token)).status, 401)
    assert.equal((await ask('/notes', token)).status, 200)
  })

  test('SES-08, A9: it outlasts the sign-out of all other devices, which both pages say, and ends by “this was not me”', async () => {
    const box = letterBox()
    const mailing = await testAuth({ mail: box.mail, tokenScopes: { notes: 'Read your notes' } })
    try {
      const browser = await signedUp(mailing, 'outlast', password)
      const code = codeIn((await box.letters(mailing)).at(-1))
      assert.equal((await browser.send('/settings/address/confirm', { json: { code } })).status, 200)
      assert.doesNotMatch(await (await browser.get('/settings/devices')).text(), /tokens? for programs/)
      const { token } = await make(browser)
      assert.match(
        await (await browser.get('/settings/devices')).text(),
        /1 token for programs is no device and stays: <a href="\/settings\/access">/,
      )
      assert.equal((await browser.send('/settings/sessions/end-others', { json: {} })).status, 200)
      assert.equal((await ask('/notes', token, mailing)).status, 200)
      const receipt = await (await browser.get('/settings/access')).text()
      assert.match(receipt, /A sign-out of other devices leaves them; a new password, “this was not me”/)
      const notice = (await box.letters(mailing)).at(-1)
      const undo = new URL(linkIn(notice, '/auth/undo'), baseUrl).searchParams.get('token')
      const taken = await mailing.browser().send('/auth/undo', { json: { token: undo } })
      assert.equal(taken.status, 200, await taken.text())
      assert.equal((await ask('/notes', token, mailing)).status, 401)
    } finally {
      await mailing.close()
    }
  })

  test('at most fifty at a time', async () => {
    const browser = await signedUp(world, 'hoarder', password)
    for (let n = 0; n < 50; n++) await make(browser)
    const refused = await browser.send(HOME, { json: { name: 'x', days: 1, scopes: ['notes'] } })
    assert.equal(refused.status, 422)
    assert.match(await refused.text(), /You have 50 tokens/)
  })
})

test('LOG-09: a token that is made and one that is revoked are told by letter, with the way to take the account back', async () => {
  const box = letterBox()
  const world = await testAuth({ mail: box.mail, tokenScopes: { notes: 'Read your notes' } })
  try {
    const browser = await signedUp(world, 'told', password)
    await box.letters(world)
    const made = await browser.send(HOME, { json: { name: 'Backup', days: 30, scopes: ['notes'] } })
    const { id } = JSON.parse(await made.text())
    assert.equal((await browser.send(`${HOME}/${id}/revoke`, { json: {} })).status, 200)
    assert.equal((await browser.send(`${HOME}/${id}/revoke`, { json: {} })).status, 404)
    const letters = await box.letters(world)
    const subjects = letters.map(({ subject }) => subject)
    assert.equal(letters.length, 2, subjects.join('; '))
    assert.match(subjects.join('; '), /A token for programs was made.*A token for programs was revoked/)
    for (const letter of letters) linkIn(letter, '/auth/undo')
  } finally {
    await world.close()
  }
})
