import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ProviderOptions, providerMistakes } from './provider-options.ts'

const id = { clientId: 'chat', clientSecret: 'hush' }
const home = { id: 'home', label: 'Home', issuer: 'https://id.example.org', ...id }

const wrong: readonly (readonly [ProviderOptions, RegExp])[] = [
  [{ ...home, id: 'Our House' }, /needs an id of small letters/],
  [{ label: 'Home', issuer: home.issuer, ...id }, /needs an id of small letters/],
  [{ id: 'home', issuer: home.issuer, ...id }, /"home" needs a label/],
  [{ id: 'home', label: 'Home', ...id }, /"home" needs an issuer/],
  [{ ...home, issuer: 'http://id.example.org' }, /must have an issuer with https/],
  [{ ...home, issuer: 'http://localhost.evil.example' }, /must have an issuer with https/],
  [{ ...home, issuer: 'javascript:alert(1)' }, /must have an issuer with https/],
  [{ ...home, clientId: '' }, /needs a clientId/],
  [{ ...home, timeout: 0 }, /timeout of milliseconds above 0/],
  [{ kind: 'github', clientId: 'chat' }, /"github" needs a clientSecret/],
  [{ kind: 'github', clientId: 'chat', clientSecret: { teamId: 'a', keyId: 'b', privateKey: 'hush' } }, /of text/],
  [{ kind: 'apple', clientId: 'chat', clientSecret: { teamId: 'a', keyId: 'b', privateKey: 'hush' } }, /\.p8 file/],
]
for (const [options, sentence] of wrong) {
  test(`SEC-04: refused with a sentence: ${sentence}`, () => {
    const mistakes = providerMistakes([options])
    assert.ok(
      mistakes.some((mistake) => sentence.test(mistake)),
      mistakes.join(' '),
    )
    assert.doesNotMatch(mistakes.join(' '), /hush/)
  })
}

test('two of one id are refused, since what is stored names them by it', () => {
  assert.match(providerMistakes([home, { ...home, label: 'Other' }]).join(' '), /two providers "home"/)
})

test('what can work has no mistakes', () => {
  const local = { ...home, id: 'local', issuer: 'http://localhost:9000/realm' }
  assert.deepEqual(
    providerMistakes([home, local, { kind: 'google', ...id }, { kind: 'google', id: 'work', ...id }]),
    [],
  )
})
