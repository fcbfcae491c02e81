import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  type AuthTables,
  createKeyRing,
  isoTime,
  makePrivateFolder,
  migrationState,
  openDatabase,
  tables,
} from '@miachat/auth'
import type { Config } from '../config.ts'
import { migrationSets, sentenceOf } from '../database-start.ts'
import { inspectSecrets } from '../secret-key.ts'
import { missingKeys } from '../server-keys.ts'
import { createServerKeysStore } from '../server-keys-store.ts'
import { sqlitePath } from '../sqlite-path.ts'
import { StopWithSentence } from './command.ts'
import { restoreCommand as postgresCommand } from './postgres-commands.ts'
import { readArguments } from './read-arguments.ts'
import { settingsOrStop } from './settings-or-stop.ts'
import {
  damageOf,
  endAllSignIns,
  intoOneFile,
  isDamaged,
  openOwnCopy,
  openUntouched,
  tableNames,
  takeExclusively,
} from './sqlite-file-store.ts'
import { quoted, say } from './terminal-text.ts'
import { withDatabase } from './with-database.ts'

const help = `Usage: miachat restore FILE [--keep-sessions]

Puts the backup FILE in the place of the SQLite database. MiaChat must not be running. FILE is checked first and stays as it
is; the replaced database is kept beside the new one. Everybody signs in again afterwards, since a session that was ended
after the backup must not come back.

  --keep-sessions   Keep the sessions and tokens of the backup, for when it is the newest there is
`

/** `miachat restore`. */
export async function restoreCommand(args: readonly string[]): Promise<number> {
  const given = readArguments(args, { help, options: { 'keep-sessions': { type: 'boolean' } }, least: 1, most: 1 })
  const file = given?.positionals[0]
  if (!given || file === undefined) return 0
  const config = settingsOrStop()
  const target = sqlitePath(config)
  if (target === null) {
    throw new StopWithSentence(
      `this database is a PostgreSQL, which is restored with:\n\n  ${postgresCommand(config)}\n`,
    )
  }
  await checkBackup(resolve(file), target)
  const draft = `${target}.restoring`
  const replaced = `${target}.replaced-${isoTime(Date.now()).slice(0, 19).replaceAll(':', '-')}Z`
  try {
    prepare(resolve(file), draft, given.values['keep-sessions'] === true)
    const kept = exchange(target, draft, replaced)
    checkResult(target)
    say(`${quoted(target)} holds the backup ${quoted(file)} now.`)
    if (kept) say(`What was there before is kept as ${quoted(replaced)}.`)
    if (!given.values['keep-sessions']) say('Everybody signs in again; passwords are those of the backup.')
  } finally {
    rmSync(draft, { force: true })
  }
  return withDatabase(async ({ connection }) => {
    const store = createServerKeysStore(tables<AuthTables>(connection))
    say(...keyNotes(config, await store.list()))
    return 0
  }, config)
}

/** Everything that can be wrong with a backup is found before anything is moved. */
async function checkBackup(file: string, target: string): Promise<void> {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats) throw new StopWithSentence(`${quoted(file)} does not exist.`)
  if (!stats.isFile()) throw new StopWithSentence(`${quoted(file)} is no file.`)
  if (existsSync(target) && statSync(target).ino === stats.ino && statSync(target).dev === stats.dev) {
    throw new StopWithSentence(`${quoted(file)} is the database itself.`)
  }
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) {
    throw new StopWithSentence(
      `${quoted(file)} is not a backup but a database in use: there is a "-wal" file beside it.`,
    )
  }
  try {
    const db = openUntouched(file)
    try {
      const damage = damageOf(db)
      if (damage !== null) throw new StopWithSentence(`${quoted(file)} is damaged: ${damage}. Nothing was changed.`)
      if (!tableNames(db).includes('schema_migrations')) {
        throw new StopWithSentence(
          `${quoted(file)} is no backup of MiaChat. A database of the Python original is taken over with: miachat import FILE`,
        )
      }
      // Throws for a backup of a newer program.
      await migrationState(await openDatabase(db), migrationSets)
    } finally {
      db.close()
    }
  } catch (error) {
    if (error instanceof StopWithSentence) throw error
    throw new StopWithSentence(`${quoted(file)} cannot be restored: ${sentenceOf(error)}`)
  }
}

/** Makes the new database beside the old one, whole and on disk, before anything is exchanged. */
function prepare(file: string, draft: string, keepSessions: boolean): void {
  makePrivateFolder(dirname(draft))
  closeSync(openSync(draft, 'w', 0o600))
  chmodSync(draft, 0o600)
  copyFileSync(file, draft)
  chmodSync(draft, 0o600)
  if (!keepSessions) {
    const db = openOwnCopy(draft)
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA secure_delete = ON')
    endAllSignIns(db)
    db.close()
  }
  const handle = openSync(draft, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}

/** Answers whether there was a database before. No MiaChat can have it open, nor start on it, while the files change places. */
function exchange(target: string, draft: string, replaced: string): boolean {
  const lock = existsSync(target) ? takeLock(target) : null
  if (lock === null) {
    // What is damaged cannot be locked: it is kept as it is, with its log. The log of a database that is gone would be
    // played into the backup, and spoil it.
    const lying = ['', '-wal', '-shm', '-journal'].filter((end) => existsSync(target + end))
    for (const end of lying) renameSync(target + end, replaced + end)
    renameSync(draft, target)
    return lying.length > 0
  }
  try {
    intoOneFile(lock, target)
    keepAs(target, replaced)
    renameSync(draft, target)
    chmodSync(replaced, 0o600)
  } finally {
    lock.close()
  }
  return true
}

/** Nothing is said to be restored that was not read back. */
function checkResult(target: string): void {
  const db = openUntouched(target)
  const damage = damageOf(db)
  db.close()
  if (damage !== null) throw new StopWithSentence(`${quoted(target)} is not sound after the restore: ${damage}.`)
}

/** A second name first: were the database renamed and the program then killed, the next start would make an empty one. */
function keepAs(target: string, replaced: string): void {
  try {
    linkSync(target, replaced)
  } catch {
    // A file system without links.
    renameSync(target, replaced)
  }
}

function takeLock(target: string) {
  let lock: ReturnType<typeof takeExclusively>
  try {
    lock = takeExclusively(target)
  } catch (error) {
    if (isDamaged(error)) return null
    throw new StopWithSentence(`${quoted(target)} cannot be replaced: ${sentenceOf(error)}`)
  }
  if (lock === null) throw new StopWithSentence('MiaChat is running on this database. Stop it first, then restore.')
  return lock
}

/** The database is in its place by now, so a key that cannot be used is told and nothing more: it is no part of a backup. */
function keyNotes(config: Config, known: Parameters<typeof missingKeys>[0]): string[] {
  if (known.length === 0) return []
  const secrets = secretsOrSentence(config)
  if (typeof secrets === 'string') return [`Before you start MiaChat, put the key right. ${secrets}`]
  if (!secrets) {
    return ['There is no key here: backups do not hold it. Put your copy in its place before you start MiaChat.']
  }
  const missing = missingKeys(known, createKeyRing(secrets.keys), Date.now())
  if (missing.length === 0) return ['The key that is given is the one that this database needs.']
  return [
    `This database was used with another key (${missing.map(({ id }) => id).join(', ')}) than the one given here: put ` +
      'that key back before you start MiaChat, or run "miachat keys rotate --lost" if it is lost.',
  ]
}

function secretsOrSentence(config: Config) {
  try {
    return inspectSecrets({ ...config, production: false })
  } catch (error) {
    if (error instanceof StopWithSentence) return error.message
    throw error
  }
}
