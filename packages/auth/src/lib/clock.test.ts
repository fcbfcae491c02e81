import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { hours, minutes, seconds, steadyClock } from './clock.ts'

/** A machine whose wall clock can be set while time passes. */
function machine() {
  let wall = Date.UTC(2026, 0, 1)
  let elapsed = 5000
  return {
    clock: steadyClock(
      () => wall,
      () => elapsed,
    ),
    pass(ms: number) {
      wall += ms
      elapsed += ms
    },
    set(by: number) {
      wall += by
    },
    wall: () => wall,
  }
}

describe('AVL-09: a clock that does not jump', () => {
  for (const step of [hours(1), hours(-1), hours(24 * 365), -hours(24 * 365)]) {
    test(`set by ${step / hours(1)} hours: not a second of it at once`, () => {
      const { clock, pass, set } = machine()
      const before = clock()
      pass(minutes(10))
      set(step)
      assert.ok(Math.abs(clock() - before - minutes(10)) <= seconds(1), `${clock() - before}`)
    })
  }

  test('a step is worked off slowly: an hour in twenty', () => {
    const { clock, pass, set, wall } = machine()
    clock()
    set(hours(1))
    for (let i = 0; i < 10 * 60; i++) {
      pass(minutes(1))
      clock()
    }
    const half = wall() - clock()
    assert.ok(half > minutes(28) && half < minutes(32), `after ten hours ${half} ms are left`)
    for (let i = 0; i < 10.5 * 60; i++) {
      pass(minutes(1))
      clock()
    }
    assert.equal(clock(), wall())
  })

  test('a small correction is taken over', () => {
    const { clock, pass, set, wall } = machine()
    clock()
    set(seconds(3))
    pass(seconds(2))
    assert.equal(clock(), wall())
  })

  test('a machine that slept for hours knows it: sessions have aged', () => {
    const { clock, pass } = machine()
    const before = clock()
    pass(hours(9))
    assert.equal(clock() - before, hours(9))
  })

  test('whatever is done to the wall clock, time passes at nearly its own pace and never runs backwards far', () => {
    const step = fc.record({
      pass: fc.integer({ min: 0, max: hours(3) }),
      set: fc.integer({ min: -hours(48), max: hours(48) }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { clock, pass, set } = machine()
        let last = clock()
        for (const { pass: ms, set: by } of steps) {
          pass(ms)
          set(by)
          const now = clock()
          // 5 % of slewing, and at most the step that counts as a usual correction.
          assert.ok(Math.abs(now - last - ms) <= ms * 0.05 + seconds(5) + 1, `${now - last} for ${ms}`)
          last = now
        }
      }),
    )
  })
})
