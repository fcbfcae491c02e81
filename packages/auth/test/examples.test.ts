import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../tests/support/free-port.ts'
import { type Browser, createBrowser } from './support/browser.ts'
import { hostileProvider } from './support/hostile-provider.ts'
import { testDatabase } from './support/test-database.ts'

const person = { username: 'emma', email: 'emma@example.org', password: 'a walk by the river' }
const { username, password } = person

/** Starts an example as its reader would, and answers a browser at it. */
async function start(
  t: TestContext,
  name: string,
  more: Record<string, string> = {},
): Promise<{ browser: Browser; output: { readonly text: string }; url: string }> {
  const port = await freePort()
  const database = await testDatabase()
  const file = fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=miachat-source', file], {
    env: { PORT: String(port), DATABASE: database.url, SECRET_KEY: 'a secret of the examples, long enough', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { text: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.text += text))
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const ended = once(child, 'exit')
  t.after(async () => {
    child.kill()
    await ended
    await database.drop()
  })
  const url = `http://localhost:${port}`
  const browser = createBrowser((request) => fetch(request), url)
  for (let waited = 0; waited < 20_000; waited += 100) {
    assert.equal(child.exitCode, null, errors)
    if (
      await browser.get('/').then(
        (response) => response.ok,
        () => false,
      )
    )
      return { browser, output, url }
    await sleep(100)
  }
  throw new Error(`${name} does not answer. ${errors}`)
}

test('the example of mail: a forgotten password is answered with a letter, by the service of the host', async (t) => {
  const arrived = Promise.withResolvers<string>()
  const service = createServer((request, response) => {
    void textOf(request).then((body) => {
      // The one that confirms the address comes first.
      if (body.includes('/auth/reset')) arrived.resolve(body)
      response.end()
    })
  })
  service.listen(0, '127.0.0.1')
  await once(service, 'listening')
  t.after(() => service.close())
  const address = service.address()
  assert.ok(address !== null && typeof address === 'object')
  const { browser } = await start(t, 'mail', { MAIL_SERVICE: `http://127.0.0.1:${address.port}/send` })
  assert.equal((await browser.send('/auth/register', { json: person })).status, 200)
  assert.equal((await browser.send('/auth/forgot', { json: { email: person.email } })).status, 200)
  const letter = await arrived.promise
  assert.match(letter, /"to":"emma@example\.org".*\/auth\/reset\?token=/)
})

for (const name of ['node', 'hono', 'express', 'fastify']) {
  test(`the example for ${name} lets in who registered, by page and by token, and nobody else`, async (t) => {
    const { browser } = await start(t, name)
    assert.equal(await (await browser.get('/')).text(), 'Everybody may read this.')
    const guest = await browser.get('/hello', { accept: 'text/html' })
    assert.deepEqual([guest.status, guest.headers.get('location')], [303, '/auth/login?next=%2Fhello'])
    assert.equal((await browser.get('/hello', { accept: 'application/json' })).status, 401)

    assert.equal((await browser.send('/auth/register', { form: person })).status, 303)
    assert.equal(await (await browser.get('/hello')).text(), 'Hello emma!')
    assert.equal((await browser.send('/auth/logout', { form: {} })).status, 303)
    assert.equal((await browser.get('/hello')).status, 303)

    const form = { username, password, next: '/hello' }
    const wrong = await browser.send('/auth/login', { form: { ...form, password: 'wrong wrong' } })
    assert.equal(wrong.status, 401)
    const right = await browser.send('/auth/login', { form })
    assert.deepEqual([right.status, right.headers.get('location')], [303, '/hello'])
    assert.equal(await (await browser.get('/hello')).text(), 'Hello emma!')
    await browser.send('/auth/logout', { json: {} })
    assert.equal((await browser.send('/auth/login', { json: { username: person.email, password } })).status, 200)
    assert.equal(await (await browser.get('/hello')).text(), 'Hello emma!')

    const tokens = JSON.parse(await (await browser.send('/auth/api/login', { json: { username, password } })).text())
    const me = await browser.get('/auth/api/me', { authorization: `Bearer ${tokens.access_token}` })
    assert.equal(JSON.parse(await me.text()).user.username, 'emma')
    await browser.send('/auth/api/logout', { json: { refresh_token: tokens.refresh_token } })
    const dead = await browser.get('/auth/api/me', { authorization: `Bearer ${tokens.access_token}` })
    assert.equal(dead.status, 401)
    assert.equal((await browser.get('/nothing')).status, 404)
  })
}

const onPostgres = process.env['TEST_DATABASE'] === 'postgres'

for (const name of onPostgres ? ['own-postgres'] : ['own-sqlite']) {
  test(`the example ${name} keeps notes of its own beside the library's people`, async (t) => {
    const { browser } = await start(t, name)
    const note = { body: 'milk', headers: { 'content-type': 'text/plain', accept: 'application/json' } }
    assert.equal((await browser.send('/notes', note)).status, 401)
    await browser.send('/auth/register', { json: person })
    const foreign = { ...note, headers: { ...note.headers, 'sec-fetch-site': 'cross-site' } }
    assert.equal((await browser.send('/notes', foreign)).status, 403)
    assert.equal((await browser.send('/notes', note)).status, 204)
    assert.deepEqual(JSON.parse(await (await browser.get('/notes')).text()), [{ text: 'milk' }])
  })
}

