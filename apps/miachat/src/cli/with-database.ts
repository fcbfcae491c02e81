import { randomBytes } from 'node:crypto'
import { type Auth, AuthError, type Connection, createAuth } from '@miachat/auth'
import type { Config } from '../config.ts'
import { bringUpToDate, openAppDatabase } from '../database-start.ts'
import { StopWithSentence } from './command.ts'
import { settingsOrStop } from './settings-or-stop.ts'

/** What a command works with. */
export interface Deployment {
  readonly config: Config
  readonly connection: Connection
}

/** Opens the database of the settings, brings it up to date, runs `work`, closes it. */
export async function withDatabase(
  work: (deployment: Deployment) => Promise<number>,
  config: Config = settingsOrStop(),
): Promise<number> {
  const connection = await openAppDatabase(config)
  try {
    await bringUpToDate(connection, config.dataDir, Date.now())
    return await work({ config, connection })
  } catch (error) {
    throw inWords(error)
  } finally {
    await connection.close()
  }
}

/**
 * The same with the library's functions for operators. They sign nothing, so a key of this call alone will do: a command
 * works without SECRET_KEY and never makes a key that the server does not know.
 */
export function withAuth(work: (deployment: Deployment & { readonly auth: Auth }) => Promise<number>): Promise<number> {
  return withDatabase(async ({ config, connection }) => {
    const auth = await createAuth({
      database: connection,
      migrate: false,
      secret: randomBytes(32).toString('base64url'),
      baseUrl: config.baseUrl,
      passwords: config.passwords,
      registration: config.registration,
    })
    try {
      return await work({ config, connection, auth })
    } finally {
      await auth.close()
    }
  })
}

/** Errors with a code are for people; everything else is a fault and keeps its stack. */
function inWords(error: unknown): unknown {
  if (!(error instanceof AuthError)) return error
  const reasons = error.fields.map(({ message }) => message)
  return new StopWithSentence(reasons.length > 0 ? reasons.join('\n') : error.detail)
}
