import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days } from '@miachat/auth'
import { cookieHeader, sessionValue, setCookie } from './support/cookies.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'

describe('cookies', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  test('COO-04: a tossed second cookie is nobody, on every route, and ends nobody’s session', async () => {
    const victim = await signedUp(world, 'victim')
    const attacker = await signedUp(world, 'attacker')
    const [own, tossed] = [sessionValue(victim), sessionValue(attacker)]
    for (const cookie of [
      `mia_session=${own}; mia_session=${tossed}`,
      `mia_session=${tossed}; mia_session=${own}`,
      `mia_session=${own}; mia_session=${own}`,
      `mia_session=${tossed};mia_device=x;mia_session=${own}`,
      `mia_session=; mia_session=${own}`,
    ]) {
      const browser = world.browser()
      assert.equal((await browser.get('/settings', { cookie })).status, 303)
      assert.match(await (await browser.get('/auth/api/check', { cookie })).text(), /"authenticated":false/)
      assert.equal((await browser.get('/auth/login', { cookie })).status, 200)
      assert.equal(
        (await browser.send('/settings/profile', { json: { display_name: 'x' }, headers: { cookie } })).status,
        401,
      )
      assert.equal((await browser.send('/auth/logout', { form: {}, headers: { cookie } })).status, 303)
    }
    assert.equal((await victim.get('/settings')).status, 200)
    assert.equal((await attacker.get('/settings')).status, 200)
  })

  test('COO-04: signing in beside a tossed cookie works and mixes nobody up', async () => {
    const attacker = await signedUp(world, 'mallory')
    await signedUp(world, 'bella')
    const browser = world.browser()
    const cookie = `mia_session=${sessionValue(attacker)}`
    const response = await browser.send('/auth/login', { json: { username: 'bella', password }, headers: { cookie } })
    assert.equal(JSON.parse(await response.text()).user.username, 'bella')
    assert.notEqual(sessionValue(browser), sessionValue(attacker))
  })

  test('COO-05: 300 cookies and odd values are anonymous or served, never a fault', async () => {
    const browser = await signedUp(world, 'crumbs')
    const own = cookieHeader(browser)
    const crowd = Array.from({ length: 300 }, (_, i) => `c${i}=${'x'.repeat(20)}`).join('; ')
    assert.equal((await browser.get('/settings', { cookie: `${crowd}; ${own}` })).status, 200)
    assert.equal((await browser.get('/settings', { cookie: `${own}; ${crowd}` })).status, 200)
    for (const value of [
      '%',
      '%zz',
      '%E0%A4%A',
      '{"user_id":1}',
      '\u00ff'.repeat(43),
      '='.repeat(43),
      '__proto__',
      `${'A'.repeat(40_000)}`,
    ]) {
      const cookie = `mia_session=${value}; mia_device=${value}; mia_theme=${value}`
      assert.equal((await world.browser().get('/settings', { cookie })).status, 303, value.slice(0, 20))
      assert.equal((await world.browser().get('/auth/login', { cookie })).status, 200, value.slice(0, 20))
      const login = await world
        .browser()
        .send('/auth/login', { form: { username: 'crumbs', password }, headers: { cookie } })
      assert.equal(login.status, 303, value.slice(0, 20))
    }
  })

  test('COO-03: no cookie tells anything of the person', async () => {
    const browser = await signedUp(world, 'nameless')
    const { id } = (await world.auth.admin.findUser('nameless')) ?? {}
    const other = await signedUp(world, 'somebody')
    for (const [name, value] of browser.jar) {
      assert.match(value, /^[\w.-]+$/, name)
      const decoded = Buffer.from(value, 'base64url').toString('latin1')
      assert.throws(() => JSON.parse(decoded))
      for (const text of ['nameless', 'example.org', `"${id}"`]) {
        assert.ok(!value.includes(text) && !decoded.includes(text), `${name}: ${text}`)
      }
      assert.notEqual(value, other.jar.get(name))
    }
  })

  test('COO-03: of a device cookie only what is ours is given back', async () => {
    const browser = await signedUp(world, 'device')
    const device = browser.jar.get('mia_device') ?? ''
    const padded = `${device}.${'a'.repeat(500)}`
    const login = await world
      .browser()
      .send('/auth/login', { form: { username: 'device', password }, headers: { cookie: `mia_device=${padded}` } })
    const { value } = setCookie(login, 'mia_device')
    assert.ok(value.length < 250, `${value.length} characters`)
    assert.ok(value.startsWith(device))
  })

  test('COO-02: without "stay signed in" the cookie ends with the browser, with it after thirty days', async () => {
    await signedUp(world, 'ages')
    const short = await world.browser().send('/auth/login', { form: { username: 'ages', password } })
    assert.deepEqual(setCookie(short, 'mia_session').attributes, ['httponly', 'path=/', 'samesite=lax'])
    const long = await world.browser().send('/auth/login', { form: { username: 'ages', password, remember_me: 'on' } })
    assert.ok(setCookie(long, 'mia_session').attributes.includes('max-age=2592000'))
  })
})

test('L5: "stay signed in" says for how long, and the cookie and the server hold it; "forgot" leads to a page', async () => {
  const world = await testAuth({ sessions: { remembered: { idle: days(12), absolute: days(12) } } })
  await signedUp(world, 'stays')
  const page = await (await world.browser().get('/auth/login')).text()
  assert.match(page, /Stay signed in on this device for up to 12 days/)
  const browser = world.browser()
  const form = { username: 'stays', password, remember_me: 'on' }
  const signedIn = await browser.send('/auth/login', { form })
  assert.ok(setCookie(signedIn, 'mia_session').attributes.includes(`max-age=${12 * 86_400}`))
  world.pass(days(11.9))
  assert.equal((await browser.get('/settings')).status, 200)
  world.pass(days(0.2))
  assert.equal((await browser.get('/settings')).status, 303)
  const [, forgot = ''] = /<a href="([^"]*)">Forgot password\?</.exec(page) ?? []
  const help = await world.browser().get(forgot)
  assert.equal(help.status, 200)
  assert.match(await help.text(), /<h1[^>]*>Forgot your password\?<\/h1>/)
  await world.close()
})

test('COO-01: where a password would cross the network in the open, the page that asks for it says so', async () => {
  const sites: [string, boolean][] = [
    ['http://mia.home:8080', true],
    ['http://192.168.1.20:8080', true],
    ['http://localhost.example', true],
    ['http://localhost:8080', false],
    ['http://127.0.0.1:8080', false],
    ['http://[::1]:8080', false],
    ['https://mia.example', false],
  ]
  for (const [baseUrl, warns] of sites) {
    const world = await testAuth({ baseUrl })
    for (const path of ['/auth/login', '/auth/register']) {
      const page = await (await world.browser().get(path, { accept: 'text/html' })).text()
      assert.match(page, /name="password"/)
      const said = page.includes('This page is not encrypted. Others on this network can read what you type here')
      assert.equal(said, warns, `${baseUrl}${path}`)
    }
    await world.close()
  }
})
