import type { Clock } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { AccountChanges } from '../users/account-changes.ts'

/** What somebody came in by: a session, a token family. */
export interface Door {
  readonly userId: number
  /** When it ends, in milliseconds since 1970, as the database says now; null where it has ended. */
  readonly endsAt: () => Promise<number | null>
}

/** Aborts when the door is shut. Whoever asked for it releases it when their work is done. */
export interface DoorSignal {
  /** Its reason is `not_signed_in` where the door was shut, `store_unavailable` where nobody can know or the server stops. */
  readonly signal: AbortSignal
  readonly release: () => void
}

interface Held {
  readonly door: Door
  readonly controller: AbortController
  endsAt: number
}

/** How often changes of accounts are looked for while something hangs on a door: four times in the second of S2. */
const LOOK_EVERY_MS = 250
/** For how long the changes may be unreadable before nothing hangs on a door any more. */
const BLIND_MS = 5000

export type OpenDoors = ReturnType<typeof createOpenDoors>

/**
 * Long-lived things, such as streams of events, ask no more after they have begun: here they hear that the session or the
 * token family which let them in has ended, in this process or any other, by a person or by time. Costs one small query
 * each quarter of a second while something is held, however much that is, and nothing else.
 */
export function createOpenDoors(deps: { changes: AccountChanges; clock: Clock; log: Log }) {
  const { changes, clock, log } = deps
  const held = new Set<Held>()
  let timer: NodeJS.Timeout | null = null
  let readAt = 0
  let stopped = false

  changes.onChange((userId) => {
    for (const one of held) if (userId === 'everybody' || one.door.userId === userId) void look(one)
  })

  function shut(one: Held, code: 'not_signed_in' | 'store_unavailable'): void {
    release(one)
    one.controller.abort(new AuthError(code))
  }

  function release(one: Held): void {
    held.delete(one)
    if (held.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }

  async function look(one: Held): Promise<void> {
    try {
      const endsAt = await one.door.endsAt()
      if (endsAt === null || clock() >= endsAt) shut(one, 'not_signed_in')
      else one.endsAt = endsAt
    } catch {
      // Looked at again with the next beat; a database that stays away shuts all.
      one.endsAt = 0
    }
  }

  async function beat(): Promise<void> {
    if (performance.now() - readAt > BLIND_MS) {
      log('warn', 'open_doors_shut', { count: held.size })
      for (const one of held) shut(one, 'store_unavailable')
      return
    }
    // The row may have been renewed since: only it can say that the time has come.
    for (const one of held) if (clock() >= one.endsAt) void look(one)
    try {
      await changes.sync()
      readAt = performance.now()
    } catch {
      // Tried again with the next beat.
    }
  }

  return {
    /** A signal that aborts within a second of the door's end, in every process. */
    hold(door: Door): DoorSignal {
      const one: Held = { door, controller: new AbortController(), endsAt: 0 }
      if (stopped) shut(one, 'store_unavailable')
      else {
        held.add(one)
        if (timer === null) {
          readAt = performance.now()
          timer = setInterval(() => void beat(), LOOK_EVERY_MS)
          timer.unref()
        }
        // The door may have been shut between the check of who comes in and now.
        void look(one)
      }
      return { signal: one.controller.signal, release: () => release(one) }
    },

    /** How much hangs on doors, for metrics. */
    get size(): number {
      return held.size
    },

    /** Ends everything that hangs on a door, and whatever is still to come: the server stops. */
    stop(): void {
      stopped = true
      for (const one of held) shut(one, 'store_unavailable')
    },
  }
}
