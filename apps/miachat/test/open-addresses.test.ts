import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'
import { write } from '../../../packages/auth/test/support/sql.ts'
import { appWorld } from './support/app-world.ts'

/** Everything that a stranger may open. Whoever adds a line here opens a door: look twice. */
const openToStrangers = [
  'GET /auth/api/check',
  'GET /auth/confirm-address',
  'GET /auth/enrol',
  'GET /auth/enrol/{id}',
  'GET /auth/first-administrator',
  'GET /auth/forgot',
  'GET /auth/left',
  'GET /auth/login',
  'GET /auth/providers/{id}/callback',
  'GET /auth/register',
  'GET /auth/reset',
  'GET /auth/restore',
  'GET /auth/second-factor',
  'GET /auth/undo',
  'GET /auth/waiting',
  'GET /auth/welcome',
  'GET /docs',
  'GET /favicon.ico',
  'GET /healthz',
  'GET /metrics',
  'GET /offline',
  'GET /offline-worker.js',
  'GET /openapi.json',
  'GET /outbox',
  'GET /outbox/{name}',
  'GET /readyz',
  'GET /robots.txt',
  'POST /auth/api/device/code',
  'POST /auth/api/device/token',
  'POST /auth/api/login',
  'POST /auth/api/logout',
  'POST /auth/api/refresh',
  'POST /auth/api/second-factor',
  'POST /auth/api/second-factor/passkey',
  'POST /auth/api/second-factor/passkey/options',
  'POST /auth/confirm-address',
  'POST /auth/enrol',
  'POST /auth/enrol/passkey',
  'POST /auth/enrol/passkey/options',
  'POST /auth/enrol/{id}/confirm',
  'POST /auth/forgot',
  'POST /auth/language',
  'POST /auth/login',
  'POST /auth/logout',
  'POST /auth/passkeys/options',
  'POST /auth/passkeys/sign-in',
  'POST /auth/providers/{id}',
  'POST /auth/providers/{id}/callback',
  'POST /auth/register',
  'POST /auth/register/options',
  'POST /auth/reset',
  'POST /auth/restore',
  'POST /auth/second-factor',
  'POST /auth/second-factor/passkey',
  'POST /auth/second-factor/passkey/options',
  'POST /auth/theme',
  'POST /auth/undo',
  'POST /auth/welcome',
  'POST /outbox',
]

const documentShape = z.looseObject({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ security: z.array(z.unknown()) }))),
})

test('SES-12: every address but these asks who it is; each of them is asked', async () => {
  const world = await appWorld()
  const browser = world.browser()
  const { paths } = documentShape.parse(await (await browser.get('/openapi.json')).json())
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({ method: method.toUpperCase(), path, security })),
  )
  const open = rows.filter(({ security }) => security.length === 0).map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual(open.sort(), openToStrangers)
  for (const { method, path, security } of rows) {
    if (security.length === 0) continue
    const address = path.replaceAll(/\{\w+\}/g, '1')
    const program = await browser.send(address, { method, headers: { accept: 'application/json' } })
    assert.equal(program.status, 401, `${method} ${path}`)
    if (path.startsWith('/auth/api/')) continue
    const person = await browser.send(address, { method, headers: { accept: 'text/html' } })
    assert.equal(person.status, 303, `${method} ${path}`)
    assert.match(person.headers.get('location') ?? '', /^\/auth\/login\?next=%2F/)
  }
  await world.close()
})

test('An address that is no row is 404 to everybody', async () => {
  const world = await appWorld()
  for (const path of [
    '/nope',
    '/config/',
    '/Config',
    '//config',
    '/config%2f',
    '/api/nope',
    '/.env',
    '/data/miachat.db',
  ]) {
    const response = await world.browser().get(path, { accept: 'text/html' })
    assert.equal(response.status, 404, path)
  }
  await world.close()
})

test('HDR-02: no answer says which program or version stands behind it', async () => {
  const world = await appWorld()
  const browser = world.browser()
  for (const path of ['/', '/healthz', '/openapi.json', '/docs', '/auth/login', '/nope', '/metrics', '/robots.txt']) {
    const response = await browser.get(path, { accept: 'text/html' })
    assert.equal(response.headers.get('x-powered-by'), null)
    assert.equal(response.headers.get('server'), null)
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path)
    assert.ok(!(await response.text()).includes(process.versions.node), path)
  }
  await world.close()
})

