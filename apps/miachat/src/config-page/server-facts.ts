import { basename } from 'node:path'
import { passkeyHindrance } from '@miachat/auth'
import { languageNames } from '@miachat/auth/views'
import type { Config } from '../config.ts'
import type { MailWay } from '../mail/mail-way.ts'
import type { SettingName } from '../settings-table.ts'
import { sqlitePath } from '../sqlite-path.ts'
import type { AppWords } from '../words/words.ts'
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

type Say = AppWords['config']
type Place = (path: string, elsewhere: string) => string

/**
 * What this server runs with, for any person who is signed in. Where only this machine can reach it, whoever reads the page
 * runs it, and sees the whole paths; elsewhere paths, hosts and versions of what lies below are left out, since they help
 * nobody but who breaks in (docs/decisions). Never a secret.
 */
export function serverFacts(config: Config, keyFile: string | null, versions: Versions, say: Say): FactGroup[] {
  const whole = config.onThisMachine
  const place: Place = (path, elsewhere) => (whole ? path : elsewhere)
  const fact = (label: string, value: string, ...settings: SettingName[]): Fact => {
    const given = settings.filter((name) => config.given.has(name))
    return { label, value, settings: given.length > 0 ? given : settings, fixed: given.length > 0 }
  }
  const { sessions, limits, passwords } = config
  const { labels } = say
  const duration = (milliseconds: number) => durationWords(milliseconds, say)
  return [
    {
      id: 'server',
      title: say.groups.server,
      facts: [
        fact(labels.address, config.baseUrl, 'BASE_URL', 'PORT'),
        fact(
          labels.connection,
          config.baseUrl.startsWith('https:')
            ? say.encrypted
            : config.onThisMachine
              ? say.model.onThisMachine
              : say.unencrypted,
          'BASE_URL',
          'ALLOW_HTTP',
        ),
        fact(labels.accounts, say.accounts[config.registration], 'REGISTRATION'),
        fact(labels.mail, mailWords(config.mail, place, say), 'MAIL_URL'),
        fact(labels.languages, config.languages.map((language) => languageNames[language]).join(', '), 'LANGUAGES'),
        fact(labels.processes, String(config.workers), 'WORKERS'),
      ],
    },
    {
      id: 'data',
      title: say.groups.data,
      intro: say.dataIntro,
      facts: [
        fact(labels.database, databaseWords(config, place, say), 'DATABASE_URL', 'DATA_DIR'),
        fact(labels.folder, place(config.dataDir, say.onServer), 'DATA_DIR'),
        fact(
          labels.key,
          keyFile === null ? say.keyVariable : place(keyFile, say.keyFile),
          'SECRET_KEY',
          'SECRET_KEY_FILE',
        ),
      ],
    },
    {
      id: 'sign-in',
      title: say.groups.signIn,
      facts: [
        fact(labels.password, say.characters(passwords.minLength), 'PASSWORD_MIN_LENGTH'),
        fact(labels.hash, passwords.scheme, 'PASSWORD_HASH', 'PASSWORD_COST'),
        fact(labels.session, lifetimeWords(sessions.short, say), 'SESSION_IDLE_MINUTES', 'SESSION_ABSOLUTE_HOURS'),
        fact(
          labels.remembered,
          lifetimeWords(sessions.remembered, say),
          'SESSION_IDLE_REMEMBERED_DAYS',
          'SESSION_ABSOLUTE_REMEMBERED_DAYS',
        ),
        fact(
          labels.unconfirmed,
          config.unconfirmedAddresses === 'refuse' ? say.opensNothing : say.isReminded,
          'UNCONFIRMED_ADDRESSES',
        ),
        fact(labels.passkeys, passkeyWords(config.baseUrl, say), 'BASE_URL'),
        fact(
          labels.trusted,
          config.secondFactor.trustedFor === 0 ? say.never : say.for(duration(config.secondFactor.trustedFor)),
          'SECOND_FACTOR_TRUST_DAYS',
        ),
        fact(labels.places, config.geoDatabase === null ? say.noPlaces : say.places, 'GEO_DATABASE'),
        fact(
          labels.demanded,
          demandWords(config.secondFactor, say),
          'SECOND_FACTOR_USERS_GRACE_DAYS',
          'SECOND_FACTOR_ADMINS_GRACE_DAYS',
        ),
        fact(
          labels.deleted,
          config.deletionGrace === 0 ? say.goesAtOnce : say.keptFor(duration(config.deletionGrace)),
          'DELETION_GRACE_DAYS',
        ),
        fact(labels.access, duration(config.accessLifetime), 'ACCESS_TOKEN_EXPIRE_MINUTES'),
        fact(labels.refresh, duration(config.refreshLifetime), 'REFRESH_TOKEN_EXPIRE_DAYS'),
        fact(labels.failures, say.failures(limits.perAddressAndAccount), 'LIMIT_FAILURES_PER_ADDRESS_AND_ACCOUNT'),
        fact(labels.registrations, say.registrations(limits.registrations), 'LIMIT_REGISTRATIONS'),
      ],
    },
    {
      id: 'versions',
      title: say.groups.versions,
      facts: [
        fact('MiaChat', versions.product),
        ...(whole ? [fact('Node', versions.node), fact(labels.database, versions.database)] : []),
      ],
    },
  ]
}

function databaseWords(config: Config, place: Place, { database: say }: Say): string {
  const path = sqlitePath(config)
  if (path !== null) return say.sqlite(place(path, say.file(basename(path))))
  // The address may hold a password: only host and name are taken from it.
  const { host, pathname } = new URL(config.databaseUrl)
  return place(say.postgres(`${host}${pathname}`), 'PostgreSQL')
}

function demandWords({ user, admin = user }: Config['secondFactor'], all: Say): string {
  const { demand: say } = all
  const words = (who: string, demand: typeof user) =>
    demand ? [`${who}, ${demand.grace === 0 ? say.atOnce : say.within(durationWords(demand.grace, all))}`] : []
  const of = [...words(say.everybody, user), ...(admin === user ? [] : words(say.administrators, admin))]
  return of.join('; ') || say.nobody
}

const lifetimeWords = ({ idle, absolute }: { idle: number; absolute: number }, say: Say): string =>
  say.lifetime(durationWords(idle, say), durationWords(absolute, say))

function mailWords(mail: MailWay, place: Place, { mail: say }: Say): string {
  switch (mail.kind) {
    case 'smtp':
      return place(say.sentBy(mail.server.host, mail.server.port), say.sent)
    case 'outbox':
      return place(say.folder(mail.folder), say.onServer)
    case 'none':
      return say.none
  }
}

/** Whether the address lets browsers have passkeys, and what to change where it does not (P5). */
function passkeyWords(baseUrl: string, { passkeys: say }: Say): string {
  const url = new URL(baseUrl)
  const hindrance = passkeyHindrance(url)
  if (hindrance === null) return say.name(url.hostname)
  if (hindrance === 'ip_address') return say.ipAddress
  return say.noHttps
}
