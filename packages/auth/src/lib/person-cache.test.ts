import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createPersonCache } from './person-cache.ts'

const SIZE = 4
const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', '__proto__', 'constructor')
const person = fc.integer({ min: 1, max: 3 })
const command = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, userId: person }),
  fc.record({ kind: fc.constant('get' as const), key }),
  fc.record({ kind: fc.constant('forget' as const), userId: person }),
  fc.record({ kind: fc.constant('everybody' as const) }),
  fc.record({ kind: fc.constant('age' as const) }),
)

describe('the cache of people', () => {
  test('JWT-06: against a plain map: it never answers what was forgotten, never an old value, and stays small', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
        const cache = createPersonCache<{ userId: number; n: number }>(SIZE)
        const model = new Map<string, { userId: number; n: number }>()
        for (const [n, c] of commands.entries()) {
          if (c.kind === 'set') {
            // A key belongs to one person for ever, as a token does.
            const userId = (c.key.charCodeAt(0) % 3) + 1
            cache.set(c.key, { userId, n })
            model.set(c.key, { userId, n })
          } else if (c.kind === 'get') {
            const found = cache.get(c.key)
            if (found) assert.deepEqual(found, model.get(c.key))
          } else if (c.kind === 'forget') {
            cache.forget(c.userId)
            for (const [k, v] of model) if (v.userId === c.userId) model.delete(k)
          } else if (c.kind === 'everybody') {
            cache.forget('everybody')
            model.clear()
          } else cache.age()
          assert.ok(cache.size <= 2 * SIZE)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('what is asked for again stays, what is not goes', () => {
    const cache = createPersonCache<{ userId: number }>(2)
    cache.set('used', { userId: 1 })
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      assert.ok(cache.get('used'), name)
      cache.set(name, { userId: 2 })
    }
    assert.equal(cache.get('a'), undefined)
    cache.age()
    cache.age()
    assert.equal(cache.size, 0)
  })
})
