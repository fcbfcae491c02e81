/** What every answer carries, made once: the hot path copies nothing (HDR-01 to HDR-03). */
export interface HeaderSets {
  readonly json: Readonly<Record<string, string>>
  readonly problem: Readonly<Record<string, string>>
  readonly redirect: Readonly<Record<string, string>>
  readonly text: Readonly<Record<string, string>>
  /** Of a stream of events: proxies must not collect it (nginx). */
  readonly events: Readonly<Record<string, string>>
  readonly asset: Readonly<Record<string, string>>
  html(nonce: string): Record<string, string>
}

export interface HeaderSettings {
  readonly https: boolean
  /** https, or this machine: browsers complain about some headers elsewhere, and ignore them. */
  readonly trustworthy: boolean
  /** Adds includeSubDomains to HSTS: only by the operator's choice. */
  readonly hstsSubdomains: boolean
}

export function createHeaderSets(settings: HeaderSettings): HeaderSets {
  const hsts = settings.https
    ? {
        'strict-transport-security': `max-age=31536000${settings.hstsSubdomains ? '; includeSubDomains' : ''}`,
      }
    : {}
  const all = { ...hsts, 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' }
  const own = { ...all, 'cache-control': 'no-store' }
  const opener = settings.trustworthy ? { 'cross-origin-opener-policy': 'same-origin' } : {}
  const nothing = { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" }
  return {
    json: { ...own, ...nothing, 'content-type': 'application/json; charset=utf-8' },
    problem: { ...own, ...nothing, 'content-type': 'application/problem+json; charset=utf-8' },
    redirect: own,
    text: { ...own, ...nothing, 'content-type': 'text/plain; charset=utf-8' },
    events: {
      ...own,
      ...nothing,
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    },
    asset: all,
    html: (nonce) => ({
      ...own,
      'content-type': 'text/html; charset=utf-8',
      // The words of a page follow the browser's languages and the cookie of a choice.
      vary: 'cookie, accept-language',
      'content-security-policy':
        `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; ` +
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; " +
        "frame-ancestors 'none'",
      ...opener,
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
      'x-frame-options': 'DENY',
    }),
  }
}
