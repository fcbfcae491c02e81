import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DoctorSight } from './doctor-token.ts'
import type { Finding } from './finding.ts'
import {
  clockFindings,
  cookieFindings,
  headerFindings,
  proxyFindings,
  SPOOFED,
  type SpoofTest,
} from './live-findings.ts'

const told = (found: readonly Finding[]) => found.map(({ level, text }) => `${level} ${text}`).join('\n')

describe('proxies', () => {
  const sight: DoctorSight = {
    base_url: 'https://chat.example.org',
    client_address: '198.51.100.7',
    peer_address: '10.0.0.1',
    forwarded_for: '198.51.100.7',
    forwarded_proto: 'https',
    host: 'chat.example.org',
    trusted_proxies: ['10.0.0.1'],
    production: true,
    version: '1',
  }
  /** The request with the lie was taken for what it is. */
  const seenThrough: SpoofTest = {
    sight: { ...sight, forwarded_for: `${SPOOFED}, 198.51.100.7` },
    direct: false,
  }
  const believed = (forwarded: string, direct = false): SpoofTest => ({
    sight: { ...sight, client_address: SPOOFED, forwarded_for: forwarded },
    direct,
  })

  test('PRX-01: a server that believes what a client writes is a problem, whatever else is right', () => {
    const problem = /^problem The server believes whatever a client writes/
    assert.match(told(proxyFindings(sight, believed(SPOOFED))), problem)
    // The proxy adds an address to nobody's header but its own: everybody is seen as the proxy, which is trusted.
    const silent = { ...sight, client_address: '10.0.0.1', forwarded_for: null }
    assert.match(told(proxyFindings(silent, believed(SPOOFED))), problem)
    assert.match(told(proxyFindings(sight, believed(`${SPOOFED}, 10.0.0.1`))), problem)
  })

  test('PRX-01: from a trusted machine it cannot be tested; a proxy that is right is not called wrong', () => {
    const here = { ...sight, client_address: '127.0.0.1', peer_address: '127.0.0.1', trusted_proxies: ['127.0.0.0/8'] }
    const untested =
      /^warning The server sees this request come from 127\.0\.0\.1, which is in TRUSTED_PROXIES.*--url\.$/
    const appended = { ...here, forwarded_for: '127.0.0.1' }
    assert.match(told(proxyFindings(appended, believed(`${SPOOFED}, 127.0.0.1`))), untested)
    assert.match(told(proxyFindings({ ...here, forwarded_for: null }, believed(SPOOFED, true))), untested)
  })

  test('PRX-01: a proxy that is not trusted makes all people one address; the setting to change is told', () => {
    const unknown = { ...sight, client_address: '10.0.0.1', trusted_proxies: [] }
    assert.match(
      told(proxyFindings(unknown, seenThrough)),
      /^problem .* TRUSTED_PROXIES is empty: all people count as one address, 10\.0\.0\.1\. Set TRUSTED_PROXIES=10\.0\.0\.1$/,
    )
    assert.match(
      told(proxyFindings({ ...unknown, trusted_proxies: ['10.9.9.9'] }, seenThrough)),
      /^problem .* at 10\.0\.0\.1 .*which lists 10\.9\.9\.9: all people count as one address.* Set TRUSTED_PROXIES=10\.0\.0\.1$/,
    )
  })

  test('https without a proxy that shows itself, a proxy that adds nothing, and another scheme are warnings', () => {
    const bare = { ...sight, forwarded_for: null, client_address: '127.0.0.1', peer_address: '127.0.0.1' }
    assert.match(
      told(proxyFindings({ ...bare, trusted_proxies: [] }, seenThrough)),
      /warning BASE_URL is https.*likely 127\.0\.0\.1/,
    )
    assert.match(told(proxyFindings(bare, seenThrough)), /warning This request came without X-Forwarded-For/)
    assert.match(
      told(proxyFindings({ ...sight, forwarded_proto: 'http' }, seenThrough)),
      /warning The proxy says .* by http, BASE_URL says https/,
    )
  })

  test('what is right is told with the address that the server sees, also where the lie got no answer', () => {
    for (const spoof of [seenThrough, { sight: null, direct: false }]) {
      assert.equal(
        told(proxyFindings(sight, spoof)),
        'ok The server sees this request come from 198.51.100.7; it trusts 10.0.0.1.',
      )
    }
  })
})

test('a clock is compared at the moment the answer arrived; a Date has whole seconds', () => {
  const now = Date.parse('Fri, 15 Jan 2027 08:00:00 GMT')
  const at = (seconds: number) => told(clockFindings('Fri, 15 Jan 2027 08:00:00 GMT', now + seconds * 1000))
  for (const seconds of [-5, 0, 5.4]) assert.match(at(seconds), /^ok/)
  assert.match(at(7), /^warning .* is 7 s behind/)
  assert.match(at(-7), /^warning .* is 7 s ahead of/)
  assert.deepEqual(clockFindings(null, now), [])
})

describe('cookies and headers', () => {
  const good = '__Host-mia_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure'

  test('COO-01: each flag that is missing is named', () => {
    assert.match(told(cookieFindings([good.replace('; Secure', '')], true)), /^problem .* lacks Secure:/)
    assert.match(told(cookieFindings([good.replace('; HttpOnly', '')], false)), /^problem .* lacks HttpOnly:/)
    assert.match(told(cookieFindings([good.replace('Lax', 'None')], true)), /lacks SameSite/)
    assert.match(told(cookieFindings([good.replace('__Host-', '')], true)), /lacks the name __Host-/)
    assert.match(told(cookieFindings([good.replace('Path=/;', 'Path=/x;')], true)), /lacks Path=\//)
    assert.match(told(cookieFindings([], true)), /^warning/)
    assert.match(told(cookieFindings([good], true)), /^ok/)
  })

  const headers = {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  }

  test('HDR-02: headers that a proxy took away are named, HSTS under https', () => {
    const page = (more: Record<string, string> = {}) => new Response('', { headers: { ...headers, ...more } })
    assert.match(told(headerFindings(page(), true)), /^problem .*: strict-transport-security\./)
    assert.match(told(headerFindings(page({ 'strict-transport-security': 'max-age=31536000' }), true)), /^ok/)
    assert.match(
      told(headerFindings(page({ 'x-content-type-options': '' }), false)),
      /^problem .*x-content-type-options/,
    )
    assert.match(told(headerFindings(page(), false)), /^ok/)
  })

  test('a page that leads elsewhere is a problem', () => {
    const away = new Response(null, { status: 302, headers: { location: 'https://other.example.org/' } })
    assert.match(
      told(headerFindings(away, true)),
      /^problem .* answers 302 and leads to https:\/\/other\.example\.org\//,
    )
  })
})
