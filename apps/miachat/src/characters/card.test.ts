import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cardOf, fieldsOf, fillPlaceholders, parseCard, sameFields } from './card.ts'
import { exampleCharacters } from './example-characters.ts'

const text = fc.string({ unit: 'grapheme' })
const fields = fc.record(
  {
    name: text,
    tagline: text,
    description: text,
    greeting: text,
    scenario: text,
    systemPrompt: text,
    exampleDialogue: text,
    creatorNotes: text,
    tags: fc.array(text),
  },
  { noNullPrototype: true },
)

test('what was filled in comes back from a stored card', () => {
  fc.assert(
    fc.property(fields, (given) => {
      assert.deepEqual(fieldsOf(parseCard(JSON.stringify(cardOf(given, 1_700_000_000_000)))), given)
      assert.ok(sameFields(given, fieldsOf(cardOf(given, 0))))
    }),
  )
})

test('an edit keeps what we do not know: fields, extensions, lorebook, date of creation', () => {
  const [mia, sage] = exampleCharacters('en')
  assert.ok(mia && sage)
  const first = cardOf(mia.fields, 1_000_000)
  const foreign = parseCard(
    JSON.stringify({
      ...first,
      other: 1,
      data: { ...first.data, character_book: { entries: [] }, extensions: { ...first.data.extensions, 'x/y': [1] } },
    }),
  )
  const edited = cardOf(sage.fields, 2_000_000, foreign)
  assert.equal(edited['other'], 1)
  assert.deepEqual(edited.data['character_book'], { entries: [] })
  assert.deepEqual(edited.data.extensions['x/y'], [1])
  assert.equal(edited.data['creation_date'], 1000)
  assert.equal(edited.data['modification_date'], 2000)
  assert.deepEqual(fieldsOf(edited), sage.fields)
})

test('names are put in as text, whatever they hold', () => {
  assert.equal(
    fillPlaceholders('{{CHAR}} and <user>, {{user}}', { char: '$&', user: '{{char}}' }),
    '$& and {{char}}, {{char}}',
  )
})
