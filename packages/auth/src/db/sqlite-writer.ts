import { Worker } from 'node:worker_threads'
import type { QueryResult } from 'kysely'
import { AuthError } from '../lib/errors.ts'
import { workerFile } from '../lib/worker-file.ts'
import type { Execute } from './connection.ts'
import { type SqliteFault, sqliteError } from './sqlite-errors.ts'
import type { WriterRequest } from './sqlite-writer-thread.ts'

/** Answers of the thread, by the request's id. */
interface Answer {
  readonly id: number
  readonly result?: QueryResult<unknown>
  readonly fault?: SqliteFault
}

type WithoutId<R> = R extends { id: number } ? Omit<R, 'id'> : never

/** Sends requests to the writer thread and starts a new thread when one dies. */
export function startWriterThread(path: string) {
  const waiting = new Map<number, PromiseWithResolvers<QueryResult<unknown>>>()
  let nextId = 1
  let worker: Worker | null = null
  let closed = false

  function thread(): Worker {
    if (worker) return worker
    // Nothing of the program's own flags: some of them, such as --input-type, keep a thread from starting.
    const file = workerFile('sqlite-writer-thread', import.meta.url)
    const started = new Worker(file, { workerData: { path }, execArgv: [], name: 'sqlite-writer' })
    started.on('message', (answer: Answer) => {
      const call = waiting.get(answer.id)
      waiting.delete(answer.id)
      if (waiting.size === 0) started.unref()
      if (answer.fault) call?.reject(sqliteError(answer.fault))
      else call?.resolve(answer.result ?? { rows: [] })
    })
    const gone = (cause: unknown) => {
      if (worker === started) worker = null
      for (const call of waiting.values()) {
        call.reject(new AuthError('store_unavailable', { retryAfter: 2, cause }))
      }
      waiting.clear()
    }
    started.on('error', gone)
    started.on('exit', (code) => gone(new Error(`The writer thread ended with ${code}.`)))
    started.unref()
    worker = started
    return started
  }

  function send(request: WithoutId<WriterRequest>): Promise<QueryResult<unknown>> {
    if (closed) return Promise.reject(new AuthError('store_unavailable', { retryAfter: 2 }))
    const id = nextId++
    const call = Promise.withResolvers<QueryResult<unknown>>()
    waiting.set(id, call)
    const target = thread()
    target.ref()
    target.postMessage({ ...request, id })
    return call.promise
  }

  return {
    exec: (sql: string) => send({ kind: 'exec', sql }),
    run: ((query) => send({ kind: 'run', sql: query.sql, parameters: query.parameters })) satisfies Execute,
    reopen: () => send({ kind: 'reopen' }),
    /** The last one to close puts the log into the file, so that the file alone is the whole database. */
    async close(): Promise<void> {
      if (worker) await send({ kind: 'close' }).catch(() => {})
      closed = true
      await worker?.terminate()
    },
  }
}
