import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { findSecrets, inspectSecrets } from './secret-key.ts'
import { makeKeyFile, newKey, readKeyFile, replaceKeyFile } from './secret-key-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secret-key-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const config = (more: Partial<Parameters<typeof findSecrets>[0]> = {}) => ({
  production: false,
  secrets: null,
  secretKeyFile: null,
  dataDir: join(folder, 'data'),
  ...more,
})
const path = () => join(folder, 'data', 'secret-key')
const production = (more = {}) => config({ production: true, ...more })

test('SEC-01: production without a key stops with a sentence that says what to do, and makes nothing', () => {
  assert.throws(
    () => findSecrets(production()),
    /Set SECRET_KEY to 32 or more random characters, or run "miachat keys init"/,
  )
  assert.ok(!existsSync(join(folder, 'data')))
})

test('SEC-01: production does not take the key that development made, unless it was adopted', () => {
  const { keys } = findSecrets(config())
  assert.throws(() => findSecrets(production()), /"miachat keys init", which adopts the key that development made/)
  replaceKeyFile(path(), { keys, adopted: true })
  assert.deepEqual(findSecrets(production()).keys, keys)
})

test('SEC-01: production refuses placeholders; development says that it would', () => {
  const secrets = ['your-secret-key-here-change-in-production']
  assert.throws(() => findSecrets(production({ secrets })), /SECRET_KEY is a placeholder/)
  assert.match(findSecrets(config({ secrets })).warnings.join(), /placeholder.*Production will refuse/)
})

test('SEC-01: a short key is refused everywhere, and the second one of several is named', () => {
  assert.throws(() => findSecrets(config({ secrets: ['too short'] })), /SECRET_KEY has 9 characters; at least 32/)
  assert.throws(() => findSecrets(config({ secrets: [newKey(), 'too short'] })), /SECRET_KEY, key 2, has 9 characters/)
})

test('A key file that is named and missing, empty or unreadable is a sentence', () => {
  const file = join(folder, 'key')
  assert.throws(() => findSecrets(config({ secretKeyFile: file })), /SECRET_KEY_FILE names .*, where no file is/)
  writeFileSync(file, '# nothing here\n\n')
  assert.throws(() => findSecrets(config({ secretKeyFile: file })), /holds no key/)
  assert.throws(() => findSecrets(config({ secretKeyFile: folder })), /cannot be read/)
})

test('SEC-01: development makes one key, for the owner alone, and keeps it', () => {
  assert.equal(inspectSecrets(config()), null)
  const first = findSecrets(config())
  assert.equal(first.made, true)
  assert.equal(first.file, path())
  assert.equal(statSync(path()).mode & 0o777, 0o600)
  assert.equal(statSync(join(folder, 'data')).mode & 0o777, 0o700)
  assert.deepEqual(readdirSync(join(folder, 'data')), ['secret-key'])
  assert.deepEqual(findSecrets(config()), { ...first, made: false })
})

test('A key file is never replaced by making one', () => {
  assert.equal(makeKeyFile(path(), false), true)
  const before = readFileSync(path(), 'utf8')
  assert.equal(makeKeyFile(path(), true), false)
  assert.equal(readFileSync(path(), 'utf8'), before)
})

test('A key file that others can read is complained about', () => {
  findSecrets(config())
  chmodSync(path(), 0o644)
  assert.match(findSecrets(config()).warnings.join(), /chmod 600/)
})

test('SEC-03: the first line of a key file signs, the others still verify', () => {
  const keys = [newKey(), newKey()]
  const file = join(folder, 'keys')
  writeFileSync(file, `# new\n${keys[0]}\r\n\n# former\n${keys[1]}\n`, { mode: 0o600 })
  assert.deepEqual(findSecrets(production({ secretKeyFile: file })).keys, keys)
  assert.equal(readKeyFile(file)?.adopted, false)
})
