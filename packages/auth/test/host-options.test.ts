import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { createAuth, type User } from '@miachat/auth'
import { errorFor, field, html, htmlDocument } from '@miachat/auth/views'
import pg from 'pg'
import { z } from 'zod'
import { createBrowser } from './support/browser.ts'
import { baseUrl, secret, testAuth } from './support/test-auth.ts'
import { testDatabase } from './support/test-database.ts'

const person = { username: 'clara', email: 'clara@example.org', password: 'a walk by the river' }

async function world(t: TestContext, options: Parameters<typeof testAuth>[0]) {
  const made = await testAuth(options)
  t.after(() => made.close())
  return made
}

test('SEC-04: createAuth refuses options that cannot work, and leaves no database open', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'auth-options-'))
  const database = `sqlite:${join(folder, 'auth.db')}`
  await assert.rejects(createAuth({ database, secret: 'short', baseUrl }), /secret needs at least 32 characters/)
  await assert.rejects(createAuth({ database, secret, baseUrl, trustedProxies: ['here'] }), /"here" is no address/)
  await assert.rejects(createAuth({ database: 'mysql://x', secret, baseUrl }), /sqlite:PATH or postgres/)
  await assert.rejects(createAuth({ database, secret, baseUrl, passwords: { cost: 99 } }), /cost of bcrypt/)
  rmSync(folder, { recursive: true })
})

test('own fields: refused in the words of the host’s schema, kept as it made them, drawn in the form', async (t) => {
  const { browser, auth } = await world(t, {
    userFields: z.object({ plan: z.enum(['free', 'pro'], 'Choose free or pro.') }),
    registrationFields: ({ value, errors }) =>
      html`${field({ name: 'plan', label: 'Plan', value: value('plan'), error: errorFor(errors, 'plan') })}`,
  })
  const guest = browser()
  const refused = await guest.send('/auth/register', { json: { ...person, plan: 'gold' } })
  assert.equal(refused.status, 422)
  const { errors } = JSON.parse(await refused.text())
  assert.deepEqual(errors, [{ field: 'plan', code: 'invalid', message: 'Choose free or pro.' }])

  const again = await guest.send('/auth/register', { form: { ...person, plan: 'gold' } })
  const page = await again.text()
  assert.equal(again.status, 422)
  assert.match(page, /Choose free or pro\./)
  assert.match(page, /value="gold"/)

  const form = { ...person, plan: 'pro', is_admin: 'true' }
  assert.equal((await guest.send('/auth/register', { form })).status, 303)
  const user = await auth.admin.findUser('clara')
  assert.deepEqual(user?.fields, { plan: 'pro' })
  const added = await auth.registerUser({
    ...person,
    username: 'dora',
    email: 'd@example.org',
    fields: { plan: 'free' },
  })
  assert.deepEqual(added.fields, { plan: 'free' })
})

test('own fields: any Standard Schema will do, also one that asks somewhere first', async (t) => {
  const { auth } = await world(t, {
    userFields: {
      '~standard': {
        version: 1,
        vendor: 'the host',
        async validate(value) {
          const { team } = Object(value)
          if (team === 'red') return { value: { team, seat: 7 } }
          return { issues: [{ message: 'No such team.', path: [{ key: 'team' }] }] }
        },
      },
    },
  })
  await assert.rejects(auth.registerUser({ ...person, fields: { team: 'blue' } }), (error: { fields?: unknown }) => {
    assert.deepEqual(error.fields, [{ field: 'team', code: 'invalid', message: 'No such team.' }])
    return true
  })
  assert.deepEqual((await auth.registerUser({ ...person, fields: { team: 'red' } })).fields, { team: 'red', seat: 7 })
})

test('REG-06: without own fields nothing else is kept', async (t) => {
  const { browser, auth } = await world(t, {})
  await browser().send('/auth/register', { json: { ...person, plan: 'pro', is_active: false, id: 1 } })
  assert.deepEqual((await auth.admin.findUser('clara'))?.fields, {})
})

