import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createBrowser } from './support/browser.ts'
import { setCookie } from './support/cookies.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'
const html = { accept: 'text/html' }

/** The directives of a Content-Security-Policy by name. */
function policyOf(response: Response): Map<string, string> {
  const policy = response.headers.get('content-security-policy') ?? ''
  return new Map(
    policy.split(';').map((part) => [part.trim().split(' ')[0] ?? '', part.trim().split(' ').slice(1).join(' ')]),
  )
}

describe('headers', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  /** One answer of each kind that there is. */
  async function answers(of: TestAuth): Promise<[string, Response][]> {
    const guest = of.browser()
    const person = await signedUp(of, `person${of.lines.length}`)
    const link = await of.auth.admin.resetLink((await of.auth.admin.findUser('anna'))?.id ?? 1, 'a test')
    const reset = new URL(link.url)
    return [
      ['sign-in page', await guest.get('/auth/login', html)],
      ['registration page', await guest.get('/auth/register', html)],
      ['forgot page', await guest.get('/auth/forgot', html)],
      ['reset page', await guest.get(`${reset.pathname}${reset.search}`, html)],
      ['dead reset page', await guest.get('/auth/reset?token=x', html)],
      ['settings page', await person.get('/settings', html)],
      ['form with mistakes', await guest.send('/auth/login', { form: { username: '', password: '' } })],
      ['404 page', await guest.get('/nothing', html)],
      ['405 page', await guest.get('/auth/logout', html)],
      ['403 page', await guest.send('/auth/login', { form: {}, headers: { origin: 'https://evil.example' } })],
      ['redirect to sign-in', await guest.get('/settings', html)],
      ['401 for a program', await guest.get('/settings', { accept: 'application/json' })],
      ['404 for a program', await guest.get('/api/nothing')],
      ['check', await person.get('/auth/api/check')],
      ['me without token', await guest.get('/auth/api/me')],
      ['tokens', await guest.send('/auth/api/login', { json: { username: 'anna', password } })],
      ['session as JSON', await person.send('/auth/login', { json: { username: 'anna', password } })],
      ['redirect after sign-in', await person.send('/auth/login', { form: { username: 'anna', password } })],
      ['sign-out', await person.send('/auth/logout', { form: {} })],
      ['HEAD', await guest.send('/auth/login', { method: 'HEAD' })],
    ]
  }

  test('HDR-02, HDR-03: every answer of every kind is nosniff, keeps its Referer to itself and is not stored', async () => {
    await signedUp(world, 'anna')
    for (const [what, response] of await answers(world)) {
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff', what)
      assert.equal(response.headers.get('referrer-policy'), 'same-origin', what)
      assert.equal(response.headers.get('cache-control'), 'no-store', what)
      assert.equal(response.headers.get('strict-transport-security'), null, `${what}: no HSTS over http`)
      assert.equal(response.headers.get('clear-site-data'), null, what)
      for (const name of ['x-powered-by', 'server', 'x-aspnet-version', 'via']) {
        assert.equal(response.headers.get(name), null, `${what}: ${name}`)
      }
      const type = response.headers.get('content-type')
      if (response.status !== 303)
        assert.match(type ?? '', /^(text\/html|application\/(problem\+)?json); charset=utf-8$/, what)
    }
  })

  test('HDR-01: pages allow scripts by nonce alone, no frames, no base, forms to themselves', async () => {
    const nonces = new Set<string>()
    let pages = 0
    for (const [what, response] of await answers(world)) {
      if (!response.headers.get('content-type')?.startsWith('text/html')) {
        if (response.status !== 303) assert.equal(policyOf(response).get('default-src'), "'none'", what)
        continue
      }
      pages++
      const policy = policyOf(response)
      for (const [name, value] of [
        ['default-src', "'none'"],
        ['object-src', "'none'"],
        ['base-uri', "'none'"],
        ['form-action', "'self'"],
        ['frame-ancestors', "'none'"],
        ['style-src', "'self'"],
      ] as const) {
        assert.equal(policy.get(name), value, `${what}: ${name}`)
      }
      const nonce = /^'nonce-([A-Za-z0-9+/]{22}==)'$/.exec(policy.get('script-src') ?? '')?.[1]
      assert.ok(nonce, `${what}: ${policy.get('script-src')}`)
      assert.ok(!nonces.has(nonce), 'unique')
      nonces.add(nonce)
      assert.ok(!/unsafe-|https?:|\*/.test(response.headers.get('content-security-policy') ?? ''), what)
      assert.equal(response.headers.get('cross-origin-opener-policy'), 'same-origin', what)
      assert.equal(response.headers.get('x-frame-options'), 'DENY', what)
      if (what === 'HEAD') continue
      const page = await response.text()
      for (const [tag] of page.matchAll(/<script[^>]*>/g)) {
        assert.ok(tag.includes(`nonce="${nonce}"`) && tag.includes('src="/'), `${what}: ${tag}`)
      }
      assert.match(page, /<script/, what)
      assert.doesNotMatch(page, /<script[^>]*>[^<]|<style|\sstyle=|\son[a-z]+\s*=|javascript:/i, what)
      for (const [, address = ''] of page.matchAll(/\s(?:src|href|action)="([^"]*)"/g)) {
        assert.match(address, /^(\/(?!\/)|#)/, `${what}: HDR-04: ${address}`)
      }
      for (const [form] of page.matchAll(/<form[^>]*>/g)) assert.match(form, /method="post"/, `LOG-07, O24: ${form}`)
    }
    assert.ok(pages >= 10)
  })

  test('RED-03: what people type comes back escaped on every page that shows it', async () => {
    const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;`
    const guest = world.browser()
    const pages = [
      await guest.send('/auth/login', { form: { username: evil, password: '' } }),
      await guest.send('/auth/register', { form: { username: evil, email: evil, password: 'x' } }),
      await guest.get(`/auth/login?next=/${encodeURIComponent(evil)}&x=${encodeURIComponent(evil)}`, html),
      await guest.get(`/auth/reset?token=${encodeURIComponent(evil)}`, html),
      await guest.get(`/nothing?${encodeURIComponent(evil)}`, html),
      await guest.get(`/settings?done=${encodeURIComponent(evil)}`, html),
    ]
    const person = await createPersonWithOddAgent(evil)
    pages.push(await person.get(`/settings?done=${encodeURIComponent(evil)}`, html))
    await person.send('/settings/profile', { form: { display_name: evil } })
    pages.push(await person.get('/settings', html))
    for (const response of pages) {
      const text = await response.text()
      assert.ok(!text.includes('<script>alert') && !text.includes('<img src=x'), text.slice(0, 300))
    }
  })

  async function createPersonWithOddAgent(userAgent: string) {
    await signedUp(world, 'odd')
    const browser = createBrowser(world.fetch, 'http://localhost:8080', { userAgent })
    await browser.send('/auth/login', { json: { username: 'odd', password } })
    await world.browser({ userAgent }).send('/auth/login', { json: { username: 'odd', password } })
    return browser
  }

  test('ERR-05: prototype names in "done" say nothing', async () => {
    const person = await signedUp(world, 'proto')
    for (const done of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const page = await (await person.get(`/settings?done=${done}`, html)).text()
      assert.doesNotMatch(page, /role="status"><p>|native code|\[object/, done)
    }
    assert.match(await (await person.get('/settings?done=profile', html)).text(), /Your profile is saved/)
  })

  test('HDR-03: assets may be kept, pages and data never; a version that is not ours is kept briefly', async () => {
    const asset = '/auth/assets/auth.css'
    const page = await (await world.browser().get('/auth/login', html)).text()
    const versioned = /href="(\/auth\/assets\/auth\.css\?v=[^"]+)"/.exec(page)?.[1]
    assert.ok(versioned)
    const kept = await world.browser().get(versioned)
    assert.equal(kept.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.equal(kept.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(kept.headers.get('set-cookie'), null)
    const made = await world.browser().get(`${asset}?v=made-up`)
    assert.equal(made.headers.get('cache-control'), 'public, max-age=300')
    const etag = kept.headers.get('etag') ?? ''
    assert.equal((await world.browser().get(asset, { 'if-none-match': etag })).status, 304)
  })

  test('DEP-04: nothing but the listed files can be reached', async () => {
    for (const path of [
      '/auth/assets/',
      '/auth/assets/../site.ts',
      '/auth/assets/..%2fsite.ts',
      '/auth/assets/%2e%2e/site.ts',
      '/auth/assets/password-advice.test.ts',
      '/auth/assets/.git',
      '/auth/assets//etc/passwd',
      '/auth/assets/constructor',
    ]) {
      assert.equal((await world.browser().get(path, html)).status, 404, path)
    }
  })
})

describe('over https', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ baseUrl: 'https://chat.example.org' })
  })
  after(() => world.close())

  test('HDR-02: HSTS for a year, without subdomains unless asked for', async () => {
    for (const path of ['/auth/login', '/auth/api/check', '/nothing', '/settings', '/auth/assets/auth.css']) {
      const { headers } = await world.browser().get(path, html)
      assert.equal(headers.get('strict-transport-security'), 'max-age=31536000', path)
    }
    const wide = await testAuth({ baseUrl: 'https://chat.example.org', hstsSubdomains: true })
    const { headers } = await wide.browser().get('/auth/login')
    assert.equal(headers.get('strict-transport-security'), 'max-age=31536000; includeSubDomains')
    await wide.close()
  })

  test('HDR-01: what browsers complain about on plain http is not sent there', async () => {
    for (const [baseUrl, opener] of [
      ['http://192.168.1.20:8080', null],
      ['http://localhost:8080', 'same-origin'],
      ['https://chat.example.org', 'same-origin'],
    ] as const) {
      const one = await testAuth({ baseUrl })
      const response = await one.browser().get('/auth/login', html)
      assert.equal(response.headers.get('cross-origin-opener-policy'), opener, baseUrl)
      await one.close()
    }
  })

  test('X1, COO-01, COO-02: __Host-, Secure, HttpOnly, Lax, Path=/, no Domain; a session cookie unless remembered', async () => {
    const browser = world.browser()
    const registered = await browser.send('/auth/register', {
      form: { username: 'anna', email: 'anna@example.org', password },
    })
    const flags = ['httponly', 'path=/', 'samesite=lax', 'secure']
    assert.deepEqual(setCookie(registered, '__Host-mia_session').attributes, flags)
    const remembered = await browser.send('/auth/login', { form: { username: 'anna', password, remember_me: '1' } })
    assert.deepEqual(setCookie(remembered, '__Host-mia_session').attributes, [
      'httponly',
      'max-age=2592000',
      ...flags.slice(1),
    ])
    assert.deepEqual(setCookie(remembered, '__Host-mia_device').attributes, [
      'httponly',
      'max-age=15552000',
      ...flags.slice(1),
    ])
    const out = await browser.send('/auth/logout', { form: {} })
    const cleared = setCookie(out, '__Host-mia_session')
    assert.deepEqual([cleared.value, cleared.attributes], ['', ['httponly', 'max-age=0', ...flags.slice(1)]])
    assert.ok(browser.jar.has('__Host-mia_device'), 'HDR-03: the known device stays')
  })

  test('COO-01: the plain name of another time or a sibling host is not looked at', async () => {
    const browser = world.browser()
    await browser.send('/auth/login', { form: { username: 'anna', password } })
    const value = browser.jar.get('__Host-mia_session')
    assert.equal((await world.browser().get('/settings', { cookie: `mia_session=${value}` })).status, 303)
    assert.equal((await world.browser().get('/settings', { cookie: `__Host-mia_session=${value}` })).status, 200)
  })
})
