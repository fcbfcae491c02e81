import { basename } from 'node:path'
import { passkeyHindrance } from '@miachat/auth'
import { plural } from '@miachat/auth/views'
import type { Config } from '../config.ts'
import type { MailWay } from '../mail/mail-way.ts'
import type { SettingName } from '../settings-table.ts'
import { sqlitePath } from '../sqlite-path.ts'
import { durationWords } from './duration-words.ts'

/** One line of the page: what it is, in words, and which variables have decided it or could. */
export interface Fact {
  readonly label: string
  readonly value: string
  readonly settings: readonly SettingName[]
  /** These variables are set; otherwise the value is the default. */
  readonly fixed: boolean
}

export interface FactGroup {
  readonly id: string
  readonly title: string
  readonly intro?: string
  readonly facts: readonly Fact[]
}

export interface Versions {
  readonly product: string
  readonly node: string
  /** "SQLite 3.53.4", "PostgreSQL". */
  readonly database: string
}

/**
 * What this server runs with, for any person who is signed in. Where only this machine can reach it, whoever reads the page
 * runs it, and sees the whole paths; elsewhere paths, hosts and versions of what lies below are left out, since they help
 * nobody but who breaks in (docs/decisions). Never a secret.
 */
export function serverFacts(config: Config, keyFile: string | null, versions: Versions): FactGroup[] {
  const whole = config.onThisMachine
  const place = (path: string, elsewhere: string) => (whole ? path : elsewhere)
  const fact = (label: string, value: string, ...settings: SettingName[]): Fact => {
    const given = settings.filter((name) => config.given.has(name))
    return { label, value, settings: given.length > 0 ? given : settings, fixed: given.length > 0 }
  }
  const { sessions, limits, passwords } = config
  return [
    {
      id: 'server',
      title: 'This server',
      facts: [
        fact('Address', config.baseUrl, 'BASE_URL', 'PORT'),
        fact(
          'Connection',
          config.baseUrl.startsWith('https:')
            ? 'Encrypted (https)'
            : config.onThisMachine
              ? 'Stays on this machine'
              : 'Not encrypted: others on the network can read along',
          'BASE_URL',
          'ALLOW_HTTP',
        ),
        fact('New accounts', newAccounts[config.registration], 'REGISTRATION'),
        fact('Mail', mailWords(config.mail, place), 'MAIL_URL'),
        fact('Processes', String(config.workers), 'WORKERS'),
      ],
    },
    {
      id: 'data',
      title: 'Where the data lies',
      intro:
        'Whoever runs this server can read its database, your conversations included. Passwords are only kept as hashes.',
      facts: [
        fact('Database', databaseWords(config, place), 'DATABASE_URL', 'DATA_DIR'),
        fact('Data folder', place(config.dataDir, 'On the server'), 'DATA_DIR'),
        fact(
          'Key of this server',
          keyFile === null ? 'In the variable SECRET_KEY' : place(keyFile, 'In a file on the server'),
          'SECRET_KEY',
          'SECRET_KEY_FILE',
        ),
      ],
    },
    {
      id: 'sign-in',
      title: 'Signing in',
      facts: [
        fact('Shortest password', plural(passwords.minLength, 'character', 'characters'), 'PASSWORD_MIN_LENGTH'),
        fact('Passwords are hashed with', passwords.scheme, 'PASSWORD_HASH', 'PASSWORD_COST'),
        fact('A session ends', lifetimeWords(sessions.short), 'SESSION_IDLE_MINUTES', 'SESSION_ABSOLUTE_HOURS'),
        fact(
          'With “stay signed in”',
          lifetimeWords(sessions.remembered),
          'SESSION_IDLE_REMEMBERED_DAYS',
          'SESSION_ABSOLUTE_REMEMBERED_DAYS',
        ),
        fact(
          'An address that is not confirmed',
          config.unconfirmedAddresses === 'refuse' ? 'Opens nothing' : 'Is reminded of',
          'UNCONFIRMED_ADDRESSES',
        ),
        fact('Passkeys', passkeyWords(config.baseUrl), 'BASE_URL'),
        fact(
          'A device can be trusted',
          config.secondFactor.trustedFor === 0 ? 'Never' : `For ${durationWords(config.secondFactor.trustedFor)}`,
          'SECOND_FACTOR_TRUST_DAYS',
        ),
        fact(
          'Places of devices',
          config.geoDatabase === null
            ? 'Not looked up'
            : 'Looked up in a file of this server; shown to the account’s owner alone, stored nowhere',
          'GEO_DATABASE',
        ),
        fact(
          'A second step is demanded of',
          demandWords(config.secondFactor),
          'SECOND_FACTOR_USERS_GRACE_DAYS',
          'SECOND_FACTOR_ADMINS_GRACE_DAYS',
        ),
        fact(
          'A deleted account can be kept',
          config.deletionGrace === 0
            ? 'No: it goes at once'
            : `For ${durationWords(config.deletionGrace)}, by signing in`,
          'DELETION_GRACE_DAYS',
        ),
        fact('Access tokens are valid for', durationWords(config.accessLifetime), 'ACCESS_TOKEN_EXPIRE_MINUTES'),
        fact('Programs stay signed in for', durationWords(config.refreshLifetime), 'REFRESH_TOKEN_EXPIRE_DAYS'),
        fact(
          'Failed sign-ins',
          `${limits.perAddressAndAccount} in 15 minutes for one account from one address`,
          'LIMIT_FAILURES_PER_ADDRESS_AND_ACCOUNT',
        ),
        fact('Registrations', `${limits.registrations} in an hour from one address`, 'LIMIT_REGISTRATIONS'),
      ],
    },
    {
      id: 'versions',
      title: 'Versions',
      facts: [
        fact('MiaChat', versions.product),
        ...(whole ? [fact('Node', versions.node), fact('Database', versions.database)] : []),
      ],
    },
  ]
}

