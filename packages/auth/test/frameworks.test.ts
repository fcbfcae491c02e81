import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from './support/browser.ts'
import { type HostApp, hostApps, socketBrowser } from './support/host-apps.ts'
import { type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'

for (const [name, start] of Object.entries(hostApps)) {
  describe(`the library in ${name}`, () => {
    const baseUrl = 'http://localhost:8080'
    let world: TestAuth
    let app: HostApp
    const browser = () => socketBrowser(app, baseUrl)
    const person = { username: `anna-${name}`, email: `anna-${name}@example.org`, password }

    before(async () => {
      world = await testAuth({ baseUrl })
      app = await start(world.auth)
      const registered = await browser().send('/auth/register', { json: person })
      assert.equal(registered.status, 200, await registered.text())
    })
    after(async () => {
      await app.close()
      await world.close()
    })

    async function signedIn(): Promise<Browser> {
      const guest = browser()
      const response = await guest.send('/auth/login', { form: { username: person.username, password } })
      assert.equal(response.status, 303)
      return guest
    }

    async function accessToken(): Promise<string> {
      const response = await browser().send('/auth/api/login', { json: { username: person.username, password } })
      return JSON.parse(await response.text()).access_token
    }

    test('SES-12: a guest with a browser is sent to the sign-in page and back, a program hears 401', async () => {
      const page = await browser().get('/hello?day=1', { accept: 'text/html' })
      assert.equal(page.status, 303)
      assert.equal(page.headers.get('location'), '/auth/login?next=%2Fhello%3Fday%3D1')
      const program = await browser().get('/hello', { accept: 'application/json' })
      assert.equal(program.status, 401)
      assert.equal(program.headers.get('content-type'), 'application/problem+json; charset=utf-8')
      assert.equal(JSON.parse(await program.text()).code, 'not_signed_in')
    })

    test('CSR-01: the guards refuse what another site makes a signed-in browser send', async () => {
      const anna = await signedIn()
      for (const headers of [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: '', referer: 'https://evil.example/page' },
      ]) {
        for (const path of ['/notes', '/either']) {
          const refused = await anna.send(path, {
            form: { text: 'x' },
            headers: { ...headers, accept: 'application/json' },
          })
          assert.equal(refused.status, 403, `${path} ${JSON.stringify(headers)}`)
          assert.equal(JSON.parse(await refused.text()).code, 'cross_site_request')
        }
      }
    })

    test('JWT-07: a guard for tokens takes no cookie, no refresh token and no made-up token', async () => {
      const anna = await signedIn()
      const guest = await anna.get('/program')
      assert.equal(guest.status, 401)
      assert.equal(guest.headers.get('www-authenticate'), 'Bearer')
      const pair = await browser().send('/auth/api/login', { json: { username: person.username, password } })
      const { refresh_token } = JSON.parse(await pair.text())
      for (const token of [refresh_token, 'a.b.c', '', 'x y']) {
        const refused = await anna.get('/program', { authorization: `Bearer ${token}` })
        assert.equal(refused.status, 401, token)
        assert.equal(refused.headers.get('www-authenticate'), 'Bearer error="invalid_token"')
      }
    })

    test('LOG-08: a guard for what is dangerous lets in for ten minutes, leads a person to the page that asks, refuses a token', async () => {
      const anna = await signedIn()
      assert.equal(await (await anna.send('/close', { form: {} })).text(), `${person.username} of ${name}`)
      await anna.send('/settings/confirm/drop', { json: {} })
      const page = await anna.send('/close', { form: {}, headers: { referer: `${baseUrl}/hello` } })
      assert.equal(page.headers.get('location'), '/settings/confirm?next=%2Fhello%3Fconfirmed%3D1')
      const program = await anna.send('/close', { form: {}, headers: { accept: 'application/json' } })
      assert.equal(program.status, 403)
      assert.equal(JSON.parse(await program.text()).code, 'step_up_required')
      const authorization = `Bearer ${await accessToken()}`
      assert.equal((await browser().send('/close', { form: {}, headers: { authorization } })).status, 303)
    })

    test('a bad token is no way round to the cookie where either is taken', async () => {
      const anna = await signedIn()
      const refused = await anna.send('/either', { form: {}, headers: { authorization: 'Bearer a.b.c' } })
      assert.equal(refused.status, 401)
    })

    test('PRX-01: the socket’s address reaches the limits and the audit trail, a made-up one does not', async () => {
      const guest = browser()
      await guest.send('/auth/login', {
        json: { username: person.username, password: 'wrong wrong' },
        headers: { 'x-forwarded-for': '203.0.113.9' },
      })
      const user = await world.auth.admin.findUser(person.username)
      const events = await world.auth.admin.events(user?.id ?? 0, 20)
      assert.ok(events.length > 1)
      for (const event of events) assert.equal(event.address, '127.0.0.1')
    })

    test('who is let in is known to the host’s handlers', async () => {
      const anna = await signedIn()
      const bearer = { authorization: `Bearer ${await accessToken()}` }
      const expected = `${person.username} of ${name}`
      assert.equal(await (await anna.get('/hello')).text(), expected)
      assert.equal(await (await anna.send('/notes', { form: { text: 'x' } })).text(), expected)
      assert.equal(await (await anna.send('/either', { json: {} })).text(), expected)
      assert.equal(await (await browser().get('/program', bearer)).text(), expected)
      // No cookie is looked at, so the request may come from anywhere.
      const elsewhere = { ...bearer, origin: 'https://spa.example' }
      assert.equal(await (await browser().send('/either', { json: {}, headers: elsewhere })).text(), expected)
    })

    test('pages, files, forms and JSON of the library are answered beside the host’s own routes', async () => {
      const guest = browser()
      const page = await guest.get('/auth/login', { accept: 'text/html' })
      assert.equal(page.status, 200)
      assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
      const style = /href="(\/auth\/assets\/[^"]+\.css[^"]*)"/.exec(await page.text())?.[1] ?? ''
      assert.equal((await guest.get(style)).headers.get('content-type'), 'text/css; charset=utf-8')
      assert.equal(await (await guest.get('/public')).text(), 'for all')
      for (const path of ['/nothing', '/auth', '/auth/nothing', '/AUTH/LOGIN', '/x/../auth/nothing']) {
        const response = await guest.get(path)
        assert.equal(response.status, 404, path)
        assert.equal(await response.text(), 'The host knows no such page.', path)
      }
      const wrongMethod = await guest.send('/auth/login', { method: 'DELETE', headers: { accept: 'application/json' } })
      assert.equal(wrongMethod.status, 405)
      assert.equal(wrongMethod.headers.get('allow'), 'GET, HEAD, POST')
    })

    test('ERR-01: the library’s own rules for bodies hold, whatever the framework thinks of them', async () => {
      const headers = { accept: 'application/json', 'content-type': 'application/json' }
      const status = async (body: string, more: Record<string, string> = {}) =>
        (await browser().send('/auth/login', { body, headers: { ...headers, ...more } })).status
      assert.equal(await status('{"username":'), 400)
      assert.equal(await status('x', { 'content-type': 'text/plain' }), 415)
      assert.equal(await status(JSON.stringify({ username: 'x'.repeat(70_000) })), 413)
      const form = { 'content-type': 'application/x-www-form-urlencoded' }
      assert.equal(await status('username=a&username=b&password=c', form), 400)
      assert.equal(await status('username=a&password=%ff', form), 400)
    })

    test('HEAD is answered without a body and several cookies arrive as several', async () => {
      const head = await browser().send('/auth/login', { method: 'HEAD' })
      assert.equal(head.status, 200)
      assert.equal(await head.text(), '')
      const guest = browser()
      const response = await guest.send('/auth/login', { json: { username: person.username, password } })
      assert.equal(response.headers.getSetCookie().length, 2)
      assert.deepEqual([...guest.jar.keys()].sort(), ['mia_device', 'mia_session'])
    })

    test('SES-06: signing out ends what the host’s guards let in', async () => {
      const anna = await signedIn()
      const cookie = [...anna.jar].map((pair) => pair.join('=')).join('; ')
      assert.equal((await anna.send('/auth/logout', { form: {} })).status, 303)
      assert.equal((await browser().get('/hello', { cookie })).status, 303)
    })
  })
}
