import { existsSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isoTime, makePrivateFolder } from '@miachat/auth'
import type { Config } from '../config.ts'
import { sentenceOf } from '../database-start.ts'
import { sqlitePath } from '../sqlite-path.ts'
import { StopWithSentence } from './command.ts'
import { dumpCommand } from './postgres-commands.ts'
import { readArguments } from './read-arguments.ts'
import { settingsOrStop } from './settings-or-stop.ts'
import { damageOf, openUntouched } from './sqlite-file-store.ts'
import { quoted, say } from './terminal-text.ts'
import { withDatabase } from './with-database.ts'

const help = `Usage: miachat backup [FILE]

Writes a copy of the whole SQLite database while the server goes on, checks that it is sound, and lets only its owner read
it. Without FILE it lies in DATA_DIR/backups under the present time. An existing file is never overwritten. The key of the
server is not in it: keep a copy of that elsewhere. PostgreSQL has pg_dump; its command is printed.
`

/** The names that this command gives, with the time in UTC. */
export const backupFileName = (now: number): string => `miachat-${isoTime(now).slice(0, 19).replaceAll(':', '-')}Z.db`

/** `miachat backup`. */
export async function backupCommand(args: readonly string[]): Promise<number> {
  const given = readArguments(args, { help, options: {}, least: 0, most: 1 })
  if (!given) return 0
  const config = settingsOrStop()
  const source = sqlitePath(config)
  if (source === null) {
    throw new StopWithSentence(`this database is a PostgreSQL, which is backed up with:\n\n  ${dumpCommand(config)}\n`)
  }
  if (!existsSync(source)) throw new StopWithSentence(`there is no database at ${quoted(source)} to back up.`)
  const target = targetOf(config, given.positionals[0])
  return withDatabase(async ({ connection }) => {
    try {
      makePrivateFolder(dirname(target))
      await connection.backup(target)
    } catch (error) {
      throw new StopWithSentence(`${quoted(target)} cannot be written: ${sentenceOf(error)}`)
    }
    checkCopy(target)
    say(
      `${target} (${Math.ceil(statSync(target).size / 1024)} KiB) is a sound copy of the database as it was a moment ago.`,
      'The key of the server is not in it: keep a copy of that elsewhere.',
    )
    return 0
  }, config)
}

function targetOf(config: Config, given: string | undefined): string {
  const name = backupFileName(Date.now())
  if (given === undefined) return join(config.dataDir, 'backups', name)
  const path = resolve(given)
  const target = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, name) : path
  if (existsSync(target)) throw new StopWithSentence(`${quoted(target)} is there already and is not overwritten.`)
  return target
}

/** A copy that nobody can read back is worse than none: it would be relied on. */
function checkCopy(path: string): void {
  const db = openUntouched(path)
  const damage = damageOf(db)
  db.close()
  if (damage === null) return
  rmSync(path, { force: true })
  throw new StopWithSentence(
    `the copy is not sound (${damage}) and was removed. The database itself is likely damaged: stop MiaChat and restore ` +
      'an earlier backup.',
  )
}
