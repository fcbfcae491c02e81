import assert from 'node:assert/strict'
import { test } from 'node:test'
import { english, wordsIn } from './words.ts'

/** Each text by its path; functions are called with figures that cannot be there by chance. */
function textsOf(part: unknown, path = ''): [string, string][] {
  if (typeof part === 'string') return [[path, part]]
  if (typeof part === 'function') return [[path, String(part(7_654, 7_655))]]
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) => textsOf(value, `${path}.${key}`))
}

test('X11: German says what English says, and nothing was left in English', () => {
  const german = textsOf(wordsIn('de'))
  const source = textsOf(english)
  assert.deepEqual(
    german.map(([path]) => path),
    source.map(([path]) => path),
  )
  // The same word in both.
  const same = new Set(['Chat', 'Code', 'Extraversion', 'Name', 'Passkeys', 'SQLite, 7654', 'warm'])
  for (const [index, [path, text]] of source.entries()) {
    if (/\p{L}/u.test(text) && !same.has(text)) assert.notEqual(german[index]?.[1], text, path)
  }
})

test('A language that the app has no words in is answered in English', () => {
  assert.equal(wordsIn('fr'), english)
})
