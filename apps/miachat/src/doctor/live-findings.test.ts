import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DoctorSight } from './doctor-token.ts'
import type { Finding } from './finding.ts'
import { cookieFindings, headerFindings, proxyFindings } from './live-findings.ts'

const told = (found: readonly Finding[]) => found.map(({ level, text }) => `${level} ${text}`).join('\n')

describe('proxies', () => {
  const sight: DoctorSight = {
    base_url: 'https://chat.example.org',
    client_address: '198.51.100.7',
    forwarded_for: '198.51.100.7',
    forwarded_proto: 'https',
    host: 'chat.example.org',
    trusted_proxies: ['10.0.0.1'],
    production: true,
    version: '1',
  }

  test('PRX-01: a server that believes what a client writes is a problem, whatever else is right', () => {
    assert.match(told(proxyFindings(sight, true)), /^problem The server believes whatever a client writes/)
  })

  test('PRX-01: a proxy that is not trusted makes all people one address; the setting to change is told', () => {
    const found = proxyFindings({ ...sight, client_address: '10.0.0.1', trusted_proxies: [] }, false)
    assert.match(
      told(found),
      /^problem .*all people count as one address, 10\.0\.0\.1\. Set TRUSTED_PROXIES=10\.0\.0\.1$/,
    )
  })

  test('https without a proxy that shows itself, a proxy that adds nothing, and another scheme are warnings', () => {
    const bare = { ...sight, forwarded_for: null, client_address: '127.0.0.1' }
    assert.match(
      told(proxyFindings({ ...bare, trusted_proxies: [] }, false)),
      /warning BASE_URL is https.*likely 127\.0\.0\.1/,
    )
    assert.match(told(proxyFindings(bare, false)), /warning This request came without X-Forwarded-For/)
    assert.match(
      told(proxyFindings({ ...sight, forwarded_proto: 'http' }, false)),
      /warning The proxy says .* by http, BASE_URL says https/,
    )
  })

  test('what is right is told with the address that the server sees', () => {
    assert.equal(
      told(proxyFindings(sight, false)),
      'ok The server sees this request come from 198.51.100.7; it trusts 10.0.0.1.',
    )
  })
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
