import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { get } from '../load.ts'
import { type BenchServer, json, startServer } from '../server.ts'

/** Another system, signed in: its server and the request that checks its session. */
export interface Peer {
  readonly server: BenchServer
  readonly request: string
}

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Installs the peers into this folder at the first run; they are no dependencies of the project. */
function install(): void {
  if (existsSync(`${folder}node_modules/better-auth`)) return
  console.log('Installing what is compared with into bench/peers …')
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
  if (status !== 0) throw new Error('The peers could not be installed.')
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

export async function betterAuth(data: string): Promise<Peer> {
  install()
  const server = await startServer('peers/better-auth.mjs', [data])
  const registered = await fetch(`${server.url}/api/auth/sign-up/email`, {
    ...json({ name: 'anna', email: 'anna@example.org', password: 'a walk by the river' }),
    headers: { 'content-type': 'application/json', origin: server.url },
  })
  if (registered.status !== 200) throw new Error(`Better Auth answered ${registered.status}`)
  return { server, request: get('/api/auth/get-session', server.port, { cookie: cookiesOf(registered) }) }
}

export async function expressSession(data: string): Promise<Peer> {
  install()
  const server = await startServer('peers/express-session.mjs', [data])
  const signedIn = await fetch(`${server.url}/sign-in`)
  return { server, request: get('/session', server.port, { cookie: cookiesOf(signedIn) }) }
}
