import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Tells what it is wherever it is found: in a log, a repository, a chat. */
export const PERSONAL_TOKEN_PREFIX = 'mia_pat_'

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 238 random bits. */
const RANDOM_LENGTH = 40
const CHECKSUM_LENGTH = 6

/**
 * A new token: prefix, 40 random letters and digits, and the CRC-32 of those in base 62. By pattern and checksum a scanner of
 * secrets knows a leaked one without asking anybody, and one that was typed wrong needs no look into the database.
 */
export function newPersonalToken(): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return `${PERSONAL_TOKEN_PREFIX}${random}${checksum(random)}`
}

/** Whether a text can be a personal token: pattern and checksum are right. */
export function isPersonalToken(text: string): boolean {
  const [, random = '', sum] = /^mia_pat_([0-9A-Za-z]{40})([0-9A-Za-z]{6})$/.exec(text) ?? []
  return sum !== undefined && checksum(random) === sum
}

function checksum(text: string): string {
  let rest = crc32(text)
  let written = ''
  for (let n = 0; n < CHECKSUM_LENGTH; n++) {
    written = `${LETTERS[rest % LETTERS.length]}${written}`
    rest = Math.floor(rest / LETTERS.length)
  }
  return written
}
