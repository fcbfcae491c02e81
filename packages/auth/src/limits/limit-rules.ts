/**
 * What a limit counts. `window`: at most `budget` failures in any `period`. `streak`: at most `budget` failures without a
 * success between, forgotten after a quiet `period`. Periods are milliseconds.
 */
export interface Limit {
  readonly kind: 'window' | 'streak'
  readonly budget: number
  readonly period: number
}

/** What is known under one key: failures that count, and places held by checks that still run. */
export interface LimitState {
  /** Times of failures, oldest first; for a streak only the newest, with `count` for all. */
  readonly failures: readonly number[]
  readonly count: number
  /** When each held place is given up: a check that died with its process must not hold it for ever. */
  readonly held: readonly number[]
}

export const emptyState: LimitState = { failures: [], count: 0, held: [] }

export type Verdict =
  | { readonly may: 'go' }
  | { readonly may: 'wait' }
  | { readonly may: 'not'; readonly until: number }

/** Leaves out what no longer counts at `now`. */
export function current(limit: Limit, state: LimitState, now: number): LimitState {
  const failures = state.failures.filter((at) => at > now - limit.period)
  const held = state.held.filter((until) => until > now)
  const count = limit.kind === 'window' ? failures.length : failures.length === 0 ? 0 : state.count
  return { failures, count, held }
}

/**
 * May another check begin? Refused only when failures have used the budget up; places held by running checks are no
 * failures, so a right password among them waits its turn instead of being refused (LIM-03).
 */
export function judge(limit: Limit, state: LimitState, now: number): Verdict {
  const { failures, count, held } = current(limit, state, now)
  if (count >= limit.budget) {
    const freed = limit.kind === 'window' ? failures[failures.length - limit.budget] : failures.at(-1)
    return { may: 'not', until: (freed ?? now) + limit.period }
  }
  return count + held.length >= limit.budget ? { may: 'wait' } : { may: 'go' }
}

export function hold(limit: Limit, state: LimitState, now: number, until: number): LimitState {
  const kept = current(limit, state, now)
  return { ...kept, held: [...kept.held, until] }
}

export type Outcome = 'failed' | 'passed' | 'undecided'

/** Gives a held place back. A success forgets the failures where the caller says so. */
export function settle(
  limit: Limit,
  state: LimitState,
  now: number,
  until: number,
  outcome: Outcome,
  forgets: boolean,
) {
  const kept = current(limit, state, now)
  const place = kept.held.indexOf(until)
  const held = place < 0 ? kept.held : kept.held.toSpliced(place, 1)
  if (outcome === 'failed') {
    const failures = limit.kind === 'window' ? [...kept.failures, now] : [now]
    return { failures, count: kept.count + 1, held }
  }
  return outcome === 'passed' && forgets ? { failures: [], count: 0, held } : { ...kept, held }
}

/** When nothing of the state counts any more. */
export function endOf(limit: Limit, state: LimitState): number {
  const last = state.failures.at(-1)
  return Math.max(last === undefined ? 0 : last + limit.period, ...state.held, 0)
}
