import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { clearCookie, cookieNames, readCookie, writeCookie } from './cookies.ts'

const NAME = 'mia_session'

describe('reading a cookie', () => {
  const nothing: readonly (readonly [string, string | null])[] = [
    ['no header', null],
    ['an empty header', ''],
    ['another cookie', 'theme=dark'],
    ['a longer name', 'xmia_session=a; mia_sessionx=b; not-mia_session=c'],
    ['the name as a value', 'a=mia_session=x'],
    ['the name without a value', 'mia_session'],
    ['another case', 'MIA_SESSION=a'],
    ['COO-04: twice', 'mia_session=a; mia_session=b'],
    ['COO-04: twice with the same value', 'mia_session=a;mia_session=a'],
    ['COO-04: twice with others between', 'mia_session=a; x=y; \tmia_session=b'],
    ['COO-04: twice, one of them empty', 'mia_session=; mia_session=b'],
  ]
  for (const [what, header] of nothing) test(`null for ${what}`, () => assert.equal(readCookie(header, NAME), null))

  const found: readonly (readonly [string, string])[] = [
    ['mia_session=abc', 'abc'],
    ['a=b; mia_session=abc', 'abc'],
    ['a=b;mia_session=abc;c=d', 'abc'],
    ['mia_session=abc ; c=d', 'abc'],
    ['mia_session=', ''],
    ['mia_session=%zz%', '%zz%'],
    ['mia_session=a=b', 'a=b'],
    ['xmia_session=evil; mia_session=abc', 'abc'],
  ]
  for (const [header, value] of found) {
    test(`${JSON.stringify(value)} from ${header}`, () => assert.equal(readCookie(header, NAME), value))
  }

  test('COO-05: whatever the header holds, reading never throws and never invents', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom('mia_session', '=', ';', ' ', '; ', 'a', '%'), fc.string())),
        (parts) => {
          const header = parts.join('')
          const value = readCookie(header, NAME)
          assert.ok(value === null || header.includes(value))
        },
      ),
    )
  })

  test('COO-04: exactly one among any others is found', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/)
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word)), word, fc.nat(), (others, value, at) => {
        const pairs = others.map(([name, v]) => `${name}=${v}`)
        pairs.splice(at % (pairs.length + 1), 0, `${NAME}=${value}`)
        assert.equal(readCookie(pairs.join('; '), NAME), value)
        assert.equal(readCookie([...pairs, `${NAME}=x`].join('; '), NAME), null)
      }),
    )
  })
})

describe('COO-01, COO-02: writing a cookie', () => {
  const http = { secure: false, prefix: 'mia' }
  const https = { secure: true, prefix: 'mia' }

  test('https: __Host- names with Secure', () => {
    assert.deepEqual(cookieNames(https), {
      session: '__Host-mia_session',
      device: '__Host-mia_device',
      theme: '__Host-mia_theme',
      language: '__Host-mia_language',
      trusted: '__Host-mia_trusted',
      ceremony: '__Host-mia_passkey',
      provider: '__Host-mia_provider',
      // Goes to /auth only, which `__Host-` does not allow.
      pending: '__Secure-mia_pending',
    })
    const { session } = cookieNames(https)
    assert.equal(writeCookie(https, session, 'v'), '__Host-mia_session=v; Path=/; HttpOnly; SameSite=Lax; Secure')
  })

  test('http: plain names without Secure', () => {
    assert.equal(cookieNames(http).session, 'mia_session')
    assert.equal(
      writeCookie(http, 'mia_session', 'v', 60.9),
      'mia_session=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60',
    )
  })

  test('never longer than browsers keep one: 400 days', () => {
    assert.match(writeCookie(http, 'a', 'v', 10 ** 9), /Max-Age=34560000$/)
  })

  test('clearing has the same path and flags', () => {
    assert.equal(
      clearCookie(https, '__Host-mia_session'),
      '__Host-mia_session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0',
    )
  })
})
