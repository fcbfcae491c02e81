import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes, seconds } from '@miachat/auth'
import { watchHashing } from './support/hash-jobs.ts'
import { letterBox } from './support/letters.ts'
import { rowsOf, stored } from './support/stored.ts'
import { type TestAuth, testAuth } from './support/test-auth.ts'

const PASSWORD = 'a walk by the river'

async function register(
  world: TestAuth,
  person: Record<string, unknown>,
  client: { address?: string; browser?: ReturnType<TestAuth['browser']> } = {},
) {
  const browser = client.browser ?? world.browser(client.address === undefined ? {} : { address: client.address })
  const response = await browser.send('/auth/register', { json: { password: PASSWORD, ...person } })
  const { request_id, ...body } = JSON.parse(await response.text())
  return { status: response.status, body, headers: response.headers, browser }
}

const person = (name: string) => ({ username: name, email: `${name}@example.org` })
const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).toSorted()

describe('registration', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 10_000 } })
  })
  after(() => world.close())

  test('REG-01, REG-03, PW-01: everything that is wrong is told at once, each at its field, and nothing is made', async () => {
    const users = await rowsOf(world, 'users')
    const { status, body } = await register(world, { username: 'a b', email: 'nowhere', password: 'short' })
    assert.equal(status, 422)
    assert.equal(body.code, 'invalid_fields')
    assert.deepEqual(
      body.errors.map(({ field, code }: { field: string; code: string }) => [field, code]),
      [
        ['username', 'username_characters'],
        ['email', 'email_invalid'],
        ['password', 'password_too_short'],
      ],
    )
    const { body: missing } = await register(world, { password: undefined })
    assert.deepEqual(missing.errors.map(({ field }: { field: string }) => field).toSorted(), [
      'email',
      'password',
      'username',
    ])
    assert.equal(await rowsOf(world, 'users'), users)
  })

  test('REG-09: a name that is kept for the server is refused in every case', async () => {
    for (const username of ['admin', 'Admin', 'ROOT', 'support', 'null', 'undefined', 'miachat', 'system']) {
      const { status, body } = await register(world, { username, email: 'someone@example.org' })
      assert.equal(status, 422)
      assert.equal(body.errors[0].code, 'username_reserved')
    }
  })

  test('REG-02, O14: names and addresses that have one canonical form are taken by the first', async () => {
    assert.equal((await register(world, { username: 'Alice', email: 'Kim.ﬁ@example.org' })).status, 200)
    for (const username of ['alice', 'ALICE', 'aLiCe']) {
      const { status, body } = await register(world, { username, email: 'other@example.org' })
      assert.equal(status, 409)
      assert.equal(body.code, 'username_taken')
      assert.deepEqual(
        body.errors.map(({ field }: { field: string }) => field),
        ['username'],
      )
    }
    for (const email of [
      'kim.fi@example.org',
      'KIM.FI@EXAMPLE.ORG',
      '\u212aim.fi@example.org',
      'ｋim.fi@example.org',
    ]) {
      const { status, body } = await register(world, { username: 'other-one', email })
      assert.equal(status, 409, email)
      assert.equal(body.code, 'email_taken')
      assert.deepEqual(
        body.errors.map(({ field }: { field: string }) => field),
        ['email'],
      )
    }
    // Letters of their own are nobody's twins.
    assert.equal((await register(world, { username: 'turkish', email: 'k\u0131m.fi@example.org' })).status, 200)
    const greek = { username: 'greek', email: 'ΟΔΟΣ@example.org' }
    assert.equal((await register(world, greek)).status, 200)
    assert.equal((await register(world, { username: 'greek-too', email: 'οδος@example.org' })).status, 409)
  })

  test('REG-02: the spelling that was chosen is shown and kept', async () => {
    const { body } = await register(world, { username: 'McFly', email: 'Marty.McFly@Example.org' })
    assert.equal(body.user.username, 'McFly')
    assert.equal(body.user.email, 'Marty.McFly@Example.org')
  })

  test('O15: neither the name of an imported person can be taken as an address, nor the address as a name', async () => {
    await register(world, person('imported-one'))
    await stored(world).transaction((trx) =>
      trx
        .updateTable('users')
        .set({
          username: 'shop@example.org',
          username_key: 'shop@example.org',
          email: 'shopkeeper',
          email_key: 'shopkeeper',
        })
        .where('username', '=', 'imported-one')
        .execute(),
    )
    assert.equal((await register(world, { username: 'mallory', email: 'Shop@example.org' })).status, 409)
    assert.equal((await register(world, { username: 'Shopkeeper', email: 'mallory@example.org' })).status, 409)
    for (const username of ['shop@example.org', 'shopkeeper']) {
      const response = await world.browser().send('/auth/api/login', { json: { username, password: PASSWORD } })
      assert.equal(JSON.parse(await response.text()).user.username, 'shop@example.org')
    }
  })

  for (const what of ['name', 'address'] as const) {
    test(`REG-04, O16: of twenty registrations of one ${what} at once exactly one wins, and nobody gets a 5xx`, async () => {
      const sessions = await rowsOf(world, 'sessions')
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => {
          const name = n % 2 === 0 ? `racer-${what}` : `RACER-${what}`
          return register(
            world,
            what === 'name'
              ? { username: name, email: `${n}-${what}@example.org` }
              : { username: `racer-${n}`, email: `${name}@example.org` },
          )
        }),
      )
      assert.deepEqual(statuses(answers), [200, ...Array(19).fill(409)])
      const codes = new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body.code))
      assert.deepEqual([...codes], [what === 'name' ? 'username_taken' : 'email_taken'])
      assert.equal(await rowsOf(world, 'sessions'), sessions + 1, 'nobody else was signed in')
    })
  }

  test('REG-04: two processes decide by the database too', async () => {
    const second = await testAuth({ url: world.url, limits: { registrations: 10_000 } })
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        register(n % 2 === 0 ? world : second, { username: 'two-doors', email: `door-${n}@example.org` }),
      ),
    )
    await second.close()
    assert.deepEqual(statuses(answers), [200, ...Array(9).fill(409)])
  })

  test('REG-04: a name that is plainly taken costs no hash', async () => {
    await register(world, person('first-one'))
    const hashing = watchHashing()
    assert.equal((await register(world, { username: 'FIRST-one', email: 'x@example.org' })).status, 409)
    hashing.restore()
    assert.equal(hashing.jobs, 0)
  })

  test('REG-05: where the session cannot be started no account is left behind, and the name is free', async () => {
    const { connection } = world.auth
    const original = connection.transaction
    Object.assign(connection, {
      transaction: (work: Parameters<typeof original>[0]) =>
        original.call(connection, (execute) =>
          work((query) =>
            /insert into "sessions"/.test(query.sql) ? Promise.reject(new Error('the disk is gone')) : execute(query),
          ),
        ),
    })
    const failed = await register(world, person('half-made'))
    Object.assign(connection, { transaction: original })
    assert.equal(failed.status, 500)
    assert.equal(failed.body.detail.includes('disk'), false)
    assert.equal(await world.auth.admin.findUser('half-made'), null)
    assert.equal((await register(world, person('half-made'))).status, 200)
  })

  test('REG-05: the letter that confirms the address belongs to the account: neither is there without the other', async () => {
    const box = letterBox()
    const mailed = await testAuth({ mail: box.mail })
    const { connection } = mailed.auth
    const original = connection.transaction
    const failsAt = (table: string) =>
      Object.assign(connection, {
        transaction: (work: Parameters<typeof original>[0]) =>
          original.call(connection, (execute) =>
            work((query) =>
              query.sql.includes(`insert into "${table}"`) ? Promise.reject(new Error('no room')) : execute(query),
            ),
          ),
      })
    try {
      for (const table of ['outbox', 'sessions']) {
        failsAt(table)
        assert.equal((await register(mailed, person('half-told'))).status, 500)
        Object.assign(connection, { transaction: original })
        assert.equal(await mailed.auth.admin.findUser('half-told'), null, table)
        assert.deepEqual(await box.letters(mailed), [], table)
      }
      assert.equal((await register(mailed, person('half-told'))).status, 200)
      assert.equal((await box.letters(mailed)).length, 1)
    } finally {
      await mailed.close()
    }
  })

  test('REG-06: fields that decide about an account never come from outside', async () => {
    const over = {
      id: 1,
      user_id: 1,
      role: 'admin',
      is_admin: true,
      is_active: false,
      verified: true,
      password_hash: '$2b$04$......................',
      password_imported: true,
      created_at: '2001-01-01T00:00:00Z',
      last_login: '2001-01-01T00:00:00Z',
      username_key: 'stolen',
      email_key: 'stolen',
      display_name: 'Administrator',
      fields: { role: 'admin' },
      constructor: { prototype: { admin: true } },
    }
    const plain = await register(world, person('plain-one'))
    const { status, body, browser } = await register(world, { ...person('greedy-one'), ...over })
    assert.equal(status, 200)
    assert.equal(body.user.id, plain.body.user.id + 1)
    assert.ok(body.user.created_at > '2020')
    const rows = await stored(world)
      .read.selectFrom('users')
      .selectAll()
      .where('username', 'in', ['plain-one', 'greedy-one'])
      .orderBy('id')
      .execute()
    const [honest, greedy] = rows.map(
      ({
        id,
        username,
        email,
        username_key,
        email_key,
        password_hash,
        created_at,
        last_login,
        password_changed_at,
        ...rest
      }) => rest,
    )
    assert.deepEqual(greedy, honest)
    assert.equal(rows[1]?.username_key, 'greedy-one')
    assert.ok(!JSON.stringify(rows[1]).includes('2001'))
    assert.equal((await browser.get('/settings')).status, 200)
    // As text, since an object literal would not make it a field.
    const proto = await world.browser().send('/auth/register', {
      body: `{"__proto__":{"is_active":false,"admin":true},"username":"proto-one","email":"p@example.org","password":"${PASSWORD}"}`,
      headers: { 'content-type': 'application/json' },
    })
    assert.equal(proto.status, 200)
    assert.equal(Object.hasOwn(Object.prototype, 'admin'), false)
    const row = await world.auth.admin.findUser('proto-one')
    assert.deepEqual(row?.fields, {})
  })

  test('REG-11: it signs in with a fresh session, and ends the one that the browser had', async () => {
    const browser = world.browser()
    browser.jar.set('mia_session', 'x'.repeat(43))
    await register(world, person('first-in'), { browser })
    const first = browser.jar.get('mia_session')
    assert.notEqual(first, 'x'.repeat(43))
    const other = await register(world, person('next-in'), { browser })
    assert.equal(other.body.redirect, '/')
    assert.notEqual(browser.jar.get('mia_session'), first)
    const old = await world.browser().get('/auth/api/check', { cookie: `mia_session=${first}` })
    assert.equal(JSON.parse(await old.text()).authenticated, false)
    const check = await browser.get('/auth/api/check')
    assert.equal(JSON.parse(await check.text()).user.username, 'next-in')
  })

  test('R4: registration says that it signs in, does so, and leads on to the page that was asked for', async () => {
    const browser = world.browser()
    const asked = await (await browser.get('/auth/register?next=/chat')).text()
    assert.match(asked, /You are signed in right after\./)
    assert.match(asked, /name="next" value="\/chat"/)
    const bad = await browser.send('/auth/register', {
      form: { username: 'form-one', email: 'nowhere', password: PASSWORD, next: '/chat' },
    })
    assert.equal(bad.status, 422)
    const page = await bad.text()
    assert.match(page, /value="form-one"/)
    assert.ok(!page.includes(PASSWORD), 'the password is not sent back')
    const good = await browser.send('/auth/register', {
      form: { username: 'form-one', email: 'form-one@example.org', password: PASSWORD, next: '/chat' },
    })
    assert.equal(good.status, 303)
    assert.equal(good.headers.get('location'), '/chat')
    assert.equal((await browser.get('/settings')).status, 200)
    const form = { username: 'form-two', email: 'form-two@example.org', password: PASSWORD }
    assert.equal((await world.browser().send('/auth/register', { form })).headers.get('location'), '/')
    const program = await register(world, person('program-one'))
    assert.deepEqual([program.body.redirect, program.body.message], ['/', 'Welcome, program-one. You are signed in.'])
  })

  test('R2, PW-03: a page that takes a new password asks for a length and recommends a sentence, nothing else', async () => {
    const strict = await testAuth({ passwords: { scheme: 'bcrypt', cost: 4, threads: 1, minLength: 12 } })
    const page = await (await strict.browser().get('/auth/register')).text()
    const [field = ''] = /<input[^>]*name="password"[^>]*>/.exec(page) ?? []
    assert.match(field, / minlength="12"/)
    assert.match(field, / passwordrules="minlength: 12;"/)
    assert.doesNotMatch(field, /maxlength|pattern/, 'a password that was cut locks its owner out')
    assert.match(page, /At least 12 characters\. A short sentence works best/)
    const browser = strict.browser()
    const attempt = (password: string) =>
      browser.send('/auth/register', { json: { ...person('strict-one'), password } })
    assert.equal((await attempt('a walk by t')).status, 422)
    assert.equal((await attempt('a walk by th')).status, 200)
    await strict.close()
  })

  test('a field that people do not see and a program has filled in ends the registration and the sign-in', async () => {
    assert.equal((await register(world, { ...person('spammer'), website: 'https://spam.example' })).status, 422)
    assert.equal(await world.auth.admin.findUser('spammer'), null)
    assert.equal((await register(world, { ...person('no-spammer'), website: '' })).status, 200)
    const response = await world
      .browser()
      .send('/auth/login', { json: { username: 'no-spammer', password: PASSWORD, website: 'x' } })
    assert.equal(response.status, 422)
  })

  test('O6, O7, ACC-01: an id is never given again, and who takes the name of a deleted person inherits nothing', async () => {
    const gone = await register(world, person('phoenix'))
    const login = await world.browser().send('/auth/api/login', { json: { username: 'phoenix', password: PASSWORD } })
    const tokens = JSON.parse(await login.text())
    await stored(world).transaction((trx) => trx.deleteFrom('users').where('username', '=', 'phoenix').execute())
    const second = await testAuth({ url: world.url, limits: { registrations: 10_000 } })
    const anew = await register(second, { ...person('phoenix'), password: 'another walk by the sea' })
    assert.ok(anew.body.user.id > gone.body.user.id, `${anew.body.user.id} after ${gone.body.user.id}`)
    const session = await second.browser().get('/auth/api/check', {
      cookie: `mia_session=${gone.browser.jar.get('mia_session')}`,
    })
    assert.equal(JSON.parse(await session.text()).authenticated, false)
    const authorization = `Bearer ${tokens.access_token}`
    assert.equal((await second.browser().get('/auth/api/me', { authorization })).status, 401)
    const refresh = await second.browser().send('/auth/api/refresh', { json: { refresh_token: tokens.refresh_token } })
    assert.equal(refresh.status, 401)
    const old = await second.browser().send('/auth/api/login', { json: { username: 'phoenix', password: PASSWORD } })
    assert.equal(old.status, 401)
    await second.close()
  })
})

