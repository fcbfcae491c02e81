import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  authMigrations,
  type Connection,
  isoTime,
  MigrationRefused,
  type MigrationSet,
  makePrivateFolder,
  migrate,
  migrationState,
  openDatabase,
} from '@miachat/auth'
import { chatMigrations } from './chat-migrations.ts'
import type { Config } from './config.ts'
import { StopWithSentence } from './stop-with-sentence.ts'

/** The library's tables and the app's own. */
export const migrationSets: readonly MigrationSet[] = [authMigrations, chatMigrations]

const KEPT_BACKUPS = 5
const backupName = /^before-migration-.*\.db$/

/** Opens the database. Throws StopWithSentence where it cannot be reached. */
export async function openAppDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Connection> {
  try {
    makePrivateFolder(config.dataDir)
    return await openDatabase(config.databaseUrl)
  } catch (error) {
    throw new StopWithSentence(`The database cannot be opened: ${sentenceOf(error)}`)
  }
}

/**
 * Brings the database up to date, with a copy of a SQLite file before it is changed. Answers how many migrations ran.
 * Throws StopWithSentence for a database that is newer, foreign or away.
 */
export async function bringUpToDate(connection: Connection, dataDir: string, now: number): Promise<number> {
  try {
    const { applied, pending } = await migrationState(connection, migrationSets)
    if (pending.length === 0) return 0
    if (applied > 0 && connection.kind === 'sqlite') await backUpBefore(connection, dataDir, now)
    return await migrate(connection, migrationSets, now)
  } catch (error) {
    if (error instanceof MigrationRefused) throw new StopWithSentence(error.message)
    throw new StopWithSentence(`The database cannot be brought up to date: ${sentenceOf(error)}`)
  }
}

/** Whether the database answers and has every table that this program needs. */
export async function isUpToDate(connection: Connection): Promise<boolean> {
  return (await migrationState(connection, migrationSets)).pending.length === 0
}

async function backUpBefore(connection: Connection, dataDir: string, now: number): Promise<void> {
  const folder = join(dataDir, 'backups')
  makePrivateFolder(folder)
  await connection.backup(join(folder, `before-migration-${isoTime(now).replaceAll(/[:.]/g, '-')}.db`))
  const kept = readdirSync(folder)
    .filter((name) => backupName.test(name))
    .sort()
    .slice(0, -KEPT_BACKUPS)
  for (const name of kept) rmSync(join(folder, name), { force: true })
}

/** The innermost reason: the outer error says the same for every reason. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return sentenceOf(error.cause)
  return error.message
}
