import { statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { backup, type DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { QueryResult } from 'kysely'
import { AuthError } from '../lib/errors.ts'
import type { Connection, Execute } from './connection.ts'
import { isBusy, sqliteError, sqliteFault } from './sqlite-errors.ts'
import { createFile, fileIdentity, openForReading, refuseOutsideTransaction, setUpForWriting } from './sqlite-open.ts'
import { sqliteStatements } from './sqlite-statements.ts'
import { startWriterThread } from './sqlite-writer.ts'
import { createTransactionQueue } from './transaction-queue.ts'

/** How long a read tries again while another process holds the file for itself. */
const READER_TRIES = 40
const READER_PAUSE_MS = 25
/** How often a connection looks whether its path still names the file that it has open. */
const IDENTITY_MS = 100

/** Opens a SQLite file: reads on this thread, writes on a thread of their own. */
export async function openSqliteFile(path: string): Promise<Connection> {
  createFile(path)
  const writer = startWriterThread(path)
  // A new file gets its journal mode before anybody reads it; else the thread starts with the first write.
  if (statSync(path).size === 0) await writer.exec('SELECT 1')
  let reader: DatabaseSync | null = null
  let run: ReturnType<typeof sqliteStatements>
  let identity: string | null = null
  let looked = 0

  function reopenReader(): void {
    reader?.close()
    reader = null
    identity = fileIdentity(path)
    reader = openForReading(path)
    run = sqliteStatements(reader)
  }

  /** A file that was moved away or replaced: never go on writing into the one that nobody will find again. */
  function checkFile(): void {
    const now = performance.now()
    if (reader && now - looked < IDENTITY_MS) return
    looked = now
    const found = fileIdentity(path)
    if (reader && found === identity) return
    if (found === null) {
      reader?.close()
      reader = null
      throw new AuthError('store_unavailable', { retryAfter: 2, cause: new Error(`${path} is gone`) })
    }
    reopenReader()
    // The queue is ordered: whatever is written from here on goes to the file that is there now.
    writer.reopen().catch(() => {})
  }

  // Another program that opens or closes the file at this moment has it for itself for a blink.
  for (let tries = 1; reader === null; tries++) {
    try {
      reopenReader()
    } catch (error) {
      if (!isBusy(sqliteFault(error)) || tries >= READER_TRIES) throw error
      await sleep(READER_PAUSE_MS)
    }
  }

  const read: Execute = async ({ sql, parameters }): Promise<QueryResult<unknown>> => {
    for (let tries = 1; ; tries++) {
      try {
        checkFile()
        return run(sql, parameters)
      } catch (error) {
        if (error instanceof AuthError) throw error
        const fault = sqliteFault(error)
        if (!isBusy(fault) || tries >= READER_TRIES) throw sqliteError(fault)
        await sleep(READER_PAUSE_MS)
      }
    }
  }

  const queue = createTransactionQueue(writer)
  return {
    kind: 'sqlite',
    read,
    async transaction(work) {
      checkFile()
      return queue(work)
    },
    async backup(target) {
      checkFile()
      if (!reader) throw new AuthError('store_unavailable', { retryAfter: 2 })
      await backupTo(reader, target)
    },
    async close() {
      // An empty transaction waits for those before it.
      await queue(async () => {}).catch(() => {})
      reader?.close()
      reader = null
      await writer.close()
    },
  }
}

/** A connection that the host app has open already, or an in-memory database: everything on this thread. */
export function useSqliteConnection(db: DatabaseSync, options: { closes: boolean }): Connection {
  setUpForWriting(db)
  const run = sqliteStatements(db)
  const guarded: Execute = async ({ sql, parameters }) => {
    try {
      return run(sql, parameters)
    } catch (error) {
      throw sqliteError(sqliteFault(error))
    }
  }
  /** A transaction of ours is open on this connection. */
  let begun = false
  const queue = createTransactionQueue({
    async run(query) {
      try {
        refuseOutsideTransaction(db)
      } catch (error) {
        throw sqliteError(sqliteFault(error))
      }
      return guarded(query)
    },
    async exec(sql) {
      if (sql.startsWith('BEGIN')) await hostHasEnded(db)
      // Where our own has not begun, what is open is the host's: it is not ours to roll back.
      else if (!begun) return
      try {
        db.exec(sql)
        if (sql.startsWith('BEGIN')) begun = true
      } catch (error) {
        begun ||= sql.startsWith('BEGIN') && db.isTransaction
        throw sqliteError(sqliteFault(error))
      } finally {
        if (!db.isTransaction) begun = false
      }
    },
  })
  return {
    kind: 'sqlite',
    read: guarded,
    transaction: queue,
    backup: (target) => backupTo(db, target),
    async close() {
      await queue(async () => {}).catch(() => {})
      if (options.closes) db.close()
    },
  }
}

/** Waits a moment for a transaction of the host's own on the same connection; throws `store_unavailable` while it is open. */
async function hostHasEnded(db: DatabaseSync): Promise<void> {
  for (let tries = 1; db.isTransaction; tries++) {
    if (tries >= READER_TRIES) throw new AuthError('store_unavailable', { retryAfter: 1 })
    await sleep(READER_PAUSE_MS)
  }
}

async function backupTo(db: DatabaseSync, target: string): Promise<void> {
  const unfinished = `${target}.unfinished`
  await rm(unfinished, { force: true })
  createFile(unfinished)
  await backup(db, unfinished)
  await rename(unfinished, target)
}
