import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { FIGURES, textsOf } from '../../test/support/catalogue.ts'
import { plural } from './plural.ts'
import { english, languages, words } from './words.ts'

/** Seconds may be told as minutes or hours: what counts is that both languages tell the same figures. */
const figures = (text: string): string[] => (text.replace(/[.,](?=\d{3})/g, '').match(/\d+/g) ?? []).sort()

const german = new Map(textsOf(words.de, FIGURES))

test('X11: German says what English says: the same keys and the same figures', () => {
  const source = textsOf(english, FIGURES)
  assert.deepEqual(
    [...german.keys()],
    source.map(([path]) => path),
  )
  for (const [path, text] of source) assert.deepEqual(figures(german.get(path) ?? ''), figures(text), path)
})

test('X11: nothing in German was left in English, and quotes are real ones', () => {
  // Words that are the same in both; of parts around a name, a full stop or nothing may be all there is.
  const same = new Set([
    '7654 in 7655',
    'Administrator',
    'Authenticator',
    'Code',
    'Name',
    'Passkey',
    'Passkeys',
    'Server',
    'Token',
    'Tokens',
  ])
  for (const [path, text] of textsOf(english, FIGURES)) {
    if (/\p{L}/u.test(text) && !same.has(text)) assert.notEqual(german.get(path), text, path)
  }
  for (const text of german.values()) assert.doesNotMatch(text, /["']|\bSie\b.*\bIhr/)
})

test('X11: the browser modules say the English of the catalogue', () => {
  const modules = { page: 'auth.js', passkeys: 'passkeys.js', advice: 'password-advice.js' } as const
  for (const [room, file] of Object.entries(modules)) {
    const text = readFileSync(new URL(`../http/public/${file}`, import.meta.url), 'utf8')
    const [, literal = ''] = /^const english = (\{[\s\S]*?\n\})/m.exec(text) ?? []
    const said: unknown = runInNewContext(`JSON.stringify(${literal})`)
    const known = Object.entries(english.scripts).find(([name]) => name === room)?.[1]
    assert.equal(said, JSON.stringify(known), file)
  }
})

test('Plurals follow the number', () => {
  assert.match(words.de.signIn.login.remember(1), /1 Tag /)
  assert.match(words.de.signIn.login.remember(30), /30 Tage /)
  assert.match(english.signIn.login.remember(1), /1 day$/)
  assert.equal(words.de.problems.tooMany(240), 'Zu viele Versuche. Versuch es in 4 Minuten wieder.')
  assert.equal(english.problems.tooMany(1), 'Too many attempts. Try again in 1 second.')
})

test('X11: a number in a sentence is written as its language writes numbers', () => {
  for (const language of languages) {
    for (const count of [0, 1, 2, 7, 999, 1000, 12_345, 1.5]) {
      assert.equal(plural(language, count, { other: '' }), `${count.toLocaleString(language)} `)
    }
  }
})
