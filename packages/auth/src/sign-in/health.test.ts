import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textIn } from '../words/host-text.ts'
import { english } from '../words/words.ts'
import { clockLine, queueLine } from './health.ts'

test('AD8: clocks that agree within seconds are all right, others are told with the direction', () => {
  for (const difference of [0, 5000, -5000]) assert.equal(clockLine(difference).level, 'ok')
  assert.match(textIn(clockLine(61_000).text, english), /61 s ahead of/)
  assert.match(textIn(clockLine(-61_000).text, english), /61 s behind/)
  assert.equal(clockLine(-61_000).level, 'warning')
})

test('AD8: a queue of passwords is told from the length on at which people wait for seconds', () => {
  assert.deepEqual([queueLine(0).level, /^No password waits/.test(textIn(queueLine(0).text, english))], ['ok', true])
  assert.deepEqual([queueLine(31).level, /^Few passwords wait/.test(textIn(queueLine(31).text, english))], ['ok', true])
  assert.deepEqual(
    [queueLine(32).level, /^32 passwords wait/.test(textIn(queueLine(32).text, english))],
    ['warning', true],
  )
})
