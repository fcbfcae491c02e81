import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { postTo, sessionOf } from './support/crash-people.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const anna = { username: 'anna', password: 'a walk by the river' }

async function signUp(server: ServerProcess): Promise<string> {
  const answer = await postTo(server.url)('/auth/register', { ...anna, email: 'anna@example.org' })
  assert.equal(answer.status, 200, await answer.text())
  return sessionOf(answer)
}

/** Asks for a page again and again until told to stop; answers how long each took, in milliseconds. */
async function timePages(server: ServerProcess, cookie: string, over: () => boolean): Promise<number[]> {
  const times: number[] = []
  while (!over()) {
    const started = performance.now()
    const answer = await fetch(`${server.url}/settings`, { headers: { cookie } })
    await answer.text()
    assert.equal(answer.status, 200)
    times.push(performance.now() - started)
    await sleep(5)
  }
  return times.sort((a, b) => a - b)
}

const at = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN

test('AVL-01: forty sign-ins at once leave other pages quick', async () => {
  // All forty come from one address and go to one account: without room in the limits some would have to wait.
  const limits = { LIMIT_FAILURES_PER_ADDRESS: '1000', LIMIT_FAILURES_PER_ADDRESS_AND_ACCOUNT: '1000' }
  const server = await startServer({ env: { LOG_LEVEL: 'error', ...limits } })
  try {
    const cookie = await signUp(server)
    let over = false
    const pages = timePages(server, cookie, () => over)
    const answers = await Promise.all(Array.from({ length: 40 }, () => postTo(server.url)('/auth/login', anna)))
    over = true
    const times = await pages
    // All forty had the right password (LOG-05).
    assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200])
    assert.ok(times.length > 100, `${times.length} pages were asked for meanwhile`)
    assert.ok(at(times, 0.95) < 500, `95 of 100 pages took less than ${at(times, 0.95)} ms`)
    assert.ok(at(times, 1) < 2500, `the slowest took ${at(times, 1)} ms`)
  } finally {
    await server.stop()
  }
})

test('AVL-02: slow clients, half bodies and hang-ups do no harm to others', async () => {
  const server = await startServer({ env: { LOG_LEVEL: 'error', PASSWORD_COST: '4' } })
  const sockets = Array.from({ length: 50 }, (_, i) => {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    const head = 'POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    // Half a header, half a body, and a chunk that never ends.
    const half = [
      head,
      `${head}Content-Length: 500\r\n\r\n{"user`,
      `${head}Transfer-Encoding: chunked\r\n\r\n400\r\n{"u`,
    ]
    socket.write(half[i % 3] ?? '')
    return socket
  })
  try {
    const cookie = await signUp(server)
    let over = false
    const pages = timePages(server, cookie, () => over)
    for (const [i, socket] of sockets.entries()) {
      await sleep(20)
      if (i % 5 === 0) socket.destroy()
      else socket.write('x')
    }
    over = true
    const times = await pages
    assert.ok(at(times, 0.95) < 500, `95 of 100 pages took less than ${at(times, 0.95)} ms`)
    assert.equal((await postTo(server.url)('/auth/login', anna)).status, 200)
  } finally {
    for (const socket of sockets) socket.destroy()
    assert.equal((await server.stop()).code, 0, 'half requests do not hold up the end')
  }
})

const NAMES = 100_000
const megabytes = (server: ServerProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024

test('LIM-07: a hundred thousand names, each from an address of its own, leave memory flat', async () => {
  const server = await startServer({
    env: { LOG_LEVEL: 'error', PASSWORD_COST: '4', TRUSTED_PROXIES: '127.0.0.1' },
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const statuses = new Map<number, number>()
  const attempt = (n: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ username: `nobody-${n}`, password: 'a guess' })
      const sent = request(
        `${server.url}/auth/login`,
        {
          agent,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'content-length': body.length,
            'x-forwarded-for': `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
          },
        },
        (answer) => {
          statuses.set(answer.statusCode ?? 0, (statuses.get(answer.statusCode ?? 0) ?? 0) + 1)
          answer.resume().on('end', resolve)
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  try {
    let next = 0
    const memory: number[] = []
    const client = async () => {
      while (next < NAMES) {
        const n = next++
        if (n % (NAMES / 10) === 0) memory.push(megabytes(server))
        await attempt(n)
      }
    }
    await Promise.all(Array.from({ length: 32 }, client))
    memory.push(megabytes(server))
    assert.deepEqual([...statuses], [[401, NAMES]])
    // The database's page cache and V8's heap fill first, in steps; what is kept of 50,000 names would be more than that.
    const half = memory[memory.length >> 1] ?? 0
    const end = memory.at(-1) ?? 0
    const course = `${memory.map((value) => value.toFixed(0)).join(', ')} MB`
    assert.ok(end < half + 40, `memory grew: ${course}`)
    assert.ok(end < 500, `memory is large: ${course}`)
  } finally {
    agent.destroy()
    await server.stop()
  }
})
