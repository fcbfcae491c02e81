import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAuth, days } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { Hono } from 'hono'

test('SES-04: a session that nobody uses ends, as a host app tests it', async () => {
  let later = 0
  const baseUrl = 'http://localhost:3000'
  const auth = await createAuth({
    database: 'sqlite::memory:',
    secret: 'a secret for tests, long enough to be taken',
    baseUrl,
    passwords: { cost: 4 },
    clock: () => Date.now() + later,
  })
  const { routes, requireSessionAuth, currentUser } = honoAuth(auth)
  const app = new Hono()
  app.use(routes)
  app.get('/hello', requireSessionAuth, (c) => c.text(`Hello ${currentUser(c).username}!`))

  await auth.registerUser({ username: 'emma', email: 'emma@example.org', password: 'a walk by the river' })
  const signedIn = await app.request(`${baseUrl}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'emma', password: 'a walk by the river' }),
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

  const hello = await app.request(`${baseUrl}/hello`, { headers: { cookie } })
  assert.equal(await hello.text(), 'Hello emma!')
  later = days(1)
  const gone = await app.request(`${baseUrl}/hello`, { headers: { cookie } })
  assert.equal(gone.status, 303)
  await auth.close()
})
