import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { waitSentence } from './limits.ts'

const sentences: [number, string][] = [
  [0, 'Try again in 1 second.'],
  [1, 'Try again in 1 second.'],
  [59, 'Try again in 59 seconds.'],
  [60, 'Try again in 1 minute.'],
  [61, 'Try again in 2 minutes.'],
  [900, 'Try again in 15 minutes.'],
  [3599, 'Try again in 60 minutes.'],
  [3600, 'Try again in 60 minutes.'],
  [7200, 'Try again in 2 hours.'],
  [86_400, 'Try again in 24 hours.'],
  [172_800, 'Try again in 2 days.'],
]
for (const [seconds, sentence] of sentences) {
  test(`LIM-06: a wait of ${seconds} s reads "${sentence}"`, () => assert.equal(waitSentence(seconds), sentence))
}

test('LIM-06: the words never promise a shorter wait than Retry-After, and never more than twice as long', () => {
  const seconds = { second: 1, minute: 60, hour: 3600, day: 86_400 }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 * 86_400 }), (retryAfter) => {
      const [, count, unit] = /^Try again in (\d+) (second|minute|hour|day)s?\.$/.exec(waitSentence(retryAfter)) ?? []
      const size = Object.entries(seconds).find(([name]) => name === unit)?.[1] ?? 0
      assert.ok(Number(count) * size >= retryAfter)
      assert.ok(Number(count) * size < 2 * retryAfter + 1)
      assert.ok(Number(count) < 120, waitSentence(retryAfter))
    }),
  )
})
