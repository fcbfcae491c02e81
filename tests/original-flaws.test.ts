// What was wrong in the Python original, tried against the running program in its default settings. The flaws that are not
// here are tried where their subject is tested: `grep -rn "O12" packages apps tests`.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { postTo, sessionOf } from './support/crash-people.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const anna = { username: 'anna', password: 'a walk by the river' }

/** A request to /auth/login whose Host header is the test's choice, which `fetch` does not allow. */
function rawRequest(port: number, headers: Record<string, string>, body?: string) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; text: string }>()
  const method = body === undefined ? 'GET' : 'POST'
  const sent = request({ host: '127.0.0.1', port, path: '/auth/login', method, headers }, (answer) => {
    let text = ''
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    answer.on('end', () => resolve({ status: answer.statusCode, text }))
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}

describe('the flaws of the original', () => {
  let server: ServerProcess
  let post: ReturnType<typeof postTo>
  let first: string
  before(async () => {
    server = await startServer({ env: { PASSWORD_COST: '4', LOG_LEVEL: 'error' } })
    post = postTo(server.url)
    first = sessionOf(await post('/auth/register', { ...anna, email: 'anna@example.org' }))
  })
  after(() => server.stop())

  const isSignedIn = async (cookie: string): Promise<boolean> =>
    (await (await fetch(`${server.url}/auth/api/check`, { headers: { cookie } })).text()).includes('true,"user"')

  test('O3, COO-03: the cookie holds nothing to read, and a copied one opens nothing after the sign-out', async () => {
    const cookie = sessionOf(await post('/auth/login', anna))
    const value = cookie.split('=')[1] ?? ''
    assert.match(value, /^[\w-]{43}$/)
    assert.doesNotMatch(Buffer.from(value, 'base64url').toString('latin1'), /anna|user/)
    assert.equal(await isSignedIn(cookie), true)
    await post('/auth/logout', {}, cookie)
    assert.equal(await isSignedIn(cookie), false)
    assert.equal(await isSignedIn(first), true)
  })

  test('O4, SES-02: each sign-in has a value of its own', async () => {
    const values = new Set<string>()
    for (let i = 0; i < 5; i++) values.add(sessionOf(await post('/auth/login', anna)))
    assert.equal(values.size, 5)
  })

  test('O10, LOG-04: guessing over pages and the token API together is refused soon, with a time to wait', async () => {
    const wrong = { username: 'bo', password: 'a guess' }
    const statuses: number[] = []
    for (let i = 0; i < 12; i++) {
      const answer = await post(i % 2 === 0 ? '/auth/login' : '/auth/api/login', wrong)
      statuses.push(answer.status)
      if (answer.status === 429) assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    }
    assert.deepEqual(statuses, [...Array<number>(10).fill(401), 429, 429])
  })

  test('O18, CSR-06: no other origin is allowed to read', async () => {
    const foreign = { origin: 'https://evil.example', cookie: first }
    for (const path of ['/auth/api/check', '/auth/api/me', '/settings']) {
      const answer = await fetch(server.url + path, { headers: foreign, redirect: 'manual' })
      const granted = [...answer.headers.keys()].filter((name) => name.startsWith('access-control'))
      assert.deepEqual(granted, [], path)
    }
  })

  test('O19, CSR-01: no other site signs anybody in or out', async () => {
    for (const path of ['/auth/login', '/auth/register', '/auth/logout', '/settings/sessions/end-others']) {
      const answer = await fetch(server.url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: 'https://evil.example', cookie: first },
        body: new URLSearchParams(anna),
      })
      assert.equal(answer.status, 403, path)
      assert.deepEqual(answer.headers.getSetCookie(), [])
    }
    assert.equal(await isSignedIn(first), true)
  })

  test('O22: nobody else on the network can reach it unless it is told to', async () => {
    // Linux lists who listens: address and port in hexadecimal, 0A for listening; 0100007F is 127.0.0.1.
    const port = server.port.toString(16).toUpperCase().padStart(4, '0')
    const listening = ['tcp', 'tcp6'].flatMap((kind) =>
      readFileSync(`/proc/net/${kind}`, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local = '', , state]) => local.endsWith(`:${port}`) && state === '0A')
        .map(([, local = '']) => local),
    )
    assert.deepEqual(listening, [`0100007F:${port}`])
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200)
  })

  test('PRX-02: under another address a page says which one is right, and no form works', async () => {
    const opened = async (headers: Record<string, string>) => {
      const page = await rawRequest(server.port, { host: 'mia.example', accept: 'text/html', ...headers })
      return { status: page.status, says: /believes that it is at/.test(page.text) }
    }
    assert.deepEqual(await opened({}), { status: 421, says: true })
    // What a proxy has passed on may bear the proxy's own choice of a name.
    assert.deepEqual(await opened({ 'x-forwarded-for': '203.0.113.9' }), { status: 200, says: false })
    assert.deepEqual(await opened({ host: `127.0.0.1:${server.port}` }), { status: 200, says: false })
    const form = { origin: 'http://mia.example', 'content-type': 'application/x-www-form-urlencoded' }
    const posted = await rawRequest(server.port, { host: 'mia.example', ...form }, 'username=anna&password=x')
    assert.equal(posted.status, 421)
    assert.match(posted.text, /believes that it is at/)
  })

  test('O25, HDR-04: everything on a page comes from the server itself, under a strict policy', async () => {
    for (const path of ['/auth/login', '/auth/register', '/', '/settings', '/chat', '/docs']) {
      const answer = await fetch(server.url + path, { headers: { cookie: path.startsWith('/auth') ? '' : first } })
      assert.equal(answer.status, 200, path)
      const policy = answer.headers.get('content-security-policy') ?? ''
      assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/)
      assert.doesNotMatch(policy, /unsafe|https?:|\*/)
      const linked = [...(await answer.text()).matchAll(/<(?:link|script|img)[^>]+(?:src|href)="([^"]*)"/g)]
      assert.ok(linked.length > 1)
      for (const [, address = ''] of linked) assert.match(address, /^\/[^/]/)
    }
  })

  test('O26, STO-01: the database keeps a journal for readers, and knows what was done to it', () => {
    const path = join(server.dataDir, 'miachat.db')
    assert.ok(existsSync(`${path}-wal`))
    const db = new DatabaseSync(path, { readOnly: true })
    assert.equal(db.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal')
    assert.ok(db.prepare('SELECT count(*) AS n FROM schema_migrations').get()?.['n'])
    db.close()
  })
})
