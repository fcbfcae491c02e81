import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { residentMegabytes } from '../cpu.ts'
import { type BenchOptions, type Line, microseconds } from '../goal.ts'
import { get } from '../load.ts'
import { type BenchServer, cpuPerRequest, rounds, startServer } from '../server.ts'

const REQUESTS = 10_000
/** People who are online at a time, whatever the number of sessions. */
const ACTIVE = 1000

interface Filled {
  readonly count: number
  readonly server: BenchServer
  readonly bytesPerSession: number
  readonly megabytes: number
}

/** P6, P7: what a session costs when there are very many. */
export async function manySessions({ big }: BenchOptions): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const counts = big ? [1e3, 1e6, 1e7] : [1e3, 1e6]
  const filled: Filled[] = []
  try {
    for (const count of counts) filled.push(await fill(join(folder, `${count}.db`), count))
    const measures: Record<string, () => Promise<number>> = {}
    for (const { count, server } of filled) {
      measures[`active ${count}`] = () => check(server, () => Math.floor(Math.random() * ACTIVE))
      measures[`any ${count}`] = () => check(server, () => Math.floor(Math.random() * count))
    }
    const cpu = await rounds(5, measures)
    const of = (name: string) => cpu.get(name) ?? Number.NaN
    const small = of('active 1000')
    const lines = filled.slice(1).flatMap(({ count }): Line[] => {
      const [value, stretch] = count > 1e6 ? [1.6, 1.2] : [1.3, 1.1]
      const exponent = Math.round(Math.log10(count))
      const row = (what: string, name: string, wanted: Line['wanted']): Line => ({
        goal: 'P6',
        what,
        limit: microseconds(small),
        ours: microseconds(of(name)),
        ratio: of(name) / small,
        wanted,
      })
      return [
        row(`check with 10^${exponent} sessions, ${ACTIVE} in use ÷ with 10^3`, `active ${count}`, {
          kind: '<=',
          value,
          stretch,
        }),
        // No server has all of its sessions in use alike: what is shown is a look-up in the database on every request.
        row(`the same, every one of 10^${exponent} equally likely`, `any ${count}`, null),
      ]
    })
    const most = filled.at(-1)
    const least = filled[0]
    if (!most || !least) return lines
    const idle = ((most.megabytes - least.megabytes) * 1024 * 1024) / (most.count - least.count)
    return [
      ...lines,
      {
        goal: 'P7',
        what: 'bytes on disk for a session, with device and indices',
        limit: '500',
        ours: most.bytesPerSession.toFixed(0),
        ratio: most.bytesPerSession,
        wanted: { kind: '<=', value: 500, stretch: 300 },
      },
      {
        goal: 'P7',
        what: 'bytes of process memory for an idle session',
        limit: '0',
        ours: idle.toFixed(1),
        ratio: Math.max(0, Math.round(idle)),
        wanted: { kind: '<=', value: 1, stretch: 0 },
      },
    ]
  } finally {
    await Promise.all(filled.map(({ server }) => server.stop()))
    rmSync(folder, { recursive: true })
  }
}

const tokenOf = (n: number): string => createHash('sha256').update(`bench session ${n}`).digest('base64url')

const check = (server: BenchServer, pick: () => number): Promise<number> =>
  cpuPerRequest(server, REQUESTS, () => get('/session', server.port, { cookie: `mia_session=${tokenOf(pick())}` }))

/** A database with so many sessions of half as many people, written as the server writes them, and a server on it. */
async function fill(path: string, count: number): Promise<Filled> {
  const first = await startServer('servers/ours.ts', [`sqlite:${path}`, '4'])
  await first.stop()
  const db = new DatabaseSync(path)
  db.exec('PRAGMA synchronous = OFF; BEGIN')
  const now = Date.now()
  const person = db.prepare(
    `INSERT INTO users (id, username, email, password_hash, username_key, email_key) VALUES (?, ?, ?, '!', ?, ?)`,
  )
  const people = Math.ceil(count / 2)
  for (let id = 1; id <= people; id++) person.run(id, `p${id}`, `p${id}@example.org`, `p${id}`, `p${id}@example.org`)
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
  const before = statSync(path).size
  const session = db.prepare(
    `INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, remember, method, address, device)
    VALUES (?, ?, ?, ?, 1, ?, ?, ?)`,
  )
  db.exec('BEGIN')
  for (let n = 0; n < count; n++) {
    const hash = createHash('sha256').update(tokenOf(n)).digest()
    session.run(hash, (n % people) + 1, now, now, 'password', '203.0.113.77', 'Firefox on Windows')
  }
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
  const bytesPerSession = (statSync(path).size - before) / count
  const server = await startServer('servers/ours.ts', [`sqlite:${path}`, '4'])
  return { count, server, bytesPerSession, megabytes: residentMegabytes(server.pid) }
}
