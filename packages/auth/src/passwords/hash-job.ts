import bcrypt from 'bcrypt'
import { costsAsNow, type HashSetting } from './hash-setting.ts'
import { hashPassword, verifyPassword } from './password-hashing.ts'

/** One piece of work for a worker thread. Without `stored` it makes a hash. */
export interface HashJob {
  readonly password: string
  readonly setting: HashSetting
  readonly stored?: string
  readonly imported?: boolean
  /** Microseconds of processor time that a hash in the current setting takes, where known. */
  readonly usual?: number
}

/** What comes back. `usual` is set when this job showed what a hash in the current setting costs. */
export interface HashAnswer {
  readonly hash?: string
  readonly matches?: boolean
  readonly usual?: number
}

/** Costs about a millisecond: the grain in which missing work is made up. */
const GRAIN = '$2b$04$......................'

/** Does the work, synchronously: to be called in a worker thread only. */
export function runHashJob(job: HashJob): HashAnswer {
  const start = processorTime()
  if (job.stored === undefined) return { hash: hashPassword(job.password, job.setting), usual: processorTime() - start }
  const matches = verifyPassword(job.password, job.stored, job.imported === true, job.setting)
  if (costsAsNow(job.stored, job.setting)) return { matches, usual: processorTime() - start }
  if (matches) return { matches }
  // A wrong password for a cheap old hash must take as long as an unknown name: time would tell that the name exists (LOG-03).
  return { matches, ...makeUp(start, job) }
}

function makeUp(start: number, job: HashJob): { usual?: number } {
  if (job.usual === undefined) {
    const from = processorTime()
    hashPassword(job.password, job.setting)
    return { usual: processorTime() - from }
  }
  while (processorTime() - start < job.usual) bcrypt.hashSync('', GRAIN)
  return {}
}

function processorTime(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}
