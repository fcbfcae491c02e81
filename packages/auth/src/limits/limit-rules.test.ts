import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { current, emptyState, endOf, hold, judge, type Limit, type LimitState, settle } from './limit-rules.ts'

const MINUTE = 60_000
/** As long as a check may take before its place is given up. */
const LONGEST_CHECK = MINUTE

const limits = fc.record({
  kind: fc.constantFrom<Limit['kind'][]>('window', 'streak'),
  budget: fc.integer({ min: 1, max: 5 }),
  period: fc.integer({ min: 1, max: 15 }).map((n) => n * MINUTE),
})

/** What can happen: somebody asks, a running check ends in some way (the n-th of those running), time goes by. */
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant({ do: 'ask' as const }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constantFrom('failed', 'passed', 'undecided', 'crashed'), nth: fc.nat(9) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('pass' as const), time: fc.integer({ min: 1, max: 5 * MINUTE }) }),
    },
  ),
  { maxLength: 120 },
)

interface Seen {
  now: number
  state: LimitState
  running: number[]
  failures: number[]
}

/** Plays the steps through the rules and shows every moment to `look`. A check that takes too long loses its place. */
function play(
  limit: Limit,
  list: readonly (typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never)[],
  look: (seen: Seen, verdict: string | null) => void,
) {
  const seen: Seen = { now: 1_700_000_000_000, state: emptyState, running: [], failures: [] }
  for (const step of list) {
    let verdict: string | null = null
    if ('time' in step) {
      seen.now += step.time
      seen.running = seen.running.filter((until) => until > seen.now)
    } else if (step.do === 'ask') {
      verdict = judge(limit, seen.state, seen.now).may
      if (verdict === 'go') {
        const until = seen.now + LONGEST_CHECK
        seen.state = hold(limit, seen.state, seen.now, until)
        seen.running.push(until)
      }
    } else if ('nth' in step && seen.running.length > 0) {
      const [until = 0] = seen.running.splice(step.nth % seen.running.length, 1)
      if (step.do === 'failed') seen.failures.push(seen.now)
      if (step.do === 'failed' || step.do === 'passed' || step.do === 'undecided') {
        seen.state = settle(limit, seen.state, seen.now, until, step.do, true)
      }
      if (step.do === 'passed') seen.failures = []
    }
    look(seen, verdict)
  }
}

describe('the rules of limits', () => {
  test('LIM-03: whatever happens, no period sees more failures than the budget without a success between', () => {
    fc.assert(
      fc.property(limits, steps, (limit, list) => {
        play(limit, list, ({ failures, now }) => {
          const recent = failures.filter((at) => at > now - limit.period)
          assert.ok(recent.length <= limit.budget, `${recent.length} failures within a budget of ${limit.budget}`)
        })
      }),
      { numRuns: 500 },
    )
  })

  test('LIM-03: places held by running checks make others wait, and never refuse them', () => {
    fc.assert(
      fc.property(limits, steps, (limit, list) => {
        const withoutFailures = list.filter((step) => step.do !== 'failed')
        play(limit, withoutFailures, (_, verdict) => assert.notEqual(verdict, 'not'))
      }),
    )
  })

  test('LIM-03: there is always a way on: once everything that runs has ended and the period is over, a check may begin', () => {
    fc.assert(
      fc.property(limits, steps, (limit, list) => {
        play(limit, list, ({ state, now }) => {
          assert.equal(judge(limit, state, now + limit.period + LONGEST_CHECK).may, 'go')
          assert.ok(endOf(limit, state) <= now + Math.max(limit.period, LONGEST_CHECK))
        })
      }),
    )
  })

  test('LIM-06: a refusal tells the moment from which on a check may begin, not earlier and not later', () => {
    fc.assert(
      fc.property(limits, steps, (limit, list) => {
        play(limit, list, ({ state, now }) => {
          const verdict = judge(limit, state, now)
          if (verdict.may !== 'not') return
          assert.ok(verdict.until > now)
          assert.equal(judge(limit, state, verdict.until - 1).may, 'not')
          assert.notEqual(judge(limit, state, verdict.until).may, 'not')
        })
      }),
    )
  })

  test('LIM-07: what is kept of a key is no more than its budget, however long the story', () => {
    fc.assert(
      fc.property(limits, steps, (limit, list) => {
        play(limit, list, ({ state, now }) => {
          const kept = current(limit, state, now)
          assert.ok(kept.held.length <= limit.budget)
          assert.ok(kept.failures.length <= (limit.kind === 'streak' ? 1 : limit.budget))
        })
      }),
    )
  })

  test('LIM-03: a place whose check died with its process is free again after a while', () => {
    const limit: Limit = { kind: 'window', budget: 1, period: 15 * MINUTE }
    const held = hold(limit, emptyState, 0, LONGEST_CHECK)
    assert.equal(judge(limit, held, LONGEST_CHECK - 1).may, 'wait')
    assert.equal(judge(limit, held, LONGEST_CHECK).may, 'go')
  })

  test('LIM-05: a success forgets the failures only where the counter says so', () => {
    const limit: Limit = { kind: 'window', budget: 2, period: 15 * MINUTE }
    const failed = settle(limit, hold(limit, emptyState, 0, 10), 0, 10, 'failed', false)
    const running = hold(limit, failed, 1, 11)
    assert.equal(settle(limit, running, 1, 11, 'passed', true).count, 0)
    assert.equal(settle(limit, running, 1, 11, 'passed', false).count, 1)
    assert.equal(settle(limit, running, 1, 11, 'undecided', true).count, 1)
  })

  test('LIM-01: a streak counts over any time until the period is quiet; a window lets each failure go by itself', () => {
    let streak: LimitState = emptyState
    let window: LimitState = emptyState
    const limit = { budget: 3, period: 10 } as const
    for (const now of [0, 6, 12]) {
      streak = settle({ kind: 'streak', ...limit }, streak, now, -1, 'failed', true)
      window = settle({ kind: 'window', ...limit }, window, now, -1, 'failed', true)
    }
    assert.deepEqual(judge({ kind: 'streak', ...limit }, streak, 13), { may: 'not', until: 22 })
    assert.deepEqual(judge({ kind: 'window', ...limit }, window, 13), { may: 'go' })
  })
})
