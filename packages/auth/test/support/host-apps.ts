import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import type { Auth } from '@miachat/auth'
import { expressAuth } from '@miachat/auth/express'
import { fastifyAuth } from '@miachat/auth/fastify'
import { honoAuth } from '@miachat/auth/hono'
import { nodeAuth } from '@miachat/auth/node'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { type Browser, createBrowser } from './browser.ts'

/**
 * A running host app: `/public`, `/hello` and `/notes` (POST) by session, `/program` by token, `/either` by both, `/close`
 * (POST) by a session with a fresh proof.
 */
export interface HostApp {
  readonly url: string
  close(): Promise<void>
}

const none = 'The host knows no such page.'

/** The same host app in each framework; the library's routes come first and the host's own behind them. */
export const hostApps: Readonly<Record<string, (auth: Auth) => Promise<HostApp>>> = {
  async node(auth) {
    const { routes, requireSessionAuth, requireBearerAuth, requireEitherAuth, requireStepUp } = nodeAuth(auth)
    const guards = new Map([
      ['GET /hello', requireSessionAuth],
      ['POST /notes', requireSessionAuth],
      ['GET /program', requireBearerAuth],
      ['POST /either', requireEitherAuth],
      ['POST /close', requireStepUp],
    ])
    const server = createServer(async (request, response) => {
      if (await routes(request, response)) return
      if (request.url === '/public') return void response.end('for all')
      const guard = guards.get(`${request.method} ${request.url?.split('?')[0]}`)
      if (!guard) return void response.writeHead(404).end(none)
      const user = await guard(request, response)
      if (user) response.end(`${user.username} of node`)
    }).listen(0, '127.0.0.1')
    return running(server)
  },

  async express(auth) {
    const { routes, requireSessionAuth, requireBearerAuth, requireEitherAuth, requireStepUp, currentUser } =
      expressAuth(auth)
    const app = express()
    app.use(routes)
    app.get('/public', (_req, res) => void res.send('for all'))
    app.get('/hello', requireSessionAuth, (req, res) => void res.send(`${currentUser(req).username} of express`))
    app.post('/notes', requireSessionAuth, (req, res) => void res.send(`${currentUser(req).username} of express`))
    app.get('/program', requireBearerAuth, (req, res) => void res.send(`${currentUser(req).username} of express`))
    app.post('/either', requireEitherAuth, (req, res) => void res.send(`${currentUser(req).username} of express`))
    app.post('/close', requireStepUp, (req, res) => void res.send(`${currentUser(req).username} of express`))
    app.use((_req, res) => void res.status(404).send(none))
    return running(app.listen(0, '127.0.0.1'))
  },

  async fastify(auth) {
    const { routes, requireSessionAuth, requireBearerAuth, requireEitherAuth, requireStepUp, currentUser } =
      fastifyAuth(auth)
    const app = fastify()
    app.addContentTypeParser('application/x-www-form-urlencoded', (_request, _payload, done) => done(null))
    app.register(routes)
    app.get('/public', () => 'for all')
    const session = { onRequest: requireSessionAuth }
    app.get('/hello', session, (request) => `${currentUser(request).username} of fastify`)
    app.post('/notes', session, (request) => `${currentUser(request).username} of fastify`)
    app.get('/program', { preHandler: requireBearerAuth }, (request) => `${currentUser(request).username} of fastify`)
    app.post('/either', { onRequest: requireEitherAuth }, (request) => `${currentUser(request).username} of fastify`)
    app.post('/close', { onRequest: requireStepUp }, (request) => `${currentUser(request).username} of fastify`)
    app.setNotFoundHandler((_request, reply) => reply.code(404).send(none))
    return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
  },

  async hono(auth) {
    const { routes, requireSessionAuth, requireBearerAuth, requireEitherAuth, requireStepUp, currentUser } =
      honoAuth(auth)
    const app = new Hono()
    app.use(routes)
    app.get('/public', (c) => c.text('for all'))
    app.get('/hello', requireSessionAuth, (c) => c.text(`${currentUser(c).username} of hono`))
    app.post('/notes', requireSessionAuth, (c) => c.text(`${currentUser(c).username} of hono`))
    app.get('/program', requireBearerAuth, (c) => c.text(`${currentUser(c).username} of hono`))
    app.post('/either', requireEitherAuth, (c) => c.text(`${currentUser(c).username} of hono`))
    app.post('/close', requireStepUp, (c) => c.text(`${currentUser(c).username} of hono`))
    app.notFound((c) => c.text(none, 404))
    return running(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false }))
  },
}

/** A browser over a real socket; its Origin is the base address that the library was told. */
export const socketBrowser = (app: { readonly url: string }, baseUrl: string): Browser =>
  createBrowser((request) => {
    const { pathname, search } = new URL(request.url)
    return fetch(new Request(`${app.url}${pathname}${search}`, request))
  }, baseUrl)

/** The address of a server that was told to listen, once it does. */
export async function running(server: Server | ServerType): Promise<HostApp> {
  if (!server.listening) await once(server, 'listening')
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
