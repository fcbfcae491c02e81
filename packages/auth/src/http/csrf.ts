/**
 * Whether an unsafe request came from our own pages (CSR-01). `Sec-Fetch-Site` decides alone where a browser sends it;
 * else Origin, else Referer, each compared with the exact origins of ours; `Origin: null` is foreign (CSR-02). A program
 * sends none of them: then only JSON without cookies passes, which no form of another site can send.
 */
export function isSameSite(headers: Headers, origins: ReadonlySet<string>): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  const origin = headers.get('origin')
  if (origin !== null) return origins.has(origin)
  const referer = headers.get('referer')
  if (referer !== null) return URL.canParse(referer) && origins.has(new URL(referer).origin)
  return mediaType(headers) === 'application/json' && headers.get('cookie') === null
}

/** The media type of the body in lower case, without parameters; null when none is given. */
export function mediaType(headers: Headers): string | null {
  const type = headers.get('content-type')
  return type === null ? null : (type.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/** The origins that count as ours: the configured one, and its other names when it is this machine itself. */
export function ownOrigins(baseUrl: URL): ReadonlySet<string> {
  const loopback = ['localhost', '127.0.0.1', '[::1]']
  if (!loopback.includes(baseUrl.hostname)) return new Set([baseUrl.origin])
  const port = baseUrl.port === '' ? '' : `:${baseUrl.port}`
  return new Set(loopback.map((host) => `${baseUrl.protocol}//${host}${port}`))
}
