import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from './support/http-client.ts'
import { type CommandOptions, miachat } from './support/miachat-command.ts'
import { testDatabase } from './support/postgres.ts'
import { cleanEnvironment, miachatProgram, type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const cheap = { PASSWORD_COST: '4' }

for (const kind of ['sqlite', 'postgres'] as const) {
  describe(`people, beside a running server on ${kind}`, () => {
    let server: ServerProcess
    let database: Awaited<ReturnType<typeof testDatabase>> | null = null
    let env: Record<string, string>
    before(async () => {
      database = kind === 'postgres' ? await testDatabase() : null
      env = { ...cheap, ...(database ? { DATABASE_URL: database.url } : {}) }
      server = await startServer({ env })
    })
    after(async () => {
      await server.stop()
      await database?.drop()
    })
    const run = (args: readonly string[], more: Partial<CommandOptions> = {}) =>
      miachat(args, {
        dataDir: server.dataDir,
        env: { ...env, BASE_URL: server.url.replace('127.0.0.1', 'localhost') },
        ...more,
      })

    test('SES-07: disabling ends the session and the tokens in the running server within 100 ms', async () => {
      const browser = createClient(server.url)
      await browser.register('dora', password)
      const tokens = (await createClient(server.url).send('/auth/api/login', { json: { username: 'dora', password } }))
        .body
      const bearer = { authorization: `Bearer ${tokens.access_token}` }
      const asProgram = () => createClient(server.url).send('/auth/api/me', { headers: bearer })
      assert.deepEqual([await browser.whoAmI(), (await asProgram()).status], ['dora', 200])

      const { code, stdout } = await run(['user', 'disable', 'dora'])
      assert.equal(code, 0)
      assert.match(stdout, /^"dora" \(number \d+, "dora@example\.org"\) is disabled/)
      await sleep(100)
      assert.deepEqual([await browser.whoAmI(), (await asProgram()).status], [null, 401])
      assert.equal((await browser.signIn('dora', password)).status, 401)

      assert.equal((await run(['user', 'enable', 'DORA@example.org'])).code, 0)
      assert.equal(await browser.whoAmI(), null)
      assert.equal((await browser.signIn('dora', password)).status, 200)
    })

    test('RST-02, RST-04, RST-06: the printed link sets a new password once, and looking at it uses nothing up', async () => {
      const browser = createClient(server.url)
      await browser.register('rosa', password)
      const first = await run(['user', 'reset-link', 'rosa'], { env: { ...env, BASE_URL: 'https://chat.example.org' } })
      assert.match(first.stdout, /^ {2}https:\/\/chat\.example\.org\/auth\/reset\?token=[\w-]{43}$/m)
      const { stdout } = await run(['user', 'reset-link', 'rosa'])
      assert.match(stdout, /works once and for 30 minutes/)
      const tokenOf = (text: string) => /token=([\w-]{43})/.exec(text)?.[1]
      const token = tokenOf(stdout)
      for (let looks = 0; looks < 2; looks++) {
        const page = await createClient(server.url).send(`/auth/reset?token=${token}`, {
          headers: { accept: 'text/html' },
        })
        assert.equal(page.status, 200)
      }
      const reset = (given: string | undefined, word: string) =>
        createClient(server.url).send('/auth/reset', { json: { token: given, new_password: word } })
      assert.equal((await reset(tokenOf(first.stdout), 'an older link must not count')).body.code, 'link_invalid')
      const answers = await Promise.all([1, 2, 3].map((n) => reset(token, `a new start for rosa ${n}`)))
      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
      assert.equal(await browser.whoAmI(), null)
    })

    test('an account is made with a password from standard input, every byte of it, or with a link', async () => {
      const made = await run(['user', 'add', 'ines', '--email', 'ines@example.org', '--password-stdin'], {
        input: ' two blanks around \r\nand a second line\n',
      })
      assert.equal(made.code, 0, made.stderr)
      assert.equal((await createClient(server.url).signIn('ines', 'two blanks around')).status, 401)
      assert.equal((await createClient(server.url).signIn('ines', ' two blanks around ')).status, 200)
      const { code, stdout } = await run(['user', 'add', 'noword'])
      assert.equal(code, 0)
      assert.match(stdout, /^Made "noword" \(number \d+\)\.\nIt has no password yet\.\n/)
      assert.match(stdout, /\/auth\/reset\?token=/)
      assert.equal((await createClient(server.url).signIn('noword', '!')).status, 401)
    })

    test('what cannot be made or found is said in sentences, with 1, and nothing is made', async () => {
      const cases: [readonly string[], string | undefined, RegExp][] = [
        [['user', 'add', 'INES'], undefined, /^miachat: That user name is taken/],
        [['user', 'add', 'x', '--email', 'y'], undefined, /Use 3 to 32 characters .*\nEnter an e-mail address/],
        [['user', 'add', 'petra', '--password-stdin'], 'short', /at least 8 characters/],
        [['user', 'add', 'petra', '--password-stdin'], '', /no password came from standard input/],
        [['user', 'disable', 'petra'], undefined, /there is no account "petra"/],
        [['user', 'disable', '--id', '999999'], undefined, /there is no account number 999999/],
      ]
      for (const [args, input, sentence] of cases) {
        const { code, stdout, stderr } = await run(args, input === undefined ? {} : { input })
        assert.deepEqual([code, stdout], [1, ''], args.join(' '))
        assert.match(stderr, sentence)
      }
      for (const args of [['user'], ['user', 'remove', 'ines'], ['user', 'disable'], ['user', 'list', '--most', 'x']]) {
        assert.equal((await run(args)).code, 2, args.join(' '))
      }
    })

    test('the list shows pages with state and times', async () => {
      const first = await run(['user', 'list', '--most', '2'])
      assert.match(first.stdout, /^id +state +role +name +address +made +last sign-in\n/)
      assert.match(first.stdout, /There are more: miachat user list --after 2\n$/)
      await run(['user', 'disable', '--id', '2'])
      const rest = await run(['user', 'list', '--after', '1'])
      assert.match(rest.stdout, /^2 +disabled +user +rosa +rosa@example\.org +\d{4}-\d\d-\d\d \d\d:\d\dZ/m)
      assert.doesNotMatch(rest.stdout, /dora|There are more|\$2b\$/)
    })

    test('an invitation is printed, and makes one account of its address in the running server', async () => {
      const { code, stdout } = await run(['user', 'invite', '--email', 'iris@example.org', '--days', '3'])
      assert.equal(code, 0)
      const [, invitation = ''] = /\/auth\/register\?invitation=([\w-]{43})$/m.exec(stdout) ?? []
      assert.match(stdout, /with the address "iris@example\.org"/)
      const body = { username: 'iris', email: 'mallory@example.org', password, invitation }
      const client = createClient(server.url)
      assert.equal((await client.send('/auth/register', { json: body })).status, 422)
      const right = { ...body, email: 'iris@example.org' }
      assert.equal((await client.send('/auth/register', { json: right })).status, 200)
      const again = await createClient(server.url).send('/auth/register', {
        json: { ...right, username: 'irma', email: 'iris@example.org' },
      })
      assert.equal(again.status, 422)
      for (const days of ['0', '31', 'x']) assert.equal((await run(['user', 'invite', '--days', days])).code, 2, days)
      assert.equal((await run(['user', 'invite', 'iris'])).code, 2)
      const refused = await run(['user', 'invite'], { env: { ...env, REGISTRATION: 'closed' } })
      assert.equal(refused.code, 1)
      assert.match(refused.stderr, /This server takes no new accounts/)
    })
  })
}

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`user enable approves who waits, on ${kind}, and says that no letter tells of it`, async () => {
    const database = kind === 'postgres' ? await testDatabase() : null
    const env = { ...cheap, REGISTRATION: 'approval', ...(database ? { DATABASE_URL: database.url } : {}) }
    const server = await startServer({ env })
    try {
      const client = createClient(server.url)
      const run = (...args: string[]) => miachat(['user', ...args], { dataDir: server.dataDir, env })
      assert.equal((await client.register('wanda', password)).body.code, 'account_waiting')
      assert.equal((await client.signIn('wanda', password)).body.code, 'account_waiting')
      assert.match((await run('list')).stdout, /^1 +waits +user +wanda /m)
      const first = await run('enable', 'wanda')
      assert.equal(first.code, 0, first.stderr)
      assert.match(first.stdout, /^"wanda" \(number 1, .*\) is approved and can sign in\.\nNo letter tells the person/)
      assert.equal((await client.signIn('wanda', password)).status, 200)
      await run('disable', 'wanda')
      const again = await run('enable', 'wanda')
      assert.match(again.stdout, /can sign in again\.\n$/)
      assert.doesNotMatch(again.stdout, /letter/)
    } finally {
      await server.stop()
      await database?.drop()
    }
  })
}

