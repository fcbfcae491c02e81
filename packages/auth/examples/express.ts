import { createAuth } from '@miachat/auth'
import { expressAuth } from '@miachat/auth/express'
import express from 'express'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '' } = process.env
const auth = await createAuth({ database: DATABASE, secret: SECRET_KEY, baseUrl: `http://localhost:${PORT}` })
const { routes, requireSessionAuth, currentUser } = expressAuth(auth)

const app = express()
app.use(routes)
app.get('/', (_req, res) => void res.send('Everybody may read this.'))
app.get('/hello', requireSessionAuth, (req, res) => void res.type('text').send(`Hello ${currentUser(req).username}!`))
app.listen(Number(PORT))
