import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyRing } from '@miachat/auth'
import { createDoctorCheck, makeDoctorToken } from './doctor-token.ts'

const secret = (word: string): string => `${word}, long enough to be taken as a key`
const keys = createKeyRing([secret('one')])
const now = 1_800_000_000_000

test('ADM-03: a stranger, a token of another key and a changed token are not believed', () => {
  const check = createDoctorCheck(keys, () => now)
  const token = makeDoctorToken(keys, now)
  const [expires = '', nonce = '', mac = ''] = token.split('.')
  const refused = [
    null,
    '',
    'x',
    makeDoctorToken(createKeyRing([secret('other')]), now),
    `${Number(expires) + 1}.${nonce}.${mac}`,
    `${expires}.${'A'.repeat(16)}.${mac}`,
    `${expires}.${nonce}.${'A'.repeat(43)}`,
    `${token}.`,
    `${token}=`,
  ]
  for (const header of refused) assert.equal(check(header), false, String(header))
  assert.equal(check(token), true)
})

test('a token works once and for a minute at most', () => {
  let time = now
  const check = createDoctorCheck(keys, () => time)
  const token = makeDoctorToken(keys, now)
  assert.equal(check(token), true)
  assert.equal(check(token), false)
  const late = makeDoctorToken(keys, now)
  time += 61_000
  assert.equal(check(late), false)
  assert.equal(check(token), false)
})

test('a clock that is a quarter of a minute off does not matter; one from the future does', () => {
  const check = createDoctorCheck(keys, () => now)
  assert.equal(check(makeDoctorToken(keys, now - 15_000)), true)
  assert.equal(check(makeDoctorToken(keys, now + 15_000)), true)
  assert.equal(check(makeDoctorToken(keys, now + 60_000)), false)
})

test('JWT-09: after a rotation the doctor with the former key is still believed', () => {
  const check = createDoctorCheck(createKeyRing([secret('new'), secret('one')]), () => now)
  assert.equal(check(makeDoctorToken(keys, now)), true)
})
