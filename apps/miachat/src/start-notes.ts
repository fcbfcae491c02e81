import type { Config } from './config.ts'
import type { Secrets } from './secret-key.ts'

/** What a person has to know at the start, a line each: where to go, where the data and the key lie, what is risky. */
export function startNotes(config: Config, secrets: Secrets): string[] {
  const database = config.databaseUrl.startsWith('sqlite:')
    ? config.databaseUrl.slice('sqlite:'.length)
    : `PostgreSQL at ${new URL(config.databaseUrl).host}`
  const key =
    secrets.file === null ? 'in SECRET_KEY' : `${secrets.file}${secrets.made ? ' (just made; keep a copy)' : ''}`
  return [
    `MiaChat listens at ${config.baseUrl}`,
    `  data: ${database}`,
    `  key:  ${key}`,
    ...[...config.warnings, ...secrets.warnings].map((warning) => `  ! ${warning}`),
  ]
}