test('the example of providers: somebody new comes by a provider and chooses a name', async (t) => {
  const provider = await hostileProvider()
  provider.misdeeds.claims = { aud: 'tea-house' }
  t.after(provider.close)
  const { browser } = await start(t, 'providers', { ISSUER: provider.issuer })
  assert.match(await (await browser.get('/auth/login')).text(), /GitHub.*The guild of tea/s)
  const begun = await browser.send('/auth/providers/guild', { json: {} })
  const state = provider.ask(JSON.parse(await begun.text()).redirect)
  await browser.get(`/auth/providers/guild/callback?code=x&state=${state}`)
  assert.equal((await browser.send('/auth/welcome', { json: { username } })).status, 200)
  assert.match(await (await browser.get('/settings/providers')).text(), /The guild of tea/)
})

test('the example own-fields asks for a plan, refuses an odd one and reads it back', async (t) => {
  const { browser } = await start(t, 'own-fields')
  const page = await (await browser.get('/auth/register', { accept: 'text/html' })).text()
  assert.match(page, /name="plan"/)
  const refused = await browser.send('/auth/register', { form: { ...person, plan: 'gold' } })
  assert.equal(refused.status, 422)
  assert.match(await refused.text(), /Choose free or pro\./)
  await browser.send('/auth/register', { form: { ...person, plan: 'pro' } })
  assert.equal(await (await browser.get('/plan')).text(), 'pro')
})

test('the example hooks is told of who joins and who comes', async (t) => {
  const { browser, output } = await start(t, 'hooks')
  await browser.send('/auth/register', { json: person })
  await browser.send('/auth/login', { json: { username, password } })
  const expected = 'emma has joined\nemma is here by registration\nemma is here by password\n'
  for (let i = 0; i < 50 && output.text.length < expected.length; i++) await sleep(20)
  assert.equal(output.text, expected)
})

test('the example own-look draws the pages of the library', async (t) => {
  const { browser } = await start(t, 'own-look')
  const guest = await (await browser.get('/auth/login', { accept: 'text/html' })).text()
  assert.match(guest, /<title>Sign in · Tea House<\/title>/)
  assert.match(guest, /Welcome, stranger/)
  assert.match(guest, /href="\/tea\.css"/)
  await browser.send('/auth/register', { json: person })
  assert.match(await (await browser.get('/settings')).text(), /Welcome, emma/)
})

test('the example guards tells session, token and either apart', async (t) => {
  const { browser, url } = await start(t, 'guards')
  assert.equal((await browser.get('/account/name')).status, 303)
  assert.equal((await browser.get('/api/name')).status, 401)
  assert.equal((await browser.send('/api/orders', { json: {} })).status, 401)
  await browser.send('/auth/register', { json: person })
  assert.equal(await (await browser.get('/')).text(), 'Good to see you, emma.')
  assert.equal(await (await browser.get('/account/name')).text(), 'emma')
  assert.equal(await (await browser.get('/account/report')).text(), 'The report is ready.')
  assert.equal((await browser.get('/api/name')).status, 401)
  assert.equal((await browser.send('/api/orders', { json: {} })).status, 201)
  assert.equal(await (await browser.send('/account/close', { json: {} })).text(), 'Good bye, emma.')
  await browser.send('/settings/confirm/drop', { json: {} })
  assert.equal((await browser.send('/account/close', { json: {} })).status, 403)

  const tokens = await fetch(`${url}/auth/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  const authorization = `Bearer ${JSON.parse(await tokens.text()).access_token}`
  assert.deepEqual(await (await fetch(`${url}/api/name`, { headers: { authorization } })).json(), { name: 'emma' })
  assert.equal((await fetch(`${url}/api/orders`, { method: 'POST', headers: { authorization } })).status, 201)
})

test('the example own-form signs in and out by the host’s own addresses, and is refused as the library refuses', async (t) => {
  const { browser } = await start(t, 'own-form')
  const wrong = await browser.send('/enter', { form: { name: username, password: 'wrong wrong' } })
  assert.equal(wrong.status, 401)
  assert.match(await wrong.text(), /That user name or password is not right/)
  const foreign = { form: { name: username, password }, headers: { origin: 'https://evil.example' } }
  assert.equal((await browser.send('/enter', foreign)).status, 403)
  assert.equal(await (await browser.get('/')).text(), 'Who are you?')
  assert.equal((await browser.send('/enter', { form: { name: username, password } })).status, 303)
  assert.equal(await (await browser.get('/')).text(), 'Hello emma!')
  assert.equal((await browser.send('/leave', { form: {} })).status, 303)
  assert.equal(await (await browser.get('/')).text(), 'Who are you?')
})

test('the example program signs in by token, refreshes and ends its family', async (t) => {
  const { browser, url } = await start(t, 'node')
  await browser.send('/auth/register', { json: person })
  const file = fileURLToPath(new URL('../examples/program.js', import.meta.url))
  const program = spawn(process.execPath, [file], { env: { SERVER: url, NAME: username, PASSWORD: password } })
  const output = Buffer.concat(await program.stdout.toArray()).toString()
  assert.equal(output, 'emma\n')
})
