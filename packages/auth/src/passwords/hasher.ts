import { availableParallelism } from 'node:os'
import { minutes } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import { workerFile } from '../lib/worker-file.ts'
import type { HashAnswer, HashJob } from './hash-job.ts'
import { createHashQueue } from './hash-queue.ts'
import { costs, needsRenewal } from './hash-setting.ts'
import { parseStoredHash } from './password-formats.ts'
import { MAX_PASSWORD_BYTES } from './password-policy.ts'

export interface HashSettings {
  readonly scheme: 'bcrypt' | 'argon2id'
  /** bcrypt: log2 of the rounds, 4 to 16, default 12. argon2id: passes over 19 MiB with one lane, 2 to 16, default 2. */
  readonly cost?: number
  /** Hashes computed at a time; the number of processors by default. */
  readonly threads?: number
  /** Jobs that may wait beside the running ones; 128 by default, at least 64 (PW-11). */
  readonly queue?: number
}

export interface Hasher {
  /**
   * The hash of a new password in the current setting. Throws `invalid_fields` above 1024 bytes, `malformed_request` for a lone
   * surrogate, `overloaded` when the queue is full.
   */
  hash(password: string): Promise<string>
  /**
   * Whether `password` belongs to `stored`. With `imported` bcrypt counts the first 72 bytes only, as the Python original did.
   * Unknown formats and `!` match nothing and cost a whole hash (LOG-02). Throws `overloaded` when the queue is full.
   */
  verify(password: string, stored: string, imported?: boolean): Promise<boolean>
  /** The work of a check and nothing else, for names that nobody has (LOG-02, LOG-03). */
  verifyNobody(password: string): Promise<false>
  /** Whether a hash that has just matched is cheaper than, or of another scheme than, the current setting, or imported (PW-10). */
  needsRenewal(stored: string, imported?: boolean): boolean
  /** Jobs that wait for a thread. */
  readonly waiting: number
  /** Refuses waiting jobs, lets running ones end, stops the threads. */
  close(): Promise<void>
}

const LEAST_ROOM = 64
/** Long enough for people who mistype, short enough that a quiet server is small: each thread takes about 10 MB. */
const KEPT_IDLE = minutes(1)

/** No hash: matches nothing, costs as much as one. Stored for accounts without a password. */
export const NO_PASSWORD = '!'

/** Whether some password opens the account: not where none was set, nor where an import brought a hash that no scheme reads. */
export const hasPassword = (stored: string): boolean => parseStoredHash(stored) !== null

/** Hashes passwords in worker threads of low priority behind a bounded queue (PW-11). Threads start with the first job. */
export function createHasher(settings: HashSettings): Hasher {
  const { least, most, usual: usualCost } = costs[settings.scheme]
  const setting = { scheme: settings.scheme, cost: settings.cost ?? usualCost }
  if (!Number.isInteger(setting.cost) || setting.cost < least || setting.cost > most) {
    throw new RangeError(`the cost of ${setting.scheme} must be a whole number from ${least} to ${most}`)
  }
  const queue = createHashQueue({
    file: workerFile('hash-worker', import.meta.url),
    threads: Math.max(1, settings.threads ?? availableParallelism()),
    room: Math.max(LEAST_ROOM, settings.queue ?? 128),
    idle: KEPT_IDLE,
  })
  let usual: number | undefined

  async function run(job: Omit<HashJob, 'setting' | 'usual'>): Promise<HashAnswer> {
    const answer = await queue.run(usual === undefined ? { ...job, setting } : { ...job, setting, usual })
    // A running mean: one measurement may be off.
    if (answer.usual !== undefined) usual = usual === undefined ? answer.usual : 0.8 * usual + 0.2 * answer.usual
    return answer
  }

  return {
    async hash(password) {
      // The policy has told the person before; this holds for callers who forgot to ask it.
      if (!password.isWellFormed()) throw new AuthError('malformed_request')
      if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new AuthError('invalid_fields')
      const { hash } = await run({ password })
      if (hash === undefined) throw new AuthError('internal_error')
      return hash
    },
    async verify(password, stored, imported = false) {
      return (await run({ password, stored, imported })).matches === true
    },
    async verifyNobody(password) {
      await run({ password, stored: NO_PASSWORD })
      return false
    },
    needsRenewal: (stored, imported = false) => imported || needsRenewal(stored, setting),
    get waiting() {
      return queue.waiting
    },
    close: queue.close,
  }
}
