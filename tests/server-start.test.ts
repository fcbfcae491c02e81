import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './support/free-port.ts'
import { repository } from './support/repository.ts'
import { cleanEnvironment, type ServerOptions, startServer } from './support/server-process.ts'

let folder = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'server-start-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

/** A start that is meant to fail: how it ended and what it said. */
async function failedStart(options: ServerOptions) {
  const server = await startServer({ ready: null, ...options })
  const ending = await server.ended
  const said = { out: server.stdout(), error: server.stderr() }
  await server.stop()
  return { ...ending, ...said }
}

const oneSentence = (error: string) => assert.match(error, /^miachat: [^\n]+\n$/)

test('SEC-04: a start names all mistakes at once and ends with 1', async () => {
  const { code, error } = await failedStart({ env: { WORKERS: 'many', BASE_URL: 'nowhere', REGISTRATION: 'maybe' } })
  assert.equal(code, 1)
  assert.equal(error.trimEnd().split('\n').length, 4, error)
  for (const name of ['WORKERS', 'BASE_URL', 'REGISTRATION']) assert.ok(error.includes(`\n  ${name} must`), error)
})

test('A port in use ends the start with one sentence', async () => {
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1').unref()
  await once(other, 'listening')
  for (const WORKERS of ['1', '2']) {
    const { code, error } = await failedStart({ port, env: { WORKERS } })
    assert.equal(code, 1)
    oneSentence(error)
    assert.match(error, new RegExp(`Port ${port} is in use by another program`))
  }
  other.close()
})

test('A folder that cannot be written ends the start with one sentence', {
  skip: !existsSync('/sys/kernel') && 'needs a folder that nobody may write, root neither',
}, async () => {
  const { code, error } = await failedStart({ env: { DATA_DIR: '/sys/data' } })
  assert.equal(code, 1)
  oneSentence(error)
  assert.ok(error.includes('/sys/data'), error)
})

test('A data folder that is a file ends the start with one sentence', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const { code, error } = await failedStart({ env: { DATA_DIR: join(file, 'data') } })
  assert.equal(code, 1)
  oneSentence(error)
})

test('SEC-01: production without a key refuses to run, says what to do and leaves nothing behind', async () => {
  const dataDir = join(folder, 'production')
  const { code, error } = await failedStart({ dataDir, env: { NODE_ENV: 'production' } })
  assert.equal(code, 1)
  oneSentence(error)
  assert.match(error, /Set SECRET_KEY to 32 or more random characters, or run "miachat keys init"/)
  assert.deepEqual(readdirSync(dataDir), [])
})

test('SEC-01: production refuses the key that the original had, and one that is too short', async () => {
  for (const SECRET_KEY of ['your-secret-key-here-change-in-production', 'short']) {
    const { code, error } = await failedStart({ env: { NODE_ENV: 'production', SECRET_KEY } })
    assert.equal(code, 1)
    oneSentence(error)
    assert.ok(!error.includes(SECRET_KEY), 'AUD-02: the key itself is not said')
  }
})

test('SEC-01: production on this machine runs with a good key and makes no file of it', async () => {
  const SECRET_KEY = 'Wq8hN2vTz5bX1rKm7yLd3cJf6pGs9aEu0oHi'
  const server = await startServer({ env: { NODE_ENV: 'production', SECRET_KEY } })
  assert.ok(!readdirSync(server.dataDir).includes('secret-key'))
  assert.ok(!(server.stdout() + server.stderr()).includes(SECRET_KEY))
  // AUD-01: in production every line is a line of the log, the one that says where it listens too.
  const lines = server
    .stdout()
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  assert.ok(JSON.stringify(lines).includes(`"address":"http://localhost:${server.port}"`))
  assert.ok(JSON.stringify(lines).includes(`"host":"127.0.0.1","port":${server.port},`))
  await server.stop()
})

test('A first start says where to go, where the data lies and where the key lies, and all is for the owner alone', async () => {
  const dataDir = join(folder, 'first', 'data')
  mkdirSync(join(folder, 'first'))
  const server = await startServer({ dataDir })
  const [where, data, key] = server.stdout().split('\n')
  assert.equal(where, `MiaChat listens at http://localhost:${server.port}`)
  assert.ok(data?.endsWith(join(dataDir, 'miachat.db')), data)
  assert.ok(key?.includes(join(dataDir, 'secret-key')), key)
  assert.equal(statSync(dataDir).mode & 0o777, 0o700)
  for (const name of readdirSync(dataDir)) assert.equal(statSync(join(dataDir, name)).mode & 0o777, 0o600, name)
  assert.ok(
    !server.stdout().includes(readFileSync(join(dataDir, 'secret-key'), 'utf8').trim().split('\n').at(-1) ?? ''),
  )
  await server.stop()
})

test('Behind a proxy a start says both what people open and where it listens, and so does --check', async () => {
  const env = { BASE_URL: 'https://chat.example.org' }
  const server = await startServer({ env })
  const line = (listens: string, port: number) =>
    `People open https://chat.example.org; MiaChat ${listens} at 127.0.0.1:${port}`
  assert.equal(server.stdout().split('\n', 1)[0], line('listens', server.port))
  await server.stop()
  const checked = await failedStart({ args: ['serve', '--check'], port: server.port, env })
  assert.ok(checked.out.includes(`The settings are good. ${line('will listen', server.port)}.\n`), checked.out)
})

