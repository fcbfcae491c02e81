import { setTimeout as longWork } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { createAuth } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { Hono } from 'hono'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '' } = process.env
const auth = await createAuth({ database: DATABASE, secret: SECRET_KEY, baseUrl: `http://localhost:${PORT}` })
const { routes, requireSessionAuth, requireBearerAuth, requireEitherAuth, requireStepUp, currentUser } = honoAuth(auth)

const app = new Hono()
app.use(routes)
app.get('/', async (c) => {
  const user = await auth.getCurrentUserFromSession(c.req.raw)
  return c.text(user ? `Good to see you, ${user.displayName}.` : 'Everybody may read this.')
})
app.use('/account/*', requireSessionAuth)
app.get('/account/name', (c) => c.text(currentUser(c).displayName))
app.get('/api/name', requireBearerAuth, (c) => c.json({ name: currentUser(c).displayName }))
app.post('/api/orders', requireEitherAuth, (c) => c.json({ by: currentUser(c).id }, 201))
app.post('/account/close', requireStepUp, (c) => c.text(`Good bye, ${currentUser(c).displayName}.`))
app.get('/account/report', async (c) => {
  const { signal, release } = await auth.sessionSignal(c.req.raw)
  try {
    return c.text(await longWork(1000, 'The report is ready.', { signal }))
  } finally {
    release()
  }
})
serve({ fetch: app.fetch, port: Number(PORT) })
