import { MigrationRefused, migrationState } from '@miachat/auth'
import { bringUpToDate, migrationSets, openAppDatabase, sentenceOf } from '../database-start.ts'
import { StopWithSentence } from './command.ts'
import { readArguments } from './read-arguments.ts'
import { settingsOrStop } from './settings-or-stop.ts'
import { say } from './terminal-text.ts'

const help = `Usage: miachat migrate

Brings the database up to date and says what was done. "serve" and every other command do the same by themselves; a SQLite
database is copied to DATA_DIR/backups before it is changed.
`

/** `miachat migrate`. */
export async function migrateCommand(args: readonly string[]): Promise<number> {
  if (!readArguments(args, { help, options: {}, least: 0, most: 0 })) return 0
  const config = settingsOrStop()
  const connection = await openAppDatabase(config)
  try {
    const { applied, pending } = await stateOrStop()
    await bringUpToDate(connection, config.dataDir, Date.now())
    say(
      ...pending.map(({ set, number, name }) => `Done: ${set} ${number}, ${name}.`),
      pending.length === 0
        ? `The database is up to date; ${applied} migrations were done before.`
        : 'The database is up to date now.',
    )
    return 0
  } finally {
    await connection.close()
  }

  async function stateOrStop() {
    try {
      return await migrationState(connection, migrationSets)
    } catch (error) {
      if (error instanceof MigrationRefused) throw new StopWithSentence(error.message)
      throw new StopWithSentence(`The database cannot be read: ${sentenceOf(error)}`)
    }
  }
}
