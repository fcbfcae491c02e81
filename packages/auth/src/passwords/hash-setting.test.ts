import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsRenewal } from './hash-setting.ts'

const body = `${'a'.repeat(21)}u${'b'.repeat(31)}`
const phc = (name: string, parameters: string, salt = 'A'.repeat(22)) =>
  `$${name}$v=19$${parameters}$${salt}$${'B'.repeat(43)}`
const bcrypt = { scheme: 'bcrypt', cost: 12 } as const
const argon2id = { scheme: 'argon2id', cost: 2 } as const

const cases = [
  [bcrypt, `$2b$12$${body}`, false],
  [bcrypt, `$2b$13$${body}`, false],
  [bcrypt, `$bcrypt-hmac-sha384$2b$12$${body}`, false],
  [bcrypt, `$2b$11$${body}`, true],
  [bcrypt, `$bcrypt-hmac-sha384$2b$11$${body}`, true],
  [bcrypt, `bcrypt_sha256$$2b$12$${body}`, true],
  [bcrypt, phc('argon2id', 'm=19456,t=2,p=1'), true],
  [bcrypt, `pbkdf2_sha256$1000000$salt$${'B'.repeat(43)}=`, true],
  [bcrypt, '!', true],
  [argon2id, phc('argon2id', 'm=19456,t=2,p=1'), false],
  [argon2id, phc('argon2id', 'm=102400,t=2,p=8'), false],
  [argon2id, phc('argon2id', 'm=47104,t=1,p=1'), false],
  [argon2id, phc('argon2id', 'm=19456,t=1,p=1'), true],
  [argon2id, phc('argon2id', 'm=4096,t=16,p=1'), true],
  [argon2id, phc('argon2i', 'm=19456,t=2,p=1'), true],
  [argon2id, phc('argon2id', 'm=19456,t=2,p=1', 'A'.repeat(11)), true],
  [argon2id, `$2b$12$${body}`, true],
] as const

for (const [setting, stored, renewed] of cases) {
  test(`PW-10: under ${setting.scheme} ${setting.cost}, ${stored.slice(0, 40)} is ${renewed ? 'renewed' : 'kept'}`, () => {
    assert.equal(needsRenewal(stored, setting), renewed)
  })
}
