import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { seal, unseal } from './seal.ts'
import { createKeyRing } from './secrets.ts'

const keys = createKeyRing(['a first secret of thirty-two signs or more'])
const place = 'authenticators|secret|7'

test('MFA-02: what is sealed is read again, and stands nowhere in what is stored', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 8 }), (text) => {
      const sealed = seal(keys, 'sealed-authenticator', place, text)
      assert.equal(unseal(keys, 'sealed-authenticator', place, sealed), text)
      assert.ok(!sealed.bytes.includes(text))
    }),
  )
})

test('MFA-02: a value that was changed in any bit, cut, or moved to another row, purpose or key does not open', () => {
  const sealed = seal(keys, 'sealed-authenticator', place, 'JBSWY3DPEHPK3PXP')
  for (let bit = 0; bit < sealed.bytes.length * 8; bit++) {
    const bytes = Buffer.from(sealed.bytes)
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.equal(unseal(keys, 'sealed-authenticator', place, { ...sealed, bytes }), null, `bit ${bit}`)
  }
  for (let length = 0; length < sealed.bytes.length; length++) {
    const bytes = sealed.bytes.subarray(0, length)
    assert.equal(unseal(keys, 'sealed-authenticator', place, { ...sealed, bytes }), null)
  }
  assert.equal(unseal(keys, 'sealed-authenticator', 'authenticators|secret|8', sealed), null)
  assert.equal(unseal(keys, 'sealed-mail', place, sealed), null)
  const stranger = createKeyRing(['another secret of thirty-two signs or more'])
  assert.equal(unseal(stranger, 'sealed-authenticator', place, { ...sealed, keyId: stranger.current.id }), null)
})

test('SEC-03: a former key opens what it sealed, a new one seals; the same text never looks the same', () => {
  const sealed = seal(keys, 'sealed-mail', place, 'a letter')
  const rotated = createKeyRing([
    'a newer secret of thirty-two signs or so',
    'a first secret of thirty-two signs or more',
  ])
  assert.equal(unseal(rotated, 'sealed-mail', place, sealed), 'a letter')
  const again = seal(rotated, 'sealed-mail', place, 'a letter')
  assert.equal(again.keyId, rotated.current.id)
  assert.notDeepEqual(again.bytes, seal(rotated, 'sealed-mail', place, 'a letter').bytes)
  assert.equal(unseal(keys, 'sealed-mail', place, again), null)
})
