import { serve } from '@hono/node-server'
import { createAuth } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { Hono } from 'hono'
import pg from 'pg'

const { PORT = '3000', DATABASE, SECRET_KEY = '' } = process.env
const pool = new pg.Pool({ connectionString: DATABASE })
const auth = await createAuth({ database: pool, secret: SECRET_KEY, baseUrl: `http://localhost:${PORT}` })
const { routes, requireSessionAuth, currentUser } = honoAuth(auth)

// The library has made its tables: yours may refer to its people.
await pool.query('CREATE TABLE IF NOT EXISTS notes (user_id BIGINT NOT NULL REFERENCES users (id), text TEXT NOT NULL)')

const app = new Hono()
app.use(routes)
app.get('/', (c) => c.text('Everybody may read this.'))
app.get('/notes', requireSessionAuth, async (c) => {
  const { rows } = await pool.query('SELECT text FROM notes WHERE user_id = $1', [currentUser(c).id])
  return c.json(rows)
})
app.post('/notes', requireSessionAuth, async (c) => {
  await pool.query('INSERT INTO notes (user_id, text) VALUES ($1, $2)', [currentUser(c).id, await c.req.text()])
  return c.body(null, 204)
})
serve({ fetch: app.fetch, port: Number(PORT) })