test('no command needs the key of the server, asks for anything or makes a key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'miachat-cli-'))
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  try {
    const { code, stdout } = await miachat(['user', 'list'], { dataDir, env: { NODE_ENV: 'production' } })
    assert.deepEqual([code, stdout], [0, 'There is no account yet.\n'])
    assert.deepEqual(readdirSync(dataDir), ['miachat.db'])
    assert.equal((await miachat(['frobnicate'], { dataDir })).code, 2)
    const { code: again, stdout: done } = await miachat(['migrate'], { dataDir })
    assert.equal(again, 0)
    assert.match(done, /^The database is up to date; \d+ migrations were done before\.\n$/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a word or an option that would do nothing is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'miachat-cli-'))
  try {
    const cases: [readonly string[], RegExp][] = [
      [['user', 'list', '--most', '0'], /^miachat: --most takes a whole number from 1, not "0"\.$/m],
      [['user', 'list', 'zzz'], /^miachat: "zzz" is one word too many\.\nUsage: miachat user list \[--after ID\]/],
      [['user', 'list', '--email', 'x'], /^miachat: "user list" does not take --email\.\nUsage: miachat user list /],
      [['user', 'add', 'bob', '--id', '5'], /^miachat: "user add" does not take --id\.\nUsage: miachat user add NAME/],
      [['user', 'disable', 'dora', '--password-stdin'], /^miachat: "user disable" does not take --password-stdin\./],
      [['user'], /^miachat: add, invite, list, disable, enable, role or reset-link is missing\.\nUsage: miachat user /],
    ]
    for (const [args, sentence] of cases) {
      const { code, stdout, stderr } = await miachat(args, { dataDir: join(folder, 'data') })
      assert.deepEqual([code, stdout], [2, ''], args.join(' '))
      assert.match(stderr, sentence)
    }
    assert.deepEqual(readdirSync(folder), [])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a reader that has seen enough ends nothing with a stack', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'miachat-cli-'))
  try {
    const script = `("${execPath}" --conditions=miachat-source "${miachatProgram}" --help; echo "code $?" >&2) | true`
    const env = cleanEnvironment(join(folder, 'data'), { MIACHAT_ENV_FILE: '' })
    assert.equal(spawnSync('sh', ['-c', script], { env, encoding: 'utf8' }).stderr, 'code 0\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
