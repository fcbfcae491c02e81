import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { statSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isCommonPassword } from './common-passwords.ts'

const data = (name: string) => new URL(`../../data/${name}`, import.meta.url)

for (const password of [
  'password',
  'password1',
  'letmein123',
  'iloveyou2',
  'qwertyuiop',
  '12345678',
  '123456',
  'dragon',
  'abc123',
]) {
  test(`PW-04: ${password} is common, in any case of letters`, () => {
    assert.equal(isCommonPassword(password), true)
    assert.equal(isCommonPassword(password.toUpperCase()), true)
  })
}

test('PW-04: sentences are not common', () => {
  for (const password of [
    'tractor copper lantern73',
    'the moon is a harsh mistress',
    'pässwörd mit Ümläuten 4',
    '',
    'x'.repeat(1024),
  ]) {
    assert.equal(isCommonPassword(password), false, password)
  }
})

// The same ones in each run: drawn anew, two of them would be found by chance once in some hundreds of runs.
test('PW-04: of 100,000 passwords that look random at most one is taken for a common one', () => {
  let hits = 0
  for (let i = 0; i < 100_000; i++) if (isCommonPassword(hash('sha256', `password ${i}`, 'base64').slice(0, 16))) hits++
  assert(hits <= 1, `${hits} hits`)
})

test('PW-04: the files are what the build script makes of half a million passwords, and small', {
  timeout: 60_000,
}, async () => {
  const script = fileURLToPath(new URL('../../../../scripts/build-common-passwords.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--check'])
  assert(Number.parseInt(stdout, 10) > 490_000, stdout)
  assert(statSync(data('common-passwords.bin')).size < 2_000_000)
  assert(statSync(new URL('../http/public/common-passwords.bin', import.meta.url)).size <= 40_000)
})
