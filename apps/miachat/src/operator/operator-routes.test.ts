import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAuth } from '@miachat/auth'
import { type OperatorDeps, operatorRoutes } from './operator-routes.ts'

const baseUrl = 'http://localhost:8080'

async function world(deps: Partial<OperatorDeps> = {}) {
  const auth = await createAuth({ database: 'sqlite::memory:', secret: 'a secret of the tests, long enough', baseUrl })
  const rows = operatorRoutes({
    checkReady: async () => true,
    metrics: null,
    textHeaders: auth.headers.text,
    ...deps,
  })
  const fetch = auth.site(rows)
  return {
    get: (path: string, headers: Record<string, string> = {}) => fetch(new Request(baseUrl + path, { headers })),
    [Symbol.asyncDispose]: () => auth.close(),
  }
}

const metrics = { token: 'a-token-of-the-tests', read: async () => 'miachat_up 1\n' }

test('ADM-03: metrics are not there unless they are configured', async () => {
  await using site = await world()
  assert.equal((await site.get('/metrics', { authorization: 'Bearer undefined' })).status, 404)
  assert.equal((await site.get('/metrics', { authorization: 'Bearer ' })).status, 404)
})

test('ADM-03: metrics ask for their token, and a program is told so as a program', async () => {
  await using site = await world({ metrics })
  for (const authorization of [
    '',
    'Bearer',
    'Bearer wrong',
    'Basic a-token-of-the-tests',
    `Bearer ${metrics.token}x`,
  ]) {
    const response = await site.get('/metrics', { authorization })
    assert.equal(response.status, 401, authorization)
    assert.equal(response.headers.get('www-authenticate'), 'Bearer')
    assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8')
    assert.match(await response.text(), /"success":false/)
  }
  // A query string ends in logs.
  assert.equal((await site.get(`/metrics?token=${metrics.token}`)).status, 401)
  const response = await site.get('/metrics', { authorization: `bearer ${metrics.token}` })
  assert.deepEqual([response.status, await response.text()], [200, 'miachat_up 1\n'])
})

test('AVL-06: a server whose database fails is alive but not ready', async () => {
  const failing = async () => {
    throw new Error('the password of the database is hush')
  }
  await using site = await world({ checkReady: failing })
  const response = await site.get('/readyz')
  assert.equal(response.status, 503)
  assert.equal(response.headers.get('retry-after'), '2')
  assert.deepEqual(await response.json(), { status: 'not ready' })
  assert.equal((await site.get('/healthz')).status, 200)
})

test('AVL-06: a database that never answers is not waited for longer than three seconds', async () => {
  await using site = await world({ checkReady: () => new Promise(() => {}) })
  const started = performance.now()
  assert.equal((await site.get('/readyz')).status, 503)
  assert.ok(performance.now() - started < 3000)
})

test('ADM-03: health checks say one word, and nothing of versions or places', async () => {
  await using site = await world()
  assert.equal(await (await site.get('/healthz')).text(), '{"status":"alive"}')
  assert.equal(await (await site.get('/readyz')).text(), '{"status":"ready"}')
})

test('Search engines are asked to stay away', async () => {
  await using site = await world()
  assert.equal(await (await site.get('/robots.txt')).text(), 'User-agent: *\nDisallow: /\n')
})
