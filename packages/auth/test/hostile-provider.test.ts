import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, afterEach, before, describe, test } from 'node:test'
import { minutes, seconds } from '@miachat/auth'
import { z } from 'zod'
import type { Browser } from './support/browser.ts'
import { allTables, tablesWith, textOf } from './support/full-person.ts'
import { type HostileProvider, hostileProvider } from './support/hostile-provider.ts'
import { count } from './support/sql.ts'
import { type TestAuth, testAuth } from './support/test-auth.ts'

const html = { accept: 'text/html' }
const begunShape = z.object({ redirect: z.url() })
const now = () => Math.floor(Date.now() / 1000)

describe('OAU-03, OAU-07: a provider that lies, is slow or down', () => {
  let provider: HostileProvider
  let world: TestAuth
  before(async () => {
    provider = await hostileProvider()
    world = await testAuth({
      providers: [{ id: 'home', label: 'Home', issuer: provider.issuer, clientId: 'chat', timeout: 400 }],
      limits: { registrations: 1000 },
    })
  })
  after(async () => {
    await world?.close()
    await provider?.close()
  })
  afterEach(() => {
    provider.behave()
    // What failed rests for a while.
    world.pass(seconds(10))
  })

  async function begin(browser: Browser): Promise<string> {
    const begun = begunShape.parse(await (await browser.send('/auth/providers/home', { json: {} })).json())
    return `/auth/providers/home/callback?code=x&state=${provider.ask(begun.redirect)}`
  }

  test('its honest answer makes a newcomer: what is refused below is refused for its lie', async () => {
    const browser = world.browser()
    const response = await browser.get(await begin(browser), html)
    assert.equal(response.headers.get('location'), '/auth/welcome')
    assert.equal(provider.seen.verifierFits, true, 'PKCE')
  })

  const lies: readonly (readonly [string, Partial<HostileProvider['misdeeds']>])[] = [
    ['an ID token signed by a key that is not its own', { forged: true }],
    ['an ID token without a signature', { unsigned: true }],
    ['no ID token', { noIdToken: true }],
    ['another issuer in the ID token', { claims: { iss: 'https://accounts.google.com' } }],
    ['another audience', { claims: { aud: 'somebody-else' } }],
    ['a second audience and no azp', { claims: { aud: ['chat', 'somebody-else'] } }],
    ['another azp', { claims: { aud: ['chat', 'somebody-else'], azp: 'somebody-else' } }],
    ['the nonce of another sign-in', { claims: { nonce: 'n'.repeat(43) } }],
    ['no nonce', { claims: { nonce: null } }],
    ['an ID token that has expired', { claims: { exp: now() - 120 } }],
    ['an empty subject', { claims: { sub: '' } }],
    ['a subject without end', { claims: { sub: 's'.repeat(256) } }],
    ['an error instead of tokens', { tokenStatus: 400 }],
    ['a fault instead of tokens', { tokenStatus: 500 }],
  ]
  for (const [what, misdeeds] of lies) {
    test(`refused: ${what}`, async () => {
      const browser = world.browser()
      const back = await begin(browser)
      Object.assign(provider.misdeeds, misdeeds)
      const response = await browser.get(back, html)
      assert.equal(response.status, 303)
      assert.equal(response.headers.get('location'), '/auth/login?why=provider_failed&provider=home&next=%2F')
      assert.equal(browser.jar.has('mia_session'), false)
      provider.behave()
      const again = await browser.get(back, html)
      assert.match(again.headers.get('location') ?? '', /why=sign_in_expired/, 'the state is used up')
    })
  }

  test('LOG-08: at a step-up it leaves out when the person has shown who it is, says it by a text, of before, or of a time to come', async () => {
    const punctual = await testAuth({
      providers: [{ id: 'home', label: 'Home', issuer: provider.issuer, clientId: 'chat', timeout: 2000 }],
    })
    try {
      const browser = punctual.browser()
      const begun = async (path: string) => {
        const { redirect } = begunShape.parse(await (await browser.send(path, { json: {} })).json())
        return {
          redirect: new URL(redirect),
          back: `/auth/providers/home/callback?code=x&state=${provider.ask(redirect)}`,
        }
      }
      await browser.get((await begun('/auth/providers/home')).back, html)
      await browser.send('/auth/welcome', { form: { username: 'stepper' } })
      await browser.send('/settings/confirm/drop', { json: {} })
      const value = browser.jar.get('mia_session')
      for (const auth_time of [undefined, null, `${now()}`, now() - 3600, now() + 3600, -1, Number.MAX_SAFE_INTEGER]) {
        const { redirect, back } = await begun('/settings/providers/home/confirm')
        assert.equal(redirect.searchParams.get('max_age'), '0')
        assert.equal(redirect.searchParams.get('prompt'), 'login')
        provider.misdeeds.claims = auth_time === undefined ? {} : { auth_time }
        const { headers } = await browser.get(back, html)
        // A claim of a wrong type is no valid ID token at all.
        assert.match(headers.get('location') ?? '', /why=provider_(not_fresh|failed)/, String(auth_time))
        assert.equal(browser.jar.get('mia_session'), value)
      }
      const { back } = await begun('/settings/providers/home/confirm')
      provider.misdeeds.claims = { auth_time: now() }
      assert.equal((await browser.get(back, html)).headers.get('location'), '/settings')
      assert.notEqual(browser.jar.get('mia_session'), value)
    } finally {
      await punctual.close()
    }
  })

  test('OAU-07: its tokens stand nowhere: no table, log, cookie or page holds one, at no moment, and nothing is sealed', async () => {
    const keeper = await testAuth({
      providers: [{ id: 'home', label: 'Home', issuer: provider.issuer, clientId: 'chat', timeout: 2000 }],
    })
    const browser = keeper.browser()
    const lookedAt = new Set<string>()
    async function assertNone(moment: string, ...pages: string[]): Promise<void> {
      const places = new Map([
        ['the log', JSON.stringify(keeper.lines)],
        ['the cookies', JSON.stringify([...browser.jar])],
        ...(await Promise.all(pages.map(async (path) => [path, await (await browser.get(path)).text()] as const))),
      ])
      for (const table of await allTables(keeper)) {
        const text = await textOf(keeper, table)
        places.set(table, text)
        if (text !== '[]') lookedAt.add(table)
      }
      for (const token of provider.seen.tokens) {
        // What a row keeps of a token could also be its hash, or the signature of an ID token alone.
        for (const form of [
          token,
          token.split('.').at(-1) ?? token,
          createHash('sha256').update(token).digest().toString('latin1'),
        ]) {
          for (const [place, text] of places) {
            assert.ok(!text.includes(JSON.stringify(form).slice(1, -1)), `${moment}: ${place}`)
          }
        }
      }
      for (const table of await tablesWith(keeper, 'key_id')) assert.equal(await count(keeper.auth, table), 0, table)
    }
    async function go(path: string): Promise<void> {
      const { redirect } = begunShape.parse(await (await browser.send(path, { json: {} })).json())
      provider.misdeeds.claims = { auth_time: now() }
      await browser.get(`/auth/providers/home/callback?code=x&state=${provider.ask(redirect)}`, html)
    }
    try {
      provider.seen.tokens.clear()
      await go('/auth/providers/home')
      await assertNone('while the newcomer chooses a name', '/auth/welcome')
      await browser.send('/auth/welcome', { form: { username: 'keeper' } })
      await assertNone('after the registration', '/settings/providers', '/settings/activity')
      const value = browser.jar.get('mia_session')
      await go('/settings/providers/home/confirm')
      assert.notEqual(browser.jar.get('mia_session'), value, 'confirmed')
      await assertNone('after a step-up', '/settings/providers')
      browser.jar.delete('mia_session')
      await go('/auth/providers/home')
      assert.ok(browser.jar.has('mia_session'))
      await assertNone('after a sign-in', '/settings', '/settings/providers')
      assert.equal(provider.seen.tokens.size, 9, 'three tokens each time')
      for (const table of ['identities', 'provider_trips', 'audit_events', 'sessions']) {
        assert.ok(lookedAt.has(table), table)
      }
    } finally {
      await keeper.close()
    }
  })

  test('its words go nowhere: neither to a page nor to the log', async () => {
    const browser = world.browser()
    const back = (await begin(browser)).replace('code=x', 'error=server_error&error_description=%3Cb%3Eboo')
    world.lines.length = 0
    const response = await browser.get(back, html)
    assert.match(response.headers.get('location') ?? '', /why=provider_refused/)
    assert.ok(!JSON.stringify(world.lines).includes('boo'))
    assert.ok(world.lines.some(({ message }) => message === 'provider_failed'))
  })

  test('a name with control characters is kept without them', async () => {
    provider.misdeeds.claims = { sub: 'named', preferred_username: 'mal\u202elory\u0000' }
    const browser = world.browser()
    await browser.get(await begin(browser), html)
    const page = await (await browser.get('/auth/welcome')).text()
    assert.match(page, /as <bdi>mallory<\/bdi>/)
  })

  test('slow: nobody waits longer than the timeout, and it says so', async () => {
    const browser = world.browser()
    const back = await begin(browser)
    provider.misdeeds.delay = 3000
    const started = performance.now()
    const response = await browser.get(back, html)
    assert.ok(performance.now() - started < 2000)
    assert.match(response.headers.get('location') ?? '', /why=provider_failed/)
    const page = await (await browser.get(response.headers.get('location') ?? '')).text()
    assert.match(page, /Home cannot be reached at the moment/)
  })

  test('down at the start: the server starts, the button says so, and it comes back by itself', async () => {
    const away = await hostileProvider()
    const port = Number(new URL(away.issuer).port)
    await away.close()
    const other = await testAuth({
      providers: [{ id: 'home', label: 'Home', issuer: away.issuer, clientId: 'chat', timeout: 400 }],
    })
    const browser = other.browser()
    const form = await browser.send('/auth/providers/home', { form: { next: '/settings' }, headers: html })
    assert.equal(form.headers.get('location'), '/auth/login?why=provider_failed&provider=home&next=%2Fsettings')
    const program = await browser.send('/auth/providers/home', { json: {} })
    assert.equal(program.status, 424)
    assert.match(await program.text(), /"code":"provider_failed"/)
    assert.equal((await browser.get('/auth/login')).status, 200)
    const back = await hostileProvider(port)
    other.pass(minutes(1))
    assert.equal((await browser.send('/auth/providers/home', { json: {} })).status, 200)
    await back.close()
    await other.close()
  })

  test('slow at the start: after the first wait others are refused at once, for a while', async () => {
    const slow = await hostileProvider()
    slow.misdeeds.delay = 3000
    const other = await testAuth({
      providers: [{ id: 'home', label: 'Home', issuer: slow.issuer, clientId: 'chat', timeout: 400 }],
    })
    const browser = other.browser()
    const times: number[] = []
    for (let turn = 0; turn < 4; turn++) {
      const started = performance.now()
      assert.equal((await browser.send('/auth/providers/home', { json: {} })).status, 424)
      times.push(performance.now() - started)
    }
    assert.ok(
      times.every((time) => time < 2000),
      String(times),
    )
    assert.ok((times.at(-1) ?? 1000) < 300, String(times))
    assert.ok(slow.seen.requests <= 2)
    await slow.close()
    await other.close()
  })

  test('metadata of another issuer are refused', async () => {
    const liar = await hostileProvider()
    liar.misdeeds.metadata = { issuer: 'https://accounts.google.com' }
    const other = await testAuth({
      providers: [{ id: 'home', label: 'Home', issuer: liar.issuer, clientId: 'chat' }],
    })
    assert.equal((await other.browser().send('/auth/providers/home', { json: {} })).status, 424)
    await liar.close()
    await other.close()
  })

  test('none of it has made an account or a session', async () => {
    assert.deepEqual([await count(world.auth, 'users'), await count(world.auth, 'sessions')], [0, 0])
  })
})
