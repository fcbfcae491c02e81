import { type LogAddresses, logAddresses } from './audit/audit.ts'
import type { Connection } from './db/connection.ts'
import type { DatabaseSource } from './db/open-database.ts'
import type { PageView } from './http/exchange.ts'
import type { ErrorView } from './http/gate.ts'
import type { PageSettings } from './http/pages/page-settings.ts'
import type { SiteDeps } from './http/site.ts'
import type { RecoveryWay } from './http/views/forgot-view.ts'
import type { Layout } from './http/views/layout.ts'
import type { SettingsSection } from './http/views/settings-frame.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { SHORTEST_SECRET } from './lib/secrets.ts'
import type { StandardSchema } from './lib/standard-schema.ts'
import { defaultLimits, type LimitSettings } from './limits/counters.ts'
import { isSender } from './mail/letter.ts'
import type { LettersPlace } from './mail/outbox.ts'
import type { MailTransport } from './mail/sender.ts'
import type { HashSettings } from './passwords/hasher.ts'
import { type ProviderOptions, providerMistakes } from './providers/provider-options.ts'
import { defaultSessionSettings, type SessionSettings } from './sessions/session-rules.ts'
import { type Registration, registrations } from './sign-in/admission.ts'
import type { SignInHooks } from './sign-in/sign-in-context.ts'
import { type Algorithm, algorithms } from './tokens/access-token.ts'
import { defaultTokenSettings, type TokenSettings } from './tokens/tokens.ts'
import { roles } from './users/user.ts'
import type { HostText } from './words/host-text.ts'
import { type Language, languages, type OfferedLanguages } from './words/words.ts'

/** Mail of a host app. */
export interface MailOptions {
  /** Gives one message to a mail server, and rejects where it was not taken: it is tried again for a day. */
  readonly transport: MailTransport
  /** The sender: `chat@example.org` or `MiaChat <chat@example.org>`. */
  readonly from: string
  /** Where letters go instead of mailboxes, such as a folder while developing: pages then say this, not "look into your mail". */
  readonly goesTo?: LettersPlace
  /** False in a process that only writes letters and leaves the sending to another on the same database. */
  readonly sends?: boolean
}

