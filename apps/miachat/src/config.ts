import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import {
  type Algorithm,
  type AuthOptions,
  days,
  type Language,
  type LimitSettings,
  type ProviderOptions,
  passwordCosts,
  type Registration,
  type SessionSettings,
} from '@miachat/auth'
import { type MailWay, mailWarnings, mailWay } from './mail/mail-way.ts'
import { type Setting, Wrong } from './setting-readers.ts'
import { type SettingName, settingNames, settings } from './settings-table.ts'
import { unknownSettings } from './unknown-settings.ts'

/** Everything that is wrong with the settings, a sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: readonly string[]
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.mistakes = mistakes
  }
}

/** What the program runs with: checked, resolved, in milliseconds and absolute paths. */
export interface Config {
  readonly production: boolean
  readonly host: string
  readonly port: number
  /** An origin: `https://chat.example.org`. */
  readonly baseUrl: string
  /** Only this machine can open the address, and nobody else reaches the port. */
  readonly onThisMachine: boolean
  /** http on a host that is not this machine: others on the network can read along. */
  readonly plainHttp: boolean
  readonly maxConnections: number
  readonly workers: number
  readonly trustedProxies: readonly string[]
  readonly corsOrigins: readonly string[]
  readonly hstsSubdomains: boolean
  readonly dataDir: string
  readonly databaseUrl: string
  readonly secrets: readonly string[] | null
  /** A key file that was chosen on purpose by its setting. */
  readonly secretKeyFile: string | null
  readonly algorithm: Algorithm
  /** Milliseconds. */
  readonly accessLifetime: number
  readonly refreshLifetime: number
  readonly refreshGrace: number
  readonly sessions: SessionSettings
  readonly secondFactor: { readonly trustedFor: number } & Pick<
    NonNullable<AuthOptions['secondFactor']>,
    'user' | 'admin'
  >
  readonly deletionGrace: number
  readonly unconfirmedAddresses: 'remind' | 'refuse'
  readonly registration: Registration
  readonly providers: readonly ProviderOptions[]
  readonly passwords: {
    readonly scheme: 'bcrypt' | 'argon2id'
    readonly cost?: number
    readonly threads: number
    readonly queue: number
    readonly minLength: number
  }
  readonly limits: LimitSettings
  readonly mail: MailWay
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly logAddresses: 'whole' | 'short'
  /** The file by which places of devices are looked up. */
  readonly geoDatabase: string | null
  readonly metricsToken: string | null
  readonly siteName: string
  /** What people can choose from, the usual one first. */
  readonly languages: readonly Language[]
  readonly operator: string | null
  /** Settings that the environment or the file gives; the others have their defaults. */
  readonly given: ReadonlySet<SettingName>
  /** What is allowed but should be said at the start. */
  readonly warnings: readonly string[]
}

/** The folder with package.json and README.md: where `.env` lies, and where its relative paths start. */
const programFolder = fileURLToPath(new URL('../../..', import.meta.url))

/** Reads the environment and the file `.env` beside the program. Throws ConfigError with every mistake. */
export function loadConfig(): Config {
  const chosen = process.env['MIACHAT_ENV_FILE']
  const path = chosen ?? join(programFolder, '.env')
  // A file that was named and is not there would mean another database and another key, without a word.
  if (chosen && !existsSync(chosen)) throw new ConfigError([`MIACHAT_ENV_FILE names ${chosen}, where no file is.`])
  const file = path !== '' && existsSync(path) ? { folder: dirname(resolve(path)), values: parseFile(path) } : null
  return readConfig(process.env, file, process.cwd())
}

function parseFile(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch {
    throw new ConfigError([`${path} cannot be read.`])
  }
}

export interface EnvFile {
  readonly folder: string
  readonly values: NodeJS.Dict<string>
}

/**
 * Makes the configuration from given variables. Relative paths in the environment count from `cwd`, those of the file from
 * its folder, so that a command finds the same data wherever it is typed. Throws ConfigError with every mistake.
 */
