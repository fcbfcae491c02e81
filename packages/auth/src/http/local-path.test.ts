import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { localPath } from './local-path.ts'

const BASE = 'https://chat.example.org'

/** What leads elsewhere, or could in some browser or proxy. */
const foreign = [
  '',
  'chat',
  './chat',
  '?x',
  '#x',
  'https://evil.example/',
  'HTTPS:evil.example',
  'http:/evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.example',
  '///evil.example',
  '////evil.example//x',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  '/chat\\..\\x',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/\u0000/evil.example',
  '/chat\r\nset-cookie: a=b',
  '/\u007f',
  '/%2fevil.example',
  '/%2Fevil.example',
  '/%5cevil.example',
  '/%5C%5Cevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/./%2fevil.example',
  '/%2e//evil.example',
  '/%2E%2e//evil.example',
  '/chat/..//evil.example',
  '/chat/../..//evil.example',
  '/chat/%2e%2e//evil.example',
  '/chat/../%5cevil.example',
  `/${'a'.repeat(2000)}`,
]

describe('RED-01: where a sign-in may lead', () => {
  for (const next of foreign) {
    test(`not ${JSON.stringify(next.slice(0, 40))}`, () => assert.equal(localPath(next), null))
  }
  test('not what is missing', () => {
    assert.equal(localPath(null), null)
    assert.equal(localPath(undefined), null)
  })

  const local: readonly (readonly [string, string])[] = [
    ['/', '/'],
    ['/chat', '/chat'],
    ['/chat?to=mia&x=//y#top', '/chat?to=mia&x=//y#top'],
    ['/chat//double', '/chat//double'],
    ['/chat/../settings', '/settings'],
    ['/gespräch', '/gespr%C3%A4ch'],
    ['/@evil.example', '/@evil.example'],
    ['/:80', '/:80'],
    ['/a%2fb', '/a%2fb'],
    ['/\ud800', '/%EF%BF%BD'],
  ]
  for (const [next, path] of local) {
    test(`yes ${JSON.stringify(next)}`, () => assert.equal(localPath(next), path))
  }

  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '%2f',
    '%5C',
    '%2e',
    '\t',
    '\n',
    ':',
    '@',
    '?',
    '#',
    'evil.example',
    'http:',
    ' ',
    '\u3002',
    '／',
    '\ud800',
    '[',
    'ü',
  )
  const hostile = fc.array(fc.oneof({ weight: 4, arbitrary: piece }, fc.string({ unit: 'binary', maxLength: 6 })), {
    maxLength: 12,
  })

  test('whatever it answers stays on the origin in WHATWG terms, and is the same when it is checked once more', () => {
    let answered = 0
    fc.assert(
      fc.property(hostile, fc.boolean(), (parts, slash) => {
        const path = localPath(`${slash ? '/' : ''}${parts.join('')}`)
        if (path === null) return
        answered++
        for (const base of [BASE, `${BASE}/auth/login?next=x`, 'http://localhost:8080//double']) {
          assert.equal(new URL(path, base).origin, new URL(base).origin)
        }
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
        assert.match(path, /^\/(?![/\\])[^\\\u0000-\u0020\u007f-\uffff]*$/)
        assert.equal(localPath(path), path)
      }),
      { numRuns: 5000 },
    )
    assert.ok(answered > 100, 'the property must have seen answers')
  })
})
