import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { percentile } from '../cpu.ts'
import { type Line, milliseconds } from '../goal.ts'
import { get, runLoad } from '../load.ts'
import { type BenchServer, json, needAll200, rounds, signUp, startServer } from '../server.ts'

const CHECKS = 6000
const STORM = 16

/** P4: the 99th percentile of session checks while sixteen people sign in again and again, against the same idle. */
export async function storm(): Promise<Line[]> {
  return [await onCores('P4', 'two cores', '0,1', 1.5, 1.2), await onCores('P4', 'one core', '0', 4, 2)]
}

async function onCores(goal: string, name: string, cores: string, value: number, stretch: number): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const server = await startServer('servers/ours.ts', [`sqlite:${join(folder, 'bench.db')}`, '12'], { cores })
  try {
    const { cookie } = await signUp(server, 'anna')
    // Another person: a fifty-first session would end anna's oldest (SES-10).
    const { password } = await signUp(server, 'bob')
    const p99 = async () => {
      const request = get('/session', server.port, { cookie })
      const result = await runLoad({ port: server.port, requests: CHECKS, connections: 4, request: () => request })
      needAll200(result, CHECKS)
      return percentile(result.latencies, 0.99)
    }
    const during = await rounds(5, {
      idle: p99,
      storm: async () => {
        const end = new AbortController()
        const signIns = Array.from({ length: STORM }, () => signInUntil(server, password, end.signal))
        // The threads that hash start with the first sign-in: the storm has begun when one has answered.
        await Promise.race(signIns.map(({ first }) => first))
        const value = await p99()
        end.abort()
        await Promise.all(signIns.map(({ done }) => done))
        return value
      },
    })
    const idle = during.get('idle') ?? Number.NaN
    const busy = during.get('storm') ?? Number.NaN
    return {
      goal,
      what: `p99 in a storm of ${STORM} sign-ins ÷ idle, ${name}`,
      limit: milliseconds(idle),
      ours: milliseconds(busy),
      ratio: busy / idle,
      wanted: { kind: '<=', value, stretch },
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}

function signInUntil(server: BenchServer, password: string, end: AbortSignal) {
  const first = Promise.withResolvers<void>()
  const done = (async () => {
    while (!end.aborted) {
      const response = await fetch(`${server.url}/auth/login`, json({ username: 'bob', password }))
      await response.text()
      if (response.status !== 200) throw new Error(`a sign-in answered ${response.status}`)
      first.resolve()
    }
  })()
  return { first: first.promise, done }
}
