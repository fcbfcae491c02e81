import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, residentMegabytes } from '../cpu.ts'
import { type Line, microseconds, milliseconds } from '../goal.ts'
import { get } from '../load.ts'
import { type BenchServer, cpuPerRequest, freePort, rounds, signUp, startProgram, startServer } from '../server.ts'

const STARTS = 7
const REQUESTS = 4000
const program = fileURLToPath(new URL('../../apps/miachat/src/cli/miachat.ts', import.meta.url))

/** P8: from the start of the program to its first answer, and its memory at rest. */
export async function start(): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    // The first start makes the database, the key and the compile cache: what counts is every later one.
    await (await startMiaChat(folder)).stop()
    const times = { bare: [] as number[], ours: [] as number[] }
    const memory = { bare: [] as number[], ours: [] as number[] }
    for (let i = 0; i < STARTS; i++) {
      for (const name of ['bare', 'ours'] as const) {
        const began = performance.now()
        const server = name === 'bare' ? await startServer('servers/bare.mjs') : await startMiaChat(folder)
        const answer = await fetch(`${server.url}/healthz`)
        await answer.text()
        times[name].push(performance.now() - began)
        await new Promise((resolve) => setTimeout(resolve, 1500))
        memory[name].push(residentMegabytes(server.pid))
        await server.stop()
      }
    }
    const line = (
      what: string,
      limit: number,
      own: number,
      show: (n: number) => string,
      value: number,
      stretch: number,
    ) => ({
      goal: 'P8',
      what,
      limit: show(limit),
      ours: show(own),
      ratio: own / limit,
      wanted: { kind: '<=' as const, value, stretch },
    })
    const megabytes = (value: number): string => `${value.toFixed(0)} MB`
    return [
      line('cold start to the first answer ÷ bare', median(times.bare), median(times.ours), milliseconds, 2.5, 1.5),
      line('memory at rest ÷ bare', median(memory.bare), median(memory.ours), megabytes, 1.6, 1.3),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** P9: the start page of somebody signed in, with its queries, against a bare check of the session. */
export async function pages(): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const miachat = await startMiaChat(folder)
  const check = await startServer('servers/ours.ts', [`sqlite:${join(folder, 'check.db')}`, '4'])
  try {
    const person = await signUp(miachat, 'anna')
    const other = await signUp(check, 'anna')
    await talk(miachat, person.cookie)
    const page = get('/', miachat.port, { cookie: person.cookie }).replace('application/json', 'text/html')
    const session = get('/session', check.port, { cookie: other.cookie })
    const cpu = await rounds(5, {
      session: () => cpuPerRequest(check, REQUESTS, () => session),
      page: () => cpuPerRequest(miachat, REQUESTS, () => page),
    })
    const limit = cpu.get('session') ?? Number.NaN
    const own = cpu.get('page') ?? Number.NaN
    return [
      {
        goal: 'P9',
        what: 'start page of somebody with conversations ÷ session check',
        limit: microseconds(limit),
        ours: microseconds(own),
        ratio: own / limit,
        wanted: { kind: '<=', value: 6, stretch: 3 },
      },
    ]
  } finally {
    await Promise.all([miachat.stop(), check.stop()])
    rmSync(folder, { recursive: true })
  }
}

/** The program itself on a data folder of its own, in development settings. */
export async function startMiaChat(folder: string): Promise<BenchServer> {
  const port = await freePort()
  return startProgram(program, ['serve'], port, {
    ready: /listens at|"started"/,
    env: {
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      NODE_ENV: 'development',
      PASSWORD_COST: '4',
      LOG_LEVEL: 'error',
    },
  })
}

/** A character and a conversation, so that the start page has something to show. */
async function talk(server: BenchServer, cookie: string): Promise<void> {
  const post = (path: string, form: Record<string, string>) =>
    fetch(server.url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, origin: server.url },
      body: new URLSearchParams(form),
    })
  for (const name of ['Ada', 'Bo', 'Cleo']) {
    const made = await post('/characters', { name, description: `${name} likes to talk.`, greeting: 'Hello.' })
    if (made.status !== 303) throw new Error(`no character was made: ${made.status}`)
  }
  const list = await (await fetch(`${server.url}/characters`, { headers: { cookie } })).text()
  for (const id of new Set(list.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g))) {
    const chat = await post('/chat', { character_id: id })
    if (chat.status !== 303) throw new Error(`no conversation was started: ${chat.status}`)
  }
}
