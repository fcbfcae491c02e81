import { once } from 'node:events'
import type { Server } from 'node:http'
import { flushCompileCache } from 'node:module'
import type { Log } from '@miachat/auth'
import { createNodeServer } from '@miachat/auth/node'
import type { Config } from './config.ts'
import { type MiaChat, startMiaChat } from './main.ts'
import type { Secrets } from './secret-key.ts'
import { StopWithSentence } from './stop-with-sentence.ts'

/** A MiaChat that answers on its port. */
export interface Serving {
  readonly app: MiaChat
  /** The one-time address of the first administrator; null where there is one, or where a supervisor tells it. */
  readonly firstAdministrator: string | null
  /** Stops accepting, lets running requests end, closes the database (AVL-04). The same promise however often it is called. */
  stop(): Promise<void>
}

/** Requests that run this long after the signal are cut, so that the process ends within ten seconds. */
const PATIENCE_MS = 7000
/** Whoever waits for the first answers gets them before what has ended is removed. */
const SWEEPS_AFTER_MS = 250

/** Starts MiaChat and listens. Throws StopWithSentence where an operator has to change something. */
export async function serve(config: Config, log: Log, secrets?: Secrets): Promise<Serving> {
  const app = await startMiaChat(config, log, secrets)
  const server = createNodeServer(app.fetch, { maxConnections: config.maxConnections })
  let firstAdministrator: string | null = null
  try {
    // Before it answers: whoever waits for the first answer reads what was said by then.
    if (secrets === undefined) firstAdministrator = await app.auth.admin.firstAdministratorUrl()
    await listen(server, config)
  } catch (error) {
    await app.close()
    throw error
  }
  // It loads what a first answer does without.
  const sweeping = setTimeout(() => app.auth.startSweeping(), SWEEPS_AFTER_MS)
  // Written now, not at the end: a program that is killed would strip its types anew at every start.
  flushCompileCache()
  let stopping: Promise<void> | null = null
  return {
    app,
    firstAdministrator,
    stop() {
      // Streams would hold the end up, since nothing else ends them.
      app.auth.endStreams()
      clearTimeout(sweeping)
      stopping ??= drain(server).then(() => app.close())
      return stopping
    },
  }
}

async function listen(server: Server, { host, port }: Config): Promise<void> {
  const listening = once(server, 'listening')
  server.listen({ host, port, backlog: 1024 })
  try {
    await listening
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new StopWithSentence(
      listenSentence(code, host, port) ?? `Cannot listen on ${host}, port ${port}: ${String(error)}`,
    )
  }
}

function listenSentence(code: unknown, host: string, port: number): string | null {
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another program. Stop it, or set PORT to another number.`
  if (code === 'EACCES') return `This user may not listen on port ${port}. Set PORT to a number above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST is ${host}, which is no address of this machine.`
  return null
}

async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  // A connection that was kept alive by its last answer becomes idle later than now.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const late = setTimeout(() => server.closeAllConnections(), PATIENCE_MS)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}
