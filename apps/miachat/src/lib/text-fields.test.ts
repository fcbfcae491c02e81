import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanLine, cleanProse, lengthOf, optionalProse, requiredLine, textList } from './text-fields.ts'

test('a length counts characters, not halves of them', () => {
  const name = requiredLine(3, 'A name, please.')
  assert.equal(lengthOf('👩🐢é'), 3)
  assert.equal(name.safeParse('👩🐢é').success, true)
  assert.equal(name.safeParse('👩🐢éx').error?.issues[0]?.message, 'Use at most 3 characters.')
})

test('a required line of blanks, controls or nothing is told to be missing', () => {
  const name = requiredLine(80, 'A name, please.')
  for (const text of ['', '  ', '\u0000\u0007', '\n\t']) {
    assert.equal(name.safeParse(text).error?.issues[0]?.message, 'A name, please.', JSON.stringify(text))
  }
})

test('no control character reaches the database (PostgreSQL keeps no NUL)', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
      assert.doesNotMatch(cleanProse(text), /[\u0000-\u0008\u000b-\u001f\u007f]/)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
      assert.doesNotMatch(cleanLine(text), /[\u0000-\u001f\u007f]/)
      assert.equal(cleanProse(cleanProse(text)), cleanProse(text))
      assert.equal(cleanLine(cleanLine(text)), cleanLine(text))
    }),
  )
})

test('prose keeps its lines and indentation', () => {
  assert.equal(cleanProse('\r\n  a\r\n\r\n\tb  \n'), '  a\n\n\tb')
  assert.equal(optionalProse(10).parse(undefined), '')
})

test('a list comes from a form or a program, without blanks and repetitions', () => {
  const tags = textList(/[,\n]/, 3, 5)
  assert.deepEqual(tags.parse(' a, b ,,a\nc'), ['a', 'b', 'c'])
  assert.deepEqual(tags.parse(['a', ' a ', '']), ['a'])
  assert.deepEqual(tags.parse(undefined), [])
  assert.equal(tags.safeParse('a,b,c,d').success, false)
  assert.equal(tags.safeParse('abcdef').success, false)
})
