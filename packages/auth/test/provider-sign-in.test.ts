import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import type { Browser } from './support/browser.ts'
import { codeIn, letterBox, linkIn } from './support/letters.ts'
import { type OpenIdProvider, openIdProvider } from './support/openid-provider.ts'
import { codeOf, password, withAuthenticator } from './support/second-factor.ts'
import { count, rowsOf, write } from './support/sql.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const html = { accept: 'text/html' }
const begunShape = z.object({ success: z.literal(true), redirect: z.url() })
const listShape = z.object({
  identities: z.array(z.object({ id: z.string(), provider: z.string(), name: z.string() })),
})

describe('sign-in at a real OpenID provider', () => {
  let provider: OpenIdProvider
  let world: TestAuth
  before(async () => {
    provider = await openIdProvider(['home', 'other'].map((id) => `${baseUrl}/auth/providers/${id}/callback`))
    const { issuer, client } = provider
    const shared = { issuer, clientId: client.id, clientSecret: client.secret }
    world = await testAuth({
      providers: [
        { id: 'home', label: 'Home', ...shared },
        { id: 'other', label: 'Other', ...shared },
      ],
      limits: { registrations: 1000 },
    })
  })
  after(async () => {
    await world?.close()
    await provider?.close()
  })

  const nameOf = (sub: string) => ({ sub, email: `${sub}@example.org`, email_verified: true, preferred_username: sub })

  /** Begins at our side and goes to the provider; answers where that sends the browser back to. */
  async function cameBack(browser: Browser, path = '/auth/providers/home', json: object = {}): Promise<string> {
    const begun = begunShape.parse(await (await browser.send(path, { json })).json())
    const { pathname, search } = await provider.visit(begun.redirect)
    return `${pathname}${search}`
  }
  const finish = async (browser: Browser, path?: string, json?: object) =>
    browser.get(await cameBack(browser, path, json), html)
  const locationOf = (response: Response) => {
    assert.equal(response.status, 303)
    return response.headers.get('location')
  }
  const isSignedIn = async (browser: Browser) => (await browser.get('/settings', html)).status === 200

  /** Somebody who came by the provider and made an account. */
  async function newcomer(sub: string): Promise<Browser> {
    provider.state.person = nameOf(sub)
    const browser = world.browser()
    assert.equal(locationOf(await finish(browser)), '/auth/welcome')
    const made = await browser.send('/auth/welcome', { form: { username: sub } })
    assert.equal(locationOf(made), '/')
    return browser
  }
  const identitiesOf = async (browser: Browser) =>
    listShape.parse(await (await browser.get('/settings/providers', { accept: 'application/json' })).json()).identities

  test('OAU-01: the address to go to has PKCE S256, state and nonce, and the redirect URI of the setting', async () => {
    const browser = world.browser()
    const response = await browser.send('/auth/providers/home', { form: { next: '/settings' }, headers: html })
    assert.equal(response.status, 200, 'no redirect: form-action would stop it')
    const refresh = response.headers.get('refresh') ?? ''
    const { searchParams: asked, origin } = new URL(refresh.replace(/^0; url=/, ''))
    assert.equal(origin, provider.issuer)
    assert.equal(asked.get('code_challenge_method'), 'S256')
    assert.equal(Buffer.from(asked.get('state') ?? '', 'base64url').length, 32)
    assert.equal(Buffer.from(asked.get('nonce') ?? '', 'base64url').length, 32)
    assert.equal(asked.get('redirect_uri'), `${baseUrl}/auth/providers/home/callback`)
    assert.equal(browser.jar.get('mia_provider'), asked.get('state'))
    const [cookie = ''] = response.headers.getSetCookie()
    assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/)
    const [row] = await rowsOf(world.auth, 'SELECT * FROM provider_trips')
    assert.ok(!JSON.stringify(row).includes(asked.get('state') ?? '-'), 'only its hash is stored')
  })

  test('OAU-01: over https the state lies in a cookie with __Host-', async () => {
    const secure = await testAuth({
      baseUrl: 'https://chat.example.org',
      providers: [{ id: 'home', label: 'Home', issuer: provider.issuer, clientId: 'chat' }],
    })
    const response = await secure.browser().send('/auth/providers/home', { json: {} })
    assert.match(
      response.headers.getSetCookie()[0] ?? '',
      /^__Host-mia_provider=.*; Path=\/; HttpOnly; SameSite=Lax; Secure/,
    )
    await secure.close()
  })

  describe('refusals', () => {
    test('OAU-01: a callback in another browser signs nobody in, and uses nothing up', async () => {
      await newcomer('other-browser')
      const [mine, theirs] = [world.browser(), world.browser()]
      const back = await cameBack(mine)
      await theirs.send('/auth/providers/home', { json: {} })
      for (const browser of [theirs, world.browser()]) {
        assert.match(locationOf(await browser.get(back, html)) ?? '', /^\/auth\/login\?why=sign_in_expired/)
        assert.equal(await isSignedIn(browser), false)
      }
      assert.equal(locationOf(await mine.get(back, html)), '/')
      assert.equal(await isSignedIn(mine), true)
    })

    test('OAU-01: a callback counts once, and for ten minutes', async () => {
      await newcomer('once')
      const browser = world.browser()
      const back = await cameBack(browser)
      const state = new URL(back, baseUrl).searchParams.get('state') ?? ''
      assert.equal(locationOf(await browser.get(back, html)), '/')
      await browser.send('/auth/logout', { form: {} })
      browser.jar.set('mia_provider', state)
      assert.match(locationOf(await browser.get(back, html)) ?? '', /why=sign_in_expired/)
      assert.equal(await isSignedIn(browser), false)
      const late = world.browser()
      const lateBack = await cameBack(late)
      world.pass(minutes(10))
      assert.match(locationOf(await late.get(lateBack, html)) ?? '', /why=sign_in_expired/)
      const page = await (await late.get('/auth/login?why=sign_in_expired&provider=home')).text()
      assert.match(page, /took too long, was finished already, or was begun in another browser/)
    })

    test('S7: the tick for a shared computer goes to the provider and back, for an account that is there or made by it', async () => {
      const root = async (browser: Browser) =>
        /<html[^>]*>/.exec(await (await browser.get('/settings', html)).text())?.[0]
      await newcomer('shared-there')
      const browser = world.browser()
      const json = { shared_computer: true, remember_me: true }
      assert.equal(locationOf(await finish(browser, '/auth/providers/home', json)), '/')
      assert.match((await root(browser)) ?? '', / data-shared[ >]/)
      assert.ok(!browser.jar.has('mia_device'))
      provider.state.person = nameOf('shared-made')
      const made = world.browser()
      assert.equal(locationOf(await finish(made, '/auth/providers/home', json)), '/auth/welcome')
      assert.equal(locationOf(await made.send('/auth/welcome', { form: { username: 'shared-made' } })), '/')
      assert.match((await root(made)) ?? '', / data-shared[ >]/)
    })

    test('OAU-02: a state of one provider is no use at another', async () => {
      await newcomer('mix-up')
      const browser = world.browser()
      const back = (await cameBack(browser)).replace('/home/', '/other/')
      assert.match(locationOf(await browser.get(back, html)) ?? '', /why=sign_in_expired&provider=other/)
    })

    test('OAU-02: an answer that names another issuer is refused (RFC 9207)', async () => {
      await newcomer('other-issuer')
      const browser = world.browser()
      const back = await cameBack(browser)
      assert.match(back, /[?&]iss=/, 'the provider names itself')
      const other = back.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example')
      assert.match(locationOf(await browser.get(other, html)) ?? '', /why=provider_failed/)
      const without = world.browser()
      const silent = (await cameBack(without)).replace(/&?iss=[^&]+/, '')
      assert.match(locationOf(await without.get(silent, html)) ?? '', /why=provider_failed/)
      assert.equal(await isSignedIn(browser), false)
    })

    test('OAU-01: without the verifier of this browser a stolen code is no use (PKCE)', async () => {
      await newcomer('stolen-code')
      const [victim, thief] = [world.browser(), world.browser()]
      const stolen = new URL(await cameBack(victim), baseUrl).searchParams.get('code') ?? ''
      const own = new URL(await cameBack(thief), baseUrl)
      own.searchParams.set('code', stolen)
      assert.match(locationOf(await thief.get(`${own.pathname}${own.search}`, html)) ?? '', /why=provider_failed/)
      assert.equal(await isSignedIn(thief), false)
    })

    test('OAU-07: who says no at the provider comes back to the sign-in page with a word', async () => {
      provider.state.saysNo = true
      const response = await finish(world.browser(), '/auth/providers/home', { next: '/chat' })
      provider.state.saysNo = false
      assert.equal(locationOf(response), '/auth/login?why=provider_refused&provider=home&next=%2Fchat')
      const page = await (await world.browser().get(locationOf(response) ?? '')).text()
      assert.match(page, /Home did not sign you in, or you stopped it there/)
    })

    test('OAU-07: no code, no state, nothing at all: no 5xx, and no words of strangers on our pages', async () => {
      for (const query of ['', '?code=x', '?state=x', '?error=<b>boo</b>&state=x', '?code=x&code=y&state=x&state=y']) {
        const response = await world.browser().get(`/auth/providers/home/callback${query}`, html)
        assert.match(locationOf(response) ?? '', /^\/auth\/login\?why=sign_in_expired/)
      }
      const strange = await world.browser().get('/auth/login?why=%3Cb%3Eboo&provider=%3Cb%3Eboo')
      assert.doesNotMatch(await strange.text(), /<b>boo|class="notice/)
      assert.equal((await world.browser().get('/auth/providers/nobody/callback', html)).status, 404)
      assert.equal((await world.browser().send('/auth/providers/nobody', { json: {} })).status, 404)
    })

    test('CSR-01: another site begins nothing, neither a sign-in nor a link', async () => {
      const browser = await newcomer('begun-elsewhere')
      for (const path of ['/auth/providers/home', '/settings/providers/other/link', '/settings/providers/x/unlink']) {
        const response = await browser.send(path, { form: {}, headers: { origin: 'https://evil.example' } })
        assert.equal(response.status, 403, path)
      }
    })

    test('OAU-03: only a provider that answers by a form may post to us', async () => {
      const browser = world.browser()
      const { searchParams } = new URL(await cameBack(browser), baseUrl)
      const posted = await browser.send('/auth/providers/home/callback', {
        form: Object.fromEntries(searchParams),
        headers: { origin: provider.issuer },
      })
      assert.equal(posted.status, 403)
    })

    test('SES-07: a disabled account stays closed', async () => {
      await newcomer('disabled')
      await write(world.auth, `UPDATE users SET is_active = false WHERE username = 'disabled'`)
      const browser = world.browser()
      assert.match(locationOf(await finish(browser)) ?? '', /why=invalid_credentials/)
      assert.equal(await isSignedIn(browser), false)
    })

    test('OAU-05: an address that an account has links nothing: its owner signs in there first', async () => {
      const owner = await signedUp(world, 'first-owner')
      provider.state.person = { ...nameOf('thief'), email: 'FIRST-OWNER@example.org' }
      const thief = world.browser()
      assert.match(locationOf(await finish(thief)) ?? '', /^\/auth\/login\?why=email_taken/)
      assert.equal((await thief.get('/auth/welcome')).status, 200)
      assert.equal((await thief.send('/auth/welcome', { json: { username: 'thief' } })).status, 401)
      assert.deepEqual(await identitiesOf(owner), [])
      assert.equal(await isSignedIn(thief), false)
    })

    test('OAU-05: an address that the provider has not verified is dropped', async () => {
      provider.state.person = { ...nameOf('unverified'), email: 'first-owner@example.org', email_verified: false }
      const browser = world.browser()
      assert.equal(locationOf(await finish(browser)), '/auth/welcome')
      await browser.send('/auth/welcome', { form: { username: 'unverified' } })
      const [row] = await rowsOf(world.auth, `SELECT email, email_verified_at FROM users WHERE username = 'unverified'`)
      assert.match(String(row?.['email']), /@none\.invalid$/)
      assert.equal(row?.['email_verified_at'], null)
    })

    test('closed registration makes no account', async () => {
      const { issuer, client } = provider
      const providers = [{ id: 'home', label: 'Home', issuer, clientId: client.id, clientSecret: client.secret }]
      const closed = await testAuth({ registration: 'closed', providers })
      provider.state.person = nameOf('stranger')
      const come = async (browser: Browser) => {
        const begun = begunShape.parse(await (await browser.send('/auth/providers/home', { json: {} })).json())
        const { pathname, search } = await provider.visit(begun.redirect)
        return locationOf(await browser.get(`${pathname}${search}`, html)) ?? ''
      }
      const browser = closed.browser()
      assert.match(await come(browser), /why=registration_closed/)
      assert.equal((await browser.send('/auth/welcome', { json: { username: 'stranger' } })).status, 401)
      // Whoever was let as far as that while it was open.
      const open = await testAuth({ url: closed.url, providers })
      const early = open.browser()
      assert.equal(await come(early), '/auth/welcome')
      for (const [name, value] of early.jar) browser.jar.set(name, value)
      assert.equal((await browser.send('/auth/welcome', { json: { username: 'stranger' } })).status, 403)
      assert.equal(await count(closed.auth, 'users'), 0)
      await open.close()
      await closed.close()
    })
  })

  test('by invitation only: who comes from a provider needs one from the first press on, and it is used up', async () => {
    const { issuer, client } = provider
    const invited = await testAuth({
      registration: 'invitation',
      providers: [{ id: 'home', label: 'Home', issuer, clientId: client.id, clientSecret: client.secret }],
    })
    try {
      const come = async (sub: string, json: object) => {
        provider.state.person = nameOf(sub)
        const browser = invited.browser()
        const begun = begunShape.parse(await (await browser.send('/auth/providers/home', { json })).json())
        const { pathname, search } = await provider.visit(begun.redirect)
        return { browser, location: locationOf(await browser.get(`${pathname}${search}`, html)) ?? '' }
      }
      assert.match((await come('nobody', {})).location, /why=invitation_required/)
      assert.match((await come('nobody', { invitation: 'x'.repeat(43) })).location, /why=invitation_required/)
      const { url } = await invited.auth.admin.invite({ email: 'berta@example.org', days: 1 }, 'test')
      const invitation = new URL(url ?? '').searchParams.get('invitation')
      assert.match((await come('carla', { invitation })).location, /why=invalid_fields/, 'for another address')
      const [first, second] = [await come('berta', { invitation }), await come('berta', { invitation })]
      assert.deepEqual([first.location, second.location], ['/auth/welcome', '/auth/welcome'])
      const rows = await rowsOf(invited.auth, 'SELECT payload FROM provider_trips')
      assert.equal(JSON.stringify(rows).includes(String(invitation)), false, 'AUD-03')
      assert.equal((await first.browser.send('/auth/welcome', { json: { username: 'berta' } })).status, 200)
      assert.notEqual((await second.browser.send('/auth/welcome', { json: { username: 'berta-2' } })).status, 200)
      assert.equal(await count(invited.auth, 'users'), 1)
    } finally {
      await invited.close()
    }
  })

  test('by approval: who comes from a provider has an account that opens nothing yet, also the next time', async () => {
    const { issuer, client } = provider
    const waiting = await testAuth({
      registration: 'approval',
      providers: [{ id: 'home', label: 'Home', issuer, clientId: client.id, clientSecret: client.secret }],
    })
    try {
      provider.state.person = nameOf('dora')
      const come = async () => {
        const browser = waiting.browser()
        const begun = begunShape.parse(await (await browser.send('/auth/providers/home', { json: {} })).json())
        const { pathname, search } = await provider.visit(begun.redirect)
        return { browser, location: locationOf(await browser.get(`${pathname}${search}`, html)) }
      }
      const { browser } = await come()
      assert.equal(locationOf(await browser.send('/auth/welcome', { form: { username: 'dora' } })), '/auth/waiting')
      assert.equal((await come()).location, '/auth/waiting')
      assert.equal(await count(waiting.auth, 'sessions'), 0)
    } finally {
      await waiting.close()
    }
  })

  test('OAU-04: a first sign-in makes an account of a chosen name; the next ones find it, whatever the address', async () => {
    provider.state.person = nameOf('marie')
    const browser = world.browser()
    assert.equal(locationOf(await finish(browser, '/auth/providers/home', { next: '/settings' })), '/auth/welcome')
    const page = await (await browser.get('/auth/welcome')).text()
    assert.match(page, /value="marie"/)
    assert.match(page, /marie@example\.org/)
    const wrong = await browser.send('/auth/welcome', { form: { username: 'admin' } })
    assert.equal(wrong.status, 422)
    assert.match(await wrong.text(), /kept for this server/)
    assert.equal(locationOf(await browser.send('/auth/welcome', { form: { username: 'marie-c' } })), '/settings')
    assert.equal(await isSignedIn(browser), true)
    const again = await browser.send('/auth/welcome', { json: { username: 'marie-d' } })
    assert.equal(again.status, 401, 'used up')
    const [row] = await rowsOf(world.auth, `SELECT * FROM users WHERE username = 'marie-c'`)
    assert.equal(row?.['password_hash'], '!')
    assert.equal(row?.['email'], 'marie@example.org')
    assert.ok(row?.['email_verified_at'])
    provider.state.person = { ...nameOf('marie'), email: 'elsewhere@example.org' }
    const later = world.browser()
    assert.equal(locationOf(await finish(later, '/auth/providers/home', { next: '//evil.example' })), '/')
    assert.match(await (await later.get('/settings')).text(), /marie-c/)
    provider.state.person = { ...nameOf('somebody-else'), email: 'marie@example.org' }
    const other = world.browser()
    assert.match(locationOf(await finish(other)) ?? '', /why=email_taken/, 'same address, other subject')
  })

  test('two who finish with one welcome: one account', async () => {
    provider.state.person = nameOf('twice')
    const browser = world.browser()
    await finish(browser)
    const sent = ['twice-a', 'twice-b'].map((username) => browser.send('/auth/welcome', { json: { username } }))
    const statuses = (await Promise.all(sent)).map(({ status }) => status).sort()
    assert.equal(statuses[0], 200)
    assert.ok(statuses[1] === 401 || statuses[1] === 409)
    assert.equal((await rowsOf(world.auth, `SELECT id FROM identities WHERE subject = 'twice'`)).length, 1)
  })

  test('MFA-06: a second factor is still asked for', async () => {
    const { browser: owner, secret } = await withAuthenticator(world, 'two-steps')
    provider.state.person = nameOf('two-steps-there')
    assert.equal(locationOf(await finish(owner, '/settings/providers/home/link')), '/settings/providers?done=linked')
    const browser = world.browser()
    assert.equal(
      locationOf(await finish(browser, undefined, { next: '/settings' })),
      '/auth/second-factor?next=%2Fsettings',
    )
    assert.equal(await isSignedIn(browser), false)
    const code = codeOf(world, secret)
    assert.equal(
      locationOf(await browser.send('/auth/second-factor', { form: { code, next: '/settings' } })),
      '/settings',
    )
    assert.equal(await isSignedIn(browser), true)
    const rows = await rowsOf(world.auth, `SELECT method FROM sessions WHERE method = 'provider'`)
    assert.ok(rows.length > 0, 'the session says by what it was opened')
  })

  test('REG-12: an account whose address nobody has confirmed links nothing; a notice that is undone unlinks', async () => {
    const box = letterBox()
    const { issuer, client } = provider
    const settings = { id: 'home', label: 'Home', issuer, clientId: client.id, clientSecret: client.secret }
    const mailing = await testAuth({ mail: box.mail, providers: [settings] })
    const browser = await signedUp(mailing, 'hijacker', password)
    const begin = () => browser.send('/settings/providers/home/link', { json: {} })
    const refused = await begin()
    assert.equal(refused.status, 403)
    assert.equal(z.object({ code: z.string() }).parse(await refused.json()).code, 'address_unconfirmed')
    const code = codeIn((await box.letters(mailing)).at(-1))
    assert.equal((await browser.send('/settings/address/confirm', { json: { code } })).status, 200)
    provider.state.person = nameOf('confirmed-there')
    const { redirect } = begunShape.parse(await (await begin()).json())
    const { pathname, search } = await provider.visit(redirect)
    assert.equal(locationOf(await browser.get(`${pathname}${search}`, html)), '/settings/providers?done=linked')
    assert.equal(await count(mailing.auth, 'identities'), 1)
    const link = linkIn((await box.letters(mailing)).at(-1), '/auth/undo')
    const token = new URL(link, baseUrl).searchParams.get('token')
    assert.equal((await mailing.browser().send('/auth/undo', { json: { token } })).status, 200)
    assert.equal(await count(mailing.auth, 'identities'), 0)
    await mailing.close()
  })

  describe('OAU-06: linking and unlinking', () => {
    test('needs a session and a step-up', async () => {
      assert.equal((await world.browser().send('/settings/providers/home/link', { json: {} })).status, 401)
      const browser = await signedUp(world, 'late-linker')
      world.pass(minutes(11))
      for (const path of ['/settings/providers/home/link', '/settings/providers/x/unlink']) {
        const response = await browser.send(path, { json: {} })
        assert.equal(response.status, 403)
        assert.match(await response.text(), /step_up_required/)
      }
    })

    test('a link that one person began is not finished by another', async () => {
      const [anna, mallory] = [await signedUp(world, 'anna'), await signedUp(world, 'mallory')]
      provider.state.person = nameOf('annas')
      const back = await cameBack(anna, '/settings/providers/home/link')
      mallory.jar.set('mia_provider', anna.jar.get('mia_provider') ?? '')
      assert.match(locationOf(await mallory.get(back, html)) ?? '', /^\/settings\/providers\?why=sign_in_expired/)
      assert.deepEqual(await identitiesOf(mallory), [])
      assert.deepEqual(await identitiesOf(anna), [])
    })

    test('an account there opens one account here', async () => {
      await newcomer('taken')
      const browser = await signedUp(world, 'second-owner')
      const response = await finish(browser, '/settings/providers/home/link')
      assert.match(locationOf(response) ?? '', /^\/settings\/providers\?why=identity_taken/)
      assert.match(await (await browser.get(locationOf(response) ?? '')).text(), /is linked to another account here/)
    })

    test('links, signs in by it, unlinks; every other session ends; all of it stands in the log', async () => {
      const browser = await signedUp(world, 'linker')
      provider.state.person = nameOf('linker-there')
      await finish(browser, '/settings/providers/home/link')
      const other = world.browser()
      assert.equal(locationOf(await finish(other)), '/')
      const [identity] = await identitiesOf(browser)
      assert.equal(identity?.name, 'linker-there@example.org')
      const strangers = await signedUp(world, 'not-mine')
      assert.equal((await strangers.send(`/settings/providers/${identity?.id}/unlink`, { json: {} })).status, 404)
      const unlinked = await browser.send(`/settings/providers/${identity?.id}/unlink`, { form: {} })
      assert.equal(locationOf(unlinked), '/settings/providers?done=unlinked')
      assert.equal(await isSignedIn(other), false)
      assert.equal(await isSignedIn(browser), true)
      const events = await (await browser.get('/settings/activity')).text()
      assert.match(events, /An account elsewhere was linked/)
      assert.match(events, /An account elsewhere was unlinked/)
      assert.match(locationOf(await finish(world.browser())) ?? '', /welcome/)
    })

    test('PKY-05: the last way in stays, however many ask at once', async () => {
      const browser = await newcomer('only-way')
      const [first] = await identitiesOf(browser)
      const refused = await browser.send(`/settings/providers/${first?.id}/unlink`, { json: {} })
      assert.equal(refused.status, 409)
      const form = await browser.send(`/settings/providers/${first?.id}/unlink`, { form: {} })
      assert.match(await (await browser.get(locationOf(form) ?? '')).text(), /This is your only way in/)
      provider.state.person = nameOf('only-way-two')
      await finish(browser, '/settings/providers/other/link')
      const both = await identitiesOf(browser)
      assert.equal(both.length, 2)
      const answers = await Promise.all(
        both.map(({ id }) => browser.send(`/settings/providers/${id}/unlink`, { json: {} })),
      )
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
    })
  })

  test('LOG-08: a step-up at the provider counts only where it says that the person has shown just now who it is', async () => {
    // The provider's clock is the real one, and that of this server has been moved.
    const { issuer, client } = provider
    const options = { id: 'home', label: 'Home', issuer, clientId: client.id, clientSecret: client.secret }
    const punctual = await testAuth({ providers: [options], limits: { registrations: 1000 } })
    try {
      provider.state.person = nameOf('fresh')
      const browser = punctual.browser()
      const go = async (path: string, json: object, change: (url: URL) => void = () => {}) => {
        const begun = begunShape.parse(await (await browser.send(path, { json })).json())
        const url = new URL(begun.redirect)
        change(url)
        const { pathname, search } = await provider.visit(url.href)
        return locationOf(await browser.get(`${pathname}${search}`, html))
      }
      await go('/auth/providers/home', {})
      assert.equal(locationOf(await browser.send('/auth/welcome', { form: { username: 'fresh' } })), '/')
      await browser.send('/settings/confirm/drop', { json: {} })
      const value = browser.jar.get('mia_session')
      const confirm = (change?: (url: URL) => void) =>
        go('/settings/providers/home/confirm', { next: '/settings/security' }, change)
      const now = () => Math.floor(Date.now() / 1000)
      const stale = /^\/settings\/confirm\?why=provider_not_fresh/
      // Whoever sits at an open browser takes out of the address that the person is to be asked anew.
      const withoutAsking = (url: URL) => {
        url.searchParams.delete('prompt')
        url.searchParams.delete('max_age')
      }
      assert.match((await confirm(withoutAsking)) ?? '', stale, 'no auth_time')
      const lenient = (url: URL) => {
        url.searchParams.delete('prompt')
        url.searchParams.set('max_age', '100000')
      }
      provider.state.signedInAt = now() - 60
      assert.match((await confirm(lenient)) ?? '', stale, 'a session of before')
      assert.match((await confirm()) ?? '', stale, 'a provider that lets a session of before pass')
      const page = await (await browser.get('/settings/confirm?why=provider_not_fresh&provider=home')).text()
      assert.match(page, /Home did not say that you have just shown who you are there/)
      assert.equal(browser.jar.get('mia_session'), value)
      assert.equal((await browser.send('/settings/passkeys/options', { json: {} })).status, 403)
      provider.state.signedInAt = undefined
      assert.equal(await confirm(), '/settings/security')
      assert.notEqual(browser.jar.get('mia_session'), value, 'SES-02')
    } finally {
      provider.state.signedInAt = undefined
      await punctual.close()
    }
  })

  test('LOG-08: no step-up begins at a provider that cannot stand for it; the page asks to sign out and in again', async () => {
    const plain = await testAuth({
      providers: [{ kind: 'github', clientId: 'x', clientSecret: 'y' }],
      limits: { registrations: 1000 },
    })
    try {
      const browser = await signedUp(plain, 'by-github', password)
      const refused = await browser.send('/settings/providers/github/confirm', { json: {} })
      assert.deepEqual(
        [refused.status, z.looseObject({ code: z.string() }).parse(await refused.json()).code],
        [403, 'provider_not_fresh'],
      )
      await write(plain.auth, `UPDATE users SET password_hash = '!' WHERE username = 'by-github'`)
      const page = await (await browser.get('/settings/confirm')).text()
      assert.match(page, /Sign out, and in again/)
      assert.doesNotMatch(page, /Confirm at/)
    } finally {
      await plain.close()
    }
  })

  test('LOG-08: who has only a provider confirms there, as the same person', async () => {
    const browser = await newcomer('confirms')
    world.pass(minutes(11))
    // By the clock of this server, which the tests have moved.
    provider.state.signedInAt = Math.floor(world.clock() / 1000)
    const page = await (await browser.get('/settings/confirm?next=/settings/security')).text()
    assert.match(page, /Confirm at/)
    assert.doesNotMatch(page, /name="password"/)
    provider.state.person = nameOf('somebody')
    const before = browser.jar.get('mia_session')
    const wrong = await finish(browser, '/settings/providers/home/confirm', { next: '/settings/security' })
    assert.match(locationOf(wrong) ?? '', /^\/settings\/confirm\?why=invalid_credentials/)
    assert.equal(browser.jar.get('mia_session'), before)
    provider.state.person = nameOf('confirms')
    const right = await finish(browser, '/settings/providers/home/confirm', { next: '/settings/security' })
    assert.equal(locationOf(right), '/settings/security')
    assert.notEqual(browser.jar.get('mia_session'), before, 'SES-02')
    provider.state.signedInAt = undefined
    const set = await browser.send('/settings/password', { json: { new_password: 'two walks by the river' } })
    assert.equal(set.status, 200)
  })

  test('ACC-01: who has left the account is offered it back, and has no session before', async () => {
    const owner = await newcomer('leaver')
    assert.equal((await owner.send('/settings/delete', { json: { username: 'leaver' } })).status, 200)
    provider.state.person = nameOf('leaver')
    const browser = world.browser()
    assert.equal(locationOf(await finish(browser)), '/auth/restore')
    assert.equal(await isSignedIn(browser), false)
    assert.equal(locationOf(await browser.send('/auth/restore', { form: {} })), '/')
    assert.equal(await isSignedIn(browser), true)
    const id = (await world.auth.admin.findUser('leaver'))?.id
    const devices = await rowsOf(world.auth, 'SELECT method FROM sessions WHERE user_id = ?', [id])
    assert.deepEqual(devices, [{ method: 'provider' }], 'the list of devices tells the way that it was')
  })

  test('OAU-03: a provider that answers by a form: state alone lets it through to the address that looks at the browser', async () => {
    const apple = await testAuth({
      providers: [
        { kind: 'apple', issuer: provider.issuer, clientId: provider.client.id, clientSecret: provider.client.secret },
      ],
    })
    const browser = apple.browser()
    const begun = begunShape.parse(await (await browser.send('/auth/providers/apple', { json: {} })).json())
    const asked = new URL(begun.redirect).searchParams
    assert.equal(asked.get('response_mode'), 'form_post')
    const state = asked.get('state') ?? ''
    // As it comes from the other site: without any cookie of ours.
    const post = (form: Record<string, string>) =>
      apple.browser().send('/auth/providers/apple/callback', { form, headers: { origin: 'https://appleid.apple.com' } })
    const passed = await post({ state, code: 'a code', user: '{"name":"x"}' })
    assert.equal(locationOf(passed), `/auth/providers/apple/callback?state=${state}&code=a+code`)
    assert.deepEqual(passed.headers.getSetCookie(), [])
    for (const form of [{ state: 'of nobody', code: 'x' }, { code: 'x' }]) assert.equal((await post(form)).status, 403)
    const back = locationOf(passed) ?? ''
    assert.match(locationOf(await apple.browser().get(back, html)) ?? '', /why=sign_in_expired/, 'another browser')
    assert.match(locationOf(await browser.get(back, html)) ?? '', /why=provider_failed/, 'the code is none')
    await apple.close()
  })

  test('LIM-02: a network that begins without end is told to wait', async () => {
    const browser = world.browser({ address: '203.0.113.9' })
    let status = 200
    for (let count = 0; count < 101 && status === 200; count++) {
      status = (await browser.send('/auth/providers/home', { json: {} })).status
    }
    assert.equal(status, 429)
    world.pass(minutes(11))
    await world.auth.sweep()
    const left = await rowsOf(world.auth, 'SELECT provider FROM provider_trips')
    assert.equal(left.length, 0, 'what nobody came back for is swept')
  })
})
