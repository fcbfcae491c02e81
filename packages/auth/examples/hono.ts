import { serve } from '@hono/node-server'
import { createAuth } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { Hono } from 'hono'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '' } = process.env
const auth = await createAuth({ database: DATABASE, secret: SECRET_KEY, baseUrl: `http://localhost:${PORT}` })
const { routes, requireSessionAuth, currentUser } = honoAuth(auth)

const app = new Hono()
app.use(routes)
app.get('/', (c) => c.text('Everybody may read this.'))
app.get('/hello', requireSessionAuth, (c) => c.text(`Hello ${currentUser(c).username}!`))
serve({ fetch: app.fetch, port: Number(PORT) })
