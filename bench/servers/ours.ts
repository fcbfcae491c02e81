// @miachat/auth as an embedder has it: the engine, one JSON route for sessions and one for bearer tokens.
import { createAuth, route, sessionOf } from '@miachat/auth'
import { createNodeServer } from '@miachat/auth/node'

const [port, database, cost = '12'] = process.argv.slice(2)
const auth = await createAuth({
  database: database ?? 'sqlite::memory:',
  secret: 'the secret of the benchmark, long enough',
  baseUrl: `http://localhost:${port}`,
  passwords: { scheme: 'bcrypt', cost: Number(cost) },
  limits: { perAddress: 1e6, perAddressAndAccount: 1e6, registrations: 1e6 },
})
const me = (user: { id: number; username: string } | null) => ({
  success: true,
  user: user && { id: user.id, username: user.username },
})
const fetch = auth.site([
  route({
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in.',
    handle: (exchange) => exchange.json(me(sessionOf(exchange).user)),
  }),
  route({
    method: 'GET',
    path: '/bearer',
    access: 'bearer',
    summary: 'Whose token it is.',
    handle: (exchange) => exchange.json(me(exchange.user)),
  }),
])
createNodeServer(fetch).listen(Number(port), '127.0.0.1', () => console.log('ready'))