describe('limits of the registration', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  test('REG-10, O17: twenty of one address in an hour, whatever came of them; then 429 for every name alike', async () => {
    const address = '203.0.113.5'
    await register(world, person('taken-one'), { address: '203.0.113.6' })
    for (let n = 0; n < 20; n++) {
      const wanted = n % 2 === 0 ? person(`fresh-${n}`) : { username: 'taken-one', email: `n${n}@example.org` }
      assert.equal((await register(world, wanted, { address })).status, n % 2 === 0 ? 200 : 409)
    }
    const [taken, fresh] = [
      await register(world, { username: 'taken-one', email: 'late@example.org' }, { address }),
      await register(world, person('late'), { address }),
    ]
    assert.equal(fresh.status, 429)
    assert.deepEqual(taken.body, fresh.body)
    const wait = Number(fresh.headers.get('retry-after'))
    assert.ok(wait > minutes(59) / 1000 && wait <= minutes(60) / 1000)
    assert.match(fresh.body.detail, /Try again in 60 minutes\./)
    assert.equal((await register(world, person('elsewhere'), { address: '203.0.113.7' })).status, 200)
    world.pass(seconds(wait))
    assert.equal((await register(world, person('late'), { address })).status, 200)
  })

  test('REG-10: sixty at once of one address are no way around it', async () => {
    const address = '203.0.113.8'
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => register(world, person(`swarm-${n}`), { address })),
    )
    assert.deepEqual(statuses(answers), [...Array(20).fill(200), ...Array(40).fill(429)])
  })

  test('REG-10: what was typed wrongly, or what the server could not do, is not counted', async () => {
    const address = '203.0.113.9'
    for (let n = 0; n < 25; n++) {
      assert.equal((await register(world, { ...person('clumsy'), password: 'short' }, { address })).status, 422)
    }
    const { connection } = world.auth
    const original = connection.transaction
    Object.assign(connection, {
      transaction: (work: Parameters<typeof original>[0]) =>
        original.call(connection, (execute) =>
          work((query) => (/insert into "users"/.test(query.sql) ? Promise.reject(new Error('full')) : execute(query))),
        ),
    })
    for (let n = 0; n < 22; n++) assert.equal((await register(world, person('unlucky'), { address })).status, 500)
    Object.assign(connection, { transaction: original })
    assert.equal((await register(world, person('lucky'), { address })).status, 200)
  })
})

