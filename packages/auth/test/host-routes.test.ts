import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, type TestContext, test } from 'node:test'
import { serve } from '@hono/node-server'
import { AuthError, type HostRequest } from '@miachat/auth'
import { expressAuth } from '@miachat/auth/express'
import { fastifyAuth } from '@miachat/auth/fastify'
import { honoAuth } from '@miachat/auth/hono'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { type HostApp, running, socketBrowser } from './support/host-apps.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'

describe('a host app beside the library', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
    await signedUp(world, 'bert')
  })
  after(() => world.close())

  /** A browser at the host, which is closed with the test. */
  function open(t: TestContext, app: HostApp) {
    t.after(() => app.close())
    return socketBrowser(app, baseUrl)
  }

  const expressHost = async (t: TestContext, build: (app: express.Express) => void) => {
    const app = express()
    build(app)
    return open(t, await running(app.listen(0, '127.0.0.1')))
  }

  test('ERR-01: in Express a parser that ran before us makes nothing hang, and a field given twice is still refused', async (t) => {
    const guest = await expressHost(t, (app) => {
      app.use(express.json(), express.urlencoded({ extended: true }))
      app.use(expressAuth(world.auth).routes)
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
    const twice = await guest.send('/auth/login', { body: 'username=bert&username=anna&password=x', headers })
    assert.equal(twice.status, 400)
    assert.equal((await guest.send('/auth/login', { form: { username: 'bert', password } })).status, 303)
    assert.equal((await guest.send('/auth/login', { json: { username: 'bert', password } })).status, 200)
  })

  test('in Express the routes may be mounted under /auth too', async (t) => {
    const guest = await expressHost(t, (app) => void app.use('/auth', expressAuth(world.auth).routes))
    assert.equal((await guest.get('/auth/login')).status, 200)
    assert.equal((await guest.send('/auth/login', { json: { username: 'bert', password } })).status, 200)
  })

  test('a route of the host that is declared before stays the host’s', async (t) => {
    const browsers = [
      await expressHost(t, (app) => {
        app.get('/settings', (_req, res) => void res.send('of the host'))
        app.use(expressAuth(world.auth).routes)
      }),
    ]
    const hono = new Hono()
    hono.get('/settings', (c) => c.text('of the host'))
    hono.use(honoAuth(world.auth).routes)
    const server = serve({ fetch: hono.fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false })
    browsers.push(open(t, await running(server)))
    const app = fastify()
    app.register(fastifyAuth(world.auth).routes)
    app.get('/settings', () => 'of the host')
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    browsers.push(open(t, { url, close: () => app.close() }))
    for (const browser of browsers) {
      assert.equal(await (await browser.get('/settings')).text(), 'of the host')
      const posted = await browser.send('/settings/password', { json: {} })
      assert.equal(JSON.parse(await posted.text()).code, 'not_signed_in')
    }
  })

  test('asking who is there on a route without a guard is told as the mistake that it is', async (t) => {
    const { currentUser } = expressAuth(world.auth)
    const guest = await expressHost(t, (app) => {
      app.get('/', (req, res) => void res.send(currentUser(req).username))
      app.use((error: Error, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
        res.status(500).send(error.message)
      })
    })
    assert.match(await (await guest.get('/')).text(), /has no guard/)
  })

  describe('the seed’s functions take the request that each framework has', () => {
    /** A host’s own sign-in, as JSON: the same for every framework. */
    async function signIn(request: HostRequest, body: unknown, peer?: string) {
      const { name, word } = Object(body)
      const proof = await world.auth.authenticateUser(String(name), String(word), request, peer)
      return world.auth.loginUserSession(proof, request, peer === undefined ? {} : { peer })
    }
    const status = (error: unknown) => (error instanceof AuthError ? error.status : 500)

    const hosts: Record<string, () => Promise<HostApp>> = {
      async node() {
        return running(
          createServer(async (request, response) => {
            try {
              if (request.url === '/out') {
                request.resume()
                response.setHeader('set-cookie', await world.auth.logoutUserSession(request))
              } else if (request.method === 'POST') {
                const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
                response.setHeader('set-cookie', await signIn(request, body))
              } else response.write((await world.auth.requireSessionAuth(request)).username)
            } catch (error) {
              response.statusCode = status(error)
            }
            response.end()
          }).listen(0, '127.0.0.1'),
        )
      },
      async express() {
        const app = express()
        app.use(express.json())
        app.post('/in', async (req, res) => void res.setHeader('set-cookie', await signIn(req, req.body)).end())
        app.post('/out', async (req, res) => {
          res.setHeader('set-cookie', await world.auth.logoutUserSession(req)).end()
        })
        app.get('/', async (req, res) => void res.send((await world.auth.requireSessionAuth(req)).username))
        app.use((error: Error, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
          res.status(status(error)).end()
        })
        return running(app.listen(0, '127.0.0.1'))
      },
      async fastify() {
        const app = fastify()
        app.post('/in', async (request, reply) => {
          return reply.header('set-cookie', await signIn(request, request.body)).send()
        })
        app.post('/out', async (request, reply) => {
          return reply.header('set-cookie', await world.auth.logoutUserSession(request)).send()
        })
        app.get('/', async (request) => (await world.auth.requireSessionAuth(request)).username)
        return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
      },
      async hono() {
        const { peerOf } = honoAuth(world.auth)
        const app = new Hono()
        const answer = (cookies: string[]) =>
          new Response(null, { headers: cookies.map((cookie): [string, string] => ['set-cookie', cookie]) })
        app.post('/in', async (c) => answer(await signIn(c.req.raw, await c.req.json(), peerOf(c))))
        app.post('/out', async (c) => answer(await world.auth.logoutUserSession(c.req.raw, peerOf(c))))
        app.get('/', async (c) => c.text((await world.auth.requireSessionAuth(c.req.raw)).username))
        app.onError((error) => new Response(null, { status: status(error) }))
        return running(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false }))
      },
    }

    for (const [name, start] of Object.entries(hosts)) {
      test(`CSR-01: in ${name}, and another site can neither sign in nor out`, async (t) => {
        const guest = open(t, await start())
        assert.equal((await guest.get('/')).status, 401)
        assert.equal((await guest.send('/in', { json: { name: 'bert', word: 'wrong wrong' } })).status, 401)
        assert.equal((await guest.send('/in', { json: { name: 'bert@example.org', word: password } })).status, 200)
        assert.equal(await (await guest.get('/')).text(), 'bert')
        const user = await world.auth.admin.findUser('bert')
        const events = await world.auth.admin.events(user?.id ?? 0, 1)
        assert.deepEqual([events[0]?.event, events[0]?.address], ['sign_in', '127.0.0.1'])
        const foreign = { origin: 'https://evil.example' }
        const word = { name: 'bert', word: password }
        assert.equal((await guest.send('/in', { json: word, headers: foreign })).status, 403)
        assert.equal((await guest.send('/out', { json: {}, headers: foreign })).status, 403)
        assert.equal(await (await guest.get('/')).text(), 'bert')
        assert.equal((await guest.send('/out', { json: {} })).status, 200)
        assert.equal((await guest.get('/')).status, 401)
      })
    }
  })
})
