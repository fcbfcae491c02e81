import { createServer } from 'node:http'
import { createAuth } from '@miachat/auth'
import { nodeAuth } from '@miachat/auth/node'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '' } = process.env
const auth = await createAuth({ database: DATABASE, secret: SECRET_KEY, baseUrl: `http://localhost:${PORT}` })
const { routes, requireSessionAuth } = nodeAuth(auth)

createServer(async (request, response) => {
  if (await routes(request, response)) return
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  if (request.url === '/') response.end('Everybody may read this.')
  else if (request.url === '/hello') {
    const user = await requireSessionAuth(request, response)
    if (user) response.end(`Hello ${user.username}!`)
  } else response.writeHead(404).end('There is nothing here.')
}).listen(Number(PORT))
