// Advice on a new password while it is typed. It refuses nothing: the server decides, by `passwords/password-policy.ts`.

/**
 * @typedef {object} Advice
 * @property {0 | 1 | 2 | 3 | 4} score 0 is guessed at once, 4 is strong
 * @property {string} words a sentence for the person; empty where nothing was typed
 *
 * @typedef {object} Person
 * @property {string} [username]
 * @property {string | null} [email]
 * @property {number} [minLength] characters that this server asks for, 8 by default
 */

/** The same in `words/en/scripts.ts`; a page in another language brings its own. */
const english = {
  tooShort: 'Use at least {length} characters. A short sentence works best.',
  isName: 'This is close to your user name, your address or the name of this site.',
  common: 'This password appears in lists of leaked passwords.',
  strong: 'This is strong.',
  good: 'This is good.',
  fair: 'This is fair. A short sentence with {longer} is better.',
  weak: 'This is easy to guess. A short sentence with {longer} is better.',
  moreCharacters: '{length} characters or more',
  moreWords: 'another word or two',
}

const JUDGED = 100
const RECOMMENDED = 15

/** Bits that each word of text, and each character that seems random, is taken for. */
const WORD_CHARACTER_BITS = 2.2
const MOST_WORD_BITS = 15
const RANDOM_BITS = { letter: 4.5, digit: 3.3, other: 4 }

/** Bits from which each score begins. */
const SCORES = [0, 18, 25, 38, 50]

const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
]
const LEET = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i' }

/** How many places of the filter each password sets: the best for 16 bits a password. */
const PLACES = 11

/** @type {Uint8Array | undefined} */
let filter

/**
 * Fetches the filter of the most common passwords, once. Without it advice goes on, knowing less.
 * The file is a Bloom filter and nothing else: place n is bit n & 7 of byte n >> 3.
 * @param {string | URL} address
 * @param {typeof fetch} [get]
 * @returns {Promise<boolean>} whether it is there
 */
export async function loadAdvice(address, get = fetch) {
  if (filter) return true
  try {
    const answer = await get(address)
    if (answer.ok) filter = new Uint8Array(await answer.arrayBuffer())
  } catch {
    // Offline: the server looks at its own list anyway.
  }
  return filter !== undefined
}

/**
 * The places of a password in a filter of so many bits: FNV-1a over UTF-8 of the lower case gives the first place, the mixer
 * of MurmurHash3 the step to the next ones.
 * @param {string} password
 * @param {number} bits
 * @returns {number[]}
 */
export function filterPlaces(password, bits) {
  let first = 0x811c9dc5
  for (const byte of new TextEncoder().encode(password.toLowerCase())) first = Math.imul(first ^ byte, 0x01000193)
  let step = first
  step = Math.imul(step ^ (step >>> 16), 0x85ebca6b)
  step = Math.imul(step ^ (step >>> 13), 0xc2b2ae35)
  step = (step ^ (step >>> 16)) | 1
  return Array.from({ length: PLACES }, (_, i) => ((first + Math.imul(i, step)) >>> 0) % bits)
}

/**
 * Judges the first 100 characters.
 * @param {string} password
 * @param {Person} [person]
 * @param {Partial<typeof english>} [own] words of another language
 * @returns {Advice}
 */
export function advise(password, { username = '', email = '', minLength = 8 } = {}, own = {}) {
  const say = { ...english, ...own }
  const text = [...password.slice(0, 2 * JUDGED)].slice(0, JUDGED).join('')
  const length = [...text].length
  if (length === 0) return { score: 0, words: '' }
  if (length < minLength) {
    return { score: 0, words: say.tooShort.replace('{length}', String(minLength)) }
  }
  const plain = plainLetters(text)
  for (const name of [username, email ?? '', (email ?? '').split('@')[0] ?? '', 'miachat']) {
    const letters = plainLetters(name)
    if (letters.length > 2 && (plain === letters || plain === [...letters].reverse().join(''))) {
      return { score: 0, words: say.isName }
    }
  }
  if (isCommon(text)) return { score: 0, words: say.common }
  const bits = guessBits(text)
  const known = isCommon(text.replace(/[^\p{L}]+$/u, '')) || isCommon(plain)
  const score = known ? 1 : scoreOf(bits)
  return { score, words: wordsFor(score, length, say) }
}

