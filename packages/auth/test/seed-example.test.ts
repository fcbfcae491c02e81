import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { createNodeServer } from '@miachat/auth/node'
import bcrypt from 'bcrypt'
import { setUser } from './support/stored.ts'
import { testAuth } from './support/test-auth.ts'

/** "API Authentication" of the seed, word for word: what clients of the original have in their pages. */
const login = `
// Login and get JWT tokens
fetch('/auth/api/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
        username: 'user',
        password: 'password'
    })
})
.then(response => response.json())
.then(data => {
    if (data.success) {
        localStorage.setItem('access_token', data.access_token);
        localStorage.setItem('refresh_token', data.refresh_token);
    }
});
`
const me = `
// Use JWT token for API calls
fetch('/auth/api/me', {
    headers: {
        'Authorization': \`Bearer \${localStorage.getItem('access_token')}\`
    }
})
.then(response => response.json())
.then(data => console.log('User info:', data));
`

/** A page at the server's own address: relative addresses, localStorage, a console. */
function createPage(origin: string) {
  const kept = new Map<string, string>()
  const printed: unknown[][] = []
  const page = {
    fetch: (path: string, init?: RequestInit) => fetch(new URL(path, origin), init),
    localStorage: {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: unknown) => kept.set(name, String(value)),
    },
    console: { log: (...words: unknown[]) => printed.push(words) },
  }
  const run = async (script: string): Promise<void> => {
    await runInNewContext(script, page)
  }
  return { kept, printed, run }
}

async function listen(t: TestContext) {
  const world = await testAuth()
  const server = createNodeServer(world.auth.fetch).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.close()
    server.closeAllConnections()
    await world.close()
  })
  const address: AddressInfo | string | null = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return { world, origin: `http://127.0.0.1:${address.port}` }
}

test('seed: its example of API authentication, unchanged, over a real socket: refused for strangers', async (t) => {
  const { origin } = await listen(t)
  const page = createPage(origin)
  await page.run(login)
  assert.equal(page.kept.size, 0, 'O24: no "undefined" is kept')
  await page.run(me)
  assert.deepEqual(page.printed[0]?.[0], 'User info:')
  assert.equal(Object(page.printed[0]?.[1]).success, false)
})

test('seed: its example of API authentication, unchanged, over a real socket: signs in and tells who it is', async (t) => {
  const { world, origin } = await listen(t)
  // The name and the password of the example are such as only an imported account can have.
  await world.auth.registerUser({ username: 'user-one', email: 'user@example.org', password: 'a walk by the river' })
  await setUser(world, 'user-one', {
    username: 'user',
    username_key: 'user',
    password_hash: bcrypt.hashSync('password', 4),
    password_imported: true,
  })
  const page = createPage(origin)
  await page.run(login)
  assert.match(page.kept.get('access_token') ?? '', /^[\w-]+\.[\w-]+\.[\w-]+$/)
  assert.match(page.kept.get('refresh_token') ?? '', /^[\w-]{43}$/)
  await page.run(me)
  const [words, data] = page.printed[0] ?? []
  assert.equal(words, 'User info:')
  const { success, user } = Object(data)
  assert.equal(success, true)
  assert.equal(user.username, 'user')
  assert.equal(user.email, 'user@example.org')
  for (const time of [user.created_at, user.last_login]) assert.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})
