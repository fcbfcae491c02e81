import { existsSync, statSync } from 'node:fs'
import {
  type AuthTables,
  brokenLogs,
  type Connection,
  createKeyRing,
  databaseClock,
  MigrationRefused,
  migrationState,
  openDatabase,
  tables,
} from '@miachat/auth'
import { damageOf } from '../cli/sqlite-file-store.ts'
import { openForLooking } from '../cli/sqlite-snapshot.ts'
import type { Config } from '../config.ts'
import { migrationSets, sentenceOf } from '../database-start.ts'
import type { Secrets } from '../secret-key.ts'
import { missingKeys } from '../server-keys.ts'
import { createServerKeysStore } from '../server-keys-store.ts'
import { sqlitePath } from '../sqlite-path.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { waitingMailChecks } from './mail-checks.ts'

/** Above this the pages are not read one by one: the doctor should answer soon. */
const LARGEST_READ = 1_000_000_000
const CLOCK_SLACK = 5000

/** Whether the database answers, is sound and up to date, and has the key that it needs. Changes nothing. */
export async function databaseChecks(config: Config, secrets: Secrets | null): Promise<Finding[]> {
  const path = sqlitePath(config)
  try {
    if (path === null) return await postgresChecks(config, secrets)
    if (!existsSync(path)) return [ok('database', `${path} is not made yet; the first start makes it.`)]
    const snapshot = openForLooking(path)
    try {
      const damage = statSync(path).size > LARGEST_READ ? null : damageOf(snapshot.db)
      if (damage !== null) {
        return [
          problem('database', `${path} is damaged: ${damage}. Stop MiaChat and restore a backup: miachat restore FILE`),
        ]
      }
      return [
        ok('database', `SQLite at ${path} is sound.`),
        ...(await stateChecks(await openDatabase(snapshot.db), secrets)),
      ]
    } finally {
      snapshot.close()
    }
  } catch (error) {
    return [problem('database', `It cannot be read: ${sentenceOf(error)}`)]
  }
}

async function postgresChecks(config: Config, secrets: Secrets | null): Promise<Finding[]> {
  const host = new URL(config.databaseUrl).host
  const connection = await openDatabase(config.databaseUrl)
  try {
    const now = await databaseClock(connection)
    const difference = now === null ? 0 : now - Date.now()
    return [
      ok('database', `PostgreSQL at ${host} answers.`),
      Math.abs(difference) <= CLOCK_SLACK
        ? ok('clock', 'The clock and that of PostgreSQL agree.')
        : warning(
            'clock',
            `The clock of PostgreSQL differs by ${Math.round(difference / 1000)} s. Let both follow a time server.`,
          ),
      ...(await stateChecks(connection, secrets)),
    ]
  } catch (error) {
    return [problem('database', `PostgreSQL at ${host} does not answer: ${sentenceOf(error)}`)]
  } finally {
    await connection.close()
  }
}

async function stateChecks(connection: Connection, secrets: Secrets | null): Promise<Finding[]> {
  try {
    const { applied, pending } = await migrationState(connection, migrationSets)
    if (applied === 0) return [ok('migrations', 'The database is empty; the first start makes its tables.')]
    const first = pending[0]
    return [
      first
        ? warning(
            'migrations',
            `${pending.length} are to be done, from "${first.set} ${first.number}" on: the next start does them, or "miachat migrate".`,
          )
        : ok('migrations', `All ${applied} are done.`),
      // What these look at may be made by the migrations that wait.
      ...(first
        ? []
        : [
            ...(await neededKeys(connection, secrets)),
            ...(await logChecks(connection)),
            ...(await waitingMailChecks(connection, Date.now())),
          ]),
    ]
  } catch (error) {
    if (error instanceof MigrationRefused) return [problem('migrations', error.message)]
    throw error
  }
}

/** Whether somebody has changed what the program wrote down of an account. */
async function logChecks(connection: Connection): Promise<Finding[]> {
  const broken = await brokenLogs(connection)
  if (broken.length === 0) return [ok('log', 'The logs of all accounts are as they were written.')]
  const shown = broken.slice(0, 10).join(', ')
  return [
    problem(
      'log',
      `The log of ${broken.length === 1 ? 'account' : 'accounts'} ${shown}${broken.length > 10 ? ' and others' : ''} was changed ` +
        'beside MiaChat: rows are missing or altered. Who can write to the database? Compare with a backup.',
    ),
  ]
}

async function neededKeys(connection: Connection, secrets: Secrets | null): Promise<Finding[]> {
  const known = await createServerKeysStore(tables<AuthTables>(connection)).list()
  if (known.length === 0) return []
  const missing = secrets ? missingKeys(known, createKeyRing(secrets.keys), Date.now()) : known
  if (missing.length === 0) return [ok('key', 'It is the one that the database needs.')]
  return [
    problem(
      'key',
      `The database needs a key that is not given (${missing.map(({ id }) => id).join(', ')}). Put it back, or run "miachat ` +
        'keys rotate --lost" if it is lost.',
    ),
  ]
}
