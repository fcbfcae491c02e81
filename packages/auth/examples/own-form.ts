import { serve } from '@hono/node-server'
import { createAuth } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { type Context, Hono } from 'hono'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '' } = process.env
const auth = await createAuth({ database: DATABASE, secret: SECRET_KEY, baseUrl: `http://localhost:${PORT}` })
const { peerOf } = honoAuth(auth)

const withCookies = (c: Context, cookies: string[]) => {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
  return c.redirect('/', 303)
}

const app = new Hono()
app.get('/', async (c) => {
  const user = await auth.getCurrentUserFromSession(c.req.raw)
  return c.text(user ? `Hello ${user.username}!` : 'Who are you?')
})
app.post('/enter', async (c) => {
  const { name, password } = await c.req.parseBody()
  const peer = peerOf(c)
  const proof = await auth.authenticateUser(String(name), String(password), c.req.raw, peer)
  return withCookies(c, await auth.loginUserSession(proof, c.req.raw, { remember: true, peer }))
})
app.post('/leave', async (c) => withCookies(c, await auth.logoutUserSession(c.req.raw, peerOf(c))))
app.onError((error, c) => auth.answerError(error, c.req.raw, peerOf(c)))

if (!(await auth.admin.findUser('emma'))) {
  await auth.registerUser({ username: 'emma', email: 'emma@example.org', password: 'a walk by the river' })
}
serve({ fetch: app.fetch, port: Number(PORT) })
