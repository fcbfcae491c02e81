import { existsSync } from 'node:fs'
import { MigrationRefused, openDatabase, type PersonImported, type PersonToImport, previewImport } from '@miachat/auth'
import type { Config } from '../config.ts'
import { sentenceOf } from '../database-start.ts'
import { sqlitePath } from '../sqlite-path.ts'
import { StopWithSentence } from './command.ts'
import { importReport } from './import-report.ts'
import { readPythonFile } from './python-file.ts'
import { readArguments } from './read-arguments.ts'
import { settingsOrStop } from './settings-or-stop.ts'
import { openForLooking } from './sqlite-snapshot.ts'
import { say } from './terminal-text.ts'
import { withAuth } from './with-database.ts'

const help = `Usage: miachat import FILE [--dry-run]

Takes the people of the Python original over, from its database FILE, with their passwords. FILE is only read. Prints each
row that needed a decision with how that person signs in, and ends with 0 when every row is in. Rows of an earlier import
are left alone, so it can be run again.

  --dry-run   Say what would be done and change nothing at all
`

/** `miachat import`. */
export async function importCommand(args: readonly string[]): Promise<number> {
  const given = readArguments(args, { help, options: { 'dry-run': { type: 'boolean' } }, least: 1, most: 1 })
  const file = given?.positionals[0]
  if (!given || file === undefined) return 0
  const dryRun = given.values['dry-run'] === true
  const config = settingsOrStop()
  const people = readPythonFile(file)
  say(...importReport(dryRun ? await preview(config, people) : await takeOver(people), file, dryRun))
  return 0
}

async function takeOver(people: readonly PersonToImport[]): Promise<PersonImported[]> {
  let taken: PersonImported[] = []
  await withAuth(async ({ auth }) => {
    taken = await auth.admin.importPeople(people, 'command line')
    return 0
  })
  return taken
}

/** Looks at the database without bringing it up to date: a dry run changes nothing, not even the folder it lies in. */
async function preview(config: Config, people: readonly PersonToImport[]): Promise<PersonImported[]> {
  const path = sqlitePath(config)
  if (path !== null && !existsSync(path)) return previewImport(null, people)
  const snapshot = path === null ? null : openForLooking(path)
  try {
    const connection = await openDatabase(snapshot?.db ?? config.databaseUrl)
    try {
      return await previewImport(connection, people)
    } finally {
      await connection.close()
    }
  } catch (error) {
    if (error instanceof MigrationRefused) throw new StopWithSentence(error.message)
    throw new StopWithSentence(`The database cannot be read: ${sentenceOf(error)}`)
  } finally {
    snapshot?.close()
  }
}
