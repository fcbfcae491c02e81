import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { titleFrom } from './conversation-title.ts'
import { groupByDay } from './day-groups.ts'

const said = { locale: 'en-GB', today: 'Today', yesterday: 'Yesterday' }

test('a title is one line of at most 60 characters, cut at a word', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      const title = titleFrom(text)
      if (title === null) return assert.equal(text.trim(), '')
      assert.ok([...title].length <= 60)
      assert.doesNotMatch(title, /\n/)
    }),
  )
  assert.equal(titleFrom('A short one'), 'A short one')
  assert.equal(titleFrom(`${'word '.repeat(20)}`), `${'word '.repeat(10)}word…`)
  assert.equal(titleFrom('x'.repeat(300)), `${'x'.repeat(59)}…`)
})

test('days are those of the time zone', () => {
  const now = Date.UTC(2026, 2, 10, 1)
  const hours = [0, 2, 26, 24 * 4, 24 * 40].map((ago) => now - ago * 3_600_000)
  const labels = (zone: string) =>
    groupByDay(hours, (at) => at, now, said, zone).map(({ label, items }) => [label, items.length])
  assert.deepEqual(labels('UTC'), [
    ['Today', 1],
    ['Yesterday', 1],
    ['Sunday', 1],
    ['Friday', 1],
    ['29 January 2026', 1],
  ])
  assert.deepEqual(labels('America/Los_Angeles'), [
    ['Today', 2],
    ['Yesterday', 1],
    ['Thursday', 1],
    ['28 January 2026', 1],
  ])
})

test('no item is lost or moved by grouping', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_800_000_000_000 })), (times) => {
      const sorted = times.toSorted((a, b) => b - a)
      const groups = groupByDay(sorted, (at) => at, 1_800_000_000_000, said, 'UTC')
      assert.deepEqual(
        groups.flatMap(({ items }) => items),
        sorted,
      )
      assert.equal(new Set(groups.map(({ label }) => label)).size, groups.length)
    }),
  )
})