/** @param {string} text */
function isCommon(text) {
  if (!filter || text.length < 8) return false
  for (const place of filterPlaces(text, filter.length * 8)) {
    if ((((filter[place >> 3] ?? 0) >> (place & 7)) & 1) === 0) return false
  }
  return true
}

/** Letters only, in lower case, with the usual digits read as letters; digits and signs at both ends are dropped. */
function plainLetters(/** @type {string} */ text) {
  const core = text.toLowerCase().replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return [...core]
    .map((sign) => LEET[sign] ?? sign)
    .join('')
    .replace(/[^\p{L}]/gu, '')
}

/** A rough guess of how many bits a guesser needs. Repetitions and rows of keys count for next to nothing. */
function guessBits(/** @type {string} */ text) {
  let bits = 0
  const seen = new Set()
  const lower = text.toLowerCase()
  for (const piece of lower.match(/[\p{L}\p{M}\p{N}@$!]+|[^\p{L}\p{M}\p{N}@$!]+/gu) ?? []) {
    // A piece for the second time tells a guesser nothing new.
    if (seen.has(piece)) continue
    seen.add(piece)
    const tail = piece.match(/[\d@$!]*$/)?.[0] ?? ''
    const word = piece.slice(0, piece.length - tail.length)
    const letters = [...word].map((sign) => LEET[sign] ?? sign).join('')
    if (looksLikeWord(letters))
      bits += Math.min(MOST_WORD_BITS, worth(letters) * WORD_CHARACTER_BITS) + randomBits(tail)
    else bits += randomBits(piece)
  }
  // Capitals in the middle, not only at the start, are a little harder to guess.
  if (/\p{Ll}\p{Lu}/u.test(text)) bits += 2
  return bits
}

function looksLikeWord(/** @type {string} */ letters) {
  if (letters.length < 3 || /[^\p{L}\p{M}]/u.test(letters)) return false
  return !/^[a-z]+$/.test(letters) || (/[aeiouy]/.test(letters) && !/[^aeiouy]{5}/.test(letters))
}

function randomBits(/** @type {string} */ piece) {
  let bits = 0
  let before = ''
  for (const sign of piece) {
    const kind = /\p{L}/u.test(sign) ? 'letter' : /\p{N}/u.test(sign) ? 'digit' : 'other'
    bits += continues(before, sign) ? 0.5 : RANDOM_BITS[kind]
    before = sign
  }
  return bits
}

/** How many letters count: all of them, unless most repeat or go on from the one before. */
function worth(/** @type {string} */ letters) {
  const all = [...letters]
  const fresh = all.filter((sign, i) => !continues(all[i - 1] ?? '', sign)).length
  return fresh * 2 < all.length ? fresh : all.length
}

/** Whether `sign` repeats `before` or lies next to it in the alphabet, among the digits or in a row of keys. */
function continues(/** @type {string} */ before, /** @type {string} */ sign) {
  if (before === '') return false
  return before === sign || ROWS.some((row) => row.includes(before + sign) || row.includes(sign + before))
}

/** @returns {Advice['score']} */
function scoreOf(/** @type {number} */ bits) {
  if (bits < SCORES[1]) return 0
  if (bits < SCORES[2]) return 1
  if (bits < SCORES[3]) return 2
  return bits < SCORES[4] ? 3 : 4
}

/** @param {Advice['score']} score @param {number} length @param {typeof english} say */
function wordsFor(score, length, say) {
  if (score === 4) return say.strong
  if (score === 3) return say.good
  const longer = length < RECOMMENDED ? say.moreCharacters.replace('{length}', String(RECOMMENDED)) : say.moreWords
  return (score === 2 ? say.fair : say.weak).replace('{longer}', longer)
}
