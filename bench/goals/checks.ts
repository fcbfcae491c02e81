import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Line, microseconds } from '../goal.ts'
import { get } from '../load.ts'
import { betterAuth, expressSession } from '../peers/peers.ts'
import { cpuPerRequest, rounds, signUp, startServer } from '../server.ts'

const REQUESTS = 10_000

/** P1, P2, P3: what it costs to find out who asks. */
export async function checks(): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const bare = await startServer('servers/bare.mjs')
  const ours = await startServer('servers/ours.ts', [`sqlite:${join(folder, 'bench.db')}`, '4'])
  const better = await betterAuth(folder)
  const express = await expressSession(folder)
  try {
    const { cookie, token } = await signUp(ours, 'anna')
    const plain = get('/session', bare.port, { cookie })
    const session = get('/session', ours.port, { cookie })
    const bearer = get('/bearer', ours.port, { authorization: `Bearer ${token}` })
    const cpu = await rounds(5, {
      bare: () => cpuPerRequest(bare, REQUESTS, () => plain),
      session: () => cpuPerRequest(ours, REQUESTS, () => session),
      bearer: () => cpuPerRequest(ours, REQUESTS, () => bearer),
      better: () => cpuPerRequest(better.server, REQUESTS / 10, () => better.request),
      express: () => cpuPerRequest(express.server, REQUESTS / 10, () => express.request),
    })
    const of = (name: string) => cpu.get(name) ?? Number.NaN
    const line = (goal: string, what: string, limit: number, own: number, wanted: Line['wanted']): Line => ({
      goal,
      what,
      limit: microseconds(limit),
      ours: microseconds(own),
      ratio: limit / own,
      wanted,
    })
    const atLeast = (value: number, stretch: number) => ({ kind: '>=' as const, value, stretch })
    return [
      line('P1', 'bare node:http ÷ session check', of('bare'), of('session'), atLeast(0.5, 0.62)),
      line('P2', 'bare node:http ÷ bearer check', of('bare'), of('bearer'), atLeast(0.4, 0.6)),
      line('P3', 'Better Auth session check ÷ ours', of('better'), of('session'), atLeast(20, 30)),
      line('–', 'Express with express-session ÷ ours', of('express'), of('session'), null),
    ]
  } finally {
    await Promise.all([bare, ours, better.server, express.server].map((server) => server.stop()))
    rmSync(folder, { recursive: true })
  }
}
