import { randomBytes } from 'node:crypto'

const COUNTER_BITS = 12
const COUNTERS = 2 ** COUNTER_BITS

/**
 * Makes ids that sort by the time of their making (UUIDv7, RFC 9562 section 5.7) and cannot be guessed. Within one process
 * each is greater than the one before, also within a millisecond and when the clock is set back: the twelve bits after the
 * time count (section 6.2, method 1), and an overflow borrows the next millisecond.
 */
export function createIds(clock: () => number): () => string {
  let last = -1
  let counter = 0
  return () => {
    const now = Math.floor(clock())
    if (now > last) {
      last = now
      counter = randomBytes(1).readUInt8()
    } else if (++counter === COUNTERS) {
      last++
      counter = 0
    }
    const time = last.toString(16).padStart(12, '0')
    const random = randomBytes(8)
    random[0] = ((random[0] ?? 0) & 0x3f) | 0x80
    const tail = random.toString('hex')
    const count = counter.toString(16).padStart(3, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`
  }
}
