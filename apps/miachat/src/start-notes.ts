import { type Config, isLoopback } from './config.ts'
import type { Secrets } from './secret-key.ts'
import { sqlitePath } from './sqlite-path.ts'

export interface Where {
  readonly listensAt: string
  /** Null where people open the address that it listens at. */
  readonly peopleOpen: string | null
}

/** What a person has to know at the start: where to go, where the data and the key lie, what is risky. */
export interface StartNotes {
  readonly where: Where
  readonly data: string
  readonly key: string
  /** Where letters go; null where there is no mail. */
  readonly mail: string | null
  /** The one-time address of the first administrator, on a server that has none (ADM-01). */
  readonly firstAdministrator: string | null
  readonly warnings: readonly string[]
}

/**
 * Of secrets only the address that makes the first administrator, which works once, for a day, and is void afterwards. Of
 * PostgreSQL's address only the host is told.
 */
export function startNotes(config: Config, secrets: Secrets, firstAdministrator: string | null): StartNotes {
  return {
    where: whereToGo(config),
    data: sqlitePath(config) ?? `PostgreSQL at ${new URL(config.databaseUrl).host}`,
    key: secrets.file === null ? 'in SECRET_KEY' : `${secrets.file}${secrets.made ? ' (just made; keep a copy)' : ''}`,
    mail: mailWords(config),
    firstAdministrator,
    warnings: [...config.warnings, ...secrets.warnings],
  }
}

/**
 * Where it listens and, where that differs, what people open: whoever is told the public address alone looks for the
 * program at a port where it is not.
 */
export function whereToGo({ baseUrl, host, port }: Pick<Config, 'baseUrl' | 'host' | 'port'>): Where {
  const open = new URL(baseUrl)
  const samePort = open.protocol === 'http:' && Number(open.port || 80) === port
  if (samePort && (open.hostname === host || (isLoopback(open.hostname) && isLoopback(host)))) {
    return { listensAt: baseUrl, peopleOpen: null }
  }
  return { listensAt: `${host.includes(':') ? `[${host}]` : host}:${port}`, peopleOpen: baseUrl }
}

/** "MiaChat listens at http://localhost:8080", with what people open before it where that is another address. */
export const whereLine = ({ listensAt, peopleOpen }: Where, listens = 'listens'): string =>
  `${peopleOpen === null ? '' : `People open ${peopleOpen}; `}MiaChat ${listens} at ${listensAt}`

function mailWords({ mail, onThisMachine, baseUrl }: Config): string | null {
  if (mail.kind === 'none') return null
  if (mail.kind === 'smtp') return `by ${mail.server.host}, port ${mail.server.port}`
  return `into ${mail.folder}${onThisMachine ? `, shown at ${baseUrl}/outbox` : ''}`
}

/** For people: a line each. */
export const noteLines = ({ where, data, key, mail, firstAdministrator, warnings }: StartNotes): string =>
  [
    whereLine(where),
    `  data: ${data}`,
    `  key:  ${key}`,
    ...(mail === null ? [] : [`  mail: ${mail}`]),
    ...(firstAdministrator === null
      ? []
      : [
          `  nobody administers this server yet; who opens this address, once and within a day, does:`,
          `    ${firstAdministrator}`,
        ]),
    ...warnings.map((line) => `  ! ${line}`),
    '',
  ].join('\n')
