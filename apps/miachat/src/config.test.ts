import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Config, ConfigError, readConfig } from './config.ts'
import { Wrong } from './setting-readers.ts'
import { settingNames, settings } from './settings-table.ts'

type Variables = Record<string, string>
const read = (variables: Variables, file: Variables | null = null): Config =>
  readConfig(variables, file && { folder: '/program', values: file }, '/somewhere')

function mistakesOf(variables: Variables, file: Variables | null = null): readonly string[] {
  try {
    read(variables, file)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
  return []
}

/** What is refused, and the start of the sentence that says so. */
const refused: readonly [Variables, RegExp][] = [
  [{ PORT: '0' }, /^PORT must be a whole number from 1 to 65535, not "0"\.$/],
  [{ PORT: '80.5' }, /^PORT must/],
  [{ PORT: '8080x' }, /^PORT must/],
  [{ PORT: '0x50' }, /^PORT must/],
  [{ PORT: '１２' }, /^PORT must/],
  [{ HOST: 'a\nb' }, /^HOST must be one line/],
  [{ NODE_ENV: 'prod' }, /^NODE_ENV must be production, development or test, not "prod"\.$/],
  [{ NODE_ENV: 'Production' }, /^NODE_ENV must/],
  [{ BASE_URL: 'chat.example.org' }, /^BASE_URL must be an address without a path/],
  [{ BASE_URL: 'https://chat.example.org/path' }, /^BASE_URL must/],
  [{ BASE_URL: 'https://chat.example.org?x' }, /^BASE_URL must/],
  [{ BASE_URL: 'https://me:pass@chat.example.org' }, /^BASE_URL must/],
  [{ BASE_URL: 'ftp://chat.example.org' }, /^BASE_URL must/],
  [{ BASE_URL: 'http://chat.example.org' }, /^BASE_URL is http.*ALLOW_HTTP=1/],
  [{ BASE_URL: 'http://192.168.1.2:8080' }, /^BASE_URL is http.*ALLOW_HTTP=1/],
  [{ BASE_URL: 'http://localhost.example.org' }, /^BASE_URL is http.*ALLOW_HTTP=1/],
  [{ BASE_URL: 'http://127.0.0.1.example.org' }, /^BASE_URL is http.*ALLOW_HTTP=1/],
  [{ ALLOW_HTTP: 'perhaps' }, /^ALLOW_HTTP must be 1 or 0/],
  [{ TRUSTED_PROXIES: '10.0.0.0/33' }, /^TRUSTED_PROXIES must list.*"10\.0\.0\.0\/33"/],
  [{ TRUSTED_PROXIES: 'proxy.example.org' }, /^TRUSTED_PROXIES must/],
  [{ TRUSTED_PROXIES: '::1/129' }, /^TRUSTED_PROXIES must/],
  [{ CORS_ORIGINS: '*' }, /^CORS_ORIGINS must list origins/],
  [{ CORS_ORIGINS: 'https://a.example, https://b.example/x' }, /"https:\/\/b\.example\/x" is none/],
  [{ DATABASE_URL: 'mysql://root@host/db' }, /^DATABASE_URL must be sqlite:PATH or postgres/],
  [{ DATABASE_URL: 'sqlite::memory:' }, /^DATABASE_URL must/],
  [{ SECRET_KEY: ' with a blank before it, and long enough' }, /^SECRET_KEY has a blank/],
  [{ SECRET_KEY: `${'good-key-'.repeat(5)},` }, /^SECRET_KEY has an empty key/],
  [{ SECRET_KEY: 'x', SECRET_KEY_FILE: 'y' }, /^SECRET_KEY and SECRET_KEY_FILE are both set/],
  [{ ALGORITHM: 'none' }, /^ALGORITHM must be HS256 or HS384 or HS512, not "none"/],
  [{ ALGORITHM: 'hs256' }, /^ALGORITHM must/],
  [{ ACCESS_TOKEN_EXPIRE_MINUTES: '0' }, /^ACCESS_TOKEN_EXPIRE_MINUTES must/],
  [{ ACCESS_TOKEN_EXPIRE_MINUTES: '1e3' }, /^ACCESS_TOKEN_EXPIRE_MINUTES must/],
  [{ REFRESH_TOKEN_EXPIRE_DAYS: '31' }, /^REFRESH_TOKEN_EXPIRE_DAYS must be a number from .* to 30/],
  [{ REFRESH_GRACE_SECONDS: '4' }, /^REFRESH_GRACE_SECONDS must/],
  [{ REFRESH_GRACE_SECONDS: '31' }, /^REFRESH_GRACE_SECONDS must/],
  [{ SESSION_ABSOLUTE_REMEMBERED_DAYS: '401' }, /^SESSION_ABSOLUTE_REMEMBERED_DAYS must/],
  [{ SESSION_IDLE_MINUTES: '120', SESSION_ABSOLUTE_HOURS: '1' }, /^SESSION_IDLE_MINUTES must not be longer/],
  [{ SESSION_IDLE_REMEMBERED_DAYS: '31' }, /^SESSION_IDLE_REMEMBERED_DAYS must not be longer/],
  [{ WORKERS: '0' }, /^WORKERS must/],
  [{ REGISTRATION: 'invite' }, /^REGISTRATION must be open or invitation or approval or closed/],
  [{ PASSWORD_HASH: 'md5' }, /^PASSWORD_HASH must be bcrypt or argon2id/],
  [{ PASSWORD_COST: '3' }, /^PASSWORD_COST must be at least 4 for bcrypt/],
  [{ PASSWORD_COST: '17' }, /^PASSWORD_COST must/],
  [{ PASSWORD_MIN_LENGTH: '7' }, /^PASSWORD_MIN_LENGTH must/],
  [{ PASSWORD_QUEUE: '63' }, /^PASSWORD_QUEUE must/],
  [{ LIMIT_REGISTRATIONS: '2' }, /^LIMIT_REGISTRATIONS must be a whole number from 3/],
  [{ LIMIT_FAILURES_PER_ADDRESS: '3' }, /^LIMIT_FAILURES_PER_ADDRESS must/],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must/],
  [{ PROVIDERS: 'github' }, /^PROVIDERS must be a list in JSON/],
  [{ PROVIDERS: '[{"kind":"github","clientId":1,"clientSecret":"hush"}]' }, /^PROVIDERS does not fit at 1 clientId;/],
  [{ PROVIDERS: '[{"kind":"github","clientId":"x"}]' }, /^PROVIDERS cannot work: .*"github" needs a clientSecret/],
  [{ METRICS_TOKEN: 'short' }, /^METRICS_TOKEN must have 16 to 200/],
  [{ SITE_NAME: 'x'.repeat(41) }, /^SITE_NAME must/],
  [{ LANGUAGES: 'fr' }, /^LANGUAGES must list .* from en, de, not "fr"/],
  [{ LANGUAGES: 'de, de' }, /^LANGUAGES must list each/],
  [{ LANGUAGES: ',' }, /^LANGUAGES must list/],
]