test('hooks are told after the commit, and one that throws stops nobody', async (t) => {
  const told: string[] = []
  const { browser, lines } = await world(t, {
    onSignUp: (user: User) => void told.push(`up ${user.username}`),
    async onSignIn(user, { method }) {
      told.push(`in ${user.username} by ${method}`)
      throw new Error('the mail server is away')
    },
  })
  await browser().send('/auth/register', { json: { ...person, password: 'short' } })
  assert.deepEqual(told, [])
  await browser().send('/auth/register', { json: person })
  const { username, password } = person
  assert.equal((await browser().send('/auth/login', { json: { username, password } })).status, 200)
  await browser().send('/auth/login', { json: { username, password: 'wrong wrong' } })
  assert.deepEqual(told, ['up clara', 'in clara by registration', 'in clara by password'])
  assert.ok(
    lines.some(({ message, fields }) => message === 'hook_failed' && fields['cause'] === 'the mail server is away'),
  )
})

test('RED-03: a layout of the host draws every page, and what a person typed stays text in it', async (t) => {
  const { browser } = await world(t, {
    layout: (assetUrl) => (page) =>
      htmlDocument(page, {
        siteName: 'The Host',
        stylesheet: assetUrl('/auth/assets/auth.css'),
        scripts: [],
        body: html`<body><nav>${page.user?.username ?? 'nobody'}</nav><main>${page.body}</main></body>`,
      }),
  })
  const guest = browser()
  for (const path of ['/auth/login', '/auth/register', '/auth/forgot', '/auth/reset', '/nothing']) {
    const text = await (await guest.get(path, { accept: 'text/html' })).text()
    assert.match(text, /<title>[^<]+ · The Host<\/title>/, path)
    assert.match(text, /<nav>nobody<\/nav>/, path)
  }
  const username = '<script>alert(1)</script>'
  const shown = await (await guest.send('/auth/login', { form: { username, password: 'x' } })).text()
  assert.match(shown, /&lt;script&gt;alert\(1\)/)
  assert.doesNotMatch(shown, /<script>alert/)
  await guest.send('/auth/register', { json: person })
  assert.match(await (await guest.get('/settings')).text(), /<nav>clara<\/nav>/)
})

test('AVL-03: a transaction that the host has open on its own DatabaseSync is waited for, and never rolled back', async (t) => {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE notes (text TEXT)')
  const auth = await createAuth({ database, secret, baseUrl, passwords: { scheme: 'bcrypt', cost: 4, threads: 1 } })
  t.after(() => auth.close())
  const send = (path: string) => createBrowser(auth.fetch, baseUrl).send(path, { json: person })
  assert.equal((await send('/auth/register')).status, 200)
  database.exec("BEGIN; INSERT INTO notes (text) VALUES ('of the host')")
  assert.equal((await send('/auth/login')).status, 503)
  database.exec('COMMIT')
  assert.equal(database.prepare('SELECT count(*) AS n FROM notes').get()?.['n'], 1)
  database.exec('BEGIN')
  const waiting = send('/auth/login')
  setTimeout(() => database.exec('COMMIT'), 100)
  assert.equal((await waiting).status, 200)
})

test('a DatabaseSync of the host is used beside the host’s own tables, and stays open', async () => {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE notes (user_id INTEGER NOT NULL REFERENCES users (id), text TEXT NOT NULL)')
  const auth = await createAuth({ database, secret, baseUrl, passwords: { cost: 4 } })
  const guest = createBrowser(auth.fetch, baseUrl)
  assert.equal((await guest.send('/auth/register', { json: person })).status, 200)
  const user = await auth.admin.findUser('clara')
  database.prepare('INSERT INTO notes (user_id, text) VALUES (?, ?)').run(user?.id ?? null, 'milk')
  await auth.close()
  const rows = database.prepare('SELECT username, text FROM notes JOIN users ON users.id = user_id').all()
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [{ username: 'clara', text: 'milk' }],
  )
  database.close()
})

if (process.env['TEST_DATABASE'] === 'postgres') {
  test('a Pool of the host is used and stays open', async (t) => {
    const made = await testDatabase()
    t.after(() => made.drop())
    const pool = new pg.Pool({ connectionString: made.url, max: 2 })
    const auth = await createAuth({ database: pool, secret, baseUrl, passwords: { cost: 4 } })
    const guest = createBrowser(auth.fetch, baseUrl)
    assert.equal((await guest.send('/auth/register', { json: person })).status, 200)
    await auth.close()
    const { rows } = await pool.query('SELECT username FROM users')
    assert.deepEqual(rows, [{ username: 'clara' }])
    await pool.end()
  })
}
