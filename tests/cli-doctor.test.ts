import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { freePort } from './support/free-port.ts'
import { miachat } from './support/miachat-command.ts'
import { startServer } from './support/server-process.ts'

const cheap = { PASSWORD_COST: '4' }

/** A proxy that does to requests what `change` says. */
async function startProxy(target: number, change: (headers: Record<string, string>) => void) {
  const port = await freePort()
  const server = createServer((incoming, answer) => {
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === 'string') headers[name] = value
    change(headers)
    const options = {
      host: '127.0.0.1',
      port: target,
      path: incoming.url ?? '/',
      method: incoming.method ?? 'GET',
      headers,
    }
    const onward = request(options, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers)
      got.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

describe('doctor', () => {
  let folder: string
  let dataDir: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'miachat-doctor-'))
    dataDir = join(folder, 'data')
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const doctor = (env: Record<string, string> = {}, ...args: string[]) =>
    miachat(['doctor', ...args], { dataDir, cwd: folder, env: { ...cheap, ...env } })

  test('before the first start it says that nothing runs, makes nothing and finds no problem', async () => {
    const { code, stdout } = await doctor({ PORT: String(await freePort()) })
    assert.equal(code, 0, stdout)
    assert.match(stdout, /^warning {2}server +No MiaChat answers .*ECONNREFUSED/m)
    assert.match(stdout, /^ok {7}database .* is not made yet/m)
    assert.match(stdout, /^0 problems, 1 warning\.\n$/m)
    assert.equal(existsSync(dataDir), false)
  })

  test('settings that cannot be used are problems, all of them', async () => {
    const { code, stdout } = await doctor({ PORT: '0', WORKERS: 'many' })
    assert.equal(code, 1)
    assert.match(stdout, /^problem {2}settings +PORT .*\nproblem {2}settings +WORKERS /m)
    assert.equal((await doctor({}, '--url', 'nowhere')).code, 2)
  })

  test('a healthy server is ok line by line; a doctor that knows another key says so', async () => {
    const server = await startServer({ dataDir, env: cheap })
    try {
      const files = readdirSync(dataDir).sort()
      const env = { PORT: String(server.port) }
      const { code, stdout } = await doctor(env)
      assert.equal(code, 0, stdout)
      for (const topic of [
        'settings',
        'key',
        'files',
        'disk',
        'clock',
        'database',
        'migrations',
        'server',
        'headers',
        'cookies',
      ]) {
        assert.match(stdout, new RegExp(`^ok {7}${topic} `, 'm'))
      }
      assert.match(stdout, /^ok {7}proxies +The server sees this request come from 127\.0\.0\.1\.$/m)
      assert.doesNotMatch(stdout, /problem {2}/)
      assert.deepEqual(readdirSync(dataDir).sort(), files)

      const stranger = await doctor({ ...env, SECRET_KEY: 'Kq3vX8mZ2pL9wR5tY7uB1nC4dF6gH0jS' })
      assert.equal(stranger.code, 1)
      assert.match(stranger.stdout, /^problem {2}key +The database needs a key that is not given/m)
      assert.match(stranger.stdout, /^warning {2}proxies +The server does not know the key that is given here/m)
      assert.match(
        (await doctor({ ...env, BASE_URL: 'http://localhost:1' })).stdout,
        /^problem {2}address .*runs with BASE_URL http:\/\/localhost:/m,
      )
    } finally {
      await server.stop()
    }
  })

  test('ADM-03: a stranger learns nothing of proxies and addresses', async () => {
    const server = await startServer({ dataDir, env: cheap })
    try {
      for (const header of ['', 'x', `${Date.now()}.${'A'.repeat(16)}.${'A'.repeat(43)}`]) {
        const response = await fetch(`${server.url}/healthz`, { headers: { 'x-miachat-doctor': header } })
        assert.equal(await response.text(), '{"status":"alive"}')
      }
    } finally {
      await server.stop()
    }
  })

  test('PRX-01: what a proxy does wrong is told: not trusted, passing lies on, eating headers', async () => {
    const append = (headers: Record<string, string>) => {
      headers['x-forwarded-for'] = [headers['x-forwarded-for'], '198.51.100.7'].filter(Boolean).join(', ')
    }
    const untrusting = await startServer({ dataDir, env: cheap })
    const good = await startProxy(untrusting.port, append)
    const env = { PORT: String(untrusting.port) }
    const untrusted = await doctor(env, '--url', good.url)
    assert.equal(untrusted.code, 1)
    assert.match(untrusted.stdout, /^problem {2}proxies +A proxy stands before .*Set TRUSTED_PROXIES=127\.0\.0\.1$/m)
    good.close()
    await untrusting.stop()

    const trusting = await startServer({
      dataDir,
      port: untrusting.port,
      env: { ...cheap, TRUSTED_PROXIES: '127.0.0.1' },
    })
    const proxies = {
      good: await startProxy(trusting.port, append),
      gullible: await startProxy(trusting.port, () => {}),
    }
    try {
      const fine = await doctor(env, '--url', proxies.good.url)
      assert.equal(fine.code, 0, fine.stdout)
      assert.match(fine.stdout, /come from 198\.51\.100\.7; it trusts 127\.0\.0\.1\.$/m)
      const lied = await doctor(env, '--url', proxies.gullible.url)
      assert.equal(lied.code, 1)
      assert.match(lied.stdout, /^problem {2}proxies +The server believes whatever a client writes/m)
    } finally {
      proxies.good.close()
      proxies.gullible.close()
      await trusting.stop()
    }
  })

  test('open permissions and something else at the address are told with what to do', async () => {
    await (await startServer({ dataDir, env: cheap })).stop()
    chmodSync(join(dataDir, 'secret-key'), 0o644)
    chmodSync(dataDir, 0o755)
    const other = createServer((_, answer) => answer.end('{"status":"fine"}'))
    const port = await freePort()
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    const { code, stdout } = await doctor({ PORT: String(port) })
    other.close()
    assert.equal(code, 1)
    assert.match(stdout, /^problem {2}files .*chmod 600 .*secret-key"/m)
    assert.match(stdout, /^warning {2}files .*chmod 700 .*data"/m)
    assert.match(stdout, /something answers with 200, but it is no MiaChat/)
  })
})