export function readConfig(environment: NodeJS.Dict<string>, file: EnvFile | null, cwd: string): Config {
  // A variable that is set but empty counts as not given: Compose files and units write such lines.
  const isGiven = (name: SettingName) => Boolean(environment[name]) || Boolean(file?.values[name])
  const textOf = (name: SettingName) => environment[name] || file?.values[name] || settings[name].fallback
  const folderOf = (name: SettingName) => (environment[name] ? cwd : (file?.folder ?? programFolder))
  const pathOf = (name: SettingName, path: string) => (isAbsolute(path) ? path : resolve(folderOf(name), path))
  const { value, mistakes } = createReader(textOf)
  const sqliteUrl = (path: string) => `sqlite:${pathOf('DATABASE_URL', path)}`

  const nodeEnv = environment['NODE_ENV'] || file?.values['NODE_ENV'] || 'development'
  const baseUrl = value(settings.BASE_URL) ?? `http://localhost:${value(settings.PORT)}`
  const localAddress = isLoopback(new URL(baseUrl).hostname)
  const onThisMachine = localAddress && isLoopback(value(settings.HOST))
  const plainHttp = baseUrl.startsWith('http:') && !localAddress
  const dataDir = pathOf('DATA_DIR', value(settings.DATA_DIR))
  const keyFile = value(settings.SECRET_KEY_FILE)
  const geoFile = value(settings.GEO_DATABASE)
  const geoDatabase = geoFile === null ? null : pathOf('GEO_DATABASE', geoFile)
  const cost = value(settings.PASSWORD_COST)
  const usersGrace = value(settings.SECOND_FACTOR_USERS_GRACE_DAYS)
  const adminsGrace = value(settings.SECOND_FACTOR_ADMINS_GRACE_DAYS)
  const workers = value(settings.WORKERS)
  const allowHttp = value(settings.ALLOW_HTTP)
  const mail = mailWay({
    url: value(settings.MAIL_URL),
    // Letters in a folder are for who sits at this machine: elsewhere they would be mail that nobody gets (F3).
    withoutUrl: nodeEnv !== 'production' && onThisMachine ? 'outbox' : 'none',
    from: value(settings.MAIL_FROM),
    siteName: value(settings.SITE_NAME),
    baseUrl,
    folder: (path) => (path === null ? join(dataDir, 'outbox') : pathOf('MAIL_URL', path)),
  })
  const config: Config = {
    production: nodeEnv === 'production',
    host: value(settings.HOST),
    port: value(settings.PORT),
    baseUrl,
    onThisMachine,
    plainHttp,
    maxConnections: value(settings.MAX_CONNECTIONS),
    workers,
    trustedProxies: value(settings.TRUSTED_PROXIES),
    corsOrigins: value(settings.CORS_ORIGINS),
    hstsSubdomains: value(settings.HSTS_SUBDOMAINS),
    dataDir,
    databaseUrl:
      value(settings.DATABASE_URL)?.replace(/^sqlite:(?:\/\/)?(.+)$/, (_, path: string) => sqliteUrl(path)) ??
      sqliteUrl(join(dataDir, 'miachat.db')),
    secrets: value(settings.SECRET_KEY),
    secretKeyFile: keyFile === null ? null : pathOf('SECRET_KEY_FILE', keyFile),
    algorithm: value(settings.ALGORITHM),
    accessLifetime: value(settings.ACCESS_TOKEN_EXPIRE_MINUTES),
    refreshLifetime: value(settings.REFRESH_TOKEN_EXPIRE_DAYS),
    refreshGrace: value(settings.REFRESH_GRACE_SECONDS),
    sessions: {
      short: { idle: value(settings.SESSION_IDLE_MINUTES), absolute: value(settings.SESSION_ABSOLUTE_HOURS) },
      remembered: {
        idle: value(settings.SESSION_IDLE_REMEMBERED_DAYS),
        absolute: value(settings.SESSION_ABSOLUTE_REMEMBERED_DAYS),
      },
      mostPerUser: value(settings.SESSION_MOST_PER_PERSON),
    },
    secondFactor: {
      trustedFor: value(settings.SECOND_FACTOR_TRUST_DAYS),
      ...(usersGrace === null ? {} : { user: { grace: days(usersGrace) } }),
      ...(adminsGrace === null ? {} : { admin: { grace: days(adminsGrace) } }),
    },
    unconfirmedAddresses: value(settings.UNCONFIRMED_ADDRESSES),
    deletionGrace: value(settings.DELETION_GRACE_DAYS),
    registration: value(settings.REGISTRATION),
    providers: value(settings.PROVIDERS),
    passwords: {
      scheme: value(settings.PASSWORD_HASH),
      ...(cost === null ? {} : { cost }),
      threads: value(settings.PASSWORD_THREADS) ?? Math.max(1, Math.floor(availableParallelism() / workers)),
      queue: value(settings.PASSWORD_QUEUE),
      minLength: value(settings.PASSWORD_MIN_LENGTH),
    },
    limits: {
      perAddressAndAccount: value(settings.LIMIT_FAILURES_PER_ADDRESS_AND_ACCOUNT),
      perAddress: value(settings.LIMIT_FAILURES_PER_ADDRESS),
      perAccountInARow: value(settings.LIMIT_FAILURES_PER_ACCOUNT),
      perKnownDevice: value(settings.LIMIT_FAILURES_PER_DEVICE),
      passwordChanges: value(settings.LIMIT_PASSWORD_CHANGES),
      registrations: value(settings.LIMIT_REGISTRATIONS),
    },
    mail,
    logLevel: value(settings.LOG_LEVEL),
    logAddresses: value(settings.LOG_ADDRESSES),
    geoDatabase,
    metricsToken: value(settings.METRICS_TOKEN),
    siteName: value(settings.SITE_NAME),
    languages: value(settings.LANGUAGES),
    operator: value(settings.OPERATOR_CONTACT),
    given: new Set(settingNames.filter(isGiven)),
    warnings: [
      ...unknownSettings(Object.keys(environment), Object.keys(file?.values ?? {})),
      ...mailWarnings(mail, onThisMachine),
      ...(geoDatabase !== null && !existsSync(geoDatabase)
        ? [`GEO_DATABASE names ${geoDatabase}, where no file is: no place is shown.`]
        : []),
      ...(plainHttp
        ? [`BASE_URL is ${baseUrl}: without https, others on the network can read along, passwords too.`]
        : []),
    ],
  }
  // "prod" would be development without a word, where a key that nobody has chosen is good enough (SEC-01).
  if (!/^(production|development|test)$/.test(nodeEnv)) {
    mistakes.add(`NODE_ENV must be production, development or test, not "${nodeEnv.slice(0, 40)}".`)
  }
  const wrong = [...mistakes, ...contradictions(config, allowHttp)]
  if (wrong.length > 0) throw new ConfigError(wrong)
  return config
}

