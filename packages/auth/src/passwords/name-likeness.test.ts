import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isLikeName } from './name-likeness.ts'

const mia = { username: 'mia.keller77', email: 'm.keller+chat@example.org' }

const trivial = [
  'mia.keller77',
  'MIA.KELLER77',
  'miakeller',
  'Mia Keller',
  'mi4k3ll3r',
  'M!@ Ke11er',
  'miakeller2024',
  '1999 mia keller',
  'miakeller19991231',
  '77rellek.aim',
  'rellekaim',
  'miakellermiakeller',
  'mia keller miachat 1',
  'm.keller+chat@example.org',
  'M.Keller+Chat@Example.Org!',
  'mkellerchat',
  'mkeller',
  'mkeller123',
  'miachat',
  'MiaChat2026',
  'm1ach4t!!!!!!!!!!!!',
  'tahcaim',
  'míá-çhàt',
  'ｍｉａｃｈａｔ',
]
for (const password of trivial) {
  test(`PW-05: ${password} is but a name`, () => assert.equal(isLikeName(password, mia), true))
}

const others = [
  '',
  '12345678',
  '!!!!!!!!',
  'mia keller likes tea',
  'my name is miakeller',
  'xmiachat',
  'miachatx',
  'miachat 271828182845',
  'example.org',
  'tractor copper lantern73',
  'машина времени',
]
for (const password of others) {
  test(`PW-05: ${password || 'nothing'} is more than a name`, () => assert.equal(isLikeName(password, mia), false))
}

test('PW-05: a person without an address, and names of one letter or of digits, are judged too', () => {
  assert.equal(isLikeName('zoeunlu1', { username: 'Zoë Ünlü1', email: null }), true)
  assert.equal(isLikeName('20260101', { username: '20260101', email: null }), true)
  assert.equal(isLikeName('harbour tea', { username: 'a', email: 'b@c.de' }), false)
  assert.equal(isLikeName('🙂🙂', { username: '🙂', email: null }), false)
})

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$/)
const person = fc.record({ username: name, email: fc.option(name.map((local) => `${local}@example.org`)) })
const caseOf = (text: string, upper: readonly boolean[]) =>
  [...text].map((letter, i) => (upper[i % upper.length] ? letter.toUpperCase() : letter.toLowerCase())).join('')

test('PW-05: every change of case, with digits and signs around, forwards and backwards, is trivial', () => {
  const around = fc.stringMatching(/^[0-9]{0,4}[-_. ?*]{0,5}$/)
  const upper = fc.array(fc.boolean(), { minLength: 1 })
  fc.assert(
    fc.property(person, upper, around, around, fc.boolean(), ({ username, email }, cases, before, after, backwards) => {
      for (const text of [username, email, 'miachat']) {
        if (text === null) continue
        const changed = `${before}${caseOf(text, cases)}${after}`
        assert.equal(
          isLikeName(backwards ? [...changed].reverse().join('') : changed, { username, email }),
          true,
          changed,
        )
      }
    }),
  )
})

test('PW-05: a sentence that contains the name passes', () => {
  const words = fc.array(fc.constantFrom<string>('харбор', 'трактор', 'фонарь', 'медь', 'мост'), {
    minLength: 1,
    maxLength: 6,
  })
  fc.assert(
    fc.property(person, words, fc.nat(6), (who, others, place) => {
      const sentence = others.toSpliced(place, 0, who.username).join(' ')
      assert.equal(isLikeName(sentence, who), false, sentence)
    }),
  )
})

test('PW-05: judging the longest password takes no time', () => {
  const start = process.threadCpuUsage()
  for (const password of ['a'.repeat(1024), 'miachat'.repeat(146), '1'.repeat(1024)]) {
    isLikeName(password, { username: 'a', email: `${'a'.repeat(60)}@aa.aa` })
  }
  const { user, system } = process.threadCpuUsage(start)
  assert(user + system < 100_000, `${user + system} microseconds`)
})
