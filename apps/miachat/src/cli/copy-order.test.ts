import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inOrder, leftBehind } from './copy-order.ts'

test('tables that point at each other in a circle are refused', () => {
  const circle = [
    { source: 'a', target: 'b' },
    { source: 'b', target: 'a' },
  ]
  assert.throws(() => inOrder(['a', 'b', 'c'], circle), /in a circle: a, b/)
})

test('each table comes once, after all that it points at', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  // A reference from a later letter to an earlier one closes no circle.
  const reference = fc
    .uniqueArray(fc.constantFrom(...names), { minLength: 2, maxLength: 2 })
    .map((pair) => pair.toSorted())
    .map(([target = '', source = '']) => ({ source, target }))
  fc.assert(
    fc.property(fc.array(reference), fc.shuffledSubarray(names, { minLength: 6 }), (references, shuffled) => {
      const sorted = inOrder(shuffled, references)
      assert.deepEqual(sorted.toSorted(), names)
      for (const { source, target } of references) assert.ok(sorted.indexOf(target) < sorted.indexOf(source))
    }),
  )
})

test('tables that would be left behind are named', () => {
  assert.deepEqual(leftBehind(['users', 'songs'], [{ name: 'users' }]), ['songs'])
})