test('The API document is OpenAPI 3.1 whose schemas all compile, and /docs shows each of its addresses', async () => {
  const world = await appWorld()
  const browser = world.browser()
  const document: unknown = await (await browser.get('/openapi.json')).json()
  const { paths, info } = documentShape.parse(document)
  assert.deepEqual([info.title, info.version], ['MiaChat', '1.0'])
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ ...z.looseObject({}).parse(document) }, 'api')
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      for (const [status, answer] of Object.entries(z.record(z.string(), z.unknown()).parse(operation['responses']))) {
        if (!JSON.stringify(answer).includes('"application/json"')) continue
        const name = path.replaceAll('~', '~0').replaceAll('/', '~1')
        const place = `paths/${encodeURIComponent(name)}/${method}/responses/${status}/content/application~1json/schema`
        assert.ok(ajv.getSchema(`api#/${place}`), place)
      }
    }
  }
  const page = await (await browser.get('/docs', { accept: 'text/html' })).text()
  for (const path of Object.keys(paths))
    assert.ok(page.includes(` ${path.replaceAll(/\{(\w+)\}/g, ':$1')}</code>`), path)
  assert.ok(!/<script[^>]*src="(?!\/(auth\/)?assets\/)/.test(page), 'HDR-04: no script from elsewhere')
  await world.close()
})

test('The config page shows the people of the house what the server runs with', async () => {
  const world = await appWorld({ REGISTRATION: 'open', OPERATOR_CONTACT: 'Ask <Ana>' })
  const browser = world.browser()
  await browser.send('/auth/register', {
    json: { username: 'anna', email: 'a@example.org', password: 'a walk by the river' },
  })
  const page = await (await browser.get('/config', { accept: 'text/html' })).text()
  assert.match(page, /No AI model is connected: practice replies only\./)
  assert.match(page, /Set by <code>REGISTRATION<\/code>/)
  assert.ok(page.includes(world.config.dataDir))
  assert.ok(page.includes('Ask &lt;Ana&gt;'), 'RED-03: the operator’s sentence is text')
  await world.close()
})

test('ERR-01: what /metrics and /readyz refuse is what the API document says of them', async () => {
  const world = await appWorld({ METRICS_TOKEN: 'a-token-of-the-tests' })
  const browser = world.browser()
  for (const accept of ['application/json', 'text/html', '']) {
    const response = await browser.get('/metrics', { accept })
    assert.equal(response.status, 401)
    assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8')
    const { request_id: id } = z.looseObject({ request_id: z.string() }).parse(await response.json())
    assert.equal(response.headers.get('x-request-id'), id)
  }
  // As where an update of the program waits for its migration.
  await write(world.app.auth, "DELETE FROM schema_migrations WHERE set_name = 'auth'")
  const away = await browser.get('/readyz')
  assert.deepEqual([away.status, await away.json()], [503, { status: 'not ready' }])
  await world.close()
  const without = await appWorld()
  assert.equal((await without.browser().get('/metrics', { accept: 'application/json' })).status, 404)
  await without.close()
})

test('Metrics count requests by row and sign-ins by result, and never by what a client sends', async () => {
  const world = await appWorld({ METRICS_TOKEN: 'a-token-of-the-tests' })
  const browser = world.browser()
  await browser.send('/auth/login', { json: { username: 'nobody', password: 'wrong wrong wrong' } })
  await browser.get('/a/path/that/a/stranger/made/up')
  await browser.send('/healthz', { method: 'BREW' })
  const text = await (await browser.get('/metrics', { authorization: 'Bearer a-token-of-the-tests' })).text()
  assert.match(text, /^miachat_events_total\{event="sign_in",result="failed"\} 1$/m)
  assert.match(text, /^miachat_request_duration_seconds_count\{.*route="\/auth\/login".*\} 1$/m)
  assert.match(text, /^miachat_hash_queue 0$/m)
  assert.match(text, /^miachat_cached_sessions 0$/m)
  assert.ok(!/stranger|BREW|nobody/.test(text), text)
  await world.close()
})

test('the page for a server that is away calls the site by its own name', async () => {
  const hearth = await appWorld({ SITE_NAME: 'Hearth & Home' })
  try {
    const page = await (await hearth.browser().get('/offline', { accept: 'text/html' })).text()
    assert.match(page, /<h1>Hearth &amp; Home cannot be reached<\/h1>/)
  } finally {
    await hearth.close()
  }
})