for (const [variables, sentence] of refused) {
  test(`SEC-04: ${JSON.stringify(variables).slice(0, 70)} is refused by a sentence that names it`, () => {
    const mistakes = mistakesOf(variables)
    assert.equal(mistakes.length, 1, mistakes.join('\n'))
    assert.match(mistakes[0] ?? '', sentence)
  })
}

test('SEC-04: all mistakes are named at once, those of the file too', () => {
  const mistakes = mistakesOf({ PORT: 'x', WORKERS: '-1', BASE_URL: 'http://a.example' }, { REGISTRATION: 'maybe' })
  assert.deepEqual(mistakes.map((sentence) => sentence.split(' ')[0]).sort(), [
    'BASE_URL',
    'PORT',
    'REGISTRATION',
    'WORKERS',
  ])
})

test('X11: English and German, or what LANGUAGES lists, the usual one first; the variable of gettext is nobody’s slip', () => {
  assert.deepEqual(read({}).languages, ['en', 'de'])
  assert.deepEqual(read({ LANGUAGES: 'de' }).languages, ['de'])
  assert.deepEqual(read({ LANGUAGES: ' de,en ' }).languages, ['de', 'en'])
  assert.doesNotMatch(read({ LANGUAGE: 'de:en' }).warnings.join('\n'), /LANGUAGE/)
})

test('AUD-02: what stands in a secret setting never stands in a message', () => {
  const secretNames = settingNames.filter((name) => 'secret' in settings[name])
  assert.deepEqual(secretNames.sort(), ['DATABASE_URL', 'MAIL_URL', 'METRICS_TOKEN', 'PROVIDERS', 'SECRET_KEY'])
  fc.assert(
    fc.property(fc.constantFrom(...secretNames), fc.string({ minLength: 6 }), (name, tail) => {
      const secret = `hush${tail}`
      const said = mistakesOf({ [name]: ` ${secret},` })
      assert.ok(!said.join('\n').includes('hush'), said.join('\n'))
    }),
  )
})

test('Every default fits the rule of its setting', () => {
  for (const name of settingNames) assert.ok(!(settings[name].read(settings[name].fallback) instanceof Wrong), name)
})

test('Without any variable everything has the value that the contract names', () => {
  const config = read({})
  assert.equal(config.baseUrl, 'http://localhost:8080')
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.accessLifetime, 30 * 60_000)
  assert.equal(config.refreshLifetime, 7 * 86_400_000)
  assert.equal(config.refreshGrace, 30_000)
  assert.deepEqual(config.sessions.short, { idle: 3_600_000, absolute: 86_400_000 })
  assert.deepEqual(config.sessions.remembered, { idle: 7 * 86_400_000, absolute: 30 * 86_400_000 })
  assert.equal(config.passwords.scheme, 'bcrypt')
  assert.equal(config.passwords.cost, undefined)
  assert.equal(config.metricsToken, null)
  assert.equal(config.production, false)
  assert.deepEqual(config.warnings, [])
})

test('Fractions of times are taken as they are', () => {
  assert.equal(read({ ACCESS_TOKEN_EXPIRE_MINUTES: '1.5' }).accessLifetime, 90_000)
  assert.equal(read({ REFRESH_TOKEN_EXPIRE_DAYS: '0.5' }).refreshLifetime, 43_200_000)
})

