import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { figures } from './figures.ts'

test('figures are as Intl writes them in English', () => {
  const english = new Intl.NumberFormat('en')
  fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), (n) => figures(n) === english.format(n)))
  for (const n of [0, 999, 1000, 20_000, 1_000_000]) assert.equal(figures(n), english.format(n))
})
