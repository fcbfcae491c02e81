import assert from 'node:assert/strict'
import { after, before, describe, mock, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchHashing } from './support/hash-jobs.ts'
import { rowsOf, setUser, stored } from './support/stored.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const RIGHT = 'a walk by the river'
const WRONG = 'not the password'
const paths = ['/auth/login', '/auth/api/login'] as const
/** Other addresses, so that one test's failures do not limit another. */
let next = 0
const someAddress = (): string => `198.18.${++next >> 8}.${next & 255}`

async function signIn(world: TestAuth, username: string, password = RIGHT, path: string = '/auth/api/login') {
  const browser = world.browser({ address: someAddress() })
  const response = await browser.send(path, { json: { username, password } })
  const { request_id, ...body } = JSON.parse(await response.text())
  return { status: response.status, body, headers: response.headers, browser }
}

describe('signing in with a password', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ passwords: { scheme: 'bcrypt', cost: 4, threads: 4 } })
  })
  after(() => world.close())

  test('LOG-02: unknown, wrong, disabled, without a password, deleted: one answer, and one whole hash for each', async () => {
    for (const name of ['known', 'disabled', 'no-password', 'deleted']) await signedUp(world, name)
    const user = await world.auth.admin.findUser('disabled')
    await world.auth.admin.setActive(user?.id ?? 0, false, 'test')
    await setUser(world, 'no-password', { password_hash: '!' })
    await stored(world).transaction((trx) => trx.deleteFrom('users').where('username', '=', 'deleted').execute())
    const tries: [string, string][] = [
      ['nobody-has-this', RIGHT],
      ['known', WRONG],
      ['disabled', RIGHT],
      ['disabled', WRONG],
      ['no-password', RIGHT],
      ['no-password', '!'],
      ['deleted', RIGHT],
      ['nobody@example.org', RIGHT],
      ['x'.repeat(254), RIGHT],
    ]
    for (const path of paths) {
      const hashing = watchHashing()
      const answers = []
      for (const [username, password] of tries) {
        hashing.reset()
        const { status, body, headers } = await signIn(world, username, password, path)
        assert.equal(hashing.jobs, 1, `${username} ${password}`)
        answers.push({ status, body, headers: [...headers].filter(([name]) => name !== 'x-request-id') })
      }
      hashing.restore()
      assert.equal(answers[0]?.status, 401)
      assert.equal(answers[0]?.body.code, 'invalid_credentials')
      for (const answer of answers) assert.deepEqual(answer, answers[0])
    }
  })

  test('L4, LOG-02: the page that a person gets is the same too, but for the name that was typed', async () => {
    await signedUp(world, 'shut')
    await setUser(world, 'shut', { is_active: false })
    const pages = await Promise.all(
      ['known', 'nobody', 'shut'].map(async (username) => {
        const browser = world.browser({ address: someAddress() })
        const response = await browser.send('/auth/login', { form: { username, password: WRONG } })
        const text = await response.text()
        assert.ok(text.includes(username))
        assert.match(text, /That user name or password is not right\. Check both\./)
        assert.match(text, /href="\/auth\/forgot"/)
        return { status: response.status, text: text.replaceAll(username, '').replace(/nonce="[^"]*"/g, '') }
      }),
    )
    assert.equal(pages[0]?.status, 401)
    for (const page of pages) assert.deepEqual(page, pages[0])
  })

  test('LOG-02: a password that cannot be right is refused before any hash, for every name alike', async () => {
    const hashing = watchHashing()
    for (const username of ['known', 'nobody']) {
      const { status, body } = await signIn(world, username, 'ä'.repeat(513))
      assert.equal(status, 422)
      assert.equal(body.errors[0].code, 'password_too_long')
    }
    hashing.restore()
    assert.equal(hashing.jobs, 0)
  })

  test('LOG-01: a name that no database can hold belongs to nobody; it is no fault of the server', async () => {
    for (const username of [
      'an\u0000na',
      '\u0000',
      'anna@exa\u0000mple.org',
      'x'.repeat(254),
      "' OR 1=1 --",
      '%',
      '_'.repeat(5),
      '#1',
    ]) {
      for (const path of paths) assert.equal((await signIn(world, username, RIGHT, path)).status, 401, username)
    }
  })

  test('LOG-01: name and address in any case, in another width and with a blank around them open the same account', async () => {
    await signedUp(world, 'Ingrid')
    for (const spelling of ['Ingrid', 'INGRID', 'ｉngrid', ' ingrid', 'ingrid@example.org', 'INGRID@EXAMPLE.ORG ']) {
      for (const path of paths) {
        const { status, body } = await signIn(world, spelling, RIGHT, path)
        assert.equal(status, 200, spelling)
        assert.equal(body.user.username, 'Ingrid')
      }
    }
  })

  test('O5: a disabled account gets in by no way: password, session, access token, refresh token', async () => {
    const browser = await signedUp(world, 'otto')
    const tokens = await signIn(world, 'otto')
    const authorization = `Bearer ${tokens.body.access_token}`
    await world.auth.admin.setActive(tokens.body.user.id, false, 'test')
    assert.equal((await signIn(world, 'otto')).status, 401)
    assert.equal((await signIn(world, 'otto', RIGHT, '/auth/login')).status, 401)
    assert.equal((await browser.get('/settings')).status, 303)
    assert.equal((await world.browser().get('/auth/api/me', { authorization })).status, 401)
    const refreshed = await world
      .browser()
      .send('/auth/api/refresh', { json: { refresh_token: tokens.body.refresh_token } })
    assert.equal(refreshed.status, 401)
    await world.auth.admin.setActive(tokens.body.user.id, true, 'test')
    assert.equal((await signIn(world, 'otto')).status, 200)
    assert.equal((await browser.get('/settings')).status, 303, 'what has ended stays ended')
  })

  test('LOG-06: last_login tells the last success, never a failure', async () => {
    await signedUp(world, 'lena')
    const { body } = await signIn(world, 'lena')
    const authorization = `Bearer ${body.access_token}`
    const me = async () => {
      const response = await world.browser().get('/auth/api/me', { authorization })
      return JSON.parse(await response.text()).user.last_login
    }
    const first = await me()
    assert.equal(first, body.user.last_login)
    world.pass(5000)
    for (const path of paths) await signIn(world, 'lena', WRONG, path)
    assert.equal(await me(), first)
    for (const path of paths) {
      world.pass(5000)
      const again = await signIn(world, 'lena', RIGHT, path)
      assert.ok(again.body.user.last_login > first)
      assert.equal(await me(), again.body.user.last_login)
    }
  })

  test('LOG-07: a GET never signs in, and credentials in the query count for nothing', async () => {
    await signedUp(world, 'gerd')
    const query = `?username=gerd&password=${encodeURIComponent(RIGHT)}`
    const browser = world.browser()
    const page = await browser.get(`/auth/login${query}`)
    assert.equal(page.status, 200)
    assert.match(await page.text(), /<form[^>]*method="post"/)
    assert.equal((await browser.get(`/auth/api/login${query}`)).status, 405)
    for (const path of paths) {
      assert.equal((await browser.send(`${path}${query}`, { json: {} })).status, 422)
      assert.equal((await browser.send(`${path}${query}`, { form: {} })).status, 422)
      assert.equal((await browser.send(`${path}${query}`, { json: { username: 'gerd', password: WRONG } })).status, 401)
    }
    assert.ok(!browser.jar.has('mia_session'))
  })

  for (const path of paths) {
    test(`CHG-02: a password that was changed while ${path} compared it opens nothing any more`, async () => {
      const name = path === '/auth/login' ? 'race-page' : 'race-api'
      const owner = await signedUp(world, name)
      const hashing = watchHashing()
      hashing.keep()
      const late = signIn(world, name, RIGHT, path)
      while (hashing.jobs === 0) await sleep(5)
      hashing.pass()
      const changed = await owner.send('/settings/password', {
        json: { current_password: RIGHT, new_password: 'a ferry to the islands' },
      })
      assert.equal(changed.status, 200)
      hashing.letGo()
      const { status, body } = await late
      hashing.restore()
      assert.equal(status, 401)
      assert.equal(body.code, 'invalid_credentials')
      const devices = await stored(world)
        .read.selectFrom('sessions')
        .innerJoin('users', 'users.id', 'sessions.user_id')
        .select('sessions.method')
        .where('username', '=', name)
        .execute()
      assert.deepEqual(
        devices.map(({ method }) => method),
        ['password_change'],
      )
    })
  }

  test('CHG-02: nor where the change comes between the second look at the account and the start of the session', async () => {
    const owner = await signedUp(world, 'tight')
    const gate = Promise.withResolvers<void>()
    const { connection } = world.auth
    const original = connection.transaction.bind(connection)
    let looked = false
    const spy = mock.method(connection, 'transaction', (work: Parameters<typeof original>[0]) =>
      original((execute) =>
        work(async (query) => {
          const result = await execute(query)
          if (!looked && /^select .* from "users"/.test(query.sql)) {
            looked = true
            await gate.promise
          }
          return result
        }),
      ),
    )
    const late = signIn(world, 'tight', RIGHT, '/auth/login')
    while (!looked) await sleep(5)
    const change = owner.send('/settings/password', {
      json: { current_password: RIGHT, new_password: 'a ferry to the islands' },
    })
    // Whether the change waits for the sign-in or overtakes it: what the old password opened must be gone in the end.
    await Promise.race([change, sleep(400)])
    gate.resolve()
    const { browser } = await late
    assert.equal((await change).status, 200)
    spy.mock.restore()
    assert.equal((await browser.get('/settings')).status, 303)
    assert.equal((await owner.get('/settings')).status, 200)
  })

  test('CHG-02: an account that is disabled while its password is compared stays closed', async () => {
    await signedUp(world, 'slow')
    const user = await world.auth.admin.findUser('slow')
    const hashing = watchHashing()
    hashing.keep()
    const late = signIn(world, 'slow')
    while (hashing.jobs === 0) await sleep(5)
    await world.auth.admin.setActive(user?.id ?? 0, false, 'test')
    hashing.restore()
    assert.equal((await late).status, 401)
    assert.equal((await world.auth.admin.listUsers((user?.id ?? 0) - 1, 1))[0]?.isActive, false)
  })

  test('LOG-05: sign-ins of twenty people at once succeed while fifty others fail', async () => {
    for (let n = 0; n < 20; n++) {
      await world.auth.registerUser({ username: `crowd-${n}`, email: null, password: RIGHT })
    }
    const [right, wrong] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, (_, n) => signIn(world, `crowd-${n}`))),
      Promise.all(Array.from({ length: 50 }, (_, n) => signIn(world, `nobody-${n}`))),
    ])
    assert.deepEqual(new Set(right.map(({ status }) => status)), new Set([200]))
    assert.deepEqual(new Set(wrong.map(({ status }) => status)), new Set([401]))
  })

  test('O11: a storm of sign-ins is hashed by other threads than the one that answers requests', async () => {
    const busy = await testAuth({ passwords: { scheme: 'bcrypt', cost: 11, threads: 1 } })
    await signIn(busy, 'warm')
    const own = process.threadCpuUsage()
    const all = process.cpuUsage()
    await Promise.all(Array.from({ length: 6 }, (_, n) => signIn(busy, `storm-${n}`)))
    // Processor time, which a busy machine does not change, instead of how long the event loop stood still.
    const { user, system } = process.threadCpuUsage(own)
    const whole = process.cpuUsage(all)
    await busy.close()
    const share = (user + system) / (whole.user + whole.system)
    assert.ok(share < 0.4, `${Math.round(100 * share)} % of the work was done on the event loop`)
  })

  test('AUD-01: a failure is written down with a keyed hash of a name that nobody has, never with the name', async () => {
    const typed = 'my-secret-typed-into-the-wrong-field'
    world.lines.length = 0
    const rows = await rowsOf(world, 'audit_events')
    await signIn(world, typed)
    assert.equal(await rowsOf(world, 'audit_events'), rows + 1)
    const line = world.lines.find(({ message }) => message === 'token_sign_in')
    assert.equal(line?.fields['result'], 'failed')
    assert.match(String(line?.fields['subject']), /^[\w-]{16}$/)
    const all = JSON.stringify([world.lines, await stored(world).read.selectFrom('audit_events').selectAll().execute()])
    const limits = JSON.stringify(await stored(world).read.selectFrom('limits').selectAll().execute())
    assert.ok(!all.includes(typed) && !limits.includes(typed))
  })
})

