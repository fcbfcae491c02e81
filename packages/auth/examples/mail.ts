import { serve } from '@hono/node-server'
import { createAuth } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { Hono } from 'hono'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '', MAIL_SERVICE = '' } = process.env
const auth = await createAuth({
  database: DATABASE,
  secret: SECRET_KEY,
  baseUrl: `http://localhost:${PORT}`,
  mail: {
    from: 'Tea House <tea@example.org>',
    transport: {
      async send({ from, to, subject, text, html }) {
        const body = JSON.stringify({ from, to, subject, text, html })
        const answer = await fetch(MAIL_SERVICE, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
        })
        if (!answer.ok) throw new Error(`The mail service answered ${answer.status}.`)
      },
    },
  },
})

const app = new Hono()
app.use(honoAuth(auth).routes)
app.get('/', (c) => c.text('Everybody may read this.'))
serve({ fetch: app.fetch, port: Number(PORT) })
