import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, days, hours, minutes, seconds } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import { emptyState, endOf, hold, judge, type Limit, type LimitState, type Outcome, settle } from './limit-rules.ts'
import { createLimitStore, type KeysOfAccount } from './limit-store.ts'

/** One counter that an attempt is measured by. */
export interface Counter {
  readonly key: string
  readonly limit: Limit
  /** A success forgets the failures under this key (LIM-05). */
  readonly forgets: boolean
}

/** Places taken in all counters of an attempt, to be given back with its outcome. */
export interface Place {
  readonly counters: readonly Counter[]
  readonly until: number
}

/** A check that has not ended by then died with its process. */
const LONGEST_CHECK = seconds(60)
/** How long an attempt waits while all places are held by running checks (LIM-03). */
const LONGEST_WAIT = seconds(10)
/** The pause between two looks grows by half, so that a crowd that waits does not keep the database busy. */
const FIRST_PAUSE_MS = 40
const LONGEST_PAUSE_MS = 600

/** How many counters are looked through for those that are used up: a flood of addresses must not fill the memory. */
const MOST_READ = 5000

/** Somebody who is turned away for now. */
export interface Standing {
  /** The first word of the counter's key. */
  readonly kind: string
  /** The rest of it: an account, a network, or both with `|` between them. */
  readonly subject: string
  /** Milliseconds since 1970. */
  readonly until: number
}

export type Limits = ReturnType<typeof createLimits>

/**
 * Limits that hold for all processes on the database together and survive a restart. A place is taken before the check and
 * given back after it, so that parallel guesses cannot exceed the budget.
 */
export function createLimits(deps: { db: Database<AuthTables>; clock: Clock }) {
  const { db, clock } = deps
  const store = createLimitStore(db)
  const parse = (text: string | undefined): LimitState => (text ? { ...emptyState, ...readState(text) } : emptyState)

  function refuse(until: number): never {
    const retryAfter = Math.max(1, Math.ceil((until - clock()) / 1000))
    throw new AuthError('too_many_attempts', { retryAfter, detail: `Too many attempts. ${waitSentence(retryAfter)}` })
  }

  /** A look without a lock: a flood of refused attempts writes nothing. Answers whether to wait. */
  async function mustWait(counters: readonly Counter[]): Promise<boolean> {
    let wait = false
    let freeAt = 0
    for (const { key, limit } of counters) {
      const verdict = judge(limit, parse((await store.find(key))?.state), clock())
      if (verdict.may === 'not') freeAt = Math.max(freeAt, verdict.until)
      if (verdict.may === 'wait') wait = true
    }
    // Until the last of them lets go: who comes back earlier would be refused again.
    if (freeAt > 0) refuse(freeAt)
    return wait
  }

  /** Takes a place in every counter, or in none and answers null. */
  async function tryTake(counters: readonly Counter[]): Promise<Place | null> {
    return db.transaction(async (trx) => {
      const now = clock()
      const until = now + LONGEST_CHECK
      const states: { counter: Counter; state: LimitState }[] = []
      for (const counter of counters) {
        states.push({ counter, state: parse(await store.lock(trx, counter.key)) })
      }
      const verdicts = states.map(({ counter, state }) => judge(counter.limit, state, now))
      if (verdicts.some((verdict) => verdict.may !== 'go')) {
        await store.remove(
          trx,
          states.filter(({ state }) => state === emptyState).map(({ counter }) => counter.key),
        )
        return null
      }
      for (const { counter, state } of states) {
        const next = hold(counter.limit, state, now, until)
        await store.save(trx, counter.key, writeState(next), endOf(counter.limit, next))
      }
      return { counters, until }
    })
  }

  return {
    /** Takes a place before a check. Throws `too_many_attempts` with Retry-After when the budget is used up. */
    async take(wanted: readonly Counter[]): Promise<Place> {
      // One order for everybody, or two attempts could wait for each other's rows.
      const counters = wanted.toSorted((a, b) => (a.key < b.key ? -1 : 1))
      const end = performance.now() + LONGEST_WAIT
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
        if (!(await mustWait(counters))) {
          const place = await tryTake(counters)
          if (place) return place
        }
        if (performance.now() > end) refuse(clock() + seconds(5))
        await sleep(pause * (1 + Math.random()))
      }
    },

    /** Gives the place back. `undecided` is for a check that could not be made: nothing is counted. */
    async giveBack(trx: Kysely<AuthTables>, place: Place, outcome: Outcome): Promise<void> {
      const now = clock()
      for (const { key, limit, forgets } of place.counters) {
        const state = parse(await store.lock(trx, key))
        const next = settle(limit, state, now, place.until, outcome, forgets)
        if (next.count === 0 && next.held.length === 0) await store.remove(trx, [key])
        else await store.save(trx, key, writeState(next), endOf(limit, next))
      }
    },

    /** Forgets a counter, as after a reset of the password by its owner. */
    forget: (trx: Kysely<AuthTables>, key: string): Promise<void> => store.remove(trx, [key]),

    /**
     * Forgets counters of an account. In transactions of its own: counters come before
     * accounts in every other, and one that took them the other way round would wait for those and they for it.
     */
    async forgetAll(keys: KeysOfAccount): Promise<void> {
      // Sorted, as attempts take them.
      for (const key of (await store.keysOf(keys)).toSorted()) {
        await db.transaction((trx) => store.remove(trx, [key]))
      }
    },

    /**
     * Who has used a budget up by now, the latest end first, at most `most`; `inForce` holds the limits by the first word of
     * their keys. Attempts with names that nobody has are left out: they count for no account.
     */
    async standing(inForce: ReadonlyMap<string, Limit>, most: number): Promise<Standing[]> {
      const now = clock()
      const found: Standing[] = []
      for (const { key, state } of await store.running(now, MOST_READ)) {
        const { kind, subject } = partsOf(key)
        const limit = inForce.get(kind)
        const verdict = limit && judge(limit, parse(state), now)
        if (verdict?.may === 'not') found.push({ kind, subject, until: verdict.until })
      }
      return found.toSorted((a, b) => b.until - a.until).slice(0, most)
    },

    /** How many counters ended before `at` and are still there: what the sweep has not met. */
    endedBefore: (at: number): Promise<number> => store.endedBefore(at),

    sweep: (most: number): Promise<number> => store.sweep(clock(), most),
  }
}

/** What a key counts, and whom; the subject is empty where all count together. */
export function partsOf(key: string): { kind: string; subject: string } {
  const cut = key.indexOf(':')
  return cut < 0 ? { kind: key, subject: '' } : { kind: key.slice(0, cut), subject: key.slice(cut + 1) }
}

/** From how many seconds on a wait is told in which unit: not so early that rounding up makes much of it. */
const units = [
  { from: days(2) / 1000, name: 'day', size: days(1) / 1000 },
  { from: hours(2) / 1000, name: 'hour', size: hours(1) / 1000 },
  { from: minutes(1) / 1000, name: 'minute', size: minutes(1) / 1000 },
]

/** The wait in words that a person can use, rounded up: never shorter than Retry-After. */
export function waitSentence(retryAfter: number): string {
  const { name, size } = units.find(({ from }) => retryAfter >= from) ?? { name: 'second', size: 1 }
  const count = Math.max(1, Math.ceil(retryAfter / size))
  return `Try again in ${count} ${name}${count === 1 ? '' : 's'}.`
}

const writeState = (state: LimitState): string => JSON.stringify([state.failures, state.count, state.held])

function readState(text: string): LimitState {
  const [failures, count, held]: [number[], number, number[]] = JSON.parse(text)
  return { failures, count, held }
}
