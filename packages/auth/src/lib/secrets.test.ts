import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyRing, type KeyPurpose, keyed, pageNonce, randomToken, shortId, tokenHash } from './secrets.ts'

const SECRET = 'a secret of the tests, long enough to be taken'
const purposes: KeyPurpose[] = ['access-token', 'refresh-token', 'device-cookie', 'tried-names']

test('SEC-01: no secret, a short one, or a short one behind a good one is refused', () => {
  assert.throws(() => createKeyRing([]), /At least one secret/)
  assert.throws(() => createKeyRing(['']), /at least 32 characters/)
  assert.throws(() => createKeyRing(['x'.repeat(31)]), /at least 32 characters/)
  assert.throws(() => createKeyRing([SECRET, 'short']), /at least 32 characters/)
})

test('SEC-02: every purpose has a key of its own, and none of them is the secret', () => {
  const { current } = createKeyRing([SECRET])
  const keys = purposes.map((purpose) => current.derive(purpose))
  assert.equal(new Set(keys.map((key) => key.toString('hex'))).size, purposes.length)
  for (const key of keys) {
    assert.equal(key.length, 64)
    assert.ok(!key.includes(SECRET.slice(0, 8)))
  }
  const macs = keys.map((key) => keyed(key, 'the same words').toString('hex'))
  assert.equal(new Set(macs).size, purposes.length)
})

test('SEC-02: the id of a key, which tokens show, is the same after a restart and tells nothing of the secret', () => {
  const id = (secret: string) => createKeyRing([secret]).current.id
  assert.equal(id(SECRET), id(SECRET))
  assert.notEqual(id(SECRET), id(`${SECRET}.`))
  assert.match(id(SECRET), /^[\w-]{12}$/)
  const derived = createKeyRing([SECRET]).current.derive('access-token')
  assert.ok(!derived.includes(Buffer.from(id(SECRET), 'base64url')))
})

test('SEC-03: the first secret signs, all of them are known', () => {
  const ring = createKeyRing([`${SECRET} two`, `${SECRET} one`])
  assert.equal(ring.current, ring.all[0])
  assert.equal(ring.all[1]?.id, createKeyRing([`${SECRET} one`]).current.id)
})

test('SES-01: tokens have 256 bits, differ, and are stored as their SHA-256', () => {
  const tokens = Array.from({ length: 1000 }, randomToken)
  assert.equal(new Set(tokens).size, 1000)
  for (const token of tokens) assert.match(token, /^[\w-]{43}$/)
  assert.equal(tokenHash('abc').toString('hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  assert.equal(shortId(tokenHash('abc')), Buffer.from('ba7816bf8f01cfea414140de', 'hex').toString('base64url'))
})

test('HDR-01: no two pages get the same nonce, over many fetches of random bytes', () => {
  const nonces = Array.from({ length: 1000 }, pageNonce)
  assert.equal(new Set(nonces).size, nonces.length)
  assert.ok(nonces.every((nonce) => Buffer.from(nonce, 'base64').length === 16))
})
