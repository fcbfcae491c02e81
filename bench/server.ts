import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { cpuTime, median } from './cpu.ts'
import { type LoadResult, runLoad } from './load.ts'

export interface BenchServer {
  readonly pid: number
  readonly port: number
  readonly url: string
  stop(): Promise<void>
}

const here = fileURLToPath(new URL('.', import.meta.url))
/** Where the launcher keeps it too: types are stripped once. */
const compileCache = fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url))
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

interface StartOptions {
  /** Processors that the program may use, as `taskset` names them. */
  readonly cores?: string
  readonly env?: Readonly<Record<string, string>>
  /** What the program writes when it listens. */
  readonly ready?: RegExp
}

/** Starts a program of `bench/` that takes the port as its first argument and says `ready`. */
export async function startServer(
  file: string,
  args: readonly string[] = [],
  options: StartOptions = {},
): Promise<BenchServer> {
  const port = await freePort()
  return startProgram(`${here}${file}`, [String(port), ...args], port, options)
}

/** Starts a program that will listen on `port`. */
export async function startProgram(
  path: string,
  args: readonly string[],
  port: number,
  options: StartOptions,
): Promise<BenchServer> {
  const program = [process.execPath, '--conditions=miachat-source', path, ...args]
  const [command = '', ...rest] = options.cores ? ['taskset', '-c', options.cores, ...program] : program
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, NODE_ENV: 'production', ...options.env },
  })
  running.add(child)
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      if ((options.ready ?? /ready/).test(String(text))) resolve()
    })
    child.once('exit', (code) => reject(new Error(`${path} ended with ${code}`)))
  })
  return {
    pid: child.pid ?? 0,
    port,
    url: `http://localhost:${port}`,
    async stop() {
      running.delete(child)
      if (child.exitCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

/** Microseconds of the server's processor time for each request; throws when an answer is not 200. */
export async function cpuPerRequest(
  server: BenchServer,
  requests: number,
  request: (n: number) => string,
): Promise<number> {
  const before = cpuTime(server.pid)
  const result = await runLoad({ port: server.port, requests, connections: 16, request })
  needAll200(result, requests)
  return (cpuTime(server.pid) - before) / requests / 1000
}

export function needAll200({ statuses }: LoadResult, requests: number): void {
  if (statuses.get(200) !== requests) throw new Error(`not all answers were 200: ${JSON.stringify([...statuses])}`)
}

/** Measures several things in turn, round after round, so that a slow moment of the machine hits all of them. */
export async function rounds<Name extends string>(
  count: number,
  measure: Record<Name, () => Promise<number>>,
): Promise<Map<string, number>> {
  const values = new Map<string, number[]>()
  for (let round = 0; round <= count; round++) {
    for (const [name, run] of Object.entries<() => Promise<number>>(measure)) {
      const value = await run()
      // The first round warms up.
      if (round > 0) values.set(name, [...(values.get(name) ?? []), value])
    }
  }
  return new Map([...values].map(([name, list]) => [name, median(list)]))
}

export const json = (value: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

/** Registers a person with a server of ours and answers cookie and token. */
export async function signUp(server: BenchServer, username: string) {
  const password = 'a walk by the river'
  const registered = await fetch(
    `${server.url}/auth/register`,
    json({ username, email: `${username}@example.org`, password }),
  )
  if (registered.status !== 200) throw new Error(`registration answered ${registered.status}`)
  const cookie = registered.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const signedIn: unknown = await (await fetch(`${server.url}/auth/api/login`, json({ username, password }))).json()
  if (typeof signedIn !== 'object' || signedIn === null || !('access_token' in signedIn)) throw new Error('no token')
  return { cookie, password, token: String(signedIn.access_token) }
}
