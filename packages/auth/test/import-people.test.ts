import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { type PersonToImport, previewImport } from '@miachat/auth'
import { hashSync } from 'bcrypt'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'
import { testDatabase } from './support/test-database.ts'

const row = (sourceId: string, changes: Partial<PersonToImport> = {}): PersonToImport => ({
  sourceId,
  username: `import${sourceId}`,
  email: `import${sourceId}@example.org`,
  passwordHash: hashSync(`password of ${sourceId}`, 4),
  createdAt: '2026-01-02 03:04:05.678901',
  lastLogin: '2026-02-03 04:05:06',
  isActive: true,
  ...changes,
})

describe('taking people over', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  const signIn = async (username: string, password: string) => {
    const browser = world.browser()
    const response = await browser.send('/auth/login', { json: { username, password } })
    return { status: response.status, body: JSON.parse(await response.text()), browser }
  }

  test('a preview of a database that does not exist yet, and of this one, writes nothing', async () => {
    const rows = [row('5')]
    assert.equal((await previewImport(null, rows))[0]?.userId, 5)
    assert.deepEqual((await previewImport(world.auth.connection, rows))[0]?.signsInWith, [
      'import5',
      'import5@example.org',
    ])
    assert.deepEqual(await world.auth.admin.listUsers(0, 10), [])
  })

  test('STO-03: people keep id, times and password; the next account gets the next id', async () => {
    const people = await world.auth.admin.importPeople([row('41'), row('42')], 'command line')
    assert.deepEqual(
      people.map(({ userId, outcome, decisions }) => ({ userId, outcome, decisions })),
      [41, 42].map((userId) => ({ userId, outcome: 'imported', decisions: [] })),
    )
    const { status, body } = await signIn('import42', 'password of 42')
    assert.equal(status, 200)
    assert.equal(body.user.id, 42)
    assert.equal(body.user.created_at, '2026-01-02T03:04:05.678Z')
    const me = await (await signedUp(world, 'newcomer')).get('/auth/api/check')
    assert.equal(JSON.parse(await me.text()).user.id, 43)
  })

  test('a second time changes nothing, also after the person here has changed', async () => {
    const rows = [row('41'), row('42')]
    const before = await world.auth.admin.events(41, 10)
    await world.auth.admin.setActive(41, false, 'test')
    const again = await world.auth.admin.importPeople(rows, 'command line')
    assert.deepEqual(
      again.map(({ userId, outcome }) => ({ userId, outcome })),
      [
        { userId: 41, outcome: 'before' },
        { userId: 42, outcome: 'before' },
      ],
    )
    assert.equal((await signIn('import41', 'password of 41')).status, 401)
    assert.equal((await world.auth.admin.events(41, 10)).length, before.length + 2)
    await world.auth.admin.setActive(41, true, 'test')
  })

  test('an id, a name and an address that somebody here has stay with that person', async () => {
    const [person] = await world.auth.admin.importPeople(
      [row('42', { username: 'newcomer', email: 'newcomer@example.org' })],
      'command line',
    )
    assert.deepEqual(person?.decisions, ['id_taken', 'name_numbered', 'address_taken'])
    assert.deepEqual(person?.signsInWith, ['newcomer-42'])
    assert.equal(person?.userId, 44)
    assert.equal((await signIn('newcomer', 'a walk by the river')).status, 200)
    const { body } = await signIn('newcomer-42', 'password of 42')
    assert.equal(body.user.id, 44)
    assert.equal(body.user.email, null)
    const [event] = (await world.auth.admin.events(44, 10)).filter(({ event }) => event === 'account_imported')
    assert.deepEqual(JSON.parse(event?.detail ?? ''), {
      source_id: '42',
      username: 'newcomer',
      email: 'newcomer@example.org',
    })
  })

  test('PW-10: the hash of the other program is renewed at the first sign-in, all bytes count from then on', async () => {
    const long = `${'x'.repeat(72)} and a tail`
    await world.auth.admin.importPeople([row('60', { passwordHash: hashSync(long, 4) })], 'command line')
    assert.equal((await signIn('import60', `${'x'.repeat(72)} other`)).status, 200)
    assert.equal((await signIn('import60', long)).status, 401)
    assert.equal((await signIn('import60', `${'x'.repeat(72)} other`)).status, 200)
  })

  test('names and addresses longer than an index of PostgreSQL takes are not lost', async () => {
    const endless = randomBytes(20_000).toString('hex')
    const people = await world.auth.admin.importPeople(
      [row('65', { username: endless }), row('66', { email: `${endless}@example.org` })],
      'command line',
    )
    assert.deepEqual(
      people.map(({ decisions, signsInWith }) => ({ decisions, signsInWith })),
      [
        { decisions: ['name_too_long'], signsInWith: [`${endless.slice(0, 20)}-65`, 'import65@example.org'] },
        { decisions: ['address_too_long'], signsInWith: ['import66'] },
      ],
    )
    assert.equal((await signIn(`${endless.slice(0, 20)}-65`, 'password of 65')).status, 200)
  })

  test('all or nothing: a row that the database refuses leaves none behind', async () => {
    const rows = [row('70'), row('71', { isActive: JSON.parse('{}') }), row('72')]
    await assert.rejects(world.auth.admin.importPeople(rows, 'command line'))
    assert.equal(await world.auth.admin.findUser('import70'), null)
  })

  test('twenty imports at once take each row once', async () => {
    const rows = ['80', '81'].map((id) => row(id))
    const all = await Promise.all(Array.from({ length: 20 }, () => world.auth.admin.importPeople(rows, 'test')))
    assert.equal(all.flat().filter(({ outcome }) => outcome === 'imported').length, 2)
    assert.equal((await world.auth.admin.listUsers(79, 10)).length, 2)
  })

  test('every format of a known program signs in; an unknown one and none do not, and are told', async () => {
    const fixtures: { hashes: { writer: string; password: string; stored: string }[] } = JSON.parse(
      readFileSync(new URL('./fixtures/foreign-hashes.json', import.meta.url), 'utf8'),
    )
    assert.ok(fixtures.hashes.length > 10)
    const rows = fixtures.hashes.map(({ stored }, index) => row(String(100 + index), { passwordHash: stored }))
    for (const { decisions } of await world.auth.admin.importPeople(rows, 'test')) assert.deepEqual(decisions, [])
    for (const [index, { writer, password }] of fixtures.hashes.entries()) {
      assert.equal((await signIn(`import${100 + index}`, password)).status, 200, writer)
    }
    const [unknown, none] = await world.auth.admin.importPeople(
      [row('200', { passwordHash: 'md5$salt$0123' }), row('201', { passwordHash: null })],
      'test',
    )
    assert.deepEqual(unknown?.decisions, ['hash_unknown'])
    assert.deepEqual(none?.decisions, ['password_missing'])
    assert.equal((await signIn('import200', 'md5$salt$0123')).status, 401)
    assert.equal((await signIn('import201', '!')).status, 401)
    const { url } = await world.auth.admin.resetLink(200, 'test')
    const reset = await world.browser().send('/auth/reset', {
      json: { token: new URL(url).searchParams.get('token'), new_password: 'a new way to come in' },
    })
    assert.equal(reset.status, 200, await reset.clone().text())
    assert.equal((await signIn('import200', 'a new way to come in')).status, 200)
  })
})

