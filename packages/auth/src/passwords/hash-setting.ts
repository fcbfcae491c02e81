import { parseStoredHash } from './password-formats.ts'

/** How new passwords are hashed: log2 of the rounds for bcrypt; passes over 19 MiB, one lane, for argon2id (PW-08). */
export interface HashSetting {
  readonly scheme: 'bcrypt' | 'argon2id'
  readonly cost: number
}

/** KiB: with two passes and one lane the least that PW-08 allows. */
export const ARGON2_MEMORY = 19_456

/** The costs that each scheme takes, and the one for who sets none. */
export const costs = {
  bcrypt: { least: 4, most: 16, usual: 12 },
  argon2id: { least: 2, most: 16, usual: 2 },
} as const

/** Whether checking this hash costs exactly what a hash in the current setting costs. */
export function costsAsNow(stored: string, setting: HashSetting): boolean {
  const hash = parseStoredHash(stored)
  if (!hash) return true
  if (setting.scheme === 'bcrypt') return hash.scheme === 'bcrypt' && hash.cost === setting.cost
  return hash.scheme === 'argon2' && hash.memory === ARGON2_MEMORY && hash.passes === setting.cost
}

/** Whether a hash that has just matched should be replaced by one in the current setting (PW-10). */
export function needsRenewal(stored: string, setting: HashSetting): boolean {
  const hash = parseStoredHash(stored)
  if (!hash) return true
  if (setting.scheme === 'bcrypt') {
    const ours = hash.scheme === 'bcrypt' && (hash.input === 'plain' || hash.input === 'hmac-sha384')
    return !ours || hash.cost < setting.cost
  }
  if (hash.scheme !== 'argon2' || hash.variant !== 'argon2id' || hash.salt.length < 16) return true
  return hash.memory < ARGON2_MEMORY || hash.memory * hash.passes < ARGON2_MEMORY * setting.cost
}
