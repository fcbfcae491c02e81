// Express with express-session and a store on node:sqlite: what many sites have.
import { DatabaseSync } from 'node:sqlite'
import express from 'express'
import session from 'express-session'

const [port, folder] = process.argv.slice(2)
const db = new DatabaseSync(`${folder}/express.db`)
db.exec('PRAGMA journal_mode = WAL; CREATE TABLE sessions (sid TEXT PRIMARY KEY, data TEXT NOT NULL)')
const find = db.prepare('SELECT data FROM sessions WHERE sid = ?')
const save = db.prepare('INSERT INTO sessions VALUES (?, ?) ON CONFLICT (sid) DO UPDATE SET data = excluded.data')
const remove = db.prepare('DELETE FROM sessions WHERE sid = ?')

class Store extends session.Store {
  get(sid, done) {
    const row = find.get(sid)
    done(null, row ? JSON.parse(row.data) : null)
  }
  set(sid, data, done) {
    save.run(sid, JSON.stringify(data))
    done?.()
  }
  destroy(sid, done) {
    remove.run(sid)
    done?.()
  }
}

const app = express()
app.use(session({ secret: 'the secret of the benchmark', resave: false, saveUninitialized: false, store: new Store() }))
app.get('/sign-in', (request, response) => {
  request.session.user = { id: 1, username: 'anna' }
  response.json({ success: true })
})
app.get('/session', (request, response) => {
  if (!request.session.user) return response.status(401).end()
  response.json({ success: true, user: request.session.user })
})
app.listen(Number(port), '127.0.0.1', () => console.log('ready'))
