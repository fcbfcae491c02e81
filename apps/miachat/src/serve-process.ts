import cluster from 'node:cluster'
import process from 'node:process'
import type { Log } from '@miachat/auth'
import type { Config } from './config.ts'
import { createJsonLog, createTerminalLog } from './log.ts'
import { createLogWriter } from './log-writer.ts'
import { serve } from './serve.ts'
import { giveStartMemoryBack } from './start-memory.ts'
import { noteLines, type StartNotes, startNotes } from './start-notes.ts'

/** What a process of the server needs from its surroundings. */
export interface Surroundings {
  readonly log: Log
  /** Says where to go and where everything lies: to people in words, in production as a line of the log. */
  readonly announce: (notes: StartNotes) => void
  /** Resolves with the first SIGTERM or SIGINT; later ones change nothing. */
  readonly signal: Promise<NodeJS.Signals>
}

/** A channel to the supervisor, or a thread that hangs, must not keep a process that has ended its work. */
const LEFT_OVER_MS = 300

/** Runs MiaChat until a signal ends it: one process, or a supervisor with WORKERS processes. Answers the exit code. */
export async function serveUntilSignal(config: Config): Promise<number> {
  const surroundings = prepareProcess(config)
  const run =
    config.workers > 1 && cluster.isPrimary ? (await import('./serve-cluster.ts')).superviseWorkers : serveAlone
  // Nothing else may be left that keeps the program running while it waits for its own end.
  const awake = setInterval(() => {}, 60_000)
  try {
    return await run(config, surroundings)
  } finally {
    clearInterval(awake)
    setTimeout(() => process.exit(), LEFT_OVER_MS).unref()
  }
}

async function serveAlone(config: Config, { log, announce, signal }: Surroundings): Promise<number> {
  const secrets = cluster.isWorker ? await (await import('./worker-keys.ts')).keysOfSupervisor() : undefined
  const serving = await serve(config, log, secrets)
  // The supervisor of several processes has said it already.
  if (cluster.isPrimary) announce(startNotes(config, serving.app.secrets, serving.firstAdministrator))
  const { baseUrl, host, port } = config
  log('info', 'started', { address: baseUrl, host, port, node: process.version, pid: process.pid })
  giveStartMemoryBack()
  const name = await signal
  log('info', 'stopping', { signal: name, pid: process.pid })
  await serving.stop()
  log('info', 'stopped', { pid: process.pid })
  return 0
}

function prepareProcess(config: Config): Surroundings {
  const writer = createLogWriter(1)
  process.on('exit', writer.flush)
  const log = process.stdout.isTTY
    ? createTerminalLog(config.logLevel, writer.write)
    : createJsonLog(config.logLevel, writer.write)
  endOnFaults(log, writer.flush)
  const { promise: signal, resolve } = Promise.withResolvers<NodeJS.Signals>()
  // A second signal cuts no running request: npm, the terminal and a supervisor may all pass one on.
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => resolve(name))
  const announce = (notes: StartNotes) => {
    if (process.stdout.isTTY || !config.production) writer.write(noteLines(notes))
    else {
      for (const warning of notes.warnings) log('warn', 'setting_warning', { warning })
      // Nowhere else can it be told: on a server in a container the log is all that its operator sees.
      const { firstAdministrator: address } = notes
      if (address !== null) log('warn', 'no_administrator', { address, works: 'once, for a day' })
    }
  }
  return { log, announce, signal }
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
