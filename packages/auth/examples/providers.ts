import { serve } from '@hono/node-server'
import { createAuth } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { Hono } from 'hono'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '' } = process.env
const { GITHUB_ID = 'tea-house', GITHUB_SECRET = 'from GitHub', ISSUER = 'http://localhost:4000' } = process.env
const auth = await createAuth({
  database: DATABASE,
  secret: SECRET_KEY,
  baseUrl: `http://localhost:${PORT}`,
  providers: [
    { kind: 'github', clientId: GITHUB_ID, clientSecret: GITHUB_SECRET },
    { id: 'guild', label: 'The guild of tea', issuer: ISSUER, clientId: 'tea-house' },
  ],
})

const app = new Hono()
app.use(honoAuth(auth).routes)
app.get('/', (c) => c.text('Everybody may read this.'))
serve({ fetch: app.fetch, port: Number(PORT) })
