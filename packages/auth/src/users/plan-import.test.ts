import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { findAccount } from './find-account.ts'
import { type PersonToImport, sourceKey } from './imported-person.ts'
import { importedKey, type KnownAccounts, type PlannedPerson, planImport } from './plan-import.ts'

const nobody: KnownAccounts = { users: [], newestId: 0, imported: new Map() }
const cheapHash = '$2b$04$......................LAtw7/ohmmBAhnXqmkuIz83Rl5Qdjhm'

const row = (sourceId: string, changes: Partial<PersonToImport> = {}): PersonToImport => ({
  sourceId,
  username: `person${sourceId}`,
  email: `person${sourceId}@example.org`,
  passwordHash: cheapHash,
  createdAt: '2026-01-02 03:04:05.678901',
  lastLogin: null,
  isActive: true,
  ...changes,
})
const here = (id: number, username: string, email: string): KnownAccounts['users'][number] => ({
  id,
  username,
  email,
  username_key: username.toLowerCase(),
  email_key: email.toLowerCase(),
})
const withHere = (...users: KnownAccounts['users'][number][]): KnownAccounts => ({
  users,
  newestId: Math.max(...users.map(({ id }) => id)),
  imported: new Map(),
})
const plan = async (rows: readonly PersonToImport[], known = nobody) => planImport(rows, known)
const one = async (changes: Partial<PersonToImport>, known = nobody): Promise<PlannedPerson> => {
  const [person] = await plan([row('7', changes)], known)
  assert.ok(person)
  return person
}
const summary = ({ username, usernameKey, emailKey, signsInWith, decisions }: PlannedPerson) => ({
  username,
  usernameKey,
  emailKey,
  signsInWith,
  decisions: [...decisions],
})

describe('rows that need a decision', () => {
  test('an ordinary row needs none and keeps everything', async () => {
    const person = await one({})
    assert.deepEqual([...person.decisions], [])
    assert.equal(person.keptId, 7)
    assert.deepEqual(person.signsInWith, ['person7', 'person7@example.org'])
  })

  test('REG-02: twins in capitals are each reached by their own spelling; whoever spells the form has it', async () => {
    const twins = await plan([
      row('1', { username: 'Ida', email: 'Ida@Example.org' }),
      row('2', { username: 'ida', email: 'ida@example.org' }),
    ])
    assert.deepEqual(twins.map(summary), [
      {
        username: 'Ida',
        usernameKey: null,
        emailKey: null,
        signsInWith: ['Ida', 'Ida@Example.org'],
        decisions: ['name_has_a_twin', 'address_has_a_twin'],
      },
      {
        username: 'ida',
        usernameKey: 'ida',
        emailKey: 'ida@example.org',
        signsInWith: ['ida', 'ida@example.org'],
        decisions: ['name_leads_twins', 'address_leads_twins'],
      },
    ])
  })

  test('LOG-01: a name that is somebody else’s address reaches its owner by the own address only', async () => {
    const [owner, squatter] = await plan([row('1'), row('2', { username: 'person1@example.org' })])
    assert.deepEqual(owner?.signsInWith, ['person1', 'person1@example.org'])
    assert.deepEqual(squatter?.signsInWith, ['person2@example.org'])
    assert.deepEqual(squatter && [...squatter.decisions], ['name_is_an_address'])
  })

  test('a squatter without an address of the own gets a name that works', async () => {
    const [, squatter] = await plan([row('1'), row('2', { username: 'person1@example.org', email: '' })])
    assert.deepEqual(squatter?.signsInWith, ['imported-2'])
    assert.ok(squatter?.decisions.has('name_made_up'))
  })

  test('CVE-2019-19844: characters that NFKC makes plain take no form from its owner', async () => {
    const person = await one({ username: 'ｂｏｂ', email: 'ｂｏｂ@example.org' })
    assert.equal(person.usernameKey, null)
    assert.equal(person.emailKey, null)
    assert.deepEqual(person.signsInWith, ['ｂｏｂ', 'ｂｏｂ@example.org'])
  })

  test('blanks around a name and an address are kept and need not be typed, unless another has the name without', async () => {
    const alone = await one({ username: ' spaced ', email: ' spaced@example.org ' })
    assert.equal(alone.usernameKey, 'spaced')
    assert.deepEqual(alone.signsInWith, ['spaced', 'spaced@example.org', ' spaced ', ' spaced@example.org '])
    const [spaced, plain] = await plan([row('1', { username: ' spaced ' }), row('2', { username: 'spaced' })])
    assert.deepEqual(spaced?.signsInWith, ['person1@example.org', ' spaced '])
    assert.deepEqual(plain?.signsInWith, ['spaced', 'person2@example.org'])
  })

  test('a name of an account here is never taken from it', async () => {
    const person = await one({}, withHere(here(7, 'person7', 'person7@example.org')))
    assert.deepEqual(summary(person), {
      username: 'person7-7',
      usernameKey: 'person7-7',
      emailKey: person.email,
      signsInWith: ['person7-7'],
      decisions: ['id_taken', 'name_numbered', 'address_taken'],
    })
    assert.match(person.email, /@none\.invalid$/)
    assert.equal(person.keptId, null)
  })

  test('O7: an id that was given here before is not given again, and a huge one is not kept', async () => {
    assert.equal((await one({}, { ...nobody, newestId: 7 })).keptId, null)
    assert.equal((await one({}, { ...nobody, newestId: 6 })).keptId, 7)
    const [huge] = await plan([row('9223372036854775807')])
    assert.equal(huge?.keptId, null)
  })

  test('a name that looks like a key of ours is not taken for one', async () => {
    const [twin, hash, other] = await plan([
      row('1', { username: 'MIA' }),
      row('2', { username: '#1' }),
      row('3', { username: 'mia' }),
    ])
    assert.equal(twin && importedKey(twin.usernameKey, 1), '#1')
    assert.equal(hash?.usernameKey, null)
    assert.deepEqual(hash?.signsInWith, ['person2@example.org', '#1'])
    assert.deepEqual(other?.signsInWith, ['mia', 'person3@example.org'])
  })

  test('what a row lacks is made up, told, and opens nothing', async () => {
    const person = await one({ username: null, email: null, passwordHash: null, createdAt: 'x', isActive: null })
    assert.equal(person.username, 'imported-7')
    assert.equal(person.passwordHash, null)
    assert.equal(person.isActive, false)
    assert.deepEqual([...person.decisions].toSorted(), [
      'active_unknown',
      'address_missing',
      'created_unknown',
      'name_made_up',
      'password_missing',
    ])
  })

  test('an unknown hash, odd names, reserved names and addresses that are none are told and kept', async () => {
    const decisions = async (changes: Partial<PersonToImport>) => [...(await one(changes)).decisions]
    assert.deepEqual(await decisions({ passwordHash: 'plain words' }), ['hash_unknown'])
    assert.deepEqual(await decisions({ username: 'emoji🙂1' }), ['name_is_odd'])
    assert.deepEqual(await decisions({ username: 'Admin' }), ['name_is_reserved'])
    assert.deepEqual(await decisions({ email: 'not-an-email' }), ['address_is_none'])
    assert.deepEqual(await decisions({ lastLogin: '0000-99-99 00:00:00' }), ['last_login_unreadable'])
    assert.deepEqual(await decisions({ username: 'nu\0ll' }), ['characters_replaced', 'name_is_odd'])
  })

  test('a row of an earlier import stays as it is', async () => {
    const source = row('7')
    const [person] = await plan([source], {
      ...withHere(here(1, 'person7', 'person7@example.org')),
      imported: new Map([[sourceKey(source).toString('hex'), 1]]),
    })
    assert.equal(person?.before, 1)
  })
})