describe('passwords as they are', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
  })
  after(() => world.close())

  const register = (username: string, password: string) =>
    world.browser().send('/auth/register', { json: { username, email: `${username}@example.org`, password } })

  const refused: [string, string, string][] = [
    ['PW-01', 'seven characters', 'kites!7'],
    ['PW-01', 'seven characters of four bytes each', '🪁🐙🦑🪼🐚🦀🦞'],
    ['PW-02', '1025 bytes', 'x'.repeat(1025)],
    ['PW-02', '1026 bytes in 513 characters', 'ä'.repeat(513)],
    ['PW-04', 'a common password', 'password123'],
    ['PW-04', 'a common password in capitals', 'PASSWORD123'],
    ['PW-05', 'the user name', 'refused-person'],
    ['PW-05', 'the user name with a number', 'Refused-Person2024'],
    ['PW-05', 'the address', 'refused-person@example.org'],
    ['PW-05', 'the name of the product', 'MiaChat2024!'],
  ]
  for (const [number, what, password] of refused) {
    test(`R2, ${number}, O13: ${what} is refused as a new password, in words at its field`, async () => {
      const hashing = watchHashing()
      const response = await register('refused-person', password)
      hashing.restore()
      assert.equal(response.status, 422)
      const { code, errors } = JSON.parse(await response.text())
      assert.equal(code, 'invalid_fields')
      assert.equal(errors.length, 1)
      assert.equal(errors[0].field, 'password')
      assert.ok(errors[0].message.length > 10)
      assert.equal(hashing.jobs, 0, 'no hash before the rules')
    })
  }

  test('PW-07: half a character, or bytes that are no UTF-8, are no password', async () => {
    const half = '{"username":"half","email":"half@example.org","password":"half \\ud83d of a character"}'
    const browser = world.browser()
    const headers = { 'content-type': 'application/json' }
    assert.equal((await browser.send('/auth/register', { body: half, headers })).status, 400)
    const bytes = new Uint8Array([...Buffer.from(half.replace('\\ud83d', '')), 0xff, 0x7d])
    assert.equal((await browser.send('/auth/register', { body: bytes, headers })).status, 400)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = 'username=half&email=half%40example.org&password=half%ED%A0%BDof+it'
    assert.equal((await browser.send('/auth/register', { body, headers: form })).status, 400)
  })

  const accepted: [string, string, string, string[]][] = [
    ['PW-01', 'eight characters', 'kites!78', []],
    ['PW-02', '64 characters', 'kites '.repeat(11).slice(0, 64), []],
    ['PW-02', '1024 bytes', `kite ${'x'.repeat(1019)}`, [`kite ${'x'.repeat(1018)}`, `kite ${'x'.repeat(1018)}y`]],
    ['PW-03', 'small letters only', 'abruptlykites', ['Abruptlykites', 'ABRUPTLYKITES']],
    ['PW-06', 'blanks around it', '  kites and boats  ', ['kites and boats', ' kites and boats ', '  kites and boats']],
    [
      'PW-06',
      '80 bytes, told apart behind the 72nd (O12)',
      `${'kite '.repeat(15)}12345`,
      [`${'kite '.repeat(15)}12346`, 'kite '.repeat(15).slice(0, 72)],
    ],
    ['PW-06', 'a NUL in the middle (O12)', 'kites\u0000and boats', ['kites', 'kites\u0000and boots']],
    ['PW-06', 'tabs and line ends', 'kites\tand\nboats', ['kites and boats', 'kites\tand\r\nboats']],
    [
      'PW-07',
      'composed letters; decomposed ones are others',
      'K\u00e4fer im Glas',
      ['Ka\u0308fer im Glas', 'Kafer im Glas'],
    ],
    ['PW-07', 'signs of four bytes', '🪁🐙🦑🪼🐚🦀🦞🐠', ['🪁🐙🦑🪼🐚🦀🦞']],
    ['PW-06', 'what is a prototype elsewhere', '__proto__constructor', ['__proto__']],
  ]
  for (const [n, [number, what, password, others]] of accepted.entries()) {
    test(`R2, ${number}: ${what}: exactly that opens the account`, async () => {
      const username = `accepted-${n}`
      assert.equal((await register(username, password)).status, 200)
      for (const other of others)
        assert.equal((await signIn(world, username, other)).status, 401, JSON.stringify(other))
      for (const path of paths) assert.equal((await signIn(world, username, password, path)).status, 200)
      if (/[\n]/.test(password)) return
      const form = await world.browser().send('/auth/login', { form: { username, password } })
      assert.equal(form.status, 303, 'the same bytes in a form')
    })
  }

  test('PW-08, PW-09: the row holds a salted hash with its cost, and no answer ever shows it (PW-12)', async () => {
    await register('row-one', 'kites and boats')
    await register('row-two', 'kites and boats')
    const rows = await stored(world)
      .read.selectFrom('users')
      .select('password_hash')
      .where('username', 'in', ['row-one', 'row-two'])
      .execute()
    for (const { password_hash } of rows) assert.match(password_hash, /^\$2b\$04\$[./A-Za-z0-9]{53}$/)
    assert.notEqual(rows[0]?.password_hash, rows[1]?.password_hash)
    const { body, browser } = await signIn(world, 'row-one', 'kites and boats')
    const answers = [JSON.stringify(body)]
    for (const path of ['/auth/api/me', '/auth/api/check']) {
      answers.push(await (await browser.get(path, { authorization: `Bearer ${body.access_token}` })).text())
    }
    for (const text of [...answers, JSON.stringify(world.lines)]) assert.doesNotMatch(text, /\$2b|password_hash|kites/)
  })

  test('PW-10: a cheaper hash is renewed at the next right sign-in, and what was open stays open', async () => {
    await register('cheap', 'kites and boats')
    const costly = await testAuth({ url: world.url, passwords: { scheme: 'bcrypt', cost: 5, threads: 1 } })
    const hash = async () => {
      const row = await stored(world)
        .read.selectFrom('users')
        .select('password_hash')
        .where('username', '=', 'cheap')
        .executeTakeFirst()
      return row?.password_hash ?? ''
    }
    const before = await signIn(world, 'cheap', 'kites and boats', '/auth/login')
    assert.equal((await signIn(costly, 'cheap', WRONG)).status, 401)
    assert.match(await hash(), /^\$2b\$04\$/)
    assert.equal((await signIn(costly, 'cheap', 'kites and boats')).status, 200)
    assert.match(await hash(), /^\$2b\$05\$/)
    assert.equal((await before.browser.get('/settings')).status, 200)
    assert.equal((await signIn(costly, 'cheap', 'kites and boats')).status, 200)
    // An instance with an older setting does not make it cheaper again.
    assert.equal((await signIn(world, 'cheap', 'kites and boats')).status, 200)
    assert.match(await hash(), /^\$2b\$05\$/)
    await costly.close()
  })
})
