import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newRecoveryCode, recoveryCodeHash } from './recovery-codes.ts'
import { newTotpSecret, totpStep, totpUri } from './totp.ts'

/** `12345678901234567890` of RFC 6238, appendix B, as base32; its codes have eight digits there, ours are the last six. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

test('MFA-01: the codes of RFC 6238, appendix B', () => {
  const vectors = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const
  for (const [second, code] of vectors) {
    const step = Math.floor(second / 30)
    assert.equal(totpStep(SECRET, code, second * 1000), step)
    assert.equal(totpStep(SECRET, code, (step + 1) * 30_000), step, 'one step late')
    assert.equal(totpStep(SECRET, code, (step - 1) * 30_000), step, 'one step early')
    assert.equal(totpStep(SECRET, code, (step + 2) * 30_000), null)
    assert.equal(totpStep(SECRET, code, (step - 2) * 30_000), null)
  }
})

test('MFA-01: whatever is no six digits is no code; secrets have 160 bits', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^\d{6}$/.test(text))
      assert.equal(totpStep(SECRET, text, 59_000), null)
    }),
  )
  assert.match(newTotpSecret(), /^[A-Z2-7]{32}$/)
  assert.match(totpUri(SECRET, 'Mia & Co', 'anna'), /^otpauth:\/\/totp\/Mia%20%26%20Co:anna\?/)
})

test('MFA-03: a recovery code is known as it is typed, in capitals, with blanks, O for 0', () => {
  for (let n = 0; n < 200; n++) {
    const code = newRecoveryCode()
    assert.match(code, /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/)
    const hash = recoveryCodeHash(code)
    assert.ok(hash)
    for (const typed of [
      code.toUpperCase(),
      ` ${code.replaceAll('-', ' ')}\n`,
      code.replaceAll('0', 'O').replaceAll('1', 'l'),
    ]) {
      assert.deepEqual(recoveryCodeHash(typed), hash)
    }
  }
  fc.assert(fc.property(fc.string({ maxLength: 15 }), (text) => assert.equal(recoveryCodeHash(text), null)))
})
