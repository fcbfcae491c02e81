import assert from 'node:assert/strict'
import { test } from 'node:test'
import { english } from '../words/words.ts'
import { durationWords } from './duration-words.ts'

for (const [milliseconds, words] of [
  [86_400_000, '1 day'],
  [7 * 86_400_000, '7 days'],
  [3_600_000, '1 hour'],
  [90 * 60_000, '90 minutes'],
  [90_000, '90 seconds'],
  [600, '1 second'],
] as const) {
  test(`${milliseconds} ms are ${words}`, () => assert.equal(durationWords(milliseconds, english.config), words))
}
