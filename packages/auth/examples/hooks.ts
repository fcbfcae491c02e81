import { serve } from '@hono/node-server'
import { createAuth } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { Hono } from 'hono'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '' } = process.env
const auth = await createAuth({
  database: DATABASE,
  secret: SECRET_KEY,
  baseUrl: `http://localhost:${PORT}`,
  onSignUp: (user) => console.log(`${user.username} has joined`),
  onSignIn: (user, { method }) => console.log(`${user.username} is here by ${method}`),
})

const app = new Hono()
app.use(honoAuth(auth).routes)
app.get('/', (c) => c.text('Everybody may read this.'))
serve({ fetch: app.fetch, port: Number(PORT) })
