import type { TestAuth } from './test-auth.ts'

/** A program at the token API: no cookies, no Origin. */
export function createProgram(world: TestAuth, options: { address?: string } = {}) {
  async function call(path: string, init: RequestInit = {}) {
    const request = new Request(`http://localhost:8080${path}`, init)
    const response = await world.fetch(request, { address: options.address ?? '192.0.2.1' })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  return {
    call,
    post,
    login: (username: string, password = 'a walk by the river') => post('/auth/api/login', { username, password }),
    refresh: (refreshToken: string) => post('/auth/api/refresh', { refresh_token: refreshToken }),
    me: (accessToken: string) => call('/auth/api/me', { headers: { authorization: `Bearer ${accessToken}` } }),
  }
}

export type Program = ReturnType<typeof createProgram>

/** Waits until the token is refused; fails when it was still good in a request that began 100 ms after now (JWT-06). */
export async function deadWithin100ms(program: Program, accessToken: string): Promise<void> {
  const ended = performance.now()
  for (;;) {
    const asked = performance.now() - ended
    const { status } = await program.me(accessToken)
    if (status === 401) return
    if (asked > 100) throw new Error(`the token was still good ${Math.round(asked)} ms after its end`)
  }
}
