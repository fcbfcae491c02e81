import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, request } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type Certificate, makeCertificate, noCertificates } from './support/certificates.ts'
import { freePort } from './support/free-port.ts'
import { createClient } from './support/http-client.ts'
import { miachat } from './support/miachat-command.ts'
import { startServer } from './support/server-process.ts'

const cheap = { PASSWORD_COST: '4' }

interface ProxyOptions {
  /** The address that it goes on from. */
  readonly from?: string
  /** It speaks https with this. */
  readonly certificate?: Certificate
}

/** A proxy that does to requests what `change` says. */
async function startProxy(
  target: number,
  change: (headers: Record<string, string>) => void,
  { from, certificate }: ProxyOptions = {},
) {
  const pass: RequestListener = (incoming, answer) => {
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === 'string') headers[name] = value
    change(headers)
    const options = {
      host: '127.0.0.1',
      port: target,
      path: incoming.url ?? '/',
      method: incoming.method ?? 'GET',
      headers,
      ...(from === undefined ? {} : { localAddress: from }),
    }
    const onward = request(options, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers)
      got.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    incoming.pipe(onward)
  }
  const server = certificate ? createTlsServer(certificate, pass) : createServer(pass)
  const port = await listen(server)
  return { url: `http${certificate ? 's' : ''}://127.0.0.1:${port}`, port, close: () => server.close() }
}

/** Its port. */
async function listen(server: Server): Promise<number> {
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return port
}

