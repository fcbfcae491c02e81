import type { FieldError } from '../lib/errors.ts'
import { isCommonPassword } from './common-passwords.ts'
import { isLikeName, type NamedPerson } from './name-likeness.ts'

export interface PasswordPolicy {
  /** Unicode code points that a new password must have; 8 by default, 15 is the NIST figure for password-only accounts (PW-01). */
  readonly minLength: number
}

/** Bytes of UTF-8 that a new password may have (PW-02). */
export const MAX_PASSWORD_BYTES = 1024

/** Everything for which a new password is refused. No rule asks for capitals, digits or signs (PW-03). */
export const passwordFaults = {
  password_malformed: 'This password holds characters that cannot be stored. Type it again.',
  password_too_long: `Use at most ${MAX_PASSWORD_BYTES} bytes: as many plain letters, fewer with accents or emoji.`,
  password_too_short: 'Use at least {minLength} characters. A short sentence works best.',
  password_is_name: 'This is close to your user name, your address or the name of this site. Choose another.',
  password_common: 'This password appears in lists of leaked passwords. Choose another.',
} as const

export type PasswordFault = keyof typeof passwordFaults

/**
 * Null when a new password is acceptable, else the error to show at `field`. For new passwords only: what is typed at a
 * sign-in is compared as it is. Nothing is trimmed or normalised, here or before hashing: the exact bytes of its UTF-8 count
 * (PW-06, PW-07). The caller answers 400 for `password_malformed`, 422 for the others.
 */
export function checkNewPassword(
  policy: PasswordPolicy,
  password: string,
  person: NamedPerson,
  field = 'password',
): FieldError | null {
  const code = faultOf(policy, password, person)
  return code && { field, code, message: passwordFaults[code].replace('{minLength}', String(policy.minLength)) }
}

function faultOf(policy: PasswordPolicy, password: string, person: NamedPerson): PasswordFault | null {
  // A lone surrogate has no UTF-8: it would be hashed as U+FFFD, the same as many other passwords.
  if (!password.isWellFormed()) return 'password_malformed'
  // Before anything that takes time by length.
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return 'password_too_long'
  if ([...password].length < policy.minLength) return 'password_too_short'
  if (isLikeName(password, person)) return 'password_is_name'
  if (isCommonPassword(password)) return 'password_common'
  return null
}
