import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FIGURES, textsOf } from '../../../packages/auth/test/support/catalogue.ts'
import { english, wordsIn } from '../src/words/words.ts'

test('X11: German says what English says, and nothing was left in English', () => {
  const german = textsOf(wordsIn('de'), FIGURES)
  const source = textsOf(english, FIGURES)
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