/** What a host app tells the library. Only the first three are needed; durations are milliseconds (`minutes(30)`). */
export interface AuthOptions extends SignInHooks {
  /** `sqlite:PATH`, `postgres://…`, a `DatabaseSync`, a pg `Pool`, or a connection from `openDatabase`. */
  readonly database: DatabaseSource | Connection
  /** At least 32 characters each; the first signs, the others still verify. There is no default. */
  readonly secret: string | readonly string[]
  /** The public address, without a path: decides cookies, links and which origin may post. */
  readonly baseUrl: string
  /** Stands in the header and in the title of each page; `Sign-in` by default. */
  readonly siteName?: string
  /**
   * The languages that people may choose from, `en` alone by default, since your own pages have one that we do not know. A
   * request takes the choice made at the foot of a page or among the settings, else what the browser asks for
   * (`Accept-Language`), else `language`: the first of `languages` by default.
   */
  readonly languages?: readonly Language[]
  readonly language?: Language
  /**
   * Who may make an account: everybody (`open`, by default), who has an `invitation` of an administrator or the command line,
   * everybody but an administrator decides (`approval`), or nobody (`closed`).
   */
  readonly registration?: Registration
  /** How passwords are hashed (bcrypt with cost 12), and how long a new one must be at least (8 characters). */
  readonly passwords?: Partial<HashSettings> & { readonly minLength?: number }
  /** How long sessions last: by default an hour without use and a day at most, 7 and 30 days with "stay signed in". */
  readonly sessions?: Partial<SessionSettings>
  /** `accessLifetime` is 30 minutes by default, `familyLifetime` (of refresh tokens) 7 days. */
  readonly tokens?: Partial<TokenSettings> & { readonly algorithm?: Algorithm; readonly accessLifetime?: number }
  /**
   * `trustedFor`: how long a person who chooses so is asked for no second step in a browser, 30 days by default; 0 does not
   * offer it. `user` demands a second factor of everybody, `admin` of administrators, or grants them another time: who has
   * none may go on for `grace`, counted from the first sign-in, and then gets no further than to where one is set up.
   */
  readonly secondFactor?: {
    readonly trustedFor?: number
    readonly user?: { readonly grace: number }
    readonly admin?: { readonly grace: number }
  }
  /**
   * Deletion of an account by its owner. `grace`: how long it can be kept by signing in, 7 days by default, 0 for none.
   * `goes`: what of yours goes with it, a line each: your tables refer to `users (id)` with ON DELETE CASCADE. Administrators read
   * the same lines, so they hold numbers and nothing that the person wrote.
   */
  readonly leaving?: { readonly grace?: number; readonly goes?: PageSettings['goesWith'] }
  /** What of yours stands in the archive that a person can have made: parts, each read when its turn has come. */
  readonly exportParts?: PageSettings['exportParts']
  /**
   * Pages of yours that administrators can look at as others see them: drawn with data that you make up for a person who is
   * nobody, never with anybody's own.
   */
  readonly previews?: PageSettings['previews']
  /**
   * What of yours stands on `/admin/health`: lines with a level (`ok`, `warning`, `problem`), a word of what you looked at, and what
   * to do. Asked at each look at the page, so keep it cheap; never a secret.
   */
  readonly health?: PageSettings['health']
  /**
   * What personal tokens may be allowed, besides `profile`: names (letters, digits, `_`, `-`) with words for people, "Read your
   * notes". A row of yours that says `scope` is open to tokens with it; all others are closed to every personal token.
   */
  readonly tokenScopes?: Readonly<Record<string, HostText>>
  /** Budgets of failed sign-ins and of registrations. */
  readonly limits?: Partial<LimitSettings>
  /** Networks of proxies whose X-Forwarded-For is believed (`10.0.0.0/8`); none by default. */
  readonly trustedProxies?: readonly string[]
  /** Exact origins whose pages may call the token API from a browser; none by default. */
  readonly corsOrigins?: readonly string[]
  /** Whether HSTS, which https sites always send, holds for all hosts below this one. */
  readonly hstsSubdomains?: boolean
  /** True shows pages under `baseUrl` only; under another address a page says which one is right. */
  readonly ownAddressOnly?: boolean
  /** Start of the cookies' names; `mia` by default. */
  readonly cookiePrefix?: string
  /** The host's own fields of a person, given at registration and kept with it: a zod object, or any Standard Schema. */
  readonly userFields?: StandardSchema<Record<string, unknown>>
  /** Draws the inputs of these fields, below those of the registration form. */
  readonly registrationFields?: PageSettings['registrationFields'] & {}
  /** Pages of yours that stand in the list of the settings, below its first row; draw them with `settingsFrame`. */
  readonly settingsSections?: readonly SettingsSection[]
  /**
   * Deletes what has ended of yours, at most `most` rows, and answers how many: asked with the library's own sweep, every
   * hour, and again while it answers `most`. `now` is milliseconds since 1970.
   */
  readonly sweep?: (most: number, now: number) => Promise<number>
  /** Replaces the look of all pages. `assetUrl` turns the path of a file of ours into the address to link. */
  readonly layout?: (assetUrl: (path: string) => string) => Layout
  /** Draws the page of an error. */
  readonly errorView?: (view: ErrorView) => PageView
  /** What a person can do who forgot the password, in words: this server's own ways. */
  readonly forgotWays?: readonly RecoveryWay[]
  /** How mail leaves. Without it this server has no mail, and no page pretends that it has. */
  readonly mail?: MailOptions
  /** Services by which people sign in: ready ones by their `kind`, and any OpenID provider. None by default. */
  readonly providers?: readonly ProviderOptions[]
  /**
   * What somebody may do whose address is not confirmed, on a server with mail: everything, with a line on each page that
   * reminds (`remind`, by default), or nothing but to confirm it (`refuse`). Then an account gets its address by confirming it,
   * and a registration answers the same whether or not another has it, which its owner is told by a letter. What nobody
   * confirms in 7 days is deleted. People without an address have nothing to confirm.
   */
  readonly unconfirmedAddresses?: 'remind' | 'refuse'
  /** Whom to ask for an account while registration is closed: a sentence. */
  readonly operator?: string
  /** Draws the settings page. */
  readonly settingsView?: PageSettings['settingsView']
  /** Draws the page of what happened to the account. */
  readonly activityView?: PageSettings['activityView']
  /** Where the library writes what happened; nowhere by default. */
  readonly log?: Log
  /**
   * How much of a network address stands in the log and in the history of accounts: all of it (`whole`, by default), or the
   * network alone (`short`). Limits and the list of devices still know the whole one.
   */
  readonly logAddresses?: LogAddresses
  /**
   * About where a network address is, in words for its owner ("Berlin, Germany"), or null: shown in the list of devices, to the
   * account's owner alone, and stored nowhere. Also asked of networks (`203.0.113.0/24`) where `logAddresses` is `short`.
   */
  readonly placeOf?: (address: string) => string | null | Promise<string | null>
  /** Milliseconds since 1970, for tests. */
  readonly clock?: Clock
  /** Told of every answer of the library's routes, for metrics. */
  readonly onAnswer?: SiteDeps['onAnswer']
  /** False when the host runs the migrations itself (`authMigrations`). */
  readonly migrate?: boolean
}

