import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from './config.ts'
import { prepareData } from './main.ts'
import type { Surroundings } from './serve-process.ts'
import { giveStartMemoryBack } from './start-memory.ts'
import { startNotes } from './start-notes.ts'
import { answerWorkersKeys } from './worker-keys.ts'

const FIRST_REST_MS = 250
const LONGEST_REST_MS = 10_000
/** Who lived this long has not died of its start. */
const HEALTHY_MS = 60_000
/** A process that is told to end does so within seven seconds; then it hangs. */
const PATIENCE_MS = 8500

/**
 * Starts WORKERS processes on one port and does nothing but watch over them: one that dies is started again, after a rest
 * that grows while it keeps dying. Limits and revocations lie in the database, so they hold for all. Answers the exit code.
 */
export async function superviseWorkers(config: Config, { log, announce, signal }: Surroundings): Promise<number> {
  const { secrets, firstAdministrator } = await prepareData(config)
  answerWorkersKeys(secrets)
  if (config.metricsToken !== null) await (await import('./operator/cluster-metrics.ts')).answerWorkersMetrics()
  let stopping = false
  let rest = FIRST_REST_MS

  async function keepAlive(first: Worker): Promise<void> {
    for (let worker = first; ; worker = cluster.fork()) {
      const started = performance.now()
      const code = await ended(worker)
      if (stopping) return
      rest = performance.now() - started > HEALTHY_MS ? FIRST_REST_MS : Math.min(rest * 2, LONGEST_REST_MS)
      // The signal that ended it may be on its way to us too.
      await sleep(rest)
      if (stopping) return
      log('error', 'worker_died', { pid: worker.process.pid, exit: code, started_again_after_ms: rest })
    }
  }

  // The first alone: where it cannot start, nobody can, and it has said why.
  const first = cluster.fork()
  const begun = await Promise.race([listening(first), ended(first)])
  if (begun !== 'listening') return typeof begun === 'number' ? begun || 1 : 1
  const all = [first, ...Array.from({ length: config.workers - 1 }, () => cluster.fork())]
  const kept = all.map(keepAlive)
  announce(startNotes(config, secrets, firstAdministrator))
  giveStartMemoryBack()

  const name = await signal
  stopping = true
  log('info', 'stopping', { signal: name })
  const late = setTimeout(() => signalAll('SIGKILL'), PATIENCE_MS)
  signalAll('SIGTERM')
  await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => worker && ended(worker)))
  clearTimeout(late)
  await Promise.race([Promise.all(kept), sleep(0)])
  return 0
}

function signalAll(signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal)
}

const listening = (worker: Worker): Promise<'listening'> =>
  new Promise((resolve) => worker.once('listening', () => resolve('listening')))

const ended = (worker: Worker): Promise<number | string> =>
  new Promise((resolve) => {
    if (worker.isDead()) resolve(worker.process.exitCode ?? worker.process.signalCode ?? 1)
    else worker.once('exit', (code, signal) => resolve(signal ?? code))
  })
