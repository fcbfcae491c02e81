import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { days, hours, minutes } from '../lib/clock.ts'
import { defaultSessionSettings, endsAt, lifetimesOf, renewsAt } from './session-rules.ts'

const short = { remember: false, shared: false }
const remembered = { remember: true, shared: false }

describe('how long a session lasts', () => {
  test('SES-04: 1 hour and 24 hours, or 7 and 30 days when remembered', () => {
    assert.deepEqual(lifetimesOf(defaultSessionSettings, short), { idle: hours(1), absolute: hours(24) })
    assert.deepEqual(lifetimesOf(defaultSessionSettings, remembered), { idle: days(7), absolute: days(30) })
  })

  test('S7, SES-04: 15 minutes and 2 hours on a shared computer, also when remembered, and never longer than short ones', () => {
    for (const remember of [false, true]) {
      const stay = { remember, shared: true }
      assert.deepEqual(lifetimesOf(defaultSessionSettings, stay), { idle: minutes(15), absolute: hours(2) })
      const strict = { ...defaultSessionSettings, short: { idle: minutes(5), absolute: minutes(30) } }
      assert.deepEqual(lifetimesOf(strict, stay), strict.short)
    }
  })

  test('SES-05: a renewal is due after a twentieth of the idle time', () => {
    assert.equal(renewsAt(lifetimesOf(defaultSessionSettings, short), 0), minutes(3))
    assert.equal(renewsAt(lifetimesOf(defaultSessionSettings, remembered), 0), hours(8.4))
  })

  test('SES-04: no use extends it beyond its absolute end, none makes it shorter, and it is never idle for longer', () => {
    const time = fc.nat({ max: days(400) })
    fc.assert(
      fc.property(time, time, fc.boolean(), fc.boolean(), (createdAt, used, remember, shared) => {
        const lifetimes = lifetimesOf(defaultSessionSettings, { remember, shared })
        const lastSeenAt = createdAt + used
        const end = endsAt(lifetimes, { createdAt, lastSeenAt })
        assert.ok(end <= createdAt + lifetimes.absolute)
        assert.ok(end <= lastSeenAt + lifetimes.idle)
        assert.ok(endsAt(lifetimes, { createdAt, lastSeenAt: lastSeenAt + 1 }) >= end)
      }),
    )
  })
})
