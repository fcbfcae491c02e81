import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonical } from './account-names.ts'
import { type AccountFinders, findAccount } from './find-account.ts'

interface Row {
  readonly id: number
  readonly username: string
  readonly email: string
  /** The keys, where they are not the canonical forms: those of twins. */
  readonly usernameKey?: string
  readonly emailKey?: string
}

function people(...rows: readonly Row[]) {
  const asked: string[] = []
  const by = (name: string, columnOf: (row: Row) => string) => async (value: string) => {
    asked.push(name)
    return rows.find((row) => columnOf(row) === value)
  }
  const finders: AccountFinders<Row> = {
    findByUsername: by('username', (row) => row.username),
    findByEmail: by('email', (row) => row.email),
    findByUsernameKey: by('username key', (row) => row.usernameKey ?? canonical(row.username)),
    findByEmailKey: by('email key', (row) => row.emailKey ?? canonical(row.email)),
  }
  return { asked, find: async (identifier: string) => (await findAccount(finders, identifier))?.id ?? null }
}

const anna = { id: 1, username: 'Anna', email: 'Anna@example.org' }

describe('whom a typed name or address means (LOG-01)', () => {
  test('LOG-01: what nobody has finds nobody', async () => {
    const { find } = people(anna)
    for (const typed of ['', ' ', 'ann', 'anna@example.com', 'anna@', 'Anna\u0000', '\u0000', '%', 'a%']) {
      assert.equal(await find(typed), null, JSON.stringify(typed))
    }
  })

  test('LOG-01: name and address in every spelling of one canonical form, with blanks around, find the account', async () => {
    const { find } = people(anna)
    const spellings = [
      'Anna',
      'anna',
      'ANNA',
      'ａnna',
      ' anna ',
      'anna@example.org',
      'ANNA@EXAMPLE.ORG',
      '\tAnna@example.org\n',
    ]
    for (const typed of spellings) assert.equal(await find(typed), 1, JSON.stringify(typed))
  })

  test('REG-02: imported twins each reach their own account by its exact spelling; the form is the first one’s', async () => {
    const { find } = people(
      { id: 1, username: 'Mia', email: 'Mia@example.org' },
      { id: 2, username: 'mia', email: 'mia@example.org', usernameKey: '#2', emailKey: '#2' },
    )
    assert.deepEqual(await Promise.all(['Mia', 'mia', 'MIA'].map(find)), [1, 2, 1])
    assert.deepEqual(await Promise.all(['Mia@example.org', 'mia@example.org', 'MIA@example.org'].map(find)), [1, 2, 1])
    assert.equal(await find('#2'), null, 'the key of a twin cannot be typed')
    assert.equal(await find('＃2'), null, 'in no width')
  })

  test('O15: who has taken the address of another as a name stands behind its owner', async () => {
    const { find } = people(
      { id: 1, username: 'bert@example.org', email: 'mallory@example.org' },
      { id: 2, username: 'bert', email: 'bert@example.org' },
    )
    assert.equal(await find('bert@example.org'), 2)
    assert.equal(await find('BERT@example.org'), 2)
  })

  test('O15: who has the name of another for an address stands behind its owner', async () => {
    const { find } = people(
      { id: 1, username: 'mallory', email: 'carol' },
      { id: 2, username: 'Carol', email: 'c@example.org' },
    )
    assert.equal(await find('carol'), 2)
  })

  test('LOG-03: the same questions are asked for every name, known or not', async () => {
    const world = people(anna)
    for (const typed of ['Anna', 'anna', 'nobody']) {
      world.asked.length = 0
      await world.find(typed)
      assert.deepEqual(world.asked.toSorted(), ['email', 'email key', 'username', 'username key'], typed)
    }
  })
})
