import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockLine, queueLine } from './health.ts'

test('AD8: clocks that agree within seconds are all right, others are told with the direction', () => {
  for (const difference of [0, 5000, -5000]) assert.equal(clockLine(difference).level, 'ok')
  assert.match(clockLine(61_000).text, /61 s ahead of/)
  assert.match(clockLine(-61_000).text, /61 s behind/)
  assert.equal(clockLine(-61_000).level, 'warning')
})

test('AD8: a queue of passwords is told from the length on at which people wait for seconds', () => {
  assert.deepEqual([queueLine(0).level, /^No password waits/.test(queueLine(0).text)], ['ok', true])
  assert.deepEqual([queueLine(31).level, /^Few passwords wait/.test(queueLine(31).text)], ['ok', true])
  assert.deepEqual([queueLine(32).level, /^32 passwords wait/.test(queueLine(32).text)], ['warning', true])
})
