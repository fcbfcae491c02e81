import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { days, hours, minutes } from '../lib/clock.ts'
import { defaultSessionSettings, endsAt, lifetimesOf, renewsAt } from './session-rules.ts'

describe('how long a session lasts', () => {
  test('SES-04: 1 hour and 24 hours, or 7 and 30 days when remembered', () => {
    assert.deepEqual(lifetimesOf(defaultSessionSettings, false), { idle: hours(1), absolute: hours(24) })
    assert.deepEqual(lifetimesOf(defaultSessionSettings, true), { idle: days(7), absolute: days(30) })
  })

  test('SES-05: a renewal is due after a twentieth of the idle time', () => {
    assert.equal(renewsAt(lifetimesOf(defaultSessionSettings, false), 0), minutes(3))
    assert.equal(renewsAt(lifetimesOf(defaultSessionSettings, true), 0), hours(8.4))
  })

  test('SES-04: no use extends it beyond its absolute end, none makes it shorter, and it is never idle for longer', () => {
    const time = fc.nat({ max: days(400) })
    fc.assert(
      fc.property(time, time, fc.boolean(), (createdAt, used, remember) => {
        const lifetimes = lifetimesOf(defaultSessionSettings, remember)
        const lastSeenAt = createdAt + used
        const end = endsAt(lifetimes, { createdAt, lastSeenAt })
        assert.ok(end <= createdAt + lifetimes.absolute)
        assert.ok(end <= lastSeenAt + lifetimes.idle)
        assert.ok(endsAt(lifetimes, { createdAt, lastSeenAt: lastSeenAt + 1 }) >= end)
      }),
    )
  })
})
