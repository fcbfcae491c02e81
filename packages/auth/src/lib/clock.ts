import { uptime } from 'node:os'

/** Milliseconds since 1970-01-01 UTC. */
export type Clock = () => number

export const seconds = (n: number): number => n * 1000
export const minutes = (n: number): number => n * 60_000
export const hours = (n: number): number => n * 3_600_000
export const days = (n: number): number => n * 86_400_000

/** The gap between wall clock and elapsed time that counts as a step, not as the usual correction. */
const STEP = seconds(5)
/** How much of a step is taken over for each passed millisecond: an hour's step is worked off in twenty hours. */
const SLEW = 0.05

/**
 * A wall clock that does not jump (AVL-09). When somebody sets the machine's clock forward by an hour, sessions with an
 * idle limit of an hour must not all end at that moment; set back, tokens must not live an hour longer. Elapsed time comes
 * from the system's uptime, which counts the time asleep too and knows no steps; a step of the wall clock is worked off
 * slowly. `wall` and `elapsed` answer milliseconds and can be given by a test.
 */
export function steadyClock(wall: Clock = Date.now, elapsed: () => number = () => uptime() * 1000): Clock {
  let anchorWall = wall()
  let anchorElapsed = elapsed()
  let lastCheck = wall()
  let offset = 0
  return () => {
    const now = wall()
    // Uptime costs a system call: look once a second, or when the wall clock ran backwards.
    if (now - lastCheck < 1000 && now >= lastCheck) return now + offset
    const passed = elapsed() - anchorElapsed
    const expected = anchorWall + passed
    const gap = now + offset - expected
    if (Math.abs(gap) > STEP) offset -= gap
    else if (offset !== 0) offset -= Math.sign(offset) * Math.min(Math.abs(offset), passed * SLEW)
    anchorWall = now + offset
    anchorElapsed += passed
    lastCheck = now
    return anchorWall
  }
}

/** ISO 8601 in UTC with `Z`, from milliseconds. */
export const isoTime = (ms: number): string => new Date(ms).toISOString()
