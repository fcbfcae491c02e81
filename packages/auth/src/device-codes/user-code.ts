import { randomInt } from 'node:crypto'

/** Without vowels, so that no words come out, and without digits, so that none looks like a letter (RFC 8628 section 6.1). */
const SIGNS = 'BCDFGHJKLMNPQRSTVWXZ'
const LENGTH = 8
const HALF = LENGTH / 2

/** Eight letters of twenty: 34 bits, enough for what the limits let somebody guess in its minutes (RFC 8628 section 5.1). */
export const makeUserCode = (): string =>
  Array.from({ length: LENGTH }, () => SIGNS.charAt(randomInt(SIGNS.length))).join('')

/** What somebody typed, however it is set apart or spelled; null for what can be no code of ours, which is no guess either. */
export function readUserCode(typed: string): string | null {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}._]/gu, '')
  return code.length === LENGTH && [...code].every((sign) => SIGNS.includes(sign)) ? code : null
}

/** As people read it: "BDWP-HQPK". */
export const shownUserCode = (code: string): string => `${code.slice(0, HALF)}-${code.slice(HALF)}`
