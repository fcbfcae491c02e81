import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { newKey } from './secret-key-file.ts'
import { weaknessOf } from './weak-secret.ts'

for (const secret of [
  'your-secret-key-here-change-in-production',
  'your-secret-key-here',
  'changeme-changeme-changeme-changeme',
  'CHANGE_ME_TO_SOMETHING_LONG_AND_RANDOM',
  'please-change-this-key-before-you-deploy-it',
  'django-insecure-3k$2j4h5g6f7d8s9a0q1w2e3r4t5y6u7',
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  'a-string-secret-at-least-256-bits-long',
  'replace-with-output-of-openssl-rand-hex-32',
  'supersecretsupersecret-for-jwt-tokens-2024',
  '0'.repeat(64),
  'abababababababababababababababababababab',
  'correcthorsecorrecthorsecorrecthorse',
  'abcdefghijklmnopqrstuvwxyz0123456789',
  '9876543210zyxwvutsrqponmlkjihgfedcba',
]) {
  test(`SEC-01: "${secret.slice(0, 44)}" is no key`, () => assert.notEqual(weaknessOf(secret), null))
}

test('SEC-01: 31 characters are too few, however random', () => {
  assert.equal(weaknessOf(randomBytes(40).toString('base64url').slice(0, 31))?.kind, 'short')
})

test('SEC-01: what a generator makes is taken', () => {
  for (let round = 0; round < 2000; round++) {
    for (const key of [
      newKey(),
      randomBytes(32).toString('hex'),
      randomBytes(16).toString('hex'),
      randomBytes(24).toString('base64'),
    ]) {
      assert.equal(weaknessOf(key), null, key)
    }
  }
})