const nameOf = new Map<Setting<unknown>, SettingName>(settingNames.map((name) => [settings[name], name]))

/** Reads each setting by its own rule; where one is wrong its default stands in, so that all mistakes are found. */
function createReader(textOf: (name: SettingName) => string) {
  const mistakes = new Set<string>()
  function value<T>(setting: Setting<T>): T {
    const name = nameOf.get(setting)
    if (name === undefined) throw new TypeError('A setting that stands in no table.')
    const read = setting.read(textOf(name))
    if (!(read instanceof Wrong)) return read
    mistakes.add(`${name} ${read.sentence}`)
    const instead = setting.read(setting.fallback)
    if (instead instanceof Wrong) throw new TypeError(`The default of ${name} does not fit its own rule.`)
    return instead
  }
  return { value, mistakes }
}

/** A name or address, in brackets or without, that only this machine can reach. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1|\[::1\])$/.test(host)

/** What each setting alone cannot know. */
function contradictions(config: Config, allowHttp: boolean): string[] {
  const { sessions } = config
  const { least } = passwordCosts[config.passwords.scheme]
  return [
    config.plainHttp &&
      !allowHttp &&
      `BASE_URL is ${config.baseUrl}: without https others on the network can read passwords along. Use https, or set ALLOW_HTTP=1 where everybody on the network is trusted.`,
    (config.passwords.cost ?? least) < least &&
      `PASSWORD_COST must be at least ${least} for ${config.passwords.scheme}.`,
    sessions.short.idle > sessions.short.absolute &&
      'SESSION_IDLE_MINUTES must not be longer than SESSION_ABSOLUTE_HOURS.',
    sessions.remembered.idle > sessions.remembered.absolute &&
      'SESSION_IDLE_REMEMBERED_DAYS must not be longer than SESSION_ABSOLUTE_REMEMBERED_DAYS.',
    config.secrets !== null &&
      config.secretKeyFile !== null &&
      'SECRET_KEY and SECRET_KEY_FILE are both set; keep one of them.',
    config.unconfirmedAddresses === 'refuse' &&
      config.mail.kind === 'none' &&
      'UNCONFIRMED_ADDRESSES=refuse needs MAIL_URL: nobody could confirm an address.',
  ].filter((sentence) => sentence !== false)
}
