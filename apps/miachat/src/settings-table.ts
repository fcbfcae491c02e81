import { algorithms, days, hours, minutes, seconds } from '@miachat/auth'
import * as read from './setting-readers.ts'

/** The most of anything that is counted: a number that no mistake looks like. */
const MANY = 1_000_000

/** Every setting of MiaChat under its name. Nothing else is read from the environment but NODE_ENV. */
export const settings = {
  PORT: read.wholeNumber(1, 65_535, { fallback: '8080', meaning: 'The port to listen on.' }),
  HOST: read.text({
    fallback: '127.0.0.1',
    meaning: 'The address to listen on; `0.0.0.0` or `::` for every network of this machine.',
  }),
  BASE_URL: read.publicAddress({
    fallback: '',
    without: '`http://localhost:PORT`',
    meaning:
      'The address that people open; decides cookies, links, whose forms are taken, and for which name passkeys are made (https or localhost, no IP address).',
  }),
  ALLOW_HTTP: read.flag({
    fallback: '0',
    meaning:
      '`1` allows a `BASE_URL` with http on another host than this machine; others on the network can read along.',
  }),
  TRUSTED_PROXIES: read.networks({
    fallback: '',
    without: 'nobody',
    meaning: 'Addresses or networks of proxies whose `X-Forwarded-For` is believed, apart by commas.',
  }),
  CORS_ORIGINS: read.origins({
    fallback: '',
    without: 'none',
    meaning: 'Exact origins whose pages may call the token API from a browser, apart by commas.',
  }),
  HSTS_SUBDOMAINS: read.flag({ fallback: '0', meaning: '`1` adds `includeSubDomains` to Strict-Transport-Security.' }),
  MAX_CONNECTIONS: read.wholeNumber(10, MANY, {
    fallback: '4000',
    meaning: 'Connections that one process holds at a time; more are refused.',
  }),
  WORKERS: read.wholeNumber(1, 64, { fallback: '1', meaning: 'Processes that answer requests.' }),
  DATA_DIR: read.text({
    fallback: './data',
    meaning: 'The folder of the database, the key file and the backups.',
  }),
  DATABASE_URL: read.databaseUrl({
    fallback: '',
    without: '`sqlite:DATA_DIR/miachat.db`',
    meaning: '`sqlite:PATH` or `postgres://user:password@host/name`.',

    secret: true,
  }),
  SECRET_KEY: read.secrets({
    fallback: '',
    without: 'made and kept at the first start; required in production',
    meaning:
      'One or several keys of at least 32 characters, apart by commas: the first signs, the others still verify.',

    secret: true,
  }),
  SECRET_KEY_FILE: read.optionalText({
    fallback: '',
    without: '`DATA_DIR/secret-key`, once `miachat keys init` has chosen it',
    meaning: 'A file that holds the keys instead, one a line, the first signs.',
  }),
  ALGORITHM: read.choice(algorithms, {
    fallback: 'HS256',
    meaning: 'How access tokens are signed: `HS256`, `HS384` or `HS512`.',
  }),
  ACCESS_TOKEN_EXPIRE_MINUTES: read.duration(minutes(1), 0.01, 1440, {
    fallback: '30',
    meaning: 'How long an access token is valid; fractions allowed.',
  }),
  REFRESH_TOKEN_EXPIRE_DAYS: read.duration(days(1), 0.00001, 30, {
    fallback: '7',
    meaning: 'How long a program stays signed in, however often it refreshes; fractions allowed.',
  }),
  REFRESH_GRACE_SECONDS: read.duration(seconds(1), 5, 30, {
    fallback: '30',
    meaning: 'How long a used refresh token still gets its one successor, for an answer that was lost.',
  }),
  SESSION_IDLE_MINUTES: read.duration(minutes(1), 0.01, 400 * 1440, {
    fallback: '60',
    meaning: 'A session ends after this time without use; fractions allowed.',
  }),
  SESSION_ABSOLUTE_HOURS: read.duration(hours(1), 0.001, 400 * 24, {
    fallback: '24',
    meaning: 'A session ends after this time however much it is used; fractions allowed.',
  }),
  SESSION_IDLE_REMEMBERED_DAYS: read.duration(days(1), 0.00001, 400, {
    fallback: '7',
    meaning: 'As `SESSION_IDLE_MINUTES`, for who chose to stay signed in.',
  }),
  SESSION_ABSOLUTE_REMEMBERED_DAYS: read.duration(days(1), 0.00001, 400, {
    fallback: '30',
    meaning: 'As `SESSION_ABSOLUTE_HOURS`, for who chose to stay signed in.',
  }),
  SESSION_MOST_PER_PERSON: read.wholeNumber(1, 1000, {
    fallback: '50',
    meaning: 'Open sessions of one person; beyond that the oldest ends.',
  }),
  SECOND_FACTOR_TRUST_DAYS: read.duration(days(1), 0, 400, {
    fallback: '30',
    meaning: 'How long a device that its owner trusts is asked for no second step; `0` does not offer it.',
  }),
  SECOND_FACTOR_USERS_GRACE_DAYS: read.optionalWholeNumber(0, 365, {
    fallback: '',
    without: 'no second step is demanded',
    meaning:
      'Demands a second step at the sign-in of everybody: who has none has this many days from the first sign-in on; `0` none.',
  }),
  SECOND_FACTOR_ADMINS_GRACE_DAYS: read.optionalWholeNumber(0, 365, {
    fallback: '',
    without: 'as for everybody',
    meaning: 'The same of administrators, whom `/admin` itself never lets in without.',
  }),
  DELETION_GRACE_DAYS: read.duration(days(1), 0, 90, {
    fallback: '7',
    meaning: 'How long an account can be kept by signing in after its owner has deleted it; `0` deletes at once.',
  }),
  REGISTRATION: read.choice(['open', 'invitation', 'approval', 'closed'], {
    fallback: 'open',
    meaning:
      'Who may make an account. `open`: everybody who reaches the page; `invitation`: who has a link from `/admin` or `miachat user invite`; `approval`: everybody, and an administrator lets them in; `closed`: only `miachat user add` makes one.',
  }),
  UNCONFIRMED_ADDRESSES: read.choice(['remind', 'refuse'], {
    fallback: 'remind',
    meaning:
      '`remind`: who has not confirmed the e-mail address reads a line about it; `refuse`: nothing opens before it is confirmed, and nobody hears at the registration whether an address has an account. Needs mail.',
  }),
  PROVIDERS: read.providers({
    fallback: '',
    without: 'none',
    meaning:
      'Services by which people sign in, a list in JSON: see [Sign-in by other services](#sign-in-by-other-services).',

    secret: true,
  }),
  PASSWORD_HASH: read.choice(['bcrypt', 'argon2id'], {
    fallback: 'bcrypt',
    meaning: 'How new passwords are hashed: `bcrypt` or `argon2id`; older hashes are renewed at the next sign-in.',
  }),
  PASSWORD_COST: read.optionalWholeNumber(2, 16, {
    fallback: '',
    without: '12 for bcrypt, 2 for argon2id',
    meaning: 'bcrypt: log2 of its rounds, 4 to 16; argon2id: passes over 19 MiB, 2 to 16.',
  }),
  PASSWORD_MIN_LENGTH: read.wholeNumber(8, 64, { fallback: '8', meaning: 'The shortest new password, in characters.' }),
  PASSWORD_THREADS: read.optionalWholeNumber(1, 64, {
    fallback: '',
    without: 'the number of processors, divided among the workers',
    meaning: 'Passwords that one process hashes at a time.',
  }),
  PASSWORD_QUEUE: read.wholeNumber(64, 10_000, {
    fallback: '128',
    meaning: 'Sign-ins that may wait for a thread in one process; more are told to come back in a moment.',
  }),
  LIMIT_FAILURES_PER_ADDRESS_AND_ACCOUNT: read.wholeNumber(4, MANY, {
    fallback: '10',
    meaning: 'Failed sign-ins in 15 minutes from one address with one account.',
  }),
  LIMIT_FAILURES_PER_ADDRESS: read.wholeNumber(4, MANY, {
    fallback: '30',
    meaning: 'Failed sign-ins in 15 minutes from one address with all accounts together.',
  }),
  LIMIT_FAILURES_PER_ACCOUNT: read.wholeNumber(4, MANY, {
    fallback: '100',
    meaning: 'Failed sign-ins of one account in a row from all addresses; then only devices that it knows get in.',
  }),
  LIMIT_FAILURES_PER_DEVICE: read.wholeNumber(4, MANY, {
    fallback: '10',
    meaning: 'Failed sign-ins in 15 minutes from a device that the account knows.',
  }),
  LIMIT_PASSWORD_CHANGES: read.wholeNumber(4, MANY, {
    fallback: '10',
    meaning: 'Wrong current passwords in 10 minutes when a password is changed.',
  }),
  LIMIT_REGISTRATIONS: read.wholeNumber(3, MANY, {
    fallback: '20',
    meaning: 'Registrations in an hour from one address.',
  }),
  MAIL_URL: read.mailUrl({
    fallback: '',
    without: '`outbox` while developing on this machine alone, else `none`',
    meaning:
      'How mail leaves: `smtp://user:password@host`, `smtps://user:password@host`, `outbox` (a folder), `outbox:PATH` or `none`.',

    secret: true,
  }),
  MAIL_FROM: read.sender({
    fallback: '',
    without: 'the user of `MAIL_URL` where that is an address, else `miachat@` the host of `BASE_URL`',
    meaning: 'The sender of letters: `chat@example.org` or `MiaChat <chat@example.org>`.',
  }),
  LOG_LEVEL: read.choice(['debug', 'info', 'warn', 'error'], {
    fallback: 'info',
    meaning: 'The least important lines that are written: `debug`, `info`, `warn` or `error`.',
  }),
  LOG_ADDRESSES: read.choice(['whole', 'short'], {
    fallback: 'whole',
    meaning:
      'How much of network addresses stands in the log and in the history of accounts: `whole`, or `short` for the network alone (`203.0.113.0/24`).',
  }),
  GEO_DATABASE: read.optionalText({
    fallback: '',
    without: 'no place is looked up',
    meaning:
      'A file in the format of MaxMind DB (`.mmdb`), by which people see in the list of their devices about where each is: see [Places of devices](#places-of-devices).',
  }),
  METRICS_TOKEN: read.accessWord({
    fallback: '',
    without: '`/metrics` answers 404',
    meaning: 'Opens `/metrics` to programs that send it as `Authorization: Bearer`; 16 characters or more.',

    secret: true,
  }),
  SITE_NAME: read.shortText(40, {
    fallback: 'MiaChat',
    meaning: 'The name of this server, on every page; at most 40 characters.',
  }),
  LANGUAGES: read.languageList({
    fallback: 'en, de',
    meaning:
      'The languages that people can choose from, apart by commas: `en`, `de`. Without a choice it is what the browser asks for; the first is for who asks for none of them.',
  }),
  OPERATOR_CONTACT: read.optionalText({
    fallback: '',
    without: 'the pages speak of "the person who runs this server"',
    meaning: 'Whom to ask for help, a sentence at the foot of each page: `Ask Ana, ana@example.org`.',
  }),
} as const satisfies Readonly<Record<string, read.Setting<unknown>>>

export type SettingName = keyof typeof settings

export const isSettingName = (name: string): name is SettingName => Object.hasOwn(settings, name)

export const settingNames: readonly SettingName[] = Object.keys(settings).filter(isSettingName)
