import { createAuth } from '@miachat/auth'
import { fastifyAuth } from '@miachat/auth/fastify'
import fastify from 'fastify'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '' } = process.env
const auth = await createAuth({ database: DATABASE, secret: SECRET_KEY, baseUrl: `http://localhost:${PORT}` })
const { routes, requireSessionAuth, currentUser } = fastifyAuth(auth)

const app = fastify()
app.register(routes)
app.get('/', () => 'Everybody may read this.')
app.get('/hello', { onRequest: requireSessionAuth }, (request) => `Hello ${currentUser(request).username}!`)
await app.listen({ port: Number(PORT) })