test('The address follows the port, and an origin is written as browsers write it', () => {
  assert.equal(read({ PORT: '9000' }).baseUrl, 'http://localhost:9000')
  assert.equal(read({ BASE_URL: 'https://Chat.Example.org:443/' }).baseUrl, 'https://chat.example.org')
})

test('COO-01: http on another host is taken with ALLOW_HTTP only, and is said loudly', () => {
  const config = read({ BASE_URL: 'http://mia.home:8080', ALLOW_HTTP: '1' })
  assert.equal(config.plainHttp, true)
  assert.match(config.warnings.join(), /others on the network can read along/)
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
    assert.equal(read({ BASE_URL: `http://${host}:8080` }).plainHttp, false, host)
  }
})

test('The environment wins over the file, and an empty variable counts as none', () => {
  assert.equal(read({ PORT: '9001' }, { PORT: '9002' }).port, 9001)
  assert.equal(read({ PORT: '' }, { PORT: '9002' }).port, 9002)
  assert.deepEqual([...read({ PORT: '9001', WORKERS: '' }, { REGISTRATION: 'closed' }).given].sort(), [
    'PORT',
    'REGISTRATION',
  ])
})

test('Relative paths of the environment count from where it was typed, those of the file from the file', () => {
  const typed = read({ DATA_DIR: 'here', DATABASE_URL: 'sqlite:my.db', SECRET_KEY_FILE: 'key' })
  assert.equal(typed.dataDir, '/somewhere/here')
  assert.equal(typed.databaseUrl, 'sqlite:/somewhere/my.db')
  assert.equal(typed.secretKeyFile, '/somewhere/key')
  const written = read({}, { DATA_DIR: './there' })
  assert.equal(written.dataDir, '/program/there')
  assert.equal(written.databaseUrl, 'sqlite:/program/there/miachat.db')
  assert.equal(read({ DATABASE_URL: 'sqlite:/var/lib/mia.db' }).databaseUrl, 'sqlite:/var/lib/mia.db')
})

test('SEC-04: a name that is nearly ours, or starts like ours, is said; those of other programs are not', () => {
  const said = (variables: Variables, file: Variables | null = null) => read(variables, file).warnings.join('\n')
  assert.match(said({ DATABSE_URL: 'x' }), /no setting DATABSE_URL.*Is DATABASE_URL meant/)
  assert.match(said({ REGISTRATIONS: 'closed' }), /Is REGISTRATION meant/)
  assert.match(said({ SESSION_TIMEOUT: '5' }), /no setting SESSION_TIMEOUT/)
  assert.match(said({ LIMIT_LOGINS: '5' }), /no setting LIMIT_LOGINS/)
  assert.match(said({ MAIL_SERVER: 'smtp://x' }), /no setting MAIL_SERVER/)
  assert.match(said({}, { ANYTHING: '1' }), /no setting ANYTHING/)
  const others = {
    HOME: '/',
    PATH: '/bin',
    HOSTNAME: 'x',
    SESSION_MANAGER: 'y',
    NODE_OPTIONS: '',
    LOGNAME: 'me',
    MAIL: '/var/mail/me',
  }
  assert.equal(said({ ...others, NODE_ENV: 'production', MIACHAT_ENV_FILE: '' }), '')
})

test('The hashing threads are divided among the workers, and at least one is left', () => {
  assert.equal(read({ WORKERS: '64' }).passwords.threads, 1)
  assert.equal(read({ WORKERS: '2', PASSWORD_THREADS: '3' }).passwords.threads, 3)
})

test('A file of settings that cannot be read is a sentence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'))
  writeFileSync(
    join(folder, 'program.ts'),
    `
    import { ConfigError, loadConfig } from ${JSON.stringify(new URL('./config.ts', import.meta.url).href)}
    try { console.log(loadConfig().port) } catch (error) { console.log(error instanceof ConfigError && error.message) }
  `,
  )
  const { spawnSync } = await import('node:child_process')
  const run = (file: string) =>
    spawnSync(process.execPath, ['--conditions=miachat-source', join(folder, 'program.ts')], {
      env: { MIACHAT_ENV_FILE: file },
      encoding: 'utf8',
    }).stdout.trim()
  assert.equal(run(folder), `${folder} cannot be read.`)
  writeFileSync(join(folder, 'settings.env'), 'PORT=9123\n')
  assert.equal(run(join(folder, 'settings.env')), '9123')
  const missing = join(folder, 'nosuch.env')
  assert.equal(run(missing), `MIACHAT_ENV_FILE names ${missing}, where no file is.`)
  rmSync(folder, { recursive: true })
})

test('only what nobody else can reach stays on this machine', () => {
  for (const [variables, stays] of [
    [{}, true],
    [{ HOST: '::1' }, true],
    [{ HOST: '0.0.0.0' }, false],
    [{ BASE_URL: 'https://chat.example.org' }, false],
  ] as const) {
    assert.equal(read(variables).onThisMachine, stays, JSON.stringify(variables))
  }
})
