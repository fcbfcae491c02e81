import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cardOf } from '../characters/card.ts'
import { exampleCharacters, findExample } from '../characters/example-characters.ts'
import type { ReplyRequest, Utterance } from '../conversations/responder.ts'
import { neutralDials } from '../personalities/personality.ts'
import { personalityText } from '../personalities/personality-text.ts'
import { practiceResponder } from './practice-reply.ts'

const example = findExample('mia', 'en') ?? assert.fail('Mia is missing')
const card = cardOf(example.fields, 0)
const names = { char: 'Mia', user: 'anna' }
const person = (text: string): Utterance => ({ from: 'person', text })
const request = (...said: string[]): ReplyRequest => ({
  card,
  personality: null,
  history: said.map(person),
  names,
  language: 'en',
  seed: 'seed',
})
const reply = (...said: string[]) => practiceResponder.reply(request(...said))
const voiced = (text: string, dials: Partial<typeof neutralDials>) =>
  practiceResponder.reply({
    ...request(text),
    personality: { dials: { ...neutralDials, ...dials }, words: [], dos: [], donts: [], notes: '' },
  })

test('the same request gets the same answer, and an answer to anything', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 5 }),
      fc.string(),
      (said, seed) => {
        const asked = { ...request(...said), seed }
        const answer = practiceResponder.reply(asked)
        assert.equal(practiceResponder.reply(structuredClone(asked)), answer)
        assert.notEqual(answer.trim(), '')
      },
    ),
  )
})

test('asked whether it feels or is a model, it says what it is', () => {
  for (const question of ['Are you real?', 'Do you love me?', 'are you an AI', 'Which model are you?', 'I love you']) {
    assert.match(reply(question), /fictional character.*scripted/, question)
  }
})

test('it claims no feelings', () => {
  const words = [
    'Hello',
    'thanks',
    'Such a sad day',
    'bye',
    'What can you do?',
    'I lost my job today',
    'Tell me a secret?',
  ]
  for (const warmth of [0, 50, 100]) {
    for (const said of words) {
      assert.doesNotMatch(
        voiced(said, { warmth, empathy: warmth }),
        /\bI(?:['’]m| am)? (?:feel|love|miss|glad|happy|sad|sorry|hope)/,
      )
    }
  }
})

test('it remembers the name that was given in this conversation, the last one first', () => {
  assert.match(reply('What is my name?'), /not told me/)
  assert.match(reply('My name is Ada', 'x', 'What is my name?'), /Ada/)
  assert.match(reply('My name is Ada', 'call me Zoë', 'Do you know my name?'), /Zoë/)
  assert.match(reply("Hi, I'm Ada.", 'what’s my name'), /Ada/)
  assert.match(reply('I am tired', 'What is my name?'), /not told me/)
})

test('words that only look like a name are none', () => {
  for (const said of [
    'Call me when you are ready',
    'don’t call me stupid',
    "Don't call me Stupid",
    'Please never call me Bob',
    'You must not ever call me Bob',
    'My name is not important',
  ]) {
    assert.match(reply(said, 'What is my name?'), /not told me/, said)
    assert.doesNotMatch(reply(said), /it is\. What shall/, said)
  }
  assert.match(reply('My name is Ada', 'Call me when you are ready'), /^(?!Ada it is)/)
  assert.match(reply('Don’t call me Bob, call me Ada', 'What is my name?'), /as Ada\./)
  assert.match(reply('my name is ada', 'What is my name?'), /as ada\./)
  assert.match(reply('call me 太郎', 'What is my name?'), /太郎/)
})

test('placeholders are filled in texts of the card, never in what the person wrote', () => {
  assert.ok(reply('In a card {{char}} and <USER> are filled').includes('“In a card {{char}} and <USER> are filled”'))
  assert.match(reply('Where are we?'), /anna and Mia sit down/)
})

test('a name given by the character is not the name of the person', () => {
  const history: Utterance[] = [{ from: 'character', text: 'My name is Mia' }, person('What is my name?')]
  assert.match(practiceResponder.reply({ ...request(), history }), /not told me/)
})

test('it answers from the own text of the card', () => {
  assert.match(reply('Who are you?'), /organised, friendly companion/)
  assert.match(reply('I need clear lists and steps for my worry'), /She likes short lists|Mia is/)
  assert.match(reply('Where are we?'), /ten quiet minutes/)
  for (const { fields } of exampleCharacters('en')) {
    const other = { ...request('Who are you?'), card: cardOf(fields, 0), names: { char: fields.name, user: 'anna' } }
    assert.match(practiceResponder.reply(other), new RegExp(fields.name))
  }
})

test('dials change the wording, and the prompt text of a personality is what it is asked for', () => {
  assert.match(voiced('Hello', { formality: 90 }), /^Good day\./)
  assert.match(voiced('Hello', { formality: 10, warmth: 40 }), /^Hey\./)
  assert.match(voiced('Hello', { warmth: 90 }), /welcome!/)
  assert.notEqual(
    voiced('Why is the sky blue?', { directness: 90 }),
    voiced('Why is the sky blue?', { directness: 10 }),
  )
  const text = personalityText({ dials: { ...neutralDials, warmth: 90 }, words: [], dos: [], donts: [], notes: '' })
  assert.ok(voiced('How do you talk?', { warmth: 90 }).includes(text))
})

test('placeholders are filled, and a dollar sign in a name is one', () => {
  const odd = { ...request('Are you real?'), names: { char: '$& $1', user: 'u' } }
  assert.match(practiceResponder.reply(odd), /I am \$& \$1,/)
})

test('long and hostile texts take no time', () => {
  const started = process.threadCpuUsage()
  for (const text of [
    'my name is '.repeat(700),
    'a'.repeat(8000),
    ' '.repeat(8000),
    "i'm ".repeat(2000),
    '<user>'.repeat(1300),
    "don't you ".repeat(800),
    'call me '.repeat(1000),
  ]) {
    reply(text)
  }
  // Of the processor, not of the clock: others run beside this.
  const { user, system } = process.threadCpuUsage(started)
  assert.ok(user + system < 1_000_000, `${user + system} microseconds`)
})
