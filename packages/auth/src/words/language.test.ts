import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptedLanguage } from './language.ts'

const cases = [
  [null, null],
  ['', null],
  ['de', 'de'],
  ['de-CH, en;q=0.5', 'de'],
  ['en;q=0.5, de;q=0.9', 'de'],
  ['fr, en-GB;q=0.8, de;q=0.7', 'en'],
  ['DE', 'de'],
  ['den', null],
  ['de;q=0', null],
  ['de;q=abc, en', 'en'],
  ['de;q=7, en;q=0.1', 'en'],
  ['*', null],
  ['"><script>', null],
] as const
for (const [header, expected] of cases) {
  test(`X11: Accept-Language ${JSON.stringify(header)} takes ${expected}`, () => {
    assert.equal(acceptedLanguage(header, ['en', 'de']), expected)
  })
}
