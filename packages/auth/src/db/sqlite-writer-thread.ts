// The thread that owns the writing connection, so that the event loop never waits for the disk (STO-01).
import type { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { isReadOnly, sqliteFault } from './sqlite-errors.ts'
import { openForWriting, refuseOutsideTransaction } from './sqlite-open.ts'
import { sqliteStatements } from './sqlite-statements.ts'

/** A request of the main thread: run a text with parameters, several texts without, open the file anew, or close it. */
export type WriterRequest =
  | { id: number; kind: 'run'; sql: string; parameters: readonly unknown[] }
  | { id: number; kind: 'exec'; sql: string }
  | { id: number; kind: 'reopen' }
  | { id: number; kind: 'close' }

const path: string = workerData.path
let db: DatabaseSync | null = openForWriting(path)
let run = sqliteStatements(db)

function handle(request: WriterRequest): unknown {
  if (request.kind === 'close') {
    db?.close()
    db = null
    return undefined
  }
  if (request.kind === 'reopen') {
    db?.close()
    db = null
    db = openForWriting(path)
    run = sqliteStatements(db)
    return undefined
  }
  if (!db) {
    db = openForWriting(path)
    run = sqliteStatements(db)
  }
  if (request.kind === 'exec') return db.exec(request.sql)
  refuseOutsideTransaction(db)
  return run(request.sql, request.parameters)
}

parentPort?.on('message', (request: WriterRequest) => {
  try {
    parentPort?.postMessage({ id: request.id, result: handle(request) })
  } catch (error) {
    const fault = sqliteFault(error)
    // The next request opens the file anew: somebody may have been allowed to write meanwhile.
    if (isReadOnly(fault)) {
      db?.close()
      db = null
    }
    parentPort?.postMessage({ id: request.id, fault })
  }
})
