import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { cookieHeader } from './support/cookies.ts'
import { count, rowsOf } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'
const better = 'two walks by the river'

describe('reset links', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  const idOf = async (username: string) => {
    const user = await world.auth.admin.findUser(username)
    assert.ok(user)
    return user.id
  }
  const linkFor = async (username: string) =>
    new URL((await world.auth.admin.resetLink(await idOf(username), 'a test')).url)
  const tokenOf = (link: URL) => link.searchParams.get('token') ?? ''
  const use = (token: string, word: string) =>
    world.browser().send('/auth/reset', { json: { token, new_password: word } })
  const signIn = async (username: string, word: string) =>
    (await world.browser().send('/auth/login', { json: { username, password: word } })).status

  test('an account that does not exist has no link and no state, and nothing is written down of it', async () => {
    const before = await count(world.auth, 'audit_events')
    for (const id of [999_999, 0, -1]) {
      const missing = { code: 'not_found' }
      await assert.rejects(world.auth.admin.resetLink(id, 'a test'), missing)
      await assert.rejects(world.auth.admin.setActive(id, false, 'a test'), missing)
    }
    assert.equal(await count(world.auth, 'audit_events'), before)
  })

  test('RST-02: what is no link sets nothing and is told apart from nothing', async () => {
    await signedUp(world, 'nobody-reset')
    const used = tokenOf(await linkFor('nobody-reset'))
    assert.equal((await use(used, better)).status, 200)
    const bodies = new Set<string>()
    for (const token of [used, 'x', 'A'.repeat(43), '../..', used.toLowerCase()]) {
      const response = await use(token, 'another good word')
      const { request_id: _, ...problem } = JSON.parse(await response.text())
      bodies.add(JSON.stringify(problem))
      assert.equal(problem.code, 'link_invalid')
    }
    assert.equal(bodies.size, 1)
    assert.equal(await signIn('nobody-reset', better), 200)
  })

  test('RST-02: 256 random bits, of which only the SHA-256 is stored; half an hour; the newest voids the older', async () => {
    await signedUp(world, 'link-person')
    const [first, second] = [await linkFor('link-person'), await linkFor('link-person')]
    const token = tokenOf(second)
    assert.match(token, /^[\w-]{43}$/)
    const rows = await rowsOf(world.auth, "SELECT * FROM links WHERE user_id = ? AND purpose = 'reset_password'", [
      await idOf('link-person'),
    ])
    assert.equal(rows.length, 1)
    const [row] = rows
    assert.deepEqual(
      Buffer.from(row?.['token_hash'] instanceof Uint8Array ? row['token_hash'] : []),
      createHash('sha256').update(token).digest(),
    )
    assert.equal((await use(tokenOf(first), better)).status, 422, 'the older one is void')
    world.pass(minutes(29))
    const third = await linkFor('link-person')
    world.pass(minutes(30.1))
    assert.equal((await use(tokenOf(third), better)).status, 422, 'expired')
    assert.equal(await signIn('link-person', password), 200)
  })

  test('RST-03: ten uses at once set one password', async () => {
    await signedUp(world, 'ten-at-once')
    const token = tokenOf(await linkFor('ten-at-once'))
    const words = Array.from({ length: 10 }, (_, i) => `walk number ${i} by the river`)
    const answers = await Promise.all(words.map((word) => use(token, word)))
    const winners = words.filter((_, i) => answers[i]?.status === 200)
    assert.equal(winners.length, 1)
    assert.equal(answers.filter(({ status }) => status === 422).length, 9)
    assert.equal(await signIn('ten-at-once', winners[0] ?? ''), 200)
    assert.equal(
      await count(world.auth, 'audit_events', "WHERE event = 'password_reset' AND user_id = ?", [
        await idOf('ten-at-once'),
      ]),
      1,
    )
  })

  test('RST-04: the address comes from the settings, whatever a request says', async () => {
    await signedUp(world, 'host-header')
    const link = await linkFor('host-header')
    assert.equal(link.origin, 'http://localhost:8080')
    const evil = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
    for (const path of ['/auth/forgot', `${link.pathname}${link.search}`, '/auth/login']) {
      const page = await (await world.browser().get(path, { ...evil, accept: 'text/html' })).text()
      assert.ok(!page.includes('evil.example'), path)
    }
  })

  test('RST-05: a link belongs to the stored account, whatever spelling it was found by; a stranger can ask for none', async () => {
    await signedUp(world, 'mike')
    await signedUp(world, 'mlke')
    const id = await idOf('mike')
    // Unequal signs that become equal in some case or form: the Kelvin sign, dotless and dotted i, a full-width letter.
    const spellings = [
      'MIKE',
      'MIKE@EXAMPLE.ORG',
      'mi\u212ae',
      'm\u0131ke',
      'M\u0130KE',
      '\uff4dike',
      ' mike@example.org ',
    ]
    for (const spelling of [...spellings, 'mi\u212ae@example.org', 'm\u0131ke@example.org', 'mike@ex\u0430mple.org']) {
      const found = await world.auth.admin.findUser(spelling)
      assert.ok(found === null || (found.id === id && found.email === 'mike@example.org'), spelling)
    }
    const link = await linkFor(' MIKE@EXAMPLE.ORG')
    assert.deepEqual([link.pathname, [...link.searchParams.keys()]], ['/auth/reset', ['token']])
    const links = await count(world.auth, 'links')
    for (const path of ['/auth/forgot', '/auth/forgot?email=mike@example.org']) {
      const asked = await world.browser().send(path, { form: { email: 'm\u0131ke@example.org' } })
      assert.equal(asked.status, 409, 'without mail nothing is ever sent to what somebody types')
    }
    assert.equal(await count(world.auth, 'links'), links)
    assert.equal((await use(tokenOf(link), better)).status, 200)
    assert.deepEqual([await signIn('mike', better), await signIn('mlke', password)], [200, 200])
  })

  test('RST-06: opening the link changes nothing, however often; the page keeps it to itself', async () => {
    await signedUp(world, 'scanned')
    const link = await linkFor('scanned')
    const path = `${link.pathname}${link.search}`
    for (let i = 0; i < 3; i++) {
      const page = await world.browser().get(path, { accept: 'text/html' })
      assert.equal(page.status, 200)
      assert.equal(page.headers.get('referrer-policy'), 'same-origin')
      assert.equal(page.headers.get('cache-control'), 'no-store')
      assert.deepEqual(page.headers.getSetCookie(), [])
      assert.match(await page.text(), /scanned/)
      assert.equal((await world.browser().send(path, { method: 'HEAD' })).status, 200)
    }
    assert.equal(await signIn('scanned', password), 200)
    assert.equal((await use(tokenOf(link), better)).status, 200)
    const dead = await (await world.browser().get(path, { accept: 'text/html' })).text()
    assert.match(dead, /does not work any more/)
    assert.ok(!dead.includes('scanned'), 'a used link tells no name')
  })

  test('RST-02: a refused password does not use the link up', async () => {
    await signedUp(world, 'careless')
    const token = tokenOf(await linkFor('careless'))
    for (const bad of ['short', 'password', 'careless']) assert.equal((await use(token, bad)).status, 422)
    const page = await world.browser().send('/auth/reset', { form: { token, new_password: 'short' } })
    assert.match(await page.text(), /name="token" value="[\w-]{43}"/, 'the form is there again')
    assert.equal((await use(token, better)).status, 200)
  })

  test('CHG-02, RST-07: after a reset everything that was open is dead, and nobody is signed in by it', async () => {
    const browser = await signedUp(world, 'resets')
    const login = await world.browser().send('/auth/api/login', { json: { username: 'resets', password } })
    const { access_token, refresh_token } = JSON.parse(await login.text())
    const bearer = { authorization: `Bearer ${access_token}` }
    assert.equal((await browser.get('/auth/api/me', bearer)).status, 200)
    assert.equal((await browser.get('/settings')).status, 200)
    const cookie = cookieHeader(browser)
    const link = await linkFor('resets')
    const response = await browser.send('/auth/reset', { form: { token: tokenOf(link), new_password: better } })
    assert.equal(response.status, 303)
    assert.equal(response.headers.get('location')?.split('?')[0], '/auth/login')
    assert.equal(browser.jar.has('mia_session'), false)
    const signInPage = await (await browser.get(response.headers.get('location') ?? '')).text()
    assert.match(signInPage, /role="status"><p>Your password is set/)
    assert.equal((await world.browser().get('/settings', { cookie })).status, 303)
    assert.equal((await browser.get('/auth/api/me', bearer)).status, 401)
    assert.equal((await browser.send('/auth/api/refresh', { json: { refresh_token } })).status, 401)
    assert.equal(await signIn('resets', password), 401)
    assert.equal(await signIn('resets', better), 200)
  })

  test('RST-07: the link of a disabled account opens nothing', async () => {
    await signedUp(world, 'locked')
    const before = tokenOf(await linkFor('locked'))
    await world.auth.admin.setActive(await idOf('locked'), false, 'a test')
    assert.equal((await use(before, better)).status, 422)
    const after = tokenOf(await linkFor('locked'))
    await use(after, better)
    for (const word of [password, better]) assert.equal(await signIn('locked', word), 401)
  })

  test('RST-02, ACC-03: a link is good for its own person alone, and for nothing else', async () => {
    await signedUp(world, 'mine')
    await signedUp(world, 'yours')
    const token = tokenOf(await linkFor('mine'))
    const response = await world.browser().send('/auth/reset', {
      json: { token, new_password: better, username: 'yours', user_id: await idOf('yours') },
    })
    assert.equal(response.status, 200)
    assert.equal(await signIn('yours', password), 200)
    assert.equal(await signIn('mine', better), 200)
    const other = tokenOf(await linkFor('mine'))
    assert.equal((await world.browser().get('/settings', { cookie: `mia_session=${other}` })).status, 303)
    assert.equal((await world.browser().send('/auth/api/refresh', { json: { refresh_token: other } })).status, 401)
    assert.equal((await world.browser().get('/auth/api/me', { authorization: `Bearer ${other}` })).status, 401)
  })

  test('AUD-01, AUD-02: making and using a link are written down with their actor, never the secret', async () => {
    await signedUp(world, 'audited')
    world.lines.length = 0
    const link = await linkFor('audited')
    await world.browser().get(`${link.pathname}${link.search}`, { accept: 'text/html' })
    await world.browser().send('/auth/reset', {
      form: { token: tokenOf(link), new_password: better },
      headers: { origin: 'https://evil.example' },
    })
    await use(tokenOf(link), better)
    const events = await world.auth.admin.events(await idOf('audited'), 10)
    assert.deepEqual(
      events.slice(0, 2).map(({ event, actor }) => [event, actor]),
      [
        ['password_reset', null],
        ['reset_link_made', 'a test'],
      ],
    )
    assert.ok(!JSON.stringify([world.lines, events]).includes(tokenOf(link)))
  })
})
