import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { openBesideOthers, openOwnCopy } from './sqlite-file-store.ts'

/** A database to look at. */
export interface Snapshot {
  readonly db: DatabaseSync
  close(): void
}

/**
 * Opens a database so that looking at it leaves no trace. While a server has it open, its shared memory is there and a
 * reader adds nothing. Otherwise a copy is read, since SQLite would make files beside the database and take them away.
 */
export function openForLooking(path: string): Snapshot {
  if (existsSync(`${path}-shm`)) {
    const db = openBesideOthers(path)
    return { db, close: () => db.close() }
  }
  const folder = mkdtempSync(join(tmpdir(), 'miachat-look-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const copy = join(folder, 'copy.db')
    for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, copy + end)
    const db = openOwnCopy(copy)
    return {
      db,
      close() {
        db.close()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}
