import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { createClient } from './support/http-client.ts'
import { miachat } from './support/miachat-command.ts'
import { startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const cheap = { PASSWORD_COST: '4' }

describe('keys', () => {
  let folder: string
  let dataDir: string
  let keyFile: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'miachat-keys-'))
    dataDir = join(folder, 'data')
    keyFile = join(dataDir, 'secret-key')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    miachat(args, { dataDir, cwd: folder, env: { ...cheap, ...env } })
  const keysIn = (path: string) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))

  test('SEC-01: init makes a key that only its owner reads, and never replaces one, however many run at once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => run(['keys', 'init'])))
    assert.deepEqual(
      all.map(({ code }) => code),
      [0, 0, 0],
    )
    const keys = keysIn(keyFile)
    assert.equal(keys.length, 1)
    assert.equal(statSync(keyFile).mode & 0o777, 0o600)
    assert.match((await run(['keys', 'init'])).stdout, /^A key is there already and stays/)
    assert.deepEqual(keysIn(keyFile), keys)
    // No command prints a key that is in use.
    for (const { stdout, stderr } of all) assert.equal((stdout + stderr).includes(keys[0] ?? '-'), false)
  })

  test('init adopts the key that development made, so that production starts with it', async () => {
    const development = await startServer({ dataDir, env: cheap })
    await development.stop()
    const keys = keysIn(keyFile)
    const production = { ...cheap, NODE_ENV: 'production' }
    const refused = await startServer({ dataDir, env: production, ready: null })
    assert.equal((await refused.ended).code, 1)
    assert.match(refused.stderr(), /miachat keys init/)
    const { code, stdout } = await run(['keys', 'init'], { NODE_ENV: 'production' })
    assert.equal(code, 0)
    assert.match(stdout, /^Adopted the key that development made/)
    assert.deepEqual(keysIn(keyFile), keys)
    await (await startServer({ dataDir, env: production })).stop()
  })

  test('SEC-03, JWT-09: after a rotation tokens, sessions and refreshing go on; the old key goes when nobody needs it', async () => {
    const env = { ...cheap, ACCESS_TOKEN_EXPIRE_MINUTES: '0.15' }
    const before = await startServer({ dataDir, env: { ...cheap } })
    const browser = createClient(before.url)
    await browser.register('dora', password)
    const { body: tokens } = await createClient(before.url).send('/auth/api/login', {
      json: { username: 'dora', password },
    })
    const rotated = await run(['keys', 'rotate'])
    assert.equal(rotated.code, 0, rotated.stderr)
    assert.match(rotated.stdout, /is needed until 30 minutes after that restart/)
    assert.match(rotated.stdout, /The secrets of authenticators and letters that wait are encrypted with the key/)
    assert.equal(keysIn(keyFile).length, 2)
    await before.stop()

    const after = await startServer({ dataDir, env, port: before.port })
    const me = await createClient(after.url).send('/auth/api/me', {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    assert.equal(me.status, 200)
    assert.equal(await browser.whoAmI(), 'dora')
    const { body: fresh } = await createClient(after.url).send('/auth/api/refresh', {
      json: { refresh_token: tokens.refresh_token },
    })
    const header = JSON.parse(Buffer.from(fresh.access_token.split('.')[0], 'base64url').toString())
    const formerHeader = JSON.parse(Buffer.from(tokens.access_token.split('.')[0], 'base64url').toString())
    assert.notEqual(header.kid, formerHeader.kid)
    await after.stop()

    // Left out while it is needed, the former key stops the start with a sentence.
    const text = readFileSync(keyFile, 'utf8')
    const [, former = ''] = keysIn(keyFile)
    writeFileSync(keyFile, text.replace(`${former}\n`, ''))
    const refused = await startServer({ dataDir, env: { ...cheap }, ready: null })
    assert.equal((await refused.ended).code, 1)
    assert.match(refused.stderr(), /Put the former key back/)
    assert.match((await run(['keys', 'rotate'])).stderr, /needs a key that is not given/)
    writeFileSync(keyFile, text)

    // Its last token has ended nine seconds after the start that replaced it.
    await new Promise((resolve) => setTimeout(resolve, 9000))
    const second = await run(['keys', 'rotate'])
    assert.match(second.stdout, /Took out 1 key that nobody needs any more/)
    assert.equal(keysIn(keyFile).length, 2)
    assert.equal(keysIn(keyFile).includes(former), false)
  })

  test('--lost lets the server start again without the lost key, and says what that costs', async () => {
    const before = await startServer({ dataDir, env: cheap })
    const browser = createClient(before.url)
    await browser.register('dora', password)
    await before.stop()
    rmSync(keyFile)
    const refused = await startServer({ dataDir, env: cheap, ready: null })
    assert.equal((await refused.ended).code, 1)
    const { code, stdout } = await run(['keys', 'rotate', '--lost'])
    assert.equal(code, 0)
    assert.match(stdout, /no longer needs the lost key .*\n.*What that costs: access tokens/)
    const after = await startServer({ dataDir, env: cheap, port: before.port })
    assert.equal(await browser.whoAmI(), 'dora')
    await after.stop()
    assert.match((await run(['keys', 'rotate', '--lost'])).stdout, /^No key is missing/)
  })

  test('with SECRET_KEY nothing is written: init says so, rotate prints what to set', async () => {
    const env = { SECRET_KEY: 'Kq3vX8mZ2pL9wR5tY7uB1nC4dF6gH0jS' }
    assert.match((await run(['keys', 'init'], env)).stdout, /^The key is given by SECRET_KEY/)
    const { stdout } = await run(['keys', 'rotate'], env)
    assert.match(stdout, /^ {2}SECRET_KEY=[\w-]{64},THE-PRESENT-VALUE$/m)
    assert.equal(stdout.includes(env.SECRET_KEY), false)
    assert.equal(existsSync(keyFile), false)
    for (const args of [['keys'], ['keys', 'list'], ['keys', 'init', '--lost'], ['keys', 'init', 'now']]) {
      assert.equal((await run(args, env)).code, 2, args.join(' '))
    }
  })
})
