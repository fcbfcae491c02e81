import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { argon2Text, parseStoredHash } from './password-formats.ts'

const salt = 'AAAAAAAAAAAAAAAAAAAAAA'
const digest = 'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA'
const bcryptBody = `${'a'.repeat(21)}u${'b'.repeat(31)}`

/** Imported rows that would stop everybody's sign-in, or that a chance could match. */
const refused = [
  `$2b$31$${bcryptBody}`,
  `$2b$17$${bcryptBody}`,
  `$2b$03$${bcryptBody}`,
  `$2x$12$${bcryptBody}`,
  `$2b$12$${bcryptBody}b`,
  `$2b$12$${bcryptBody}\n`,
  `$bcrypt-hmac-sha384$2b$31$${bcryptBody}`,
  `$bcrypt-sha256$v=2,t=2b,r=31$${'a'.repeat(22)}$${'b'.repeat(31)}`,
  `$argon2id$v=19$m=4194304,t=1,p=1$${salt}$${digest}`,
  `$argon2id$v=19$m=262144,t=9,p=1$${salt}$${digest}`,
  `$argon2id$v=19$m=19456,t=2147483647,p=1$${salt}$${digest}`,
  `$argon2id$v=19$m=65536,t=1,p=65$${salt}$${digest}`,
  `$argon2id$v=19$m=8,t=1,p=2$${salt}$${digest}`,
  `$argon2id$v=19$m=64,t=0,p=1$${salt}$${digest}`,
  `$argon2id$m=64,t=1,p=1$${salt}$${digest}`,
  `$argon2id$v=16$m=64,t=1,p=1$${salt}$${digest}`,
  `$argon2id$v=19$m=64,t=1,p=1$AAAA$${digest}`,
  `$argon2id$v=19$m=64,t=1,p=1$${salt}$BBBB`,
  `$scrypt$ln=31,r=8,p=1$${salt}$${digest}`,
  `$scrypt$ln=4000000000,r=8,p=1$${salt}$${digest}`,
  `$scrypt$ln=14,r=1000000,p=1$${salt}$${digest}`,
  `$scrypt$ln=14,r=8,p=1000000$${salt}$${digest}`,
  `$scrypt$ln=4,r=8,p=1$${salt}$BBBB`,
  `scrypt$15$salt$8$1$${digest}=`,
  `scrypt$1073741824$salt$8$1$${digest}=`,
  `$pbkdf2-sha256$2147483648$${salt}$${digest}`,
  `$pbkdf2-sha256$1000$${salt}$`,
  `$pbkdf2-sha256$0$${salt}$${digest}`,
  `$pbkdf2-md5$1000$${salt}$${digest}`,
  `pbkdf2_sha256$2147483648$salt$${digest}=`,
  `pbkdf2_sha256$1000$salt$${'B'.repeat(120)}`,
  `pbkdf2_sha256$1000$${'s'.repeat(2000)}$${digest}=`,
]
for (const stored of refused) {
  test(`PW-11: not computed, whatever it asks for: ${stored.slice(0, 60).trim()}`, () => {
    assert.equal(parseStoredHash(stored), null)
  })
}

test('PW-11: the dearest settings in use are computed', () => {
  for (const stored of [
    `$2b$16$${bcryptBody}`,
    `$argon2id$v=19$m=262144,t=4,p=1$${salt}$${digest}`,
    `argon2$argon2id$v=19$m=102400,t=2,p=8$${salt}$${digest}`,
    `$scrypt$ln=17,r=8,p=1$${salt}$${digest}`,
    `scrypt$16384$salt$8$5$${digest}=`,
    `pbkdf2_sha256$1500000$salt$${digest}=`,
  ]) {
    assert.notEqual(parseStoredHash(stored), null, stored)
  }
})

test('no stored string makes the parser throw', () => {
  const parts = fc.constantFrom(
    '$',
    '2b',
    '12',
    'argon2id',
    'v=19',
    'm=64,t=1,p=1',
    salt,
    digest,
    bcryptBody,
    'scrypt',
    '!',
    '\n',
    '1',
  )
  const stored = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(parts).map((list) => list.join('')),
  )
  fc.assert(fc.property(stored, (text) => void parseStoredHash(text)))
})

test('an Argon2 PHC string is read as it is written', () => {
  const stored = `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${digest}`
  const hash = parseStoredHash(stored)
  assert(hash?.scheme === 'argon2')
  assert.equal(argon2Text(hash), stored)
})
