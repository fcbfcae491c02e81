/** A client of a running server that keeps cookies and sends the origin, as the pages' forms do. */
export function createClient(url: string) {
  const jar = new Map<string, string>()
  const origin = new URL(url).origin

  async function send(path: string, init: { json?: unknown; headers?: Record<string, string> } = {}) {
    const response = await fetch(origin + path, {
      method: init.json === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(init.json === undefined ? {} : { origin, 'content-type': 'application/json' }),
        ...(jar.size > 0 ? { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...init.headers,
      },
      ...(init.json === undefined ? {} : { body: JSON.stringify(init.json) }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const cut = pair.indexOf('=')
      if (/max-age=0/i.test(cookie)) jar.delete(pair.slice(0, cut))
      else jar.set(pair.slice(0, cut), pair.slice(cut + 1))
    }
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null }
  }

  return {
    send,
    signIn: (username: string, password: string) => send('/auth/login', { json: { username, password } }),
    register: (username: string, password: string) =>
      send('/auth/register', { json: { username, email: `${username}@example.org`, password } }),
    /** Whom the server knows by the cookies, or null. */
    async whoAmI(): Promise<string | null> {
      const { body } = await send('/auth/api/check')
      return body?.user?.username ?? null
    },
  }
}