function databaseWords(config: Config, place: (path: string, elsewhere: string) => string): string {
  const path = sqlitePath(config)
  if (path !== null) return `SQLite, ${place(path, `the file ${basename(path)} on the server`)}`
  // The address may hold a password: only host and name are taken from it.
  const { host, pathname } = new URL(config.databaseUrl)
  return place(`PostgreSQL at ${host}${pathname}`, 'PostgreSQL')
}

function demandWords({ user, admin = user }: Config['secondFactor']): string {
  const words = (who: string, demand: typeof user) =>
    demand ? [`${who}, ${demand.grace === 0 ? 'at once' : `within ${durationWords(demand.grace)}`}`] : []
  const of = [...words('Everybody', user), ...(admin === user ? [] : words('Administrators', admin))]
  return of.join('; ') || 'Nobody, but for the administration'
}

const lifetimeWords = ({ idle, absolute }: { idle: number; absolute: number }): string =>
  `After ${durationWords(idle)} without use, and after ${durationWords(absolute)} in any case`

function mailWords(mail: MailWay, place: (path: string, elsewhere: string) => string): string {
  switch (mail.kind) {
    case 'smtp':
      return place(`Sent by ${mail.server.host}, port ${mail.server.port}`, 'Sent by a mail server')
    case 'outbox':
      return place(`Not sent: letters lie in ${mail.folder}`, 'Not sent: letters lie in a folder on the server')
    case 'none':
      return 'None'
  }
}

/** Whether the address lets browsers have passkeys, and what to change where it does not (P5). */
function passkeyWords(baseUrl: string): string {
  const url = new URL(baseUrl)
  const hindrance = passkeyHindrance(url)
  if (hindrance === null) return `For the name ${url.hostname}`
  if (hindrance === 'ip_address') return 'Not possible under an IP address: give this server a name and https'
  return 'Not possible without https'
}

const newAccounts: Readonly<Record<Config['registration'], string>> = {
  open: 'Everybody who opens the page can register',
  invitation: 'Who has an invitation can register',
  approval: 'Everybody can register, and an administrator lets them in',
  closed: 'Only the operator makes them',
}
