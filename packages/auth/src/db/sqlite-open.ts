import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { makePrivateFolder } from '../lib/private-folder.ts'
import { isBusy, SQLITE_ABORT, sqliteFault } from './sqlite-errors.ts'

/** How long the writer thread waits for a lock of another process. It holds up no request but those that write. */
const WRITER_BUSY_MS = 3000
const PAUSE_MS = 20

/** `file:` addresses with mode=rw or ro: SQLite never makes a new, empty file where the data has gone missing. */
const address = (path: string, mode: 'rw' | 'ro'): string => `${pathToFileURL(path).href}?mode=${mode}`

/**
 * Makes an empty file that only the owner can read, and its folder, where there is none. Throws where the log of a database
 * lies without it: SQLite would play it into an empty one, and nobody would notice that the data is elsewhere.
 */
export function createFile(path: string): void {
  makePrivateFolder(dirname(path))
  if (!existsSync(path) && (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    throw new Error(`${path} is missing, but its log ${path}-wal is there. Put the database back, or restore a backup.`)
  }
  closeSync(openSync(path, 'a', 0o600))
}

/** The settings of every writing connection. FULL: a commit that was answered survives a loss of power (STO-01). */
export function setUpForWriting(db: DatabaseSync): void {
  db.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF')
}

export function openForWriting(path: string): DatabaseSync {
  const db = new DatabaseSync(address(path, 'rw'), { timeout: WRITER_BUSY_MS })
  useWriteAheadLog(db)
  setUpForWriting(db)
  return db
}

/**
 * Of two programs that open a new file at once, one is told "locked" without having waited: SQLite sees a deadlock in two
 * that both want to change the journal. It waits here; on a writer's own thread, where nobody else is held up.
 */
function useWriteAheadLog(db: DatabaseSync): void {
  const end = performance.now() + WRITER_BUSY_MS
  for (;;) {
    try {
      db.exec('PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 33554432')
      return
    } catch (error) {
      if (!isBusy(sqliteFault(error)) || performance.now() > end) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    }
  }
}

/**
 * Throws when no transaction is open: the one that this statement belongs to was lost, with a thread, a replaced file or
 * a full disk. Alone the statement would be committed at once, and half of the work would stand (AVL-03).
 */
export function refuseOutsideTransaction(db: DatabaseSync): void {
  if (!db.isTransaction) throw Object.assign(new Error('The transaction was lost.'), { errcode: SQLITE_ABORT })
}

/** Readers never wait: in WAL mode nothing that we do locks them out. */
export function openForReading(path: string): DatabaseSync {
  const db = new DatabaseSync(address(path, 'ro'), { timeout: 0, readOnly: true })
  db.exec('PRAGMA trusted_schema = OFF; PRAGMA cache_size = -65536')
  return db
}

/** Tells whether the path still names the same file; null when it names none. */
export function fileIdentity(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats ? `${stats.dev}:${stats.ino}` : null
}
