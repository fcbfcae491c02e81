import { isIP } from 'node:net'
import type { DoctorSight } from './doctor-token.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** The headers of the sign-in page that protect people, as they arrive here: a proxy may take them away (HDR-01, HDR-02). */
export function headerFindings(page: Response, https: boolean): Finding[] {
  if (page.status !== 200) {
    const to = page.headers.get('location')
    return [
      problem(
        'server',
        `Its sign-in page answers ${page.status}${to ? ` and leads to ${to}` : ''}, not 200. Look at the proxy and BASE_URL.`,
      ),
    ]
  }
  const wanted: [string, RegExp][] = [
    ['content-security-policy', /frame-ancestors 'none'/],
    ['x-content-type-options', /^nosniff$/],
    ['cache-control', /no-store/],
    ...(https ? ([['strict-transport-security', /max-age=[1-9]\d{6,}/]] satisfies [string, RegExp][]) : []),
  ]
  const wrong = wanted.filter(([name, pattern]) => !pattern.test(page.headers.get(name) ?? '')).map(([name]) => name)
  if (wrong.length === 0) return [ok('headers', 'The headers that protect people arrive whole.')]
  return [
    problem(
      'headers',
      `These headers do not arrive as they were sent: ${wrong.join(', ')}. Let the proxy pass them on.`,
    ),
  ]
}

/** The flags of the session cookie (COO-01). */
export function cookieFindings(setCookies: readonly string[], https: boolean): Finding[] {
  const cookie = setCookies.find((value) => /session=/.test(value.split(';', 1)[0] ?? ''))
  if (cookie === undefined) {
    return [
      warning('cookies', 'The server set no session cookie when it was asked to clear it, so its flags are unknown.'),
    ]
  }
  const wanted: [string, boolean][] = [
    ['HttpOnly', /;\s*httponly/i.test(cookie)],
    ['SameSite', /;\s*samesite=(lax|strict)/i.test(cookie)],
    ['Path=/', /;\s*path=\/(;|$)/i.test(cookie)],
    ...(https
      ? ([
          ['Secure', /;\s*secure/i.test(cookie)],
          ['the name __Host-', cookie.startsWith('__Host-')],
        ] satisfies [string, boolean][])
      : []),
  ]
  const lacking = wanted.filter(([, there]) => !there).map(([name]) => name)
  if (lacking.length === 0) return [ok('cookies', `The session cookie has ${wanted.map(([name]) => name).join(', ')}.`)]
  return [
    problem(
      'cookies',
      `The session cookie lacks ${lacking.join(', ')}: ${https ? 'BASE_URL of the server must be https, and the proxy must not rewrite cookies' : 'the proxy must not rewrite cookies'}.`,
    ),
  ]
}

/** Whom the server takes the doctor for, and whether a client can make it believe anything (PRX-01). */
export function proxyFindings(sight: DoctorSight, believedALie: boolean): Finding[] {
  const { client_address: seen, forwarded_for: forwarded, trusted_proxies: trusted } = sight
  if (believedALie) {
    return [
      problem(
        'proxies',
        'The server believes whatever a client writes into X-Forwarded-For, so limits and logs can be evaded. The proxy must ' +
          'add the address that it sees as the last entry, and TRUSTED_PROXIES must list proxies only.',
      ),
    ]
  }
  if (forwarded !== null && trusted.length === 0) {
    const proxy = isIP(seen) === 0 ? 'ADDRESS-OF-THE-PROXY' : seen
    return [
      problem(
        'proxies',
        `A proxy stands before the server (X-Forwarded-For is "${forwarded}"), but TRUSTED_PROXIES is empty: all people count ` +
          `as one address, ${seen}. Set TRUSTED_PROXIES=${proxy}`,
      ),
    ]
  }
  const proto = new URL(sight.base_url).protocol.slice(0, -1)
  const found = [
    ok(
      'proxies',
      `The server sees this request come from ${seen}${trusted.length > 0 ? `; it trusts ${trusted.join(', ')}` : ''}.`,
    ),
  ]
  if (forwarded === null && trusted.length > 0) {
    found.push(
      warning(
        'proxies',
        'This request came without X-Forwarded-For although TRUSTED_PROXIES is set: it did not pass the proxy, or the proxy does not add it.',
      ),
    )
  }
  if (sight.forwarded_proto !== null && sight.forwarded_proto !== proto) {
    found.push(
      warning(
        'address',
        `The proxy says that people come by ${sight.forwarded_proto}, BASE_URL says ${proto}: set BASE_URL to what they open.`,
      ),
    )
  }
  if (proto === 'https' && forwarded === null && trusted.length === 0) {
    found.push(
      warning(
        'proxies',
        'BASE_URL is https, so a proxy must stand before the server; this request shows none. If it passed one, let the proxy ' +
          `send X-Forwarded-For and set TRUSTED_PROXIES to its address${isIP(seen) === 0 ? '' : `, likely ${seen}`}.`,
      ),
    )
  }
  return found
}
