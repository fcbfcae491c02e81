import type { Config } from './config.ts'
import type { Secrets } from './secret-key.ts'
import { sqlitePath } from './sqlite-path.ts'

/** What a person has to know at the start: where to go, where the data and the key lie, what is risky. */
export interface StartNotes {
  readonly address: string
  readonly data: string
  readonly key: string
  readonly warnings: readonly string[]
}

/** Never a secret: of PostgreSQL's address only the host is told. */
export function startNotes(config: Config, secrets: Secrets): StartNotes {
  return {
    address: config.baseUrl,
    data: sqlitePath(config) ?? `PostgreSQL at ${new URL(config.databaseUrl).host}`,
    key: secrets.file === null ? 'in SECRET_KEY' : `${secrets.file}${secrets.made ? ' (just made; keep a copy)' : ''}`,
    warnings: [...config.warnings, ...secrets.warnings],
  }
}

/** For people: a line each. */
export const noteLines = ({ address, data, key, warnings }: StartNotes): string =>
  [
    `MiaChat listens at ${address}`,
    `  data: ${data}`,
    `  key:  ${key}`,
    ...warnings.map((line) => `  ! ${line}`),
    '',
  ].join('\n')
