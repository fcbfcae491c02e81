import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { get } from 'node:http'
import { kill } from 'node:process'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { miachat } from './support/miachat-command.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const workers = 3
const token = 'a-token-of-the-tests'
const password = 'a walk by the river'
const tokens = z.object({ access_token: z.string(), refresh_token: z.string() })
let server: ServerProcess
before(async () => {
  server = await startServer({ env: { WORKERS: String(workers), PASSWORD_COST: '4', METRICS_TOKEN: token } })
  // The first process is ready before the others have started.
  const end = performance.now() + 20_000
  while (pids().length < workers && performance.now() < end) await sleep(50)
})
after(() => server.stop())

/** Over a connection of its own, so that the supervisor chooses a process anew each time. */
function ask(path: string, headers: Record<string, string>): Promise<{ status: number; process: string }> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, server.url)
    get(url, { agent: false, headers: { accept: 'application/json', ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        // A request id starts with a name that each process draws for itself.
        const id = /"request_id":"([^-"]+(?:-[^"]*)?)-/.exec(text)?.[1] ?? ''
        resolve({ status: response.statusCode ?? 0, process: id })
      })
    }).on('error', reject)
  })
}

async function post(path: string, json: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url, connection: 'close', ...headers },
    body: JSON.stringify(json),
  })
  return { status: response.status, json: await response.json(), cookies: response.headers.getSetCookie() }
}

async function registered(username: string): Promise<string> {
  const answer = await post('/auth/register', { username, email: `${username}@example.org`, password })
  assert.equal(answer.status, 200)
  return answer.cookies.map((cookie) => cookie.split(';')[0]).join('; ')
}

/** Asks until every process has answered and been told who it is: their caches know the session. */
async function warm(path: string, headers: Record<string, string>): Promise<void> {
  for (let count = 0; count < workers * 6; count++) assert.equal((await ask(path, headers)).status, 200)
}

/** Every answer that was asked for more than 100 ms after the end, by process. */
async function lateAnswers(path: string, headers: Record<string, string>, endedAt: number) {
  const seen = new Map<string, number[]>()
  while (performance.now() < endedAt + 100) await sleep(5)
  for (let count = 0; count < workers * 6; count++) {
    const { status, process } = await ask(path, headers)
    seen.set(process, [...(seen.get(process) ?? []), status])
  }
  return seen
}

for (let round = 1; round <= 5; round++) {
  test(`JWT-06, SES-06: a sign-out in one process counts in all within 100 ms (${round})`, async () => {
    const cookie = await registered(`session-${round}`)
    await warm('/config', { cookie })
    await post('/auth/logout', {}, { cookie })
    const seen = await lateAnswers('/config', { cookie }, performance.now())
    assert.equal(seen.size, workers, 'every process was asked')
    for (const statuses of seen.values()) assert.deepEqual(new Set(statuses), new Set([401]))
  })

  test(`JWT-06: an access token that was ended in one process is refused by all within 100 ms (${round})`, async () => {
    await registered(`program-${round}`)
    const { json } = await post('/auth/api/login', { username: `program-${round}`, password })
    const { access_token, refresh_token } = tokens.parse(json)
    const authorization = `Bearer ${access_token}`
    await warm('/auth/api/me', { authorization })
    await post('/auth/api/logout', { refresh_token })
    const seen = await lateAnswers('/auth/api/me', { authorization }, performance.now())
    assert.equal(seen.size, workers, 'every process was asked')
    for (const statuses of seen.values()) assert.deepEqual(new Set(statuses), new Set([401]))
  })
}

test('LIM-03: a limit holds for all processes together', async () => {
  await registered('guarded')
  const statuses: number[] = []
  for (let count = 0; count < 14; count++) {
    statuses.push((await post('/auth/login', { username: 'guarded', password: `guess ${count} of many` })).status)
  }
  assert.deepEqual(statuses, [...Array(10).fill(401), ...Array(4).fill(429)])
})

test('Metrics of any process are those of all', async () => {
  const response = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  const text = await response.text()
  const registrations = Number(/^miachat_events_total\{event="register",result="ok"\} (\d+)$/m.exec(text)?.[1])
  assert.equal(registrations, 11)
})

test('A process that dies is started again, and nobody else notices', async () => {
  const before = pids()
  assert.equal(before.length, workers)
  const [victim = 0] = before
  kill(victim, 'SIGKILL')
  const end = performance.now() + 10_000
  while (pids().length < workers + 1 && performance.now() < end) await sleep(50)
  assert.equal(new Set(pids()).size, workers + 1, server.stdout())
  assert.match(server.stdout(), new RegExp(`"pid":${victim},"exit":"SIGKILL".*"event":"worker_died"`))
  for (let count = 0; count < workers * 2; count++) assert.equal((await ask('/readyz', {})).status, 200)
})

test('SEC-03: a process that is started again after "keys rotate" signs with the key of the others', async () => {
  const rotated = await miachat(['keys', 'rotate'], { dataDir: server.dataDir })
  assert.equal(rotated.code, 0, rotated.stderr)
  const [victim = 0] = pids().filter((pid) => existsSync(`/proc/${pid}`))
  const count = pids().length
  kill(victim, 'SIGKILL')
  const end = performance.now() + 10_000
  while (pids().length === count && performance.now() < end) await sleep(50)
  await registered('after-rotation')
  // Each process signs some of these, and each is asked about them.
  for (let round = 0; round < workers * 2; round++) {
    const { json } = await post('/auth/api/login', { username: 'after-rotation', password })
    await warm('/auth/api/me', { authorization: `Bearer ${tokens.parse(json).access_token}` })
  }
})

/** The processes that have said that they started. */
const pids = (): number[] =>
  [...server.stdout().matchAll(/"pid":(\d+),"event":"started"/g)].map(([, pid]) => Number(pid))
