import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { addAuthenticator, codeOf, password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { rowsOf } from './support/sql.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const statuses = (responses: readonly Response[]) => responses.map(({ status }) => status)
const codeIn = async (response: Response): Promise<string> => {
  const body: unknown = await response.json()
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : ''
}

describe('the second step of a sign-in', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({
      limits: { registrations: 1000, perAddress: 1000 },
    })
  })
  after(() => world.close())

  const finish = (json: object, path = '/auth/second-factor') => world.browser().send(path, { json })

  test('MFA-04: the pending value opens nothing, as a cookie of any name, as a token, on any route that needs a person', async () => {
    await withAuthenticator(world, 'opens-nothing')
    for (const login of ['/auth/login', '/auth/api/login']) {
      const pending = await pendingOf(world, 'opens-nothing', login)
      const headers = {
        cookie: `mia_session=${pending}; mia_pending=${pending}; mia_device=${pending}`,
        authorization: `Bearer ${pending}`,
        'content-type': 'application/json',
        accept: 'application/json',
        origin: baseUrl,
      }
      const rows = world.auth.routes.filter(({ access }) => !['open', 'guest'].includes(access))
      assert.ok(rows.length > 10)
      for (const { method, path } of rows) {
        const body = method === 'POST' ? { body: '{}' } : {}
        const request = new Request(`${baseUrl}${path.replace(':id', 'x')}`, { method, headers, ...body })
        assert.equal((await world.fetch(request, { address: '127.0.0.1' })).status, 401, `${method} ${path}`)
      }
      const refresh = await finish({ refresh_token: pending }, '/auth/api/refresh')
      assert.equal(refresh.status, 401)
    }
  })

  test('MFA-04: it finishes once, within ten minutes, on its own way, and not after a change of the password', async () => {
    const { secret, browser } = await withAuthenticator(world, 'once')
    const web = await pendingOf(world, 'once')
    const wrongWay = await finish({ pending_token: web, code: codeOf(world, secret) }, '/auth/api/second-factor')
    assert.equal(await codeIn(wrongWay), 'sign_in_expired')
    assert.equal((await finish({ pending_token: web, code: codeOf(world, secret) })).status, 200)
    world.pass(60_000)
    assert.equal(await codeIn(await finish({ pending_token: web, code: codeOf(world, secret) })), 'sign_in_expired')
    const late = await pendingOf(world, 'once')
    world.pass(minutes(10))
    assert.equal(await codeIn(await finish({ pending_token: late, code: codeOf(world, secret) })), 'sign_in_expired')
    const former = await pendingOf(world, 'once')
    const change = { current_password: password, new_password: 'a ferry to the islands' }
    assert.equal((await browser.send('/settings/password', { json: change })).status, 200, 'asks for no second step')
    assert.equal(await codeIn(await finish({ pending_token: former, code: codeOf(world, secret) })), 'sign_in_expired')
  })

  test('MFA-01: a code is taken once, also by ten at once, and one step around now only', async () => {
    const { secret } = await withAuthenticator(world, 'one-of-ten')
    const code = codeOf(world, secret)
    const pendings = await Promise.all(Array.from({ length: 10 }, () => pendingOf(world, 'one-of-ten')))
    const answers = await Promise.all(pendings.map((pending_token) => finish({ pending_token, code })))
    assert.equal(statuses(answers).filter((status) => status === 200).length, 1, statuses(answers).join(' '))
    world.pass(minutes(61))
    const again = async (steps: number) =>
      (await finish({ pending_token: await pendingOf(world, 'one-of-ten'), code: codeOf(world, secret, steps) })).status
    assert.equal(await again(-2), 401)
    assert.equal(await again(2), 401)
    assert.equal(await again(-1), 200)
    assert.equal(await again(-1), 401, 'the same again')
    assert.equal(await again(1), 200)
    assert.equal(await again(0), 401, 'an older one than the last')
  })

  test('MFA-02, MFA-03: the rows tell neither secret nor codes; ten recovery codes, each once, typed with blanks', async () => {
    const { secret, codes, browser } = await withAuthenticator(world, 'sealed')
    assert.match(secret, /^[A-Z2-7]{32}$/)
    assert.equal(new Set(codes).size, 10)
    // Sixteen signs of thirty-two: 80 bits.
    for (const code of codes) assert.match(code, /^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/)
    for (const table of ['authenticators', 'recovery_codes', 'pending_sign_ins', 'audit_events']) {
      const text = (await rowsOf(world.auth, `SELECT * FROM ${table}`))
        .flatMap((row) => Object.values(row))
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
        .join('\n')
      for (const told of [secret, ...codes]) assert.ok(!text.includes(told), table)
    }
    const [code = '', other = ''] = codes
    const use = async (typed: string) =>
      (await finish({ pending_token: await pendingOf(world, 'sealed'), code: typed })).status
    assert.equal(await use(` ${code.toUpperCase().replaceAll('-', ' ')} `), 200)
    assert.equal(await use(code), 401)
    const renewed = await browser.send('/settings/recovery-codes', { json: {} })
    assert.equal(renewed.status, 200)
    assert.equal(await use(other), 401, 'a newer set voids the older')
  })

  test('MFA-03: of ten who bring one recovery code at once one gets in; no page shows the codes again', async () => {
    const { browser, codes } = await withAuthenticator(world, 'code-of-ten')
    const [code = ''] = codes
    const pendings = await Promise.all(Array.from({ length: 10 }, () => pendingOf(world, 'code-of-ten')))
    const answers = await Promise.all(pendings.map((pending_token) => finish({ pending_token, code })))
    assert.equal(statuses(answers).filter((status) => status === 200).length, 1, statuses(answers).join(' '))
    for (const path of [
      '/settings/second-factor',
      '/settings/security',
      '/settings/activity',
      '/settings/recovery-codes',
    ]) {
      const page = await (await browser.get(path)).text()
      for (const told of codes) assert.ok(!page.includes(told), path)
    }
  })

  test('MFA-06: the token API asks, and gives the tokens for a code', async () => {
    const { secret } = await withAuthenticator(world, 'program')
    const pending_token = await pendingOf(world, 'program', '/auth/api/login')
    assert.equal(await codeIn(await finish({ pending_token, code: '000000' }, '/auth/api/second-factor')), 'wrong_code')
    const done = await finish({ pending_token, code: codeOf(world, secret) }, '/auth/api/second-factor')
    assert.equal(done.status, 200)
    const body: unknown = await done.json()
    assert.ok(typeof body === 'object' && body !== null && 'access_token' in body)
    const authorization = `Bearer ${String(body.access_token)}`
    assert.equal((await world.browser().get('/auth/api/me', { authorization })).status, 200)
  })

  test('M4, M5: the form: a cookie of its own for ten minutes, a wrong code again, a recovery code leads to a new authenticator', async () => {
    const { secret, codes } = await withAuthenticator(world, 'by-form')
    const browser = world.browser()
    const form = { username: 'by-form', password, remember_me: 'on', next: '/settings' }
    const asked = await browser.send('/auth/login', { form })
    assert.equal(asked.headers.get('location'), '/auth/second-factor?next=%2Fsettings')
    assert.deepEqual(
      asked.headers.getSetCookie().map((cookie) => cookie.replace(/=[\w-]{43}/, '=…')),
      ['mia_pending=…; Path=/auth; HttpOnly; SameSite=Lax; Max-Age=600'],
    )
    const page = await (await browser.get('/auth/second-factor?next=/settings')).text()
    assert.match(page, /autocomplete="one-time-code"/)
    const wrong = await browser.send('/auth/second-factor', { form: { code: '000000', next: '/settings' } })
    assert.equal(wrong.status, 401)
    assert.match(await wrong.text(), /That code is not right/)
    const typed = codeOf(world, secret).replace(/^.../, '$& ')
    const done = await browser.send('/auth/second-factor', { form: { code: typed, next: '/settings' } })
    assert.equal(done.headers.get('location'), '/settings')
    assert.ok(!browser.jar.has('mia_pending'))
    assert.equal((await browser.get('/settings')).status, 200)
    const lost = world.browser()
    await lost.send('/auth/login', { form })
    const recovered = await lost.send('/auth/second-factor', { form: { code: codes[0] ?? '' } })
    assert.equal(recovered.headers.get('location'), '/settings/second-factor?done=recovered')
    await addAuthenticator(world, lost, 'A new one')
    assert.match(await (await lost.get('/auth/second-factor')).text(), /This sign-in has ended/)
  })

  test('MFA-03: an authenticator that was never confirmed asks for nothing, and its page is another person’s 404', async () => {
    const browser = await signedUp(world, 'unconfirmed', password)
    const begun = await browser.send('/settings/authenticators', { form: { name: 'My phone' } })
    const place = begun.headers.get('location') ?? ''
    const page = await (await browser.get(place)).text()
    assert.match(page, /<svg role="img" aria-label=/)
    assert.match(page, /otpauth:\/\/totp\//)
    assert.equal((await browser.send(`${place}/confirm`, { form: { code: '000000' } })).status, 422)
    const other = await signedUp(world, 'other-person', password)
    assert.equal((await other.get(place)).status, 404)
    assert.equal((await other.send(`${place}/confirm`, { json: { code: '000000' } })).status, 404)
    assert.equal((await finish({ username: 'unconfirmed', password }, '/auth/login')).status, 200)
  })

  test('LOG-08, SES-02: after ten minutes each change asks for the password, with a factor for a code; the session gets a new value', async () => {
    const browser = await signedUp(world, 'step-up', password)
    world.pass(minutes(10))
    const rows = world.auth.routes.filter(({ stepUp, access }) => stepUp && access !== 'admin')
    assert.ok(rows.length > 5)
    for (const { method, path } of rows) {
      const to = path.replace(':id', 'x')
      const sent = method === 'POST' ? { json: {} } : { headers: { accept: 'application/json' } }
      const refused = await browser.send(to, sent)
      assert.equal(refused.status, 403, path)
      assert.equal(await codeIn(refused), 'step_up_required')
    }
    const page = await browser.send('/settings/authenticators', {
      form: { name: 'x' },
      headers: { referer: `${baseUrl}/settings/second-factor` },
    })
    assert.equal(page.headers.get('location'), '/settings/confirm?next=%2Fsettings%2Fsecond-factor%3Fconfirmed%3D1')
    const former = browser.jar.get('mia_session')
    assert.equal((await browser.send('/settings/confirm', { json: { password: 'wrong' } })).status, 403)
    assert.equal((await browser.send('/settings/confirm', { json: { password } })).status, 200)
    assert.notEqual(browser.jar.get('mia_session'), former)
    const { secret } = await addAuthenticator(world, browser)
    world.pass(minutes(10))
    assert.equal(
      (await browser.send('/settings/confirm', { json: { password } })).status,
      422,
      'the password is not enough',
    )
    const change = { current_password: password, new_password: 'a ferry to the islands' }
    assert.equal((await browser.send('/settings/password', { json: change })).status, 200)
    assert.equal((await browser.send('/settings/recovery-codes', { json: {} })).status, 403, 'nor is changing it')
    assert.equal((await browser.send('/settings/confirm', { json: { code: codeOf(world, secret) } })).status, 200)
    assert.equal((await browser.send('/settings/recovery-codes', { json: {} })).status, 200)
  })

  test('MFA-07: removing an authenticator ends every other session and, with the last, the second step', async () => {
    const { browser, id, secret } = await withAuthenticator(world, 'removes')
    const other = world.browser()
    const pending_token = await pendingOf(world, 'removes')
    await other.send('/auth/second-factor', { json: { pending_token, code: codeOf(world, secret) } })
    assert.equal((await other.get('/settings')).status, 200)
    const stranger = await withAuthenticator(world, 'stranger')
    assert.equal((await stranger.browser.send(`/settings/authenticators/${id}/remove`, { json: {} })).status, 404)
    assert.equal((await browser.send(`/settings/authenticators/${id}/remove`, { json: {} })).status, 200)
    assert.equal((await other.get('/settings')).status, 303)
    assert.equal((await browser.get('/settings')).status, 200)
    assert.equal((await finish({ username: 'removes', password }, '/auth/login')).status, 200)
  })
})
