import type { Fetch } from '@miachat/auth'

export interface Sent {
  readonly method?: string
  readonly json?: unknown
  readonly form?: Record<string, string>
  readonly headers?: Record<string, string>
  /** A body as it is, with a content type in `headers`. */
  readonly body?: string | Uint8Array<ArrayBuffer>
}

/** A client with a cookie jar that behaves like a browser on the site's own pages: sends Origin, follows nothing. */
export function createBrowser(fetch: Fetch, baseUrl: string, options: { address?: string; userAgent?: string } = {}) {
  const jar = new Map<string, string>()
  const origin = new URL(baseUrl).origin

  async function send(path: string, sent: Sent = {}): Promise<Response> {
    const headers = new Headers({
      'user-agent': options.userAgent ?? 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    })
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const method =
      sent.method ?? (sent.json === undefined && sent.form === undefined && sent.body === undefined ? 'GET' : 'POST')
    if (method !== 'GET' && method !== 'HEAD') headers.set('origin', origin)
    let body = sent.body
    if (sent.json !== undefined) {
      headers.set('content-type', 'application/json')
      body = JSON.stringify(sent.json)
    }
    if (sent.form !== undefined) {
      headers.set('content-type', 'application/x-www-form-urlencoded')
      body = new URLSearchParams(sent.form).toString()
    }
    for (const [name, value] of Object.entries(sent.headers ?? {})) {
      if (value === '') headers.delete(name)
      else headers.set(name, value)
    }
    const request = new Request(`${origin}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    })
    const response = await fetch(request, { address: options.address ?? '127.0.0.1' })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const cut = pair.indexOf('=')
      if (/max-age=0/i.test(cookie)) jar.delete(pair.slice(0, cut))
      else jar.set(pair.slice(0, cut), pair.slice(cut + 1))
    }
    return response
  }

  return { jar, get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }), send }
}

export type Browser = ReturnType<typeof createBrowser>
