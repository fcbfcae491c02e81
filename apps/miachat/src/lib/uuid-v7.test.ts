import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createIds } from './uuid-v7.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('ids are UUIDs of version 7 that begin with the time', () => {
  const id = createIds(() => Date.UTC(2026, 0, 1))()
  assert.match(id, uuid)
  assert.equal(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), Date.UTC(2026, 0, 1))
})

test('each id sorts after the one before, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 42 }), { minLength: 2, maxLength: 50 }), (times) => {
      let now = 0
      const next = createIds(() => now)
      const ids = times.map((time) => {
        now = time
        return next()
      })
      assert.deepEqual(ids, [...new Set(ids)].sort())
      for (const id of ids) assert.match(id, uuid)
    }),
  )
})

test('more ids than one millisecond has numbers for borrow the next, and stay in order', () => {
  const next = createIds(() => 1000)
  const ids = Array.from({ length: 10_000 }, next)
  assert.deepEqual(ids, [...new Set(ids)].sort())
})
