import { answersOf } from '../../packages/auth/test/support/check-answers.ts'

/** What is sent: a GET without `json` and `form`. */
export type Sent = { json?: unknown; form?: Record<string, string>; headers?: Record<string, string> }

const checks = new Map<string, ReturnType<typeof readDocument>>()

/** The check of a server's answers, made once: it costs more than most requests, and some tests make many clients. */
function checkOf(origin: string): ReturnType<typeof readDocument> {
  const made = checks.get(origin) ?? readDocument(origin)
  checks.set(origin, made)
  // A server that was away at that moment is asked again.
  made.catch(() => checks.delete(origin))
  return made
}

async function readDocument(origin: string) {
  const response = await fetch(`${origin}/openapi.json`)
  return answersOf(await response.json())
}

/**
 * A client of a running server that keeps cookies and sends the origin, as the pages' forms do. Every JSON answer is
 * checked against the server's own API document.
 */
export function createClient(url: string) {
  const jar = new Map<string, string>()
  const origin = new URL(url).origin

  async function send(path: string, init: Sent = {}) {
    const body = init.form ? new URLSearchParams(init.form).toString() : JSON.stringify(init.json)
    const type = init.form ? 'application/x-www-form-urlencoded' : 'application/json'
    const posts = init.form !== undefined || init.json !== undefined
    const method = posts ? 'POST' : 'GET'
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(posts ? { origin, 'content-type': type } : {}),
        ...(jar.size > 0 ? { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...init.headers,
      },
      ...(posts ? { body } : {}),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const cut = pair.indexOf('=')
      if (/max-age=0/i.test(cookie)) jar.delete(pair.slice(0, cut))
      else jar.set(pair.slice(0, cut), pair.slice(cut + 1))
    }
    const text = await response.text()
    const answered = response.headers.get('content-type') ?? ''
    const read = { status: response.status, headers: response.headers, text }
    if (!answered.includes('json')) return { ...read, body: null }
    const check = await checkOf(origin)
    const parsed = JSON.parse(text)
    check({ method, path: new URL(path, origin).pathname, status: response.status, type: answered, body: parsed })
    return { ...read, body: parsed }
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
