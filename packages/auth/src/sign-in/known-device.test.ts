import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createKeyRing } from '../lib/secrets.ts'
import { createKnownDevices } from './known-device.ts'

const OLD = 'the old secret of the tests, long enough'
const NEW = 'the new secret of the tests, long enough'
const devices = createKnownDevices(createKeyRing([OLD]))
const anna = { id: 7, password_changed_at: 1_700_000_000_000 }
const bert = { id: 8, password_changed_at: 1_700_000_000_000 }

test('LIM-02: whatever is sent, it is no known device without our signature', () => {
  const cookie = devices.remember(null, anna)
  const made = fc.oneof(
    fc.string(),
    fc.uint8Array({ minLength: 30, maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    fc.string().map((text) => `${text}.${text}`),
    // One bit of a good one flipped, anywhere.
    fc.nat(239).map((bit) => {
      const bytes = Buffer.from(cookie, 'base64url')
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      return bytes.toString('base64url')
    }),
  )
  fc.assert(fc.property(made, (value) => assert.equal(devices.find(value, anna), null)))
  assert.equal(devices.find(null, anna), null)
  assert.notEqual(devices.find(cookie, anna), null)
})

test('LIM-02: the cookie of one person is nothing for another', () => {
  assert.equal(devices.find(devices.remember(null, anna), bert), null)
  // Where id and time are written side by side, other numbers must not read the same.
  const glued = { id: 71, password_changed_at: 700_000_000_000 }
  assert.equal(devices.find(devices.remember(null, anna), glued), null)
})

test('LIM-02: a change of the password voids it', () => {
  const later = { ...anna, password_changed_at: anna.password_changed_at + 1 }
  assert.equal(devices.find(devices.remember(null, anna), later), null)
  const imported = { id: 9, password_changed_at: null }
  const cookie = devices.remember(null, imported)
  assert.notEqual(devices.find(cookie, imported), null)
  assert.equal(devices.find(cookie, { id: 9, password_changed_at: 1_700_000_000_000 }), null)
})

test('LIM-02: a browser keeps its name from one sign-in to the next: nobody gathers budgets by signing in often', () => {
  const first = devices.remember(null, anna)
  const second = devices.remember(first, anna)
  assert.equal(devices.find(second, anna), devices.find(first, anna))
  assert.notEqual(devices.find(devices.remember(null, anna), anna), devices.find(first, anna))
})

test('LIM-02: a browser that several people use knows the last five of them', () => {
  const people = Array.from({ length: 6 }, (_, id) => ({ id, password_changed_at: 1 }))
  let cookie: string | null = null
  for (const person of people) cookie = devices.remember(cookie, person)
  assert.deepEqual(
    people.map((person) => devices.find(cookie, person) !== null),
    [false, true, true, true, true, true],
  )
  assert.ok((cookie ?? '').length <= 5 * 41)
  const names = people.slice(1).map((person) => devices.find(cookie, person))
  assert.equal(new Set(names).size, 5)
})

test('SEC-03: a cookie signed with the old key counts, and is signed anew at the next sign-in', () => {
  const both = createKnownDevices(createKeyRing([NEW, OLD]))
  const onlyNew = createKnownDevices(createKeyRing([NEW]))
  const cookie = devices.remember(null, anna)
  const name = devices.find(cookie, anna)
  assert.equal(both.find(cookie, anna), name)
  assert.equal(onlyNew.find(cookie, anna), null)
  assert.equal(onlyNew.find(both.remember(cookie, anna), anna), name)
})

test('COO-03: the cookie tells neither the account nor the time', () => {
  const cookie = devices.remember(null, { id: 1_234_567, password_changed_at: 1_700_000_000_000 })
  const bytes = Buffer.from(cookie, 'base64url')
  assert.equal(bytes.length, 30)
  for (const text of [cookie, bytes.toString('latin1')]) assert.doesNotMatch(text, /1234567|17000000/)
})