const words = fc.constantFrom(
  'mia',
  'Mia',
  'MIA',
  ' mia',
  'ｍｉａ',
  'zoë',
  'zoe\u0308',
  '#1',
  '#2',
  '',
  ' ',
  'bob',
  'nu\0l',
)
const spelling = fc.oneof(words, fc.string({ maxLength: 4 }), fc.string({ unit: 'binary', maxLength: 3 }))
const address = fc.oneof(
  spelling,
  words.map((word) => `${word}@x.org`),
)
const people = fc.uniqueArray(
  fc.record({ username: fc.oneof(spelling, address), email: address, id: fc.integer({ min: 1, max: 9 }) }),
  { selector: ({ id }) => id, maxLength: 8 },
)
const existing = fc.uniqueArray(fc.constantFrom('mia', 'Bob', 'zoë', 'imported-1'), { maxLength: 3 })

test('whatever the rows are: no key twice, everybody reaches the own account and nobody else’s', async () => {
  await fc.assert(
    fc.asyncProperty(people, existing, async (rows, names) => {
      const known: KnownAccounts = {
        users: names.map((name, index) => here(index + 1, name, `${name}@x.org`)),
        newestId: names.length,
        imported: new Map(),
      }
      const sources = rows.map(({ id, ...rest }) => row(String(id), rest))
      const planned = await planImport(sources, known)
      assert.equal(planned.length, sources.length)
      // As the database will hold them; new ids are given after all others.
      const stored = [
        ...known.users.map((user) => ({ ...user, owner: 'here' })),
        ...planned.map((person, index) => {
          const id = person.keptId ?? 100 + index
          const keys = {
            username_key: importedKey(person.usernameKey, id),
            email_key: importedKey(person.emailKey, id),
          }
          return { id, username: person.username, email: person.email, ...keys, owner: person }
        }),
      ]
      for (const column of ['id', 'username', 'email', 'username_key', 'email_key'] as const) {
        const values = stored.map((user) => user[column])
        assert.equal(new Set(values).size, values.length, `${column}: ${JSON.stringify(values)}`)
        assert.ok(values.every((value) => value !== '' && !String(value).includes('\0')))
      }
      const by = (column: 'username' | 'email' | 'username_key' | 'email_key') => async (value: string) =>
        stored.find((user) => user[column] === value)
      const finders = {
        findByUsername: by('username'),
        findByEmail: by('email'),
        findByUsernameKey: by('username_key'),
        findByEmailKey: by('email_key'),
      }
      for (const person of planned) {
        assert.ok(person.signsInWith.length > 0)
        for (const word of person.signsInWith) assert.equal((await findAccount(finders, word))?.owner, person)
      }
      for (const user of known.users) {
        assert.equal((await findAccount(finders, user.username))?.owner, 'here')
        assert.equal((await findAccount(finders, user.email))?.owner, 'here')
      }
      assert.equal(
        await findAccount(finders, '#100'),
        stored.find(({ username }) => username === '#100'),
      )
    }),
    { numRuns: 300 },
  )
})

test('the order of the rows decides nothing', async () => {
  await fc.assert(
    fc.asyncProperty(people, async (rows) => {
      const sources = rows.map(({ id, ...rest }) => row(String(id), rest))
      const byId = async (list: readonly PersonToImport[]) =>
        new Map((await planImport(list, nobody)).map((person) => [person.source.sourceId, summary(person)]))
      const [one, other] = [await byId(sources), await byId(sources.toReversed())]
      assert.deepEqual(other, one)
    }),
    { numRuns: 100 },
  )
})
