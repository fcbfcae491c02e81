import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { harmless } from '../lib/harmless-text.ts'
import { count, quoted, table } from './terminal-text.ts'

const anything = fc.string({ unit: 'binary' })

test('AUD-03: nothing in a name moves the cursor, turns text around or starts a line', () => {
  assert.equal(harmless('a\u001b[2Jb\u202ec\u0085d\u2028e\nf'), 'a\\u001b[2Jb\\u202ec\\u0085d\\u2028e\\u000af')
  fc.assert(
    fc.property(anything, (text) => {
      for (const shown of [harmless(text), quoted(text)]) assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\u2028\u2029]/u)
    }),
  )
})

test('a quoted text can be read back as it was, blanks and all', () => {
  assert.equal(quoted(' spaced1 '), '" spaced1 "')
  assert.equal(quoted(null), 'none')
  fc.assert(fc.property(anything, (text) => assert.equal(JSON.parse(quoted(text)), text)))
})

test('columns line up under their headings', () => {
  assert.equal(
    table(
      ['id', 'name'],
      [
        ['1', 'Zoë'],
        ['10', 'b\tc'],
      ],
    ),
    'id  name\n1   Zoë\n10  b\\u0009c\n',
  )
  assert.equal(table(['id'], []), 'id\n')
})

test('one is one', () => {
  assert.deepEqual([count(1, 'row', 'rows'), count(0, 'row', 'rows')], ['1 row', '0 rows'])
})
