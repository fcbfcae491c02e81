import { existsSync } from 'node:fs'
import { type Connection, MigrationRefused, migrate, openDatabase } from '@miachat/auth'
import { migrationSets, sentenceOf } from '../database-start.ts'
import { sqlitePath } from '../sqlite-path.ts'
import { StopWithSentence } from './command.ts'
import { leftBehind } from './copy-order.ts'
import { copyTable, counts, filledTable, tablesInOrder, targetOf } from './copy-store.ts'
import { readArguments } from './read-arguments.ts'
import { settingsOrStop } from './settings-or-stop.ts'
import { type ExclusiveFile, tableNames, takeExclusively } from './sqlite-file-store.ts'
import { quoted, say, table } from './terminal-text.ts'
import { withDatabase } from './with-database.ts'

const help = `Usage: miachat copy --to postgres://USER:PASSWORD@HOST/NAME

Copies everything from the SQLite database of the settings into an empty PostgreSQL: people, sessions, conversations, all
of it, in one transaction, and compares the counts. MiaChat must not be running, so that nothing is written meanwhile. The
SQLite database stays as it is.

  --to ADDRESS   The PostgreSQL to fill; its tables are made by this command
`

/** `miachat copy`. */
export async function copyCommand(args: readonly string[]): Promise<number> {
  const given = readArguments(args, { help, options: { to: { type: 'string' } }, least: 0, most: 0 })
  if (!given) return 0
  const to = given.values.to
  if (to === undefined || !/^postgres(ql)?:\/\//.test(to) || !URL.canParse(to)) {
    throw new StopWithSentence('name the PostgreSQL to fill: miachat copy --to postgres://user:password@host/name', 2)
  }
  const config = settingsOrStop()
  const path = sqlitePath(config)
  if (path === null)
    throw new StopWithSentence('this database is a PostgreSQL already; "copy" takes a SQLite database.')
  if (!existsSync(path)) throw new StopWithSentence(`there is no database at ${quoted(path)} to copy.`)
  // Both sides must have the same tables.
  await withDatabase(async () => 0, config)
  const source = takeExclusively(path)
  if (!source) throw new StopWithSentence('MiaChat is running on this database. Stop it first, then copy.')
  try {
    return await copyInto(to, source)
  } finally {
    source.close()
  }
}

async function copyInto(to: string, source: ExclusiveFile): Promise<number> {
  const connection = await reach(to)
  try {
    await migrate(connection, migrationSets, Date.now())
    const done = await copyAll(connection, source)
    process.stdout.write(
      table(
        ['table', 'rows'],
        done.map(({ name, rows }) => [name, String(rows)]),
      ),
    )
    say(
      '',
      'Everything is in PostgreSQL, and both sides have the same counts. To go on there: set DATABASE_URL to that address, ' +
        'keep the same key, start MiaChat. The SQLite database is as it was.',
    )
    return 0
  } catch (error) {
    if (error instanceof StopWithSentence) throw error
    if (error instanceof MigrationRefused) throw new StopWithSentence(error.message)
    throw new StopWithSentence(`nothing was copied: ${sentenceOf(error)}`)
  } finally {
    await connection.close()
  }
}

async function reach(to: string): Promise<Connection> {
  try {
    const connection = await openDatabase(to)
    await connection.read({ sql: 'SELECT 1', parameters: [] })
    return connection
  } catch (error) {
    throw new StopWithSentence(`the PostgreSQL at ${new URL(to).host} cannot be reached: ${sentenceOf(error)}`)
  }
}

async function copyAll(connection: Connection, { db: source }: ExclusiveFile) {
  const target = targetOf(connection)
  const list = await tablesInOrder(target)
  const filled = await filledTable(target, list)
  if (filled !== null) {
    throw new StopWithSentence(`that PostgreSQL is not empty: its table "${filled}" has rows. Nothing was copied.`)
  }
  const lost = leftBehind(tableNames(source), list)
  if (lost.length > 0) {
    throw new StopWithSentence(
      `this SQLite database has tables that are not of MiaChat: ${lost.join(', ')}. Nothing was copied.`,
    )
  }
  return target.transaction(async (trx) => {
    const done: { name: string; rows: number }[] = []
    const ours = list.filter(({ name }) => name !== 'schema_migrations' && tableNames(source).includes(name))
    for (const one of ours) done.push({ name: one.name, rows: await copyTable(trx, source, one) })
    for (const { name } of ours) {
      const found = await counts(trx, source, name)
      if (found.source !== found.target) {
        throw new StopWithSentence(
          `"${name}" has ${found.source} rows here and ${found.target} there. Nothing was copied.`,
        )
      }
    }
    return done
  })
}