describe('a server that takes no new accounts', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ registration: 'closed', operator: 'Ask Sam in the kitchen.' })
  })
  after(() => world.close())

  test('REG: registration is refused on every way before anything is computed, and the page says whom to ask', async () => {
    const hashing = watchHashing()
    const { status, body } = await register(world, person('anybody'))
    assert.equal(status, 403)
    assert.equal(body.code, 'registration_closed')
    const form = await world.browser().send('/auth/register', { form: { ...person('anybody'), password: PASSWORD } })
    assert.equal(form.status, 403)
    hashing.restore()
    assert.equal(hashing.jobs, 0)
    assert.equal(await rowsOf(world, 'users'), 0)
    const page = await (await world.browser().get('/auth/register')).text()
    assert.match(page, /Ask Sam in the kitchen\./)
    assert.doesNotMatch(page, /name="password"/)
    assert.doesNotMatch(await (await world.browser().get('/auth/login')).text(), /href="\/auth\/register/)
  })

  test('REG: the operator makes accounts all the same, and they sign in', async () => {
    await world.auth.admin.addUser({ username: 'invited', email: null, password: PASSWORD }, 'test')
    const response = await world.browser().send('/auth/login', { json: { username: 'invited', password: PASSWORD } })
    assert.equal(response.status, 200)
    assert.equal(JSON.parse(await response.text()).user.email, null)
  })
})
