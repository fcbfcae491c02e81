import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { canonical, checkEmail, checkUsername, noAddress, shownEmail } from './account-names.ts'

describe('user names', () => {
  const refused: [string, string][] = [
    ['', 'username_length'],
    ['ab', 'username_length'],
    ['a'.repeat(33), 'username_length'],
    ['mia@example.org', 'username_characters'],
    ['an na', 'username_characters'],
    ['anna\n', 'username_characters'],
    ['anna\r\nBcc: x', 'username_characters'],
    ['an\u0000na', 'username_characters'],
    ['.anna', 'username_characters'],
    ['-anna', 'username_characters'],
    ['_anna', 'username_characters'],
    ['#12', 'username_characters'],
    ['аlice', 'username_characters'],
    ['\u212aelvin', 'username_characters'],
    ['ａnna', 'username_characters'],
    ['ﬁona', 'username_characters'],
    ['ıgor', 'username_characters'],
    ['anna\u200b', 'username_characters'],
    ['anna\u202e', 'username_characters'],
    ['an\u0301na', 'username_characters'],
    ['../../etc', 'username_characters'],
    ['anna/', 'username_characters'],
    ['<b>anna', 'username_characters'],
  ]
  for (const [name, code] of refused) {
    test(`REG-01: ${JSON.stringify(name)} is refused: ${code}`, () => assert.equal(checkUsername(name)?.code, code))
  }

  const kept = 'admin root support auth api system null undefined miachat Administrator MIACHAT Root login security'
  for (const name of kept.split(' ')) {
    test(`REG-09: ${name} is kept for the server`, () => assert.equal(checkUsername(name)?.code, 'username_reserved'))
  }
  test('REG-09: me is refused, by its length', () => assert.equal(checkUsername('me')?.code, 'username_length'))

  for (const name of ['mia-fan', 'Al1ce', 'a.b-c_d', '007', 'x'.repeat(32), 'constructor', 'toString', 'adminton']) {
    test(`REG-01: ${name} is accepted`, () => assert.equal(checkUsername(name), null))
  }

  test('REG-01: whatever is accepted is ASCII, has no @ and is its own canonical form but for capitals', () => {
    const near = fc.string({ unit: fc.constantFrom(...'aZ09._-@ıKſａ \u0301\u200b/'), minLength: 1, maxLength: 34 })
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (name) => {
        if (checkUsername(name) !== null) return
        assert.match(name, /^[\x21-\x7e]{3,32}$/)
        assert.ok(!name.includes('@'))
        assert.equal(canonical(name), name.toLowerCase())
      }),
      { numRuns: 1000 },
    )
  })
})

describe('addresses', () => {
  const refused = [
    '',
    'anna',
    'anna@',
    '@example.org',
    'anna@example',
    'anna@@example.org',
    'anna@b@example.org',
    'an na@example.org',
    'anna @example.org',
    ' anna@example.org',
    'anna@example.org ',
    'anna@example.org\r\nBcc: victim@example.org',
    'anna\u0000@example.org',
    'anna,bert@example.org',
    'anna;bert@example.org',
    '<anna@example.org>',
    'Anna <anna@example.org>',
    '"anna"@example.org',
    'anna@exa_mple.org',
    'anna@-example.org',
    'anna@example-.org',
    'anna@.example.org',
    'anna@example..org',
    'anna@example.org.',
    'anna@[127.0.0.1]',
    'anna@exämple.org',
    'anna@example.оrg',
    'anna\u200b@example.org',
    'anna\u202e@example.org',
    'anna\u3000@example.org',
    `${'a'.repeat(65)}@example.org`,
    `anna@${'a.'.repeat(125)}org`,
    'anna@none.invalid',
    'anna@NONE.invalid',
    'anna＠evil.org@example.org',
    'anna＜b＞@example.org',
    'anna﹐bert@example.org',
    'anna\u00b4@example.org',
  ]
  for (const address of refused) {
    test(`REG-03: ${JSON.stringify(address.slice(0, 60))} is refused`, () =>
      assert.equal(checkEmail(address)?.field, 'email'))
  }

  const accepted = [
    'anna@example.org',
    "o'hara+mia=1@sub.example.co.uk",
    'ANNA@EXAMPLE.ORG',
    'jürgen@example.org',
    'δοκιμή@example.org',
    'anna@xn--exmple-cua.org',
    `${'a'.repeat(64)}@example.org`,
  ]
  for (const address of accepted) {
    test(`REG-03: ${address.slice(0, 60)} is accepted`, () => assert.equal(checkEmail(address), null))
  }

  test('REG-03: an accepted address stays one address in its canonical form', () => {
    const near = fc
      .string({ unit: fc.constantFrom(...'aZ0.@＠，＜\u00b4\u2a74\ufe10ﬁ℁½'), minLength: 1, maxLength: 12 })
      .map((local) => `${local}@example.org`)
    fc.assert(
      fc.property(
        fc.oneof(
          near,
          fc.string().map((local) => `${local}@example.org`),
          fc.emailAddress(),
        ),
        (address) => {
          if (checkEmail(address) === null) assert.match(canonical(address), /^[^\s@,<>"]+@[a-z0-9.-]+$/)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('an account without an address answers none', () => {
    assert.equal(shownEmail(noAddress('abc')), null)
    assert.equal(shownEmail('anna@example.org'), 'anna@example.org')
  })
})

describe('the canonical form (REG-02)', () => {
  const twins: [string, string][] = [
    ['Alice', 'aLICE'],
    ['\u212aai', 'Kai'],
    ['ａｎｎａ', 'anna'],
    ['ﬁona', 'fiona'],
    ['㎏', 'kg'],
    ['Käthe', 'Ka\u0308the'],
    ['J\u030cana', '\u01f0ana'],
    ['ΟΔΟΣ', 'οδος'],
    ['ªnna', 'anna'],
    ['ſara', 'sara'],
  ]
  for (const [one, other] of twins) {
    test(`REG-02: ${one} and ${other} are one`, () => assert.equal(canonical(one), canonical(other)))
  }

  const different: [string, string][] = [
    // No locale: Turkish letters are letters of their own, everywhere.
    ['ıgor', 'igor'],
    ['İgor', 'igor'],
    ['strasse', 'straße'],
    ['аlice', 'alice'],
  ]
  for (const [one, other] of different) {
    test(`REG-02: ${one} and ${other} are two`, () => assert.notEqual(canonical(one), canonical(other)))
  }

  test('REG-02: the form of a form is that form, and no change of case leads out of it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ unit: fc.constantFrom(...'JjΣσςİıKſßẞÅﬁ\u030c\u0307\u0301\u0345ΐ'), maxLength: 6 }),
    )
    fc.assert(
      fc.property(text, (name) => {
        const form = canonical(name)
        assert.equal(canonical(form), form)
        assert.equal(canonical(name.normalize('NFD')), form)
        assert.equal(canonical(name.normalize('NFKD')), form)
      }),
      { numRuns: 1000 },
    )
  })
})
