import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PersonToImport } from '@miachat/auth'
import { StopWithSentence } from './command.ts'
import { missingColumns, readPythonUsers } from './python-file-store.ts'
import { damageOf, openOwnCopy, tableNames } from './sqlite-file-store.ts'
import { quoted } from './terminal-text.ts'

const MAGIC = 'SQLite format 3\0'
/** What may lie beside a database and belong to it: its write-ahead log, or the journal of a write that was cut off. */
const companions = ['-wal', '-journal']

/**
 * Reads the people of a database of the Python original. The file itself is only ever copied: whatever SQLite has to do to
 * read it, finishing a write that was cut off for one, happens to the copy. Throws StopWithSentence for what is none.
 */
export function readPythonFile(path: string): PersonToImport[] {
  const name = quoted(path)
  const stats = statsOf(path)
  if (!stats.isFile()) throw new StopWithSentence(`${name} is ${stats.isDirectory() ? 'a folder' : 'no file'}.`)
  checkStart(path, stats)
  const folder = mkdtempSync(join(tmpdir(), 'miachat-import-'))
  try {
    const copy = join(folder, 'copy.db')
    const before = state(path)
    for (const end of ['', ...companions]) {
      if (end === '' || existsSync(path + end)) copyFileSync(path + end, copy + end, constants.COPYFILE_FICLONE)
    }
    if (state(path) !== before) {
      throw new StopWithSentence(
        `${name} was written to while it was read. Stop the program that uses it, and try again.`,
      )
    }
    return readCopy(copy, name)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Changes when one of the files is written to. */
function state(path: string): string {
  const stats = ['', ...companions].map((end) => statSync(path + end, { throwIfNoEntry: false }))
  return stats.map((one) => `${one?.mtimeMs}/${one?.size}`).join()
}

function statsOf(path: string): Stats {
  try {
    return statSync(path)
  } catch (error) {
    throw new StopWithSentence(`${quoted(path)} ${whyUnreadable(error)}.`)
  }
}

function checkStart(path: string, { size }: Stats): void {
  const name = quoted(path)
  if (size === 0) throw new StopWithSentence(`${name} is empty.`)
  const start = Buffer.alloc(MAGIC.length)
  try {
    const file = openSync(path, 'r')
    readSync(file, start)
    closeSync(file)
  } catch (error) {
    throw new StopWithSentence(`${name} ${whyUnreadable(error)}.`)
  }
  if (start.toString('latin1') !== MAGIC) throw new StopWithSentence(`${name} is no SQLite database.`)
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read by this user'
  return `cannot be read (${String(code)})`
}

function readCopy(copy: string, name: string): PersonToImport[] {
  let db: ReturnType<typeof openOwnCopy> | null = null
  try {
    db = openOwnCopy(copy)
    const damage = damageOf(db)
    if (damage !== null) throw new StopWithSentence(`${name} is damaged: ${damage}. Nothing was taken over.`)
    const tables = tableNames(db)
    if (tables.includes('schema_migrations')) {
      throw new StopWithSentence(
        `${name} is a database of this MiaChat, not of the Python original. To go back to a backup: miachat restore FILE`,
      )
    }
    if (!tables.includes('users')) {
      throw new StopWithSentence(`${name} has no table of people ("users"): it is no database of the Python original.`)
    }
    const missing = missingColumns(db)
    if (missing.length > 0) {
      throw new StopWithSentence(
        `The table "users" of ${name} lacks ${missing.join(', ')}: it is no database of the Python original.`,
      )
    }
    return readPythonUsers(db)
  } catch (error) {
    if (error instanceof StopWithSentence) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new StopWithSentence(`${name} cannot be read as a database: ${reason}. Nothing was taken over.`)
  } finally {
    db?.close()
  }
}
