import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import bcrypt from 'bcrypt'
import fc from 'fast-check'
import { hashPassword, verifyPassword } from './password-hashing.ts'

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8'))
const foreign: {
  hashes: { writer: string; password: string; stored: string }[]
  truncated: { password: string; stored: string }
} = fixture('foreign-hashes.json')
const original: { people: { username: string; password: string; password_hash: string }[] } =
  fixture('python-original-hashes.json')

const cheap = { scheme: 'bcrypt', cost: 4 } as const
const argon2id = { scheme: 'argon2id', cost: 2 } as const
const verify = (password: string, stored: string, imported = false) => verifyPassword(password, stored, imported, cheap)

const nothing = [
  '',
  '!',
  '!abc',
  '*',
  'x',
  '$2b$',
  '$2b$12$short',
  'md5$salt$00',
  '\0',
  '$argon2id$v=19$m=64,t=1,p=1$$',
]
for (const stored of nothing) {
  test(`LOG-02: no password matches the stored string ${JSON.stringify(stored)}`, () => {
    for (const password of ['', '!', stored, 'password']) {
      assert.equal(verify(password, stored), false)
      assert.equal(verify(password, stored, true), false)
    }
  })
}

test('PW-06, O12: a plain bcrypt hash of ours matches no password over 72 bytes', () => {
  const stored = hashPassword('x'.repeat(72), cheap)
  assert.equal(verify(`${'x'.repeat(72)} tail`, stored), false)
  assert.equal(verify('x'.repeat(73), stored), false)
  assert.equal(verify('x'.repeat(72), stored), true)
})

test('PW-06, O12: NUL does not end a password, neither in a new hash nor in a plain old one', () => {
  const stored = hashPassword('before\0after', cheap)
  for (const wrong of ['before', 'before\0', 'before\0other', 'before\0after\0'])
    assert.equal(verify(wrong, stored), false)
  assert.equal(verify('before\0after', stored), true)
  // bcrypt reads its key in a circle, with NUL between the rounds: to it these two are the same.
  const salt = bcrypt.genSaltSync(4)
  assert.equal(bcrypt.hashSync('a\0a', salt), bcrypt.hashSync('a', salt))
  assert.equal(verify('a\0a', bcrypt.hashSync('a', salt)), false)
  assert.equal(verify('a\0a', bcrypt.hashSync('a', salt), true), false)
})

test('PW-06: trimming, case, Unicode form and the last byte all count', () => {
  for (const setting of [cheap, argon2id]) {
    for (const password of ['Pässword with space ', `${'long '.repeat(30)}é`]) {
      const stored = hashPassword(password, setting)
      for (const wrong of [
        password.trim(),
        ` ${password}`,
        password.toLowerCase(),
        password.normalize('NFD'),
        password.slice(0, -1),
        `${password}\0`,
      ]) {
        if (wrong !== password) assert.equal(verify(wrong, stored), false, JSON.stringify(wrong))
      }
      assert.equal(verify(password, stored), true)
    }
  }
})

test('PW-06: any two different passwords have different hashes', () => {
  const password = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 90 }),
    fc.string({ unit: fc.constantFrom('x', '\0'), maxLength: 80 }),
  )
  fc.assert(
    fc.property(password, password, (a, b) => {
      const stored = hashPassword(a, cheap)
      assert.equal(verify(a, stored), true)
      assert.equal(verify(b, stored), a === b)
    }),
    { numRuns: 100 },
  )
})

test('PW-07: a lone surrogate matches nothing, not even the replacement character that its encoding gives', () => {
  assert.equal(verify('word \ud800', hashPassword('word \ufffd', cheap)), false)
})

test('PW-09: a password over 72 bytes is marked, and what enters bcrypt is no bare digest', () => {
  assert.match(hashPassword('x'.repeat(72), cheap), /^\$2b\$04\$[./A-Za-z0-9]{53}$/)
  assert.match(hashPassword('x'.repeat(73), cheap), /^\$bcrypt-hmac-sha384\$2b\$04\$[./A-Za-z0-9]{53}$/)
  assert.match(hashPassword('é'.repeat(37), cheap), /^\$bcrypt-hmac-sha384\$/)
})

test('PW-09: hashes of long passwords made by earlier releases still match', () => {
  const stored = '$bcrypt-hmac-sha384$2b$04$RNBzpXV3KW3y2dQHLS0fduK8KHl8g6rCIx7WvPzOj.NRFICasbl7W'
  assert.equal(verify('y'.repeat(100), stored), true)
  assert.equal(verify('y'.repeat(101), stored), false)
})

test('PW-08: argon2id is stored as a PHC string with 19 MiB, two passes, one lane, 16 bytes of salt', () => {
  const stored = hashPassword('a sentence to keep', argon2id)
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(hashPassword('a sentence to keep', argon2id), stored)
  assert.equal(verify('a sentence to keep.', stored), false)
  assert.equal(verify('a sentence to keep', stored), true)
})

for (const { writer, password, stored } of foreign.hashes) {
  test(`PW-10: a hash written by ${writer} signs in, and a changed one does not`, () => {
    assert.equal(verify(`${password} `, stored), false)
    assert.equal(verify(password.toUpperCase(), stored), false)
    const changed = stored.replace(/.{8}(=*)$/, (end) =>
      end.startsWith('A') ? `B${end.slice(1)}` : `A${end.slice(1)}`,
    )
    assert.equal(verify(password, changed), false)
    assert.equal(verify(password, stored), true)
    assert.equal(verify(password, stored, true), true)
  })
}

test('STO-03: an imported bcrypt hash counts 72 bytes as passlib did; one of ours does not', () => {
  const { password, stored } = foreign.truncated
  assert.equal(verify(password, stored, false), false)
  assert.equal(verify(`y${password.slice(1)}`, stored, true), false)
  assert.equal(verify(password.slice(0, 71), stored, true), false)
  assert.equal(verify(`${'x'.repeat(72)}another tail`, stored, true), true)
  assert.equal(verify(password, stored, true), true)
})

for (const { username, password, password_hash } of original.people) {
  test(`STO-03: ${username} of the Python original signs in with the old password`, () => {
    assert.equal(verify(password, password_hash, true), true)
  })
}
