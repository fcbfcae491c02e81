import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkNewPassword, passwordFaults } from './password-policy.ts'

const mia = { username: 'mia', email: 'mia@example.org' }
const check = (password: string, minLength = 8) => checkNewPassword({ minLength }, password, mia)
const code = (password: string, minLength = 8) => check(password, minLength)?.code ?? null

const refused = [
  ['PW-01', 'short1!', 'password_too_short'],
  ['PW-01', '', 'password_too_short'],
  ['PW-01', '🙂'.repeat(7), 'password_too_short'],
  ['PW-02', `${'tractor '.repeat(128)}x`, 'password_too_long'],
  ['PW-02', 'é'.repeat(513), 'password_too_long'],
  ['PW-04', 'password1', 'password_common'],
  ['PW-04', 'LetMeIn123', 'password_common'],
  ['PW-05', 'mia@example.org', 'password_is_name'],
  ['PW-05', 'MIACHAT2026', 'password_is_name'],
  ['PW-07', 'lone surrogate \ud800', 'password_malformed'],
  ['PW-07', '\udc00 lone surrogate', 'password_malformed'],
] as const
for (const [requirement, password, expected] of refused) {
  test(`${requirement}: ${JSON.stringify(password.slice(0, 20))} is refused as ${expected}`, () => {
    assert.equal(code(password), expected)
  })
}

test('PW-01: the length is counted in code points and can be set', () => {
  assert.equal(code('🙂🙃🙂🙃🙂🙃🙂😀'), null)
  assert.equal(code('tractor lamp 7', 15), 'password_too_short')
  assert.equal(code('tractor lamp 77', 15), null)
  assert.equal(code('t7-lq', 4), null)
  assert.equal(code('dragon', 4), 'password_common')
})

test('PW-02: 64 characters of any kind, and 1024 bytes, are taken', () => {
  const any = fc.string({ unit: 'binary', minLength: 64, maxLength: 64 }).filter((text) => text.isWellFormed())
  fc.assert(fc.property(any, (password) => assert.equal(code(password), null)))
  assert.equal(code('tractor '.repeat(128)), null)
})

test('PW-03: nothing is asked but length', () => {
  for (const password of [
    'tractor lantern',
    'TRACTORLANTERN',
    '        x',
    '9301758264913',
    'ключ от дома',
    'trailing blank ',
  ]) {
    assert.equal(code(password), null, password)
  }
})

test('the message names the length that is asked for, in calm words', () => {
  assert.deepEqual(check('mia', 12), {
    field: 'password',
    code: 'password_too_short',
    message: 'Use at least 12 characters. A short sentence works best.',
  })
  assert.equal(checkNewPassword({ minLength: 8 }, 'mia', mia, 'new_password')?.field, 'new_password')
  for (const message of Object.values(passwordFaults)) {
    assert.match(message, /^[A-Z].*\.$/)
    assert.doesNotMatch(message, /!|oops/i)
  }
})