const append = (address: string) => (headers: Record<string, string>) => {
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], address].filter(Boolean).join(', ')
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

  test('AUD-04: a log of an account that was changed beside the program is a problem', async () => {
    const server = await startServer({ dataDir, env: cheap })
    const client = createClient(server.url)
    await client.register('anna', 'a walk by the river')
    await client.signIn('anna', 'a walk by the river')
    await client.signIn('anna', 'a walk by the river')
    await server.stop()
    assert.match((await doctor({})).stdout, /^ok {7}log +The logs of all accounts are as they were written\.$/m)
    const db = new DatabaseSync(join(dataDir, 'miachat.db'))
    db.exec('DELETE FROM audit_events WHERE id = (SELECT max(id) - 1 FROM audit_events)')
    db.close()
    const { code, stdout } = await doctor({})
    assert.equal(code, 1)
    assert.match(stdout, /^problem {2}log +The log of account 1 was changed beside MiaChat/m)
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
    const untrusting = await startServer({ dataDir, env: cheap })
    const good = await startProxy(untrusting.port, append('198.51.100.7'))
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
      good: await startProxy(trusting.port, append('198.51.100.7')),
      onTheSameMachine: await startProxy(trusting.port, append('127.0.0.1')),
      // Linux answers to all of 127.0.0.0/8.
      untrusted: await startProxy(trusting.port, append('198.51.100.7'), { from: '127.0.0.3' }),
      gullible: await startProxy(trusting.port, () => {}),
    }
    try {
      const fine = await doctor(env, '--url', proxies.good.url)
      assert.equal(fine.code, 0, fine.stdout)
      assert.match(fine.stdout, /come from 198\.51\.100\.7; it trusts 127\.0\.0\.1\.$/m)
      const lied = await doctor(env, '--url', proxies.gullible.url)
      assert.equal(lied.code, 1)
      assert.match(lied.stdout, /^problem {2}proxies +The server believes whatever a client writes/m)

      const here = await doctor(env, '--url', proxies.onTheSameMachine.url)
      assert.equal(here.code, 0, here.stdout)
      assert.match(
        here.stdout,
        /^warning {2}proxies .* 127\.0\.0\.1, which is in TRUSTED_PROXIES, so from here it cannot/m,
      )
      const direct = await doctor(env)
      assert.equal(direct.code, 0, direct.stdout)
      assert.match(direct.stdout, /^warning {2}proxies .* which is in TRUSTED_PROXIES, so from here it cannot/m)
      const other = await doctor(env, '--url', proxies.untrusted.url)
      assert.equal(other.code, 1)
      assert.match(
        other.stdout,
        /^problem {2}proxies .* at 127\.0\.0\.3 .* which lists 127\.0\.0\.1: all people count as one address, 127\.0\.0\.3\./m,
      )
    } finally {
      for (const proxy of Object.values(proxies)) proxy.close()
      await trusting.stop()
    }
  })

  test('what is wrong with a certificate is a problem in words of ours', { skip: noCertificates }, async () => {
    const made = (name: string, names: string, days: number) => makeCertificate(join(folder, name), names, days)
    const good = made('good', 'DNS:localhost,IP:127.0.0.1', 90)
    const cases: [string, Certificate, boolean, RegExp][] = [
      ['signed by itself', good, false, /^problem {2}https +The certificate is signed by itself, so browsers warn/m],
      [
        'expired',
        made('old', 'IP:127.0.0.1', -1),
        true,
        /^problem {2}https +The certificate has expired, so browsers warn/m,
      ],
      [
        'other name',
        made('other', 'DNS:other.example.org', 90),
        true,
        /^problem {2}https .* other names than 127\.0\.0\.1,/m,
      ],
      ['ends soon', made('soon', 'IP:127.0.0.1', 3), true, /^warning {2}https +The certificate ends in [23] days/m],
    ]
    const server = await startServer({ dataDir, env: cheap })
    try {
      for (const [name, certificate, known, line] of cases) {
        const proxy = await startProxy(server.port, append('198.51.100.7'), { certificate })
        const env = { PORT: String(server.port), ...(known ? { NODE_EXTRA_CA_CERTS: certificate.file } : {}) }
        const { stdout, stderr } = await doctor(env, '--url', proxy.url)
        assert.match(stdout, line, name)
        assert.doesNotMatch(stdout, /CERT_|ERR_TLS/, name)
        assert.equal(stderr, '', 'no warning of Node about a server name of numbers')
        if (!line.source.includes('warning')) {
          assert.match(stdout, /^warning {2}server +What only a running server shows was left out\.$/m, name)
          assert.match(stdout, /^1 problem, /m, name)
        }
        proxy.close()
      }
      const plain = await doctor({}, '--url', server.url.replace('http:', 'https:'))
      assert.equal(plain.code, 1)
      assert.match(plain.stdout, /^problem {2}https +Something answers at 127\.0\.0\.1:\d+, but not with https/m)
    } finally {
      await server.stop()
    }
  })

  test('behind https all is well; where BASE_URL does not open, nothing is said of pages that show there only', {
    skip: noCertificates,
  }, async () => {
    const certificate = makeCertificate(join(folder, 'tls'), 'DNS:localhost', 90)
    const port = await freePort()
    const proxy = await startProxy(port, append('198.51.100.7'), { certificate })
    const BASE_URL = `https://localhost:${proxy.port}`
    const server = await startServer({ dataDir, port, env: { ...cheap, BASE_URL, TRUSTED_PROXIES: '127.0.0.1' } })
    const env = { PORT: String(port), BASE_URL, TRUSTED_PROXIES: '127.0.0.1' }
    try {
      const well = await doctor({ ...env, NODE_EXTRA_CA_CERTS: certificate.file })
      assert.equal(well.code, 0, well.stdout)
      assert.equal(well.stderr, '')
      assert.match(well.stdout, /^ok {7}https +The certificate is good for (89|90) more days\.$/m)
      assert.match(well.stdout, /^ok {7}cookies +The session cookie has .*__Host-\.$/m)
      assert.match(well.stdout, /^ok {7}headers /m)

      const unknown = await doctor(env)
      assert.equal(unknown.code, 1)
      assert.match(unknown.stdout, /^problem {2}https +The certificate is signed by itself/m)
      assert.match(unknown.stdout, /^1 problem, /m)

      proxy.close()
      const inside = await doctor(env)
      assert.equal(inside.code, 0, inside.stdout)
      assert.match(inside.stdout, /^warning {2}address +It is not reached from here at https:.*ECONNREFUSED\.$/m)
      assert.match(inside.stdout, /^ok {7}server +http:\/\/127\.0\.0\.1:\d+ is up and ready\.$/m)
      assert.match(inside.stdout, /^ok {7}address +BASE_URL is https:/m)
      assert.match(inside.stdout, /^warning {2}server +Headers, cookies and proxies show only under https:/m)
      assert.doesNotMatch(inside.stdout, /\b421\b|^\w+ +(headers|cookies|proxies) /m)

      const asked = await doctor(env, '--url', server.url)
      assert.equal(asked.code, 0, asked.stdout)
      assert.match(asked.stdout, /^warning {2}headers +The pages are shown under https:\/\/localhost:\d+ only/m)
    } finally {
      await server.stop()
    }
  })

  test('a slow answer is no clock that is behind', async () => {
    const slow = createServer((incoming, answer) => {
      const date = new Date(Date.now() - 3000).toUTCString()
      const alive = incoming.url === '/healthz'
      setTimeout(() => answer.writeHead(200, { date }).end(alive ? '{"status":"alive"}' : '{}'), alive ? 0 : 4000)
    })
    const port = await listen(slow)
    const { stdout } = await doctor({ PORT: String(port) })
    slow.close()
    assert.match(stdout, /^ok {7}clock +The server's clock and this one agree\.$/m)
    assert.doesNotMatch(stdout, /behind/)
  })

  test('open permissions and something else at the address are told with what to do', async () => {
    await (await startServer({ dataDir, env: cheap })).stop()
    chmodSync(join(dataDir, 'secret-key'), 0o644)
    chmodSync(dataDir, 0o755)
    const other = createServer((_, answer) => answer.end('{"status":"fine"}'))
    const port = await listen(other)
    const { code, stdout } = await doctor({ PORT: String(port) })
    other.close()
    assert.equal(code, 1)
    assert.match(stdout, /^problem {2}files .*chmod 600 .*secret-key"/m)
    assert.match(stdout, /^warning {2}files .*chmod 700 .*data"/m)
    assert.match(stdout, /something answers with 200, but it is no MiaChat/)
  })
})
