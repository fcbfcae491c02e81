import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { kill } from 'node:process'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServerProcess, startServer } from './support/server-process.ts'

async function open(server: ServerProcess): Promise<{ socket: Socket; text: () => string }> {
  const socket = connect(server.port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  socket.on('error', () => {})
  await once(socket, 'connect')
  return { socket, text: () => text }
}

const body = JSON.stringify({ username: 'anna', email: 'anna@example.org', password: 'a walk by the river' })
const head = [
  'POST /auth/register HTTP/1.1',
  'Host: localhost',
  'Sec-Fetch-Site: same-origin',
  'Content-Type: application/json',
  `Content-Length: ${body.length}`,
  '\r\n',
].join('\r\n')

/** A request that runs until its last half is sent. */
async function halfRequest(server: ServerProcess) {
  const { socket, text } = await open(server)
  socket.write(head + body.slice(0, 20))
  await sleep(100)
  return {
    text,
    finish: async () => {
      socket.write(body.slice(20))
      await once(socket, 'close')
    },
  }
}

async function refusesConnections(server: ServerProcess): Promise<void> {
  const end = performance.now() + 3000
  for (;;) {
    const socket = connect(server.port, '127.0.0.1')
    const refused = await Promise.race([
      once(socket, 'connect').then(() => false),
      once(socket, 'error').then(() => true),
    ]).catch(() => true)
    socket.destroy()
    if (refused) return
    assert.ok(performance.now() < end, 'still takes new connections')
    await sleep(20)
  }
}

for (const [name, WORKERS] of [
  ['one process', '1'],
  ['three processes', '3'],
] as const) {
  test(`AVL-04: SIGTERM to ${name} stops accepting, finishes what runs, and exits 0 within 10 s`, async () => {
    const server = await startServer({ env: { PASSWORD_COST: '4', WORKERS } })
    const idle = await open(server)
    idle.socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(idle.socket, 'data')
    const running = await halfRequest(server)
    const started = performance.now()
    // To every process of the group, and twice: as a service manager does.
    kill(-server.pid, 'SIGTERM')
    await sleep(50)
    kill(-server.pid, 'SIGTERM')
    await refusesConnections(server)
    await sleep(300)
    await running.finish()
    assert.match(running.text(), /^HTTP\/1\.1 200 /)
    assert.deepEqual(await server.ended, { code: 0, signal: null })
    assert.ok(performance.now() - started < 10_000)
    assert.ok(idle.socket.destroyed || idle.socket.readableEnded, 'a connection that was only kept alive is closed')
    // The database is closed, not left to be repaired at the next start.
    assert.deepEqual(
      readdirSync(server.dataDir).filter((file) => file.endsWith('-wal')),
      [],
    )
    assert.equal(server.stderr(), '')
    await server.stop()
  })
}

test('AVL-04: a request that never ends does not keep the process longer than ten seconds', async () => {
  const server = await startServer()
  await halfRequest(server)
  const started = performance.now()
  server.kill('SIGTERM')
  assert.deepEqual(await server.ended, { code: 0, signal: null })
  assert.ok(performance.now() - started < 10_000)
  await server.stop()
})

test('Ctrl-C ends it cleanly too', async () => {
  const server = await startServer()
  server.kill('SIGINT')
  assert.deepEqual(await server.ended, { code: 0, signal: null })
  assert.equal(server.stderr(), '')
  await server.stop()
})

for (const [name, fault] of [
  ['An exception', `setTimeout(() => { throw new Error('boom of the test') }, 1500)`],
  ['A rejection', `setTimeout(() => Promise.reject(new Error('boom of the test')), 1500)`],
] as const) {
  test(`AVL-08: ${name} that nobody caught is logged, and the process ends with 1`, async () => {
    const loaded = `--import=data:text/javascript,${encodeURIComponent(fault)}`
    const server = await startServer({ ready: null, env: { NODE_OPTIONS: loaded } })
    assert.deepEqual(await server.ended, { code: 1, signal: null })
    assert.match(
      server.stdout(),
      /"level":"error".*"cause":"Error: boom of the test.*"event":"un(caught_exception|handled_rejection)"/,
    )
    await server.stop()
  })
}
