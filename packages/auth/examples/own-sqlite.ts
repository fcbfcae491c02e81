import { DatabaseSync } from 'node:sqlite'
import { serve } from '@hono/node-server'
import { createAuth } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { Hono } from 'hono'

const { PORT = '3000', FILE = ':memory:', SECRET_KEY = '' } = process.env
const database = new DatabaseSync(FILE)
const auth = await createAuth({ database, secret: SECRET_KEY, baseUrl: `http://localhost:${PORT}` })
const { routes, requireSessionAuth, currentUser } = honoAuth(auth)

// The library has made its tables: yours may refer to its people.
database.exec('CREATE TABLE IF NOT EXISTS notes (user_id INTEGER NOT NULL REFERENCES users (id), text TEXT NOT NULL)')
const addNote = database.prepare('INSERT INTO notes (user_id, text) VALUES (?, ?)')
const listNotes = database.prepare('SELECT text FROM notes WHERE user_id = ?')

const app = new Hono()
app.use(routes)
app.get('/', (c) => c.text('Everybody may read this.'))
app.get('/notes', requireSessionAuth, (c) => c.json(listNotes.all(currentUser(c).id)))
app.post('/notes', requireSessionAuth, async (c) => {
  addNote.run(currentUser(c).id, await c.req.text())
  return c.body(null, 204)
})
serve({ fetch: app.fetch, port: Number(PORT) })
