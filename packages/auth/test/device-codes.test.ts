import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days, minutes, seconds } from '@miachat/auth'
import * as oauth from 'openid-client'
import { z } from 'zod'
import type { Browser } from './support/browser.ts'
import { password, withAuthenticator } from './support/second-factor.ts'
import { count, rowsOf, write } from './support/sql.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const NAME = 'notes on the command line'

const begunShape = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string(),
  expires_in: z.number(),
  interval: z.number(),
})
const foundShape = z.object({ id: z.string() })
const tokensShape = z.object({ access_token: z.string(), refresh_token: z.string() })
const errorShape = z.object({ error: z.string() })

describe('RFC 8628: sign-in of programs without a browser', () => {
  let world: TestAuth
  const programClient = { address: '203.0.113.7', userAgent: 'notes/1.0' }
  before(async () => {
    world = await testAuth({
      limits: { registrations: 1000, perAddress: 1000 },
      mail: { transport: { send: async () => {} }, from: 'chat@example.org', sends: false },
    })
  })
  after(() => world.close())

  /** A program: no cookies, no page, an address of its own. */
  const program = (address = programClient.address) => {
    const browser = world.browser({ ...programClient, address })
    return (path: string, json: object) => browser.send(path, { json, headers: { origin: '' } })
  }
  const off = () => (world.auth.connection.kind === 'postgres' ? false : 0)
  let networks = 0
  /** From a network of its own, so that no test uses up another's budget. */
  const begin = async (client_id = NAME) => {
    const address = `198.51.${Math.floor(++networks / 250)}.${networks % 250}`
    const answer = await program(address)('/auth/api/device/code', { client_id })
    assert.equal(answer.status, 200)
    return begunShape.parse(await answer.json())
  }
  const ask = (device_code: string, client_id = NAME) =>
    program()('/auth/api/device/token', { grant_type: GRANT, device_code, client_id })
  const refusal = async (device_code: string, client_id = NAME) => {
    const answer = await ask(device_code, client_id)
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    return errorShape.parse(await answer.json()).error
  }
  const enter = async (browser: Browser, user_code: string) => {
    const answer = await browser.send('/auth/device', { json: { user_code } })
    assert.equal(answer.status, 200, await answer.clone().text())
    return foundShape.parse(await answer.json()).id
  }
  const decide = (browser: Browser, id: string, decision: string) =>
    browser.send(`/auth/device/${id}/${decision}`, { json: {} })
  const allow = async (browser: Browser, user_code: string) => {
    const answer = await decide(browser, await enter(browser, user_code), 'allow')
    assert.equal(answer.status, 200, await answer.clone().text())
  }
  const idOf = async (name: string) => (await world.auth.admin.findUser(name))?.id ?? assert.fail()

  describe('who is not let in', () => {
    test('a request without a name, with an odd one, or for another grant, in the words of RFC 6749 section 5.2', async () => {
      for (const json of [
        {},
        { client_id: '' },
        { client_id: 'a\u202eb' },
        { client_id: 'x'.repeat(61) },
        { client_id: 7 },
      ]) {
        const answer = await program()('/auth/api/device/code', json)
        assert.equal(answer.status, 400)
        assert.equal(errorShape.parse(await answer.json()).error, 'invalid_request')
      }
      const { device_code } = await begin()
      const none = await program()('/auth/api/device/token', { grant_type: GRANT, client_id: NAME })
      assert.equal(errorShape.parse(await none.json()).error, 'invalid_request')
      const other = await program()('/auth/api/device/token', { grant_type: 'password', device_code, client_id: NAME })
      assert.equal(errorShape.parse(await other.json()).error, 'unsupported_grant_type')
    })

    test('a code that never was, is another program’s, or has expired: one answer', async () => {
      const { device_code } = await begin()
      for (const code of ['x', 'x'.repeat(43), `${device_code}=`, device_code.toLowerCase(), '\u0000', 'ß']) {
        assert.equal(await refusal(code), 'expired_token')
      }
      assert.equal(await refusal(device_code, 'another'), 'expired_token')
      const browser = await signedUp(world, 'late', password)
      const late = await begin()
      await allow(browser, late.user_code)
      world.pass(minutes(10))
      assert.equal(await refusal(late.device_code), 'expired_token')
      assert.equal((await browser.send('/auth/device', { json: { user_code: late.user_code } })).status, 422)
    })

    test('nobody who only opens the link, or enters the code: it takes a yes', async () => {
      const browser = await signedUp(world, 'looks', password)
      const { device_code, user_code, verification_uri_complete } = await begin()
      assert.equal(await refusal(device_code), 'authorization_pending')
      const page = await browser.get(verification_uri_complete.replace(baseUrl, ''))
      assert.equal(page.status, 200)
      assert.ok((await page.text()).includes(`value="${user_code}"`))
      const id = await enter(browser, user_code)
      assert.equal((await browser.get(`/auth/device/${id}`)).status, 200)
      assert.equal((await browser.get(`/auth/device/${id}/allow`)).status, 405)
      world.pass(seconds(5))
      assert.equal(await refusal(device_code), 'authorization_pending')
    })

    test('who is not signed in goes through the sign-in, and comes back with the code', async () => {
      const { verification_uri_complete, user_code } = await begin()
      const answer = await world.browser().get(verification_uri_complete.replace(baseUrl, ''), { accept: 'text/html' })
      assert.equal(answer.status, 303)
      const next = encodeURIComponent(`/auth/device?user_code=${user_code}`)
      assert.equal(answer.headers.get('location'), `/auth/login?next=${next}`)
      assert.equal((await world.browser().send('/auth/device', { json: { user_code } })).status, 401)
      assert.equal((await world.browser().send('/auth/device/x/allow', { json: {} })).status, 401)
    })

    test('LOG-08: a yes needs a fresh proof; a no needs none', async () => {
      const browser = await signedUp(world, 'stale', password)
      world.pass(minutes(11))
      const [first, second] = [await begin(), await begin()]
      const id = await enter(browser, first.user_code)
      const answer = await decide(browser, id, 'allow')
      assert.equal(answer.status, 403)
      assert.equal(z.object({ code: z.string() }).parse(await answer.json()).code, 'step_up_required')
      assert.equal(await refusal(first.device_code), 'authorization_pending')
      assert.equal((await decide(browser, await enter(browser, second.user_code), 'refuse')).status, 200)
      assert.equal(await refusal(second.device_code), 'access_denied')
      const form = await browser.send(`/auth/device/${id}/allow`, {
        form: {},
        headers: { accept: 'text/html', referer: `${baseUrl}/auth/device/${id}` },
      })
      assert.equal(
        form.headers.get('location'),
        `/settings/confirm?next=${encodeURIComponent(`/auth/device/${id}?confirmed=1`)}`,
      )
      assert.equal((await browser.send('/settings/confirm', { json: { password } })).status, 200)
      assert.equal((await decide(browser, id, 'allow')).status, 200, 'the new value of the session is the same session')
      assert.equal((await ask(first.device_code)).status, 200)
    })

    test('what one has entered is nobody else’s to see or decide, and is decided once', async () => {
      const owner = await signedUp(world, 'one', password)
      const other = await signedUp(world, 'other', password)
      const { device_code, user_code } = await begin()
      const id = await enter(owner, user_code)
      assert.equal((await other.get(`/auth/device/${id}`, { accept: 'application/json' })).status, 404)
      assert.equal((await decide(other, id, 'allow')).status, 404)
      assert.equal((await decide(owner, id, 'refuse')).status, 200)
      assert.equal((await decide(owner, id, 'allow')).status, 404)
      assert.equal((await owner.send('/auth/device', { json: { user_code } })).status, 422)
      assert.equal(await refusal(device_code), 'access_denied')
    })

    test('section 5.1: guesses of one account, of one network and of everybody are counted; a code that can be none is no guess', async () => {
      const browser = await signedUp(world, 'guesses', password)
      for (let i = 0; i < 12; i++) {
        assert.equal((await browser.send('/auth/device', { json: { user_code: 'ABCD' } })).status, 422)
      }
      for (let i = 0; i < 10; i++) {
        assert.equal((await browser.send('/auth/device', { json: { user_code: 'BBBB-BBBB' } })).status, 422)
      }
      const { user_code } = await begin()
      const limited = await browser.send('/auth/device', { json: { user_code } })
      assert.equal(limited.status, 429, 'a right one too')
      assert.ok(Number(limited.headers.get('retry-after')) > 0)
      const keys = await rowsOf(world.auth, `SELECT key FROM limits WHERE key LIKE 'user-code%'`)
      const kinds = new Set(keys.map(({ key }) => String(key).split(':')[0]))
      assert.deepEqual([...kinds].sort(), ['user-code', 'user-code-network', 'user-codes'])
    })

    test('section 5.1: guesses of one network, whoever is signed in there', async () => {
      const signedInThere = async (username: string) => {
        await signedUp(world, username, password)
        const browser = world.browser({ address: '203.0.113.99' })
        assert.equal((await browser.send('/auth/login', { json: { username, password } })).status, 200)
        return browser
      }
      for (const name of ['first-there', 'second-there', 'third-there']) {
        const browser = await signedInThere(name)
        for (let i = 0; i < 10; i++) {
          assert.equal((await browser.send('/auth/device', { json: { user_code: 'CCCC-CCCC' } })).status, 422)
        }
      }
      const { user_code } = await begin()
      const fourth = await signedInThere('fourth-there')
      assert.equal((await fourth.send('/auth/device', { json: { user_code } })).status, 429)
    })

    test('section 5.1: guesses of everybody together, from however many networks', async () => {
      const browser = await signedUp(world, 'crowd', password)
      assert.equal((await browser.send('/auth/device', { json: { user_code: 'DDDD-DDDD' } })).status, 422)
      const failures = Array.from({ length: 300 }, () => world.clock())
      const state = JSON.stringify([failures, failures.length, []])
      await write(world.auth, `UPDATE limits SET state = ? WHERE key = 'user-codes'`, [state])
      const { user_code } = await begin()
      assert.equal((await browser.send('/auth/device', { json: { user_code } })).status, 429)
      world.pass(minutes(10))
      const later = await begin()
      assert.equal((await browser.send('/auth/device', { json: { user_code: later.user_code } })).status, 200)
    })

    test('one network fills no table with codes', async () => {
      const from = program('192.0.2.1')
      for (let i = 0; i < 60; i++) assert.equal((await from('/auth/api/device/code', { client_id: NAME })).status, 200)
      assert.equal((await from('/auth/api/device/code', { client_id: NAME })).status, 429)
      assert.equal((await program('192.0.2.2')('/auth/api/device/code', { client_id: NAME })).status, 200)
    })

    test('section 3.5: who asks too early waits longer each time, and soon writes nothing more', async () => {
      const { device_code, interval } = await begin()
      assert.equal(interval, 5)
      const pause = async () => (await rowsOf(world.auth, 'SELECT max(pause) AS pause FROM device_codes'))[0]?.['pause']
      assert.equal(await refusal(device_code), 'authorization_pending')
      assert.equal(await refusal(device_code), 'slow_down')
      assert.equal(Number(await pause()), 10_000)
      world.pass(seconds(5))
      assert.equal(await refusal(device_code), 'slow_down', 'five seconds are too few now')
      assert.equal(Number(await pause()), 15_000)
      world.pass(seconds(15))
      assert.equal(await refusal(device_code), 'authorization_pending')
      for (let i = 0; i < 12; i++) assert.equal(await refusal(device_code), 'slow_down')
      assert.equal(Number(await pause()), 60_000)
    })
  })

  describe('after the yes, before the tokens', () => {
    const became: readonly [string, (id: number, browser: Browser) => Promise<unknown>][] = [
      ['disabled', (id) => write(world.auth, 'UPDATE users SET is_active = ? WHERE id = ?', [off(), id])],
      [
        'leaving',
        (id) =>
          write(world.auth, 'UPDATE users SET is_active = ?, deletes_at = ? WHERE id = ?', [
            off(),
            world.clock() + days(7),
            id,
          ]),
      ],
      [
        'asked for a second step whose days are over',
        (id) =>
          write(world.auth, 'UPDATE users SET factor_demanded_at = ?, factor_grace_from = ? WHERE id = ?', [
            world.clock() - days(8),
            world.clock() - days(8),
            id,
          ]),
      ],
      ['waiting', (id) => write(world.auth, 'UPDATE users SET waits_since = ? WHERE id = ?', [world.clock(), id])],
      ['signed out', (_, browser) => browser.send('/auth/logout', { json: {} })],
      ['signed out everywhere else', (_, browser) => browser.send('/settings/sessions/end-others', { json: {} })],
      [
        'with another password',
        (_, browser) =>
          browser.send('/settings/password', {
            json: { current_password: password, new_password: 'a boat on the lake' },
          }),
      ],
    ]
    for (const [index, [what, become]] of became.entries()) {
      test(`an account that is ${what} gets none`, async () => {
        const name = `became-${index}`
        const browser = await signedUp(world, name, password)
        const id = await idOf(name)
        const { device_code, user_code } = await begin()
        await allow(browser, user_code)
        await become(id, browser)
        assert.ok(['access_denied', 'expired_token'].includes(await refusal(device_code)))
        assert.equal(await refusal(device_code), 'expired_token', 'it is used up')
        assert.equal(await count(world.auth, 'token_families', 'WHERE user_id = ?', [id]), 0)
      })
    }
  })

  describe('who is let in', () => {
    test('once: of several that ask at the same time one gets tokens', async () => {
      const browser = await signedUp(world, 'once', password)
      const { device_code, user_code } = await begin()
      await allow(browser, user_code)
      const answers = await Promise.all(Array.from({ length: 5 }, () => ask(device_code)))
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400, 400, 400])
      assert.equal(await refusal(device_code), 'expired_token')
      assert.equal(await count(world.auth, 'token_families', 'WHERE user_id = ?', [await idOf('once')]), 1)
    })

    test('by a code in small letters and without the hyphen; the database knows hashes only', async () => {
      const { browser } = await withAuthenticator(world, 'hashes')
      const { device_code, user_code } = await begin()
      assert.match(user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
      const stored = JSON.stringify(await rowsOf(world.auth, 'SELECT * FROM device_codes'))
      assert.ok(
        !stored.includes(device_code) && !stored.includes(user_code) && !stored.includes(user_code.replace('-', '')),
      )
      await allow(browser, user_code.toLowerCase().replace('-', ' '))
      assert.equal((await ask(device_code)).status, 200)
    })

    test('the page names the program as it claims, where from and when; no name is HTML', async () => {
      const browser = await signedUp(world, 'reads', password)
      const { user_code } = await begin('<b>Your bank</b>')
      const id = await enter(browser, user_code)
      const page = await (await browser.get(`/auth/device/${id}`, { accept: 'text/html' })).text()
      assert.ok(page.includes('&lt;b&gt;Your bank&lt;/b&gt;') && page.includes('not verified'))
      assert.match(page, /198\.51\.\d+\.\d+<\/bdi>, another network than yours/)
      assert.ok(page.includes('Did somebody send or tell you the code?'))
      const json = await browser.get(`/auth/device/${id}`, { accept: 'application/json' })
      assert.equal(z.object({ claimed_name: z.string() }).parse(await json.json()).claimed_name, '<b>Your bank</b>')
    })

    test('it stands in the devices, the receipt, the log and a letter, and ends as every program does (LOG-09, A9)', async () => {
      const browser = await signedUp(world, 'told', password)
      const id = await idOf('told')
      const { device_code, user_code } = await begin()
      await allow(browser, user_code)
      const { access_token } = tokensShape.parse(await (await ask(device_code)).json())
      const me = (authorization: string) => world.browser().get('/auth/api/me', { authorization })
      assert.equal((await me(`Bearer ${access_token}`)).status, 200)
      for (const path of ['/settings/devices', '/settings/access']) {
        assert.ok((await (await browser.get(path, { accept: 'text/html' })).text()).includes(NAME), path)
      }
      const events = await rowsOf(
        world.auth,
        'SELECT event FROM audit_events WHERE user_id = ? ORDER BY id DESC LIMIT 2',
        [id],
      )
      assert.deepEqual(
        events.map(({ event }) => event),
        ['token_sign_in', 'program_allowed'],
      )
      assert.equal(await count(world.auth, 'outbox', `WHERE user_id = ? AND kind = 'new_device'`, [id]), 1)
      assert.equal((await browser.send('/settings/sessions/end-others', { json: {} })).status, 200)
      assert.equal((await me(`Bearer ${access_token}`)).status, 401)
    })

    test('a library for OAuth that knows nothing of us gets its tokens', async () => {
      const browser = await signedUp(world, 'library', password)
      const server = {
        issuer: baseUrl,
        device_authorization_endpoint: `${baseUrl}/auth/api/device/code`,
        token_endpoint: `${baseUrl}/auth/api/device/token`,
      }
      const config = new oauth.Configuration(server, 'oauth-library', undefined, oauth.None())
      oauth.allowInsecureRequests(config)
      config[oauth.customFetch] = async (url, { method, headers, body }) =>
        world.fetch(new Request(url, { method, headers, ...(body == null ? {} : { body: String(body) }) }), {
          address: '192.0.2.9',
        })
      const begun = await oauth.initiateDeviceAuthorization(config, {})
      await allow(browser, begun.user_code)
      const tokens = await oauth.pollDeviceAuthorizationGrant(config, { ...begun, interval: 0 })
      assert.equal(tokens.token_type, 'bearer')
      assert.ok(tokens.refresh_token)
    })

    test('what has expired is swept, and nothing is written where nothing has', async () => {
      await begin()
      world.pass(minutes(11))
      assert.ok((await count(world.auth, 'device_codes')) > 0)
      await world.auth.sweep()
      assert.equal(await count(world.auth, 'device_codes'), 0)
    })
  })
})
