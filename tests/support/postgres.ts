import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { lastWill } from './last-will.ts'
import { findPostgres, postgresUser } from './postgres-binaries.ts'

/** A database that only its caller knows; `drop` removes it and whoever is still connected. */
export type TestDatabase = { url: string; drop: () => Promise<void> }

/** A real PostgreSQL on 127.0.0.1 that ends with this process, however that ends. */
export type PostgresServer = {
  /** Address with name and password of the superuser. */
  url: string
  createDatabase: () => Promise<TestDatabase>
  /** Takes the server away as a power failure would; `resume` brings it back at the same address with its data. */
  interrupt: () => Promise<void>
  resume: () => Promise<void>
  /** Ends the server and removes its files. */
  stop: () => Promise<void>
}

/** `durable`: every commit reaches the disk, for tests of crashes. Without it the server is much quicker. */
export type PostgresOptions = { durable?: boolean }

const hasty = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']

// Holds the server: a line tells it what to do, and the end of its input, which the system brings about even when the
// test runner was killed, ends server and files. $1 folder, $2 program, then the program's arguments.
const keeper = `
  folder=$1; program=$2; shift 2
  start() { "$program" "$@" >>"$folder/log" 2>&1 & pid=$!; }
  end() { [ -z "$pid" ] || { kill -QUIT "$pid" 2>/dev/null; wait "$pid"; pid=; } }
  start "$@"
  while read -r word; do
    case $word in
      interrupt) end; echo interrupted ;;
      resume) start "$@"; echo resumed ;;
    esac
  done
  end
  rm -rf "$folder"
`

/** Starts a PostgreSQL and waits until it answers (about a second). */
export async function startPostgres({ durable = false }: PostgresOptions = {}): Promise<PostgresServer> {
  const user = postgresUser()
  const { bin, copy } = await findPostgres(user)
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  chmodSync(folder, 0o700)
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const copies = copy ? lastWill('rm -rf "$1"', [copy]) : undefined
  const removeFiles = async () => {
    rmSync(folder, { recursive: true, force: true })
    await copies?.execute()
  }
  try {
    const password = initialize(bin, folder, user)
    return await run({ bin, folder, user, password, settings: durable ? [] : hasty, removeFiles })
  } catch (error) {
    await removeFiles()
    throw error
  }
}

/** A new database on the server at `serverUrl`. */
export async function createDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(serverUrl, `CREATE DATABASE ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

let ownServer: Promise<PostgresServer> | undefined

/**
 * A new database on the server that the test runner started (TEST_POSTGRES_URL); a test file that is run by itself
 * starts one of its own.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const given = env['TEST_POSTGRES_URL']
  if (given) return createDatabase(given)
  ownServer ??= startPostgres()
  return (await ownServer).createDatabase()
}

type ServerPlan = {
  bin: string
  folder: string
  user: ReturnType<typeof postgresUser>
  password: string
  settings: readonly string[]
  removeFiles: () => Promise<void>
}

function initialize(bin: string, folder: string, user: ServerPlan['user']): string {
  const password = randomBytes(12).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password)
  if (user.uid !== undefined && user.gid !== undefined) chownSync(passwordFile, user.uid, user.gid)
  const args = ['--pgdata', join(folder, 'data'), '--username=postgres', `--pwfile=${passwordFile}`]
  const made = spawnSync(
    join(bin, 'initdb'),
    [...args, '--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-sync', '--no-instructions'],
    { ...user, cwd: '/', encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error ?? made.stderr}`)
  return password
}

async function run(plan: ServerPlan): Promise<PostgresServer> {
  let failure: unknown
  // Another process can take the port in the moment between asking and listening.
  for (let attempt = 0; attempt < 3; attempt++) {
    const port = await freePort()
    const server = keep(plan, port)
    try {
      await answers(server.url, plan.folder)
      return server
    } catch (error) {
      failure = error
      await server.interrupt()
    }
  }
  throw failure
}

function keep({ bin, folder, user, password, settings, removeFiles }: ServerPlan, port: number): PostgresServer {
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  const listen = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-p', String(port)]
  const size = ['-c', 'shared_buffers=64MB', '-c', 'max_connections=100', '-c', 'max_wal_size=256MB']
  // A group of its own: Ctrl-C in the terminal must not take the server from tests that are still ending.
  const shell = spawn(
    'sh',
    [
      '-c',
      keeper,
      'keeper',
      folder,
      join(bin, 'postgres'),
      '-D',
      join(folder, 'data'),
      ...listen,
      ...size,
      ...settings,
    ],
    { ...user, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'ignore'] },
  )
  const ended = once(shell, 'exit')
  const { stdin, stdout } = shell
  stdin.on('error', () => undefined)
  // A test that forgets to stop its server must still be able to end.
  for (const handle of [shell, stdin, stdout])
    if ('unref' in handle && typeof handle.unref === 'function') handle.unref()

  const tell = async (word: string) => {
    shell.ref()
    stdin.write(`${word}\n`)
    await once(stdout, 'data')
    shell.unref()
  }
  return {
    url,
    createDatabase: () => createDatabase(url),
    interrupt: () => tell('interrupt'),
    resume: async () => {
      await tell('resume')
      await answers(url, folder)
    },
    stop: async () => {
      shell.ref()
      stdin.end()
      await ended
      await removeFiles()
    },
  }
}

async function answers(url: string, folder: string): Promise<void> {
  const deadline = performance.now() + 30_000
  for (;;) {
    try {
      return await administer(url, 'SELECT 1')
    } catch (error) {
      const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : ''
      const lost = log.includes('could not bind') || log.includes('could not create any TCP/IP sockets')
      if (lost || performance.now() > deadline) {
        throw new Error(`PostgreSQL did not start. Its log ends with:\n${log.slice(-2000)}`, { cause: error })
      }
      await sleep(50)
    }
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // The server may go away while the connection closes.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(statement)
  } finally {
    await client.end().catch(() => undefined)
  }
}