/** Every option; true, or the names that it has inside. */
const known: Record<keyof AuthOptions, true | readonly string[]> = {
  database: true,
  secret: true,
  baseUrl: true,
  siteName: true,
  languages: true,
  language: true,
  registration: true,
  passwords: ['scheme', 'cost', 'threads', 'queue', 'minLength'],
  sessions: Object.keys(defaultSessionSettings),
  tokens: [...Object.keys(defaultTokenSettings), 'algorithm', 'accessLifetime'],
  secondFactor: ['trustedFor', 'user', 'admin'],
  tokenScopes: true,
  leaving: ['grace', 'goes'],
  exportParts: true,
  previews: true,
  health: true,
  limits: Object.keys(defaultLimits),
  trustedProxies: true,
  corsOrigins: true,
  hstsSubdomains: true,
  ownAddressOnly: true,
  cookiePrefix: true,
  userFields: true,
  registrationFields: true,
  settingsSections: true,
  sweep: true,
  layout: true,
  errorView: true,
  forgotWays: true,
  mail: ['transport', 'from', 'goesTo', 'sends'],
  providers: true,
  unconfirmedAddresses: true,
  operator: true,
  settingsView: true,
  activityView: true,
  log: true,
  logAddresses: true,
  placeOf: true,
  clock: true,
  onAnswer: true,
  migrate: true,
  onSignUp: true,
  onSignIn: true,
}

/**
 * Throws an Error that names everything that is wrong, a sentence each. What the compiler refuses is checked too: a typing
 * mistake in a JavaScript program must not leave a door open ("registration: 'close'").
 */
