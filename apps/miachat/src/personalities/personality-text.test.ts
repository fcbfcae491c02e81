import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { english } from '../words/words.ts'
import { dialNames, dialWord, eachDial, neutralDials } from './personality.ts'
import { personalityBody, personalityFormValues, personalityOf } from './personality-form.ts'
import { personalityText } from './personality-text.ts'
import { presetPersonalities } from './preset-personalities.ts'

const nothing = { words: [], dos: [], donts: [], notes: '' }

test('dials in the middle add nothing', () => {
  assert.equal(personalityText({ dials: neutralDials, ...nothing }), '')
})

test('every dial that leans is in the text with its word and number, and no other', () => {
  const value = fc.integer({ min: 0, max: 100 })
  fc.assert(
    fc.property(fc.array(value, { minLength: 10, maxLength: 10 }), (values) => {
      const dials = eachDial((name) => values[dialNames.indexOf(name)] ?? 50)
      const text = personalityText({ dials, ...nothing })
      for (const name of dialNames) {
        const word = dialWord(name, dials[name], english.personalities)
        assert.equal(text.includes(`${word} (`), word !== 'balanced', `${name} ${dials[name]}: ${text}`)
      }
    }),
  )
})

test('words, rules and notes stand in the text as they were typed', () => {
  const personality = {
    dials: neutralDials,
    words: ['dry'],
    dos: ['Ask back'],
    donts: ['Lecture'],
    notes: 'From Kiel.',
  }
  assert.equal(personalityText(personality), 'Also: dry.\nAlways:\n- Ask back\nNever:\n- Lecture\nFrom Kiel.')
})

test('a preset is what its own form would send', () => {
  for (const { personality } of [...presetPersonalities('en'), ...presetPersonalities('de')]) {
    const { dials, ...texts } = personalityFormValues(personality)
    assert.deepEqual(personalityOf(personalityBody.parse({ ...texts, ...dials })), personality)
    assert.notEqual(personalityText(personality), '')
  }
})

test('a dial takes whole numbers from 0 to 100 only', () => {
  const read = (warmth: unknown) => personalityBody.safeParse({ name: 'x', warmth })
  for (const wrong of ['101', '-1', '1.5', '1e1', '0x10', 'warm', '٣', 101, -1, 0.5]) {
    assert.equal(read(wrong).success, false, String(wrong))
  }
  assert.equal(read('').data?.warmth, 50)
  assert.equal(read(' 7 ').data?.warmth, 7)
  assert.equal(read(100).data?.warmth, 100)
})
