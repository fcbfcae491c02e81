import { serve } from '@hono/node-server'
import { createAuth } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { errorFor, field } from '@miachat/auth/views'
import { Hono } from 'hono'
import { z } from 'zod'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '' } = process.env
const Person = z.object({ plan: z.enum(['free', 'pro'], 'Choose free or pro.') })

const auth = await createAuth({
  database: DATABASE,
  secret: SECRET_KEY,
  baseUrl: `http://localhost:${PORT}`,
  userFields: Person,
  registrationFields: ({ value, errors }) =>
    field({ name: 'plan', label: 'Plan', hint: 'free or pro', value: value('plan'), error: errorFor(errors, 'plan') }),
})
const { routes, requireSessionAuth, currentUser } = honoAuth(auth)

const app = new Hono()
app.use(routes)
app.get('/', (c) => c.text('Everybody may read this.'))
app.get('/plan', requireSessionAuth, (c) => c.text(Person.parse(currentUser(c).fields).plan))
serve({ fetch: app.fetch, port: Number(PORT) })
