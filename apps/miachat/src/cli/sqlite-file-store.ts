import { existsSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'

const open = (path: string, query: string, readOnly: boolean): DatabaseSync =>
  new DatabaseSync(`${pathToFileURL(path).href}?${query}`, { readOnly, timeout: 0 })

/** Opens a file that nobody writes, without making anything beside it: not even the files of the write-ahead log. */
export const openUntouched = (path: string): DatabaseSync => open(path, 'mode=ro&immutable=1', true)

/** Opens a file that others may be using, for reading. */
export const openBesideOthers = (path: string): DatabaseSync => open(path, 'mode=ro', true)

/** Opens a copy that is ours: SQLite may finish a write in it that was cut off. */
export const openOwnCopy = (path: string): DatabaseSync => open(path, 'mode=rw', false)

/** What is wrong with the pages of a database, in SQLite's words; null when all is well. Throws for what is no database. */
export function damageOf(db: DatabaseSync): string | null {
  const row = db.prepare('PRAGMA integrity_check(1)').get()
  const found = row?.['integrity_check']
  return found === 'ok' ? null : String(found)
}

/** The names of the tables. */
export const tableNames = (db: DatabaseSync): string[] =>
  db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .all()
    .map((row) => String(row['name']))

/** A database that nobody else has open. */
export interface ExclusiveFile {
  readonly db: DatabaseSync
  close(): void
}

/**
 * Takes a database for itself alone: a MiaChat that runs holds a lock on it all the time, and none can start on it until
 * `close`. Null when another program has it open.
 */
export function takeExclusively(path: string): ExclusiveFile | null {
  const db = open(path, 'mode=rw', false)
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT')
    return { db, close: () => db.close() }
  } catch (error) {
    db.close()
    if (isBusy(error)) return null
    throw error
  }
}

const hasCode = (error: unknown, codes: readonly number[]): boolean =>
  error instanceof Error && 'errcode' in error && codes.includes(Number(error.errcode) & 0xff)
const isBusy = (error: unknown): boolean => hasCode(error, [5, 6])

/** Whether SQLite says that a file is no sound database. */
export const isDamaged = (error: unknown): boolean => hasCode(error, [11, 26])

/** Puts everything of the write-ahead log into the file itself, so that the file alone is the database. */
export function intoOneFile({ db }: ExclusiveFile, path: string): void {
  db.exec('PRAGMA journal_mode = DELETE')
  for (const end of ['-wal', '-shm']) if (existsSync(path + end)) rmSync(path + end)
}

/**
 * By table, what empties those whose rows let somebody in, or are a step on the way. What was ended after a backup must not
 * come back with it: a stolen laptop that is trusted no more, a letter with a link. A new table stands here or on the list
 * of the test.
 */
export const doors: Readonly<Record<string, string>> = {
  sessions: 'DELETE FROM sessions',
  token_families: 'DELETE FROM token_families',
  refresh_tokens: 'DELETE FROM refresh_tokens',
  links: 'DELETE FROM links',
  pending_sign_ins: 'DELETE FROM pending_sign_ins',
  personal_tokens: 'DELETE FROM personal_tokens',
  trusted_devices: 'DELETE FROM trusted_devices',
  passkey_challenges: 'DELETE FROM passkey_challenges',
  device_codes: 'DELETE FROM device_codes',
  provider_trips: 'DELETE FROM provider_trips',
  outbox: 'DELETE FROM outbox',
}

/** Empties every table of doors that a database has; an older one has fewer. */
export function endAllSignIns(db: DatabaseSync): void {
  const there = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  db.exec('BEGIN')
  for (const { name } of there) {
    const empty = doors[String(name)]
    if (empty !== undefined) db.exec(empty)
  }
  db.exec('COMMIT')
}