test('times mean UTC, also on a database server that is set to another zone', async () => {
  const database = await testDatabase()
  const url = new URL(database.url)
  if (url.protocol.startsWith('postgres')) url.searchParams.set('options', '-c TimeZone=Asia/Kolkata')
  const world = await testAuth({ url: url.href })
  try {
    await world.auth.admin.importPeople([row('1')], 'test')
    const user = await world.auth.admin.getUser(1)
    assert.equal(user?.createdAt, '2026-01-02T03:04:05.678Z')
    assert.equal(user?.lastLogin, '2026-02-03T04:05:06.000Z')
    const registered = await world.auth.registerUser({ username: 'later', email: null, password: null })
    assert.ok(Math.abs(Date.parse(registered.createdAt) - Date.now()) < 60_000, registered.createdAt)
  } finally {
    await world.close()
    await database.drop()
  }
})

test('STO-03: rules for new names do not apply at the sign-in: who has a long name gets in by it', async () => {
  const world = await testAuth()
  const signIn = async (username: string) =>
    (await world.browser().send('/auth/login', { json: { username, password: 'password of 700' } })).status
  const long = { username: 'n'.repeat(1000), email: `${'a'.repeat(900)}@example.org` }
  const [person] = await world.auth.admin.importPeople([row('700', long)], 'command line')
  assert.deepEqual(person?.signsInWith, [long.username, long.email])
  for (const name of [long.username, long.email]) {
    assert.equal(await signIn(name), 200)
    const json = { username: name, password: 'password of 700' }
    assert.equal((await world.browser().send('/auth/api/login', { json })).status, 200)
  }
  assert.equal(await signIn('n'.repeat(1001)), 422)
  await world.close()
})
