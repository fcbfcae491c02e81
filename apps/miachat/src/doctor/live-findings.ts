import { isIP } from 'node:net'
import { createIsTrusted } from '@miachat/auth'
import type { DoctorSight } from './doctor-token.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** An address of the documentation network (RFC 5737): nobody has it, so who is seen with it was believed a lie. */
export const SPOOFED = '203.0.113.77'

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

/** The server's Date, which has whole seconds, beside the time here when its answer arrived. */
export function clockFindings(date: string | null, arrivedAt: number): Finding[] {
  const there = Date.parse(date ?? '')
  if (Number.isNaN(there)) return []
  const seconds = Math.round((there - arrivedAt) / 1000)
  if (Math.abs(seconds) <= 5) return [ok('clock', "The server's clock and this one agree.")]
  return [
    warning(
      'clock',
      `The server's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this one. Let both follow a time server.`,
    ),
  ]
}

/** What the second request of the doctor came to, the one that carried SPOOFED in X-Forwarded-For. */
export interface SpoofTest {
  /** Null where it got no answer. */
  readonly sight: DoctorSight | null
  /** No proxy need stand between the doctor and the server: it was asked by http at the port on which it listens. */
  readonly direct: boolean
}

/** Whom the server takes the doctor for, and whether a client can make it believe anything (PRX-01). */
export function proxyFindings(sight: DoctorSight, spoof: SpoofTest): Finding[] {
  const { client_address: seen, forwarded_for: forwarded, trusted_proxies: trusted, peer_address: peer } = sight
  const isTrusted = createIsTrusted(trusted)
  const believed = spoof.sight?.client_address === SPOOFED
  if (believed && !(isTrusted(seen) && mayBeOurOwnDoing(spoof))) {
    return [
      problem(
        'proxies',
        'The server believes whatever a client writes into X-Forwarded-For, so limits and logs can be evaded. The proxy must ' +
          'add the address that it sees as the last entry, and TRUSTED_PROXIES must list proxies only.',
      ),
    ]
  }
  if (forwarded !== null && !isTrusted(peer)) {
    const proxy = isIP(peer) === 0 ? 'ADDRESS-OF-THE-PROXY' : peer
    return [
      problem(
        'proxies',
        `A proxy stands before the server at ${peer} (X-Forwarded-For is "${forwarded}"), but ` +
          `${trusted.length === 0 ? 'TRUSTED_PROXIES is empty' : `it is not in TRUSTED_PROXIES, which lists ${trusted.join(', ')}`}: ` +
          `all people count as one address, ${seen}. Set TRUSTED_PROXIES=${proxy}`,
      ),
    ]
  }
  if (believed) {
    return [
      warning(
        'proxies',
        `The server sees this request come from ${seen}, which is in TRUSTED_PROXIES, so from here it cannot be told whether ` +
          'it would believe a stranger. Run the doctor on a machine that is no proxy, with the settings of the server and --url.',
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

/**
 * Whom the server trusts it believes, as it should: the doctor itself, where it runs on the machine of the proxy and that
 * one has added its address, or where it asked without a proxy.
 */
function mayBeOurOwnDoing({ sight, direct }: SpoofTest): boolean {
  const last = sight?.forwarded_for?.split(',').at(-1)?.trim()
  return last !== SPOOFED || direct
}