export function checkOptions(options: AuthOptions): void {
  const wrong = [
    ...unknownNames(options),
    options.database === undefined &&
      'database is missing: give "sqlite:PATH", "postgres://…" or a connection of your own.',
    Object.keys(options.tokenScopes ?? {}).some((name) => !/^[\w-]{1,60}$/.test(name)) &&
      'tokenScopes has a name with other characters than letters, digits, _ and -.',
    baseUrlMistake(options.baseUrl),
    secretMistake(options.secret),
    options.registration !== undefined &&
      !registrations.includes(options.registration) &&
      'registration must be "open", "invitation", "approval" or "closed".',
    options.languages !== undefined &&
      !(
        Array.isArray(options.languages) &&
        options.languages.length > 0 &&
        options.languages.every((language) => languages.includes(language))
      ) &&
      `languages must name one of ${languages.join(', ')}, or several.`,
    options.language !== undefined &&
      !languagesOf(options).offered.includes(options.language) &&
      'language must be one of languages (English alone where those are not given).',
    options.tokens?.algorithm !== undefined &&
      !algorithms.includes(options.tokens.algorithm) &&
      `tokens.algorithm must be one of ${algorithms.join(', ')}.`,
    options.passwords?.minLength !== undefined &&
      !(Number.isInteger(options.passwords.minLength) && options.passwords.minLength >= 1) &&
      'passwords.minLength must be a whole number from 1 on.',
    options.cookiePrefix !== undefined &&
      !/^[A-Za-z0-9_-]+$/.test(options.cookiePrefix) &&
      'cookiePrefix must be of letters, digits, "-" and "_".',
    options.mail !== undefined &&
      typeof options.mail.transport?.send !== 'function' &&
      'mail.transport must have a function send(letter).',
    options.mail !== undefined &&
      !isSender(options.mail.from) &&
      'mail.from must be an address like "chat@example.org" or "MiaChat <chat@example.org>".',
    options.secondFactor?.trustedFor !== undefined &&
      !(Number.isFinite(options.secondFactor.trustedFor) && options.secondFactor.trustedFor >= 0) &&
      'secondFactor.trustedFor must be milliseconds, or 0 for never.',
    ...roles.map((role) => {
      const demand = options.secondFactor?.[role]
      const isWrong = demand !== undefined && !(Number.isFinite(demand.grace) && demand.grace >= 0)
      return isWrong && `secondFactor.${role}.grace must be milliseconds, or 0 for none.`
    }),
    options.leaving?.grace !== undefined &&
      !(Number.isFinite(options.leaving.grace) && options.leaving.grace >= 0) &&
      'leaving.grace must be milliseconds, or 0 for none.',
    ...providerMistakes(options.providers ?? []),
    options.logAddresses !== undefined &&
      !logAddresses.includes(options.logAddresses) &&
      'logAddresses must be "whole" or "short".',
    options.unconfirmedAddresses !== undefined &&
      !['remind', 'refuse'].includes(options.unconfirmedAddresses) &&
      'unconfirmedAddresses must be "remind" or "refuse".',
    options.unconfirmedAddresses === 'refuse' &&
      options.mail === undefined &&
      'unconfirmedAddresses "refuse" needs mail: nobody could confirm an address.',
    ...(options.corsOrigins ?? []).map(
      (origin) =>
        !(URL.canParse(origin) && new URL(origin).origin === origin) &&
        `corsOrigins must hold origins like "https://app.example.org"; "${origin}" is none.`,
    ),
    ...Object.entries(durations(options)).map(
      ([name, value]) =>
        value !== undefined && !(Number.isFinite(value) && value > 0) && `${name} must be milliseconds above 0.`,
    ),
  ].filter((sentence) => typeof sentence === 'string')
  if (wrong.length > 0) throw new Error(`createAuth cannot work like this. ${wrong.join(' ')}`)
}

/** What people may choose from, and what they get who want none of it. */
export function languagesOf({ languages: offered = ['en'], language }: AuthOptions): OfferedLanguages {
  return { offered, fallback: language ?? offered[0] ?? 'en' }
}

function unknownNames(options: AuthOptions): string[] {
  const inside = new Map<string, true | readonly string[]>(Object.entries(known))
  return Object.entries(options).flatMap(([name, value]) => {
    const names = inside.get(name)
    if (names === undefined) return [`There is no option "${name}".`]
    if (names === true || typeof value !== 'object' || value === null) return []
    return Object.keys(value).flatMap((inner) =>
      names.includes(inner) ? [] : [`There is no option "${name}.${inner}"; there are ${names.join(', ')}.`],
    )
  })
}

function baseUrlMistake(baseUrl: string): string | false {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  const whole = url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password
  if (whole && url.pathname === '/' && !url.search && !url.hash) return false
  return 'baseUrl must be the public address without a path, like "https://example.org" or "http://localhost:3000".'
}

function secretMistake(secret: string | readonly string[]): string | false {
  const secrets = typeof secret === 'string' ? [secret] : (secret ?? [])
  // Never quoted: the sentence ends in logs.
  if (secrets.length > 0 && secrets.every((one) => typeof one === 'string' && one.length >= SHORTEST_SECRET)) {
    return false
  }
  return `secret needs at least ${SHORTEST_SECRET} characters, made for instance by "openssl rand -hex 32" and kept out of the program's text.`
}

const durations = ({ sessions, tokens }: AuthOptions): Record<string, number | undefined> => ({
  'sessions.short.idle': sessions?.short?.idle,
  'sessions.short.absolute': sessions?.short?.absolute,
  'sessions.remembered.idle': sessions?.remembered?.idle,
  'sessions.remembered.absolute': sessions?.remembered?.absolute,
  'tokens.accessLifetime': tokens?.accessLifetime,
  'tokens.familyLifetime': tokens?.familyLifetime,
})
