import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/**
 * `common-passwords.bin` is a table of shortened SHA-256 digests. It begins with eight bytes of `COMMON_MAGIC`. The first two
 * bytes of a digest choose one of 65,536 buckets; a byte for each bucket says how many entries it has; then follow the entries,
 * three bytes each, in the order of buckets. With eight entries a bucket, a password that is in no list is found by chance once
 * in two million. `scripts/build-common-passwords.ts` writes it.
 */
export const COMMON_MAGIC = 'MCPW0001'
export const COMMON_BUCKETS = 65_536
export const COMMON_ENTRY_BYTES = 3

/** The bucket and the entry of a password, in lower case without locale. */
export function commonPlace(password: string): { bucket: number; entry: Buffer } {
  const digest = hash('sha256', password.toLowerCase(), 'buffer')
  return { bucket: digest.readUInt16BE(0), entry: digest.subarray(2, 2 + COMMON_ENTRY_BYTES) }
}

let table: Buffer | undefined

/** Whether a password stands in the list of common ones: 8 characters and more of a million, shorter ones of 100,000 (PW-04). */
export function isCommonPassword(password: string): boolean {
  table ??= loadTable()
  const { bucket, entry } = commonPlace(password)
  const counts = table.subarray(COMMON_MAGIC.length, COMMON_MAGIC.length + COMMON_BUCKETS)
  const entries = table.subarray(COMMON_MAGIC.length + COMMON_BUCKETS)
  // Adding up on each look costs microseconds, and an index of starts a quarter of a megabyte; registrations are rare.
  let start = 0
  for (let i = 0; i < bucket; i++) start += counts[i] ?? 0
  const end = start + (counts[bucket] ?? 0)
  for (let i = start; i < end; i++) {
    if (entry.equals(entries.subarray(i * COMMON_ENTRY_BYTES, (i + 1) * COMMON_ENTRY_BYTES))) return true
  }
  return false
}

function loadTable(): Buffer {
  const bytes = readFileSync(new URL('../../data/common-passwords.bin', import.meta.url))
  if (bytes.toString('latin1', 0, COMMON_MAGIC.length) !== COMMON_MAGIC)
    throw new Error('common-passwords.bin is damaged')
  return bytes
}
