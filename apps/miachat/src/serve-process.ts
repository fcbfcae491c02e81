import process from 'node:process'
import type { Log } from '@miachat/auth'
import type { Config } from './config.ts'
import { createJsonLog, createTerminalLog } from './log.ts'
import { createLogWriter } from './log-writer.ts'
import { type Serving, serve } from './serve.ts'
import { startNotes } from './start-notes.ts'

/** Runs one process until a signal ends it. Answers the exit code. */
export async function serveUntilSignal(config: Config): Promise<number> {
  const writer = createLogWriter(1)
  process.on('exit', writer.flush)
  const log = process.stdout.isTTY
    ? createTerminalLog(config.logLevel, writer.write)
    : createJsonLog(config.logLevel, writer.write)
  endOnFaults(log, writer.flush)
  const { promise: signal, resolve } = Promise.withResolvers<NodeJS.Signals>()
  // Later signals change nothing: a running request is not cut because npm and the terminal both pass one on.
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => resolve(name))
  const serving: Serving = await serve(config, log)
  for (const line of startNotes(config, serving.app.secrets)) writer.write(`${line}\n`)
  log('info', 'started', { address: config.baseUrl, node: process.version })
  const name = await signal
  log('info', 'stopping', { signal: name })
  await serving.stop()
  log('info', 'stopped')
  return 0
}

/** AVL-08: a fault that nobody caught ends the process, which its supervisor starts anew; going on would be a guess. */
function endOnFaults(log: Log, flush: () => void): void {
  const end = (event: string) => (fault: unknown) => {
    log('error', event, { cause: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) })
    flush()
    process.exit(1)
  }
  process.on('uncaughtException', end('uncaught_exception'))
  process.on('unhandledRejection', end('unhandled_rejection'))
}
