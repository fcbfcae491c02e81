import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AuthOptions, checkOptions } from './auth-options.ts'

const right: AuthOptions = {
  database: 'sqlite::memory:',
  secret: 'a secret of the tests, long enough to be taken',
  baseUrl: 'http://localhost:3000',
}

/** What a JavaScript program could give, past the compiler. */
const withOptions = (more: object): AuthOptions => Object.assign({}, right, more)

const wrong: readonly [object, RegExp][] = [
  [{ regstration: 'closed' }, /There is no option "regstration"\./],
  [{ sessions: { idle: 5 } }, /There is no option "sessions\.idle"; there are short, remembered, mostPerUser\./],
  [{ logAddresses: 'none' }, /logAddresses must be "whole" or "short"\./],
  [{ registration: 'close' }, /registration must be "open", "invitation", "approval" or "closed"\./],
  [{ languages: [] }, /languages must name one of en, de, or several\./],
  [{ languages: 'de' }, /languages must name/],
  [{ languages: ['en', 'xx'] }, /languages must name/],
  [{ language: 'de' }, /language must be one of languages/],
  [{ languages: ['en'], language: 'de' }, /language must be one of languages/],
  [{ database: undefined }, /database is missing/],
  [{ baseUrl: 'example.org' }, /baseUrl must be the public address without a path/],
  [{ baseUrl: undefined }, /baseUrl must be/],
  [{ baseUrl: 'ftp://example.org' }, /baseUrl must be/],
  [{ baseUrl: 'https://example.org/app' }, /baseUrl must be/],
  [{ baseUrl: 'https://me:word@example.org' }, /baseUrl must be/],
  [{ secret: 'too short' }, /secret needs at least 32 characters/],
  [{ secret: [] }, /secret needs/],
  [{ secret: [right.secret, ''] }, /secret needs/],
  [{ secret: undefined }, /secret needs/],
  [{ tokens: { algorithm: 'none' } }, /tokens\.algorithm must be one of HS256/],
  [{ tokens: { accessLifetime: -1 } }, /tokens\.accessLifetime must be milliseconds above 0/],
  [{ sessions: { short: { idle: Number.NaN, absolute: 1 } } }, /sessions\.short\.idle must be milliseconds/],
  [{ passwords: { minLength: 0 } }, /passwords\.minLength/],
  [{ cookiePrefix: 'a;b' }, /cookiePrefix/],
  [{ corsOrigins: ['https://a.example/'] }, /corsOrigins .* "https:\/\/a\.example\/" is none/],
  [{ corsOrigins: ['*'] }, /corsOrigins/],
]

for (const [more, sentence] of wrong) {
  test(`SEC-04: createAuth refuses ${JSON.stringify(more)} in words`, () => {
    assert.throws(() => checkOptions(withOptions(more)), sentence)
  })
}

test('SEC-04: every mistake is named at once, and no secret is quoted', () => {
  const all = withOptions({ secret: 'my dog', baseUrl: 'x', colour: 'red' })
  assert.throws(
    () => checkOptions(all),
    (error: Error) =>
      /colour/.test(error.message) &&
      /baseUrl/.test(error.message) &&
      /secret/.test(error.message) &&
      !/my dog/.test(error.message),
  )
})

test('SEC-04: what is right passes', () => {
  checkOptions(right)
  checkOptions({
    ...right,
    secret: [`${right.secret} 1`, `${right.secret} 2`],
    baseUrl: 'https://example.org',
    sessions: { mostPerUser: 3 },
    tokens: { algorithm: 'HS512', accessLifetime: 60_000 },
    corsOrigins: ['https://app.example.org:8443'],
    onSignIn: () => {},
  })
})
