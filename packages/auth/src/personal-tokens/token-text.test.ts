import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPersonalToken, newPersonalToken } from './token-text.ts'

test('a personal token is known by pattern and checksum; one wrong letter anywhere is noticed', () => {
  const token = newPersonalToken()
  assert.match(token, /^mia_pat_[0-9A-Za-z]{46}$/)
  assert.notEqual(token, newPersonalToken())
  assert.ok(isPersonalToken(token))
  for (let at = 0; at < token.length; at++) {
    const other = token[at] === 'x' ? 'y' : 'x'
    assert.equal(isPersonalToken(token.slice(0, at) + other + token.slice(at + 1)), false, String(at))
  }
  for (const wrong of ['', 'mia_pat_', token.slice(1), `${token}0`, ` ${token}`, token.toUpperCase()]) {
    assert.equal(isPersonalToken(wrong), false, wrong)
  }
})

test('the checksum is the CRC-32 of the random part, so that scanners can work it out', () => {
  // CRC-32 of forty "0" is 2520759182, by another program.
  assert.ok(isPersonalToken(`mia_pat_${'0'.repeat(40)}2kaqcA`))
})