test('STO-02: two first starts on one folder at once make one key and one schema', async () => {
  for (let round = 0; round < 3; round++) {
    const dataDir = join(folder, `twins-${round}`)
    const twins = await Promise.all([startServer({ dataDir }), startServer({ dataDir })])
    const cookie = await registered(twins[0].url, 'anna')
    // The other process takes what the first has signed and stored.
    assert.equal((await fetch(`${twins[1].url}/auth/api/check`, { headers: { cookie } })).status, 200)
    assert.deepEqual(
      readdirSync(dataDir).filter((name) => name.startsWith('secret-key')),
      ['secret-key'],
    )
    for (const twin of twins) assert.deepEqual(await twin.stop(), { code: 0, signal: null })
  }
})

test('--check says what is wrong or that all is good, and makes nothing', async () => {
  const dataDir = join(folder, 'checked')
  const args = ['serve', '--check']
  const good = await failedStart({ dataDir, args })
  assert.deepEqual([good.code, good.error], [0, ''])
  assert.match(good.out, /A key will be made.*The settings are good/s)
  assert.deepEqual(readdirSync(dataDir), [])
  const bad = await failedStart({ args, env: { NODE_ENV: 'production' } })
  assert.equal(bad.code, 1)
  assert.match(bad.out, /Production needs a key/)
  const wrong = await failedStart({ args, env: { WORKERS: 'x' } })
  assert.equal(wrong.code, 1)
  assert.match(wrong.error, /WORKERS must/)
})

test('COO-01: http on another host needs ALLOW_HTTP=1, and then the start says what it means', async () => {
  const BASE_URL = 'http://mia.home:8080'
  const refused = await failedStart({ env: { BASE_URL } })
  assert.equal(refused.code, 1)
  assert.match(refused.error, /ALLOW_HTTP=1/)
  const server = await startServer({ env: { BASE_URL, ALLOW_HTTP: '1' } })
  assert.match(server.stdout(), /! BASE_URL is .*others on the network can read along/)
  await server.stop()
})

test('A start after kill -9 is blocked by nothing that was left behind', async () => {
  const dataDir = join(folder, 'killed')
  const first = await startServer({ dataDir })
  await registered(first.url, 'anna')
  first.kill('SIGKILL')
  await first.ended
  const second = await startServer({ dataDir, port: first.port })
  await second.stop()
  await first.stop()
})

test('SES-09: a server sweeps when it starts: what ended while it was away is gone, what lives stays', async () => {
  const dataDir = join(folder, 'swept')
  const env = { PASSWORD_COST: '4' }
  const first = await startServer({ dataDir, env })
  await registered(first.url, 'anna')
  await registered(first.url, 'berta')
  await first.stop()
  const db = new DatabaseSync(join(dataDir, 'miachat.db'))
  const left = () => db.prepare('SELECT u.username FROM sessions s JOIN users u ON u.id = s.user_id').all()
  db.exec(`UPDATE sessions SET created_at = 1, last_seen_at = 1
    WHERE user_id = (SELECT id FROM users WHERE username = 'anna')`)
  assert.equal(left().length, 2)
  const second = await startServer({ dataDir, env })
  try {
    for (let tries = 0; left().length > 1 && tries < 100; tries++) await sleep(50)
    assert.deepEqual(left().map(Object.values), [['berta']])
  } finally {
    db.close()
    await second.stop()
  }
})

test('Settings are read from the file that is named, and a file that cannot be read is said', async () => {
  const file = join(folder, 'settings.env')
  writeFileSync(file, 'REGISTRATION=closed # nobody\nSOMETHING=else\n')
  const server = await startServer({ env: { MIACHAT_ENV_FILE: file } })
  assert.match(server.stdout(), /! There is no setting SOMETHING/)
  const page = await (await fetch(`${server.url}/auth/register`, { headers: { accept: 'text/html' } })).text()
  assert.ok(!page.includes('name="password"'))
  await server.stop()
})

test('A file .env beside README.md is read wherever the command is typed; the environment wins', () => {
  const program = join(folder, 'program')
  cpSync(join(repository, 'apps/miachat/src'), join(program, 'apps/miachat/src'), { recursive: true })
  copyFileSync(join(repository, 'apps/miachat/package.json'), join(program, 'apps/miachat/package.json'))
  symlinkSync(join(repository, 'node_modules'), join(program, 'node_modules'), 'dir')
  const command = join(program, 'apps/miachat/src/cli/miachat.ts')
  /** `miachat serve --check`, typed in another folder. */
  const check = (file: string, settings: Record<string, string> = {}) => {
    writeFileSync(join(program, '.env'), file)
    const { MIACHAT_ENV_FILE: _, DATA_DIR: __, ...environment } = cleanEnvironment(folder)
    return spawnSync(execPath, ['--conditions=miachat-source', command, 'serve', '--check'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...environment, ...settings },
    })
  }
  const own = check('DATA_DIR=people # where they lie\nSOMETHING=else\n')
  assert.equal(own.status, 0, own.stderr)
  assert.ok(own.stdout.includes(`A key will be made in ${join(program, 'people')} at`), own.stdout)
  assert.match(own.stdout, /There is no setting SOMETHING/)
  const wins = check('DATA_DIR=people\n', { DATA_DIR: 'others' })
  assert.ok(wins.stdout.includes(`A key will be made in ${join(folder, 'others')} at`), wins.stdout)
  const none = check('DATA_DIR=people\n', { MIACHAT_ENV_FILE: '' })
  assert.ok(none.stdout.includes(`A key will be made in ${join(program, 'data')} at`), none.stdout)
  const wrong = check('PORT=many\n')
  assert.equal(wrong.status, 1)
  assert.match(wrong.stderr, /PORT/)
})

async function registered(url: string, username: string): Promise<string> {
  const response = await fetch(`${url}/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ username, email: `${username}@example.org`, password: 'a walk by the river' }),
  })
  assert.equal(response.status, 200, await response.clone().text())
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
