import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cardOf } from '../characters/card.ts'
import { findExample } from '../characters/example-characters.ts'
import type { Utterance } from '../conversations/responder.ts'
import { neutralDials } from '../personalities/personality.ts'
import { practiceResponder } from './practice-reply.ts'

const example = findExample('mia', 'de') ?? assert.fail('Mia is missing')
const card = cardOf(example.fields, 0)
const person = (text: string): Utterance => ({ from: 'person', text })
const base = { card, personality: null, names: { char: 'Mia', user: 'anna' }, language: 'de', seed: 'seed' }
const reply = (...said: string[]) => practiceResponder.reply({ ...base, history: said.map(person) })
const voiced = (text: string, dials: Partial<typeof neutralDials>) =>
  practiceResponder.reply({
    ...base,
    history: [person(text)],
    personality: { dials: { ...neutralDials, ...dials }, words: [], dos: [], donts: [], notes: '' },
  })

test('X11: on a German page the script answers in German, whatever is said', () => {
  const english = /\b(?:the|you|what|is|my|would|script has)\b/i
  for (const said of [
    'Hallo',
    'danke',
    'Wer bist du?',
    'Wo sind wir?',
    'Was kannst du?',
    'Tschüss',
    'Blau ist schön',
    '?',
  ]) {
    for (const lean of [0, 50, 100]) {
      const answer = voiced(said, {
        warmth: lean,
        formality: lean,
        directness: 100 - lean,
        empathy: lean,
        humour: lean,
      })
      assert.doesNotMatch(answer, english, `${said}: ${answer}`)
    }
  }
})

test('in German, too, it says what it is when asked, and claims no feelings', () => {
  for (const question of [
    'Bist du echt?',
    'Liebst du mich?',
    'bist du eine KI',
    'Welches Modell bist du?',
    'Ich liebe dich',
  ]) {
    assert.match(reply(question), /erfundene Figur.*vorgegebene/, question)
  }
  for (const said of ['Hallo', 'danke', 'So ein trauriger Tag', 'tschüss', 'Ich habe meine Stelle verloren']) {
    for (const warmth of [0, 50, 100]) {
      assert.doesNotMatch(
        voiced(said, { warmth, empathy: warmth }),
        /\bich (?:fühle|liebe|vermisse|freue|hoffe|bin (?:froh|traurig))/i,
      )
    }
  }
})

test('a name that was given in German is remembered, and a noun is none', () => {
  assert.match(reply('Wie heiße ich?'), /keinen Namen gesagt/)
  assert.match(reply('Ich heiße Ada', 'x', 'Wie heiße ich?'), /Ada genannt/)
  assert.match(reply('Ich heisse Ada', 'nenn mich bitte Zoë', 'Weißt du, wie ich heiße?'), /Zoë genannt/)
  assert.match(reply('Hallo, ich bin Ada.', 'was ist mein Name'), /Ada genannt/)
  assert.match(reply('My name is Ada', 'Wie ist mein Name?'), /Ada genannt/)
  for (const said of ['Ich bin Arzt', 'Nenn mich nicht Bob', 'Mein Name ist egal', 'Ich bin müde']) {
    assert.match(reply(said, 'Wie heiße ich?'), /keinen Namen gesagt/, said)
  }
})

test('it answers from the German text of the card', () => {
  assert.match(reply('Wer bist du?'), /Begleiterin für Pläne/)
  assert.match(reply('Ich brauche klare Listen'), /kurze Listen/)
  assert.match(reply('Wo sind wir?'), /zehn ruhige Minuten/)
})

test('long and hostile German texts take no time', () => {
  const started = process.threadCpuUsage()
  for (const text of [
    'mein name ist '.repeat(600),
    'nenn mich bitte '.repeat(500),
    'hallo, '.repeat(1100),
    'ich heiße '.repeat(800),
  ]) {
    reply(text)
  }
  // Of the processor, not of the clock: others run beside this.
  const { user, system } = process.threadCpuUsage(started)
  assert.ok(user + system < 1_000_000, `${user + system} microseconds`)
})
