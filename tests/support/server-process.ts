import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env as environment, execPath, getuid } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { lastWill } from './last-will.ts'
import { repository } from './repository.ts'

/** How a MiaChat process ended: exit code, or the signal that ended it. */
export type Ending = { code: number | null; signal: NodeJS.Signals | null }

/** A running MiaChat, as an operator sees it. */
export type ServerProcess = {
  /** Where it listens, without a slash at the end. */
  url: string
  port: number
  pid: number
  dataDir: string
  /** All that was written so far. */
  stdout: () => string
  stderr: () => string
  /** Sends a signal to the program alone. */
  kill: (signal: NodeJS.Signals) => void
  /** Resolves when the program has ended by itself or by a signal. */
  ended: Promise<Ending>
  /** SIGTERM, and SIGKILL to it and its children after ten seconds; then removes the data folder if it was made here. */
  stop: () => Promise<Ending>
}

export type ServerOptions = {
  /** Settings; the environment of the tests is not passed on. */
  env?: Record<string, string>
  /** An existing data folder, to start again on the data of before; it is not removed. */
  dataDir?: string
  port?: number
  /** Words of the command line, `serve` by default. */
  args?: readonly string[]
  /** Path whose 200 says that the start is over, `/readyz` by default; null waits for nothing. */
  ready?: string | null
  /** Milliseconds. */
  startWithin?: number
  /** Permissions of files stop the program, also where the tests run as root, whom they would not. */
  obeysPermissions?: boolean
  /** The program, replaced only by the tests of this file. */
  program?: string
}

/** What the launcher executes: the program itself, so that signals reach it. */
export const miachatProgram: string = join(repository, 'apps/miachat/src/cli/miachat.ts')

/**
 * Root without its right to pass over permissions. Another user would not do: nobody else may enter the folder of a
 * root's repository.
 */
const rights = '-dac_override,-dac_read_search'
const withoutOverride = ['setpriv', `--bounding-set=${rights}`, `--inh-caps=${rights}`, '--']

const folderAndGroup = 'kill -s KILL -- "-$2" 2>/dev/null; [ -z "$1" ] || rm -rf "$1"'

/** The environment of a MiaChat process in tests: nothing of the developer's own settings. */
export function cleanEnvironment(dataDir: string, settings: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: environment['PATH'] ?? '',
    HOME: dataDir,
    TMPDIR: tmpdir(),
    NODE_COMPILE_CACHE: join(repository, 'node_modules', '.cache', 'compile'),
    DATA_DIR: dataDir,
    // The developer's own file of settings is none of the tests' business.
    MIACHAT_ENV_FILE: '',
    ...settings,
  }
}

/**
 * Starts the real program in a process group of its own and waits until it is ready; throws what it wrote where it
 * ends or hangs before that. It never outlives this process.
 */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const { env = {}, args = ['serve'], ready = '/readyz', startWithin = 30_000, program = miachatProgram } = options
  const port = options.port ?? (await freePort())
  const home = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'miachat-test-')) : undefined
  const dataDir = options.dataDir ?? join(home ?? '', 'data')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const before = options.obeysPermissions && getuid?.() === 0 ? withoutOverride : []
  const [command = execPath, ...words] = [...before, execPath, '--conditions=miachat-source', program, ...args]

  const child = spawn(command, words, {
    cwd: dataDir,
    detached: true,
    env: cleanEnvironment(dataDir, { PORT: String(port), ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (child.pid === undefined) throw new Error(`${execPath} cannot be started`)
  const will = lastWill(folderAndGroup, [home ?? '', String(child.pid)])
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text))
  const closed = once(child, 'close')
  const ended = once(child, 'exit').then(async (): Promise<Ending> => {
    // The last words may still be in the pipe; orphaned workers may hold it open for ever.
    await Promise.race([closed, sleep(200)])
    return { code: child.exitCode, signal: child.signalCode }
  })

  const server: ServerProcess = {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    dataDir,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    kill: (signal) => void child.kill(signal),
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      const ending = await ended
      clearTimeout(late)
      await will.execute()
      return ending
    },
  }
  if (ready !== null) await waitUntilReady(server, ready, startWithin)
  return server
}

async function waitUntilReady(server: ServerProcess, path: string, startWithin: number): Promise<void> {
  let ending: Ending | undefined
  void server.ended.then((value) => (ending = value))
  const deadline = performance.now() + startWithin
  for (;;) {
    const status = await fetch(server.url + path, { signal: AbortSignal.timeout(2_000) }).then(
      async (response) => {
        await response.body?.cancel()
        return response.status
      },
      () => 0,
    )
    if (status === 200) return
    if (ending || performance.now() > deadline) {
      const how = ending ? `ended with ${ending.signal ?? ending.code}` : `was not ready after ${startWithin} ms`
      await server.stop()
      throw new Error(`MiaChat ${how}.\n--- stdout\n${server.stdout()}\n--- stderr\n${server.stderr()}`)
    }
    await sleep(30)
  }
}
