import { randomBytes } from 'node:crypto'
import { tokenHash } from '../lib/secrets.ts'

export const RECOVERY_CODES = 10
const BYTES = 10
/** Crockford's alphabet: no letters that are read as digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 16

/** A code of 80 random bits in four groups: `4f2a-9k1m-…` (MFA-03). */
export function newRecoveryCode(): string {
  let bits = BigInt(`0x${randomBytes(BYTES).toString('hex')}`)
  let text = ''
  for (let at = 0; at < LENGTH; at++) {
    text += ALPHABET[Number(bits & 31n)] ?? ''
    bits >>= 5n
  }
  return text.replace(/.{4}(?=.)/g, '$&-')
}

/** What is stored of a code as it was typed: its SHA-256, or null for what is no such code. 80 random bits need no slow hash. */
export function recoveryCodeHash(typed: string): Buffer | null {
  const code = typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1')
  return /^[0-9a-hjkmnp-tv-z]{16}$/.test(code) ? tokenHash(`recovery-code|${code}`) : null
}
