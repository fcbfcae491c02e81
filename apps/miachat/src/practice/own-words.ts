import { fillPlaceholders } from '../characters/card.ts'
import type { ReplyRequest, Utterance } from '../conversations/responder.ts'
import { once } from '../lib/once.ts'
import { personalityText } from '../personalities/personality-text.ts'

const sentences = once(() => new Intl.Segmenter('en', { granularity: 'sentence' }))
const MOST_SENTENCES = 200
const LONGEST_QUOTE = 240

/** What a card says of its character, sentence by sentence, with the names filled in. */
export function ownSentences({ card, personality, names }: ReplyRequest): string[] {
  const { description, personality: manner, scenario } = card.data
  const text = [description, manner, scenario, personality?.notes ?? ''].join('\n').slice(0, 20_000).toWellFormed()
  const found: string[] = []
  for (const { segment } of sentences().segment(fillPlaceholders(text, names))) {
    const sentence = segment.replace(/\s+/g, ' ').trim()
    if (sentence !== '') found.push(shortened(sentence))
    if (found.length === MOST_SENTENCES) break
  }
  return found
}

/** The sentence that shares the most words with what was said, or null. */
export function closestSentence(
  said: string,
  candidates: readonly string[],
  common: ReadonlySet<string>,
): string | null {
  const wanted = keywords(said, common)
  let best: string | null = null
  let most = 0
  for (const candidate of candidates) {
    let shared = 0
    for (const word of keywords(candidate, common)) if (wanted.has(word)) shared++
    if (shared > most) [best, most] = [candidate, shared]
  }
  return best
}

/** Words of four letters and more, without the commonest. */
function keywords(text: string, common: ReadonlySet<string>): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? []
  return new Set(words.slice(0, 400).filter((word) => !common.has(word)))
}

/** The lines that a personality adds to the prompt, for whoever asks how the character talks. */
export const mannerText = ({ personality }: ReplyRequest): string =>
  personality === null ? '' : personalityText(personality)

/** At most 240 characters, cut at a word. */
export function shortened(text: string, most = LONGEST_QUOTE): string {
  const characters = [...text]
  if (characters.length <= most) return text
  const cut = characters.slice(0, most - 1).join('')
  const space = cut.lastIndexOf(' ')
  return `${space > most / 2 ? cut.slice(0, space) : cut}…`
}

const named = String.raw`(\p{L}[\p{L}\p{M}'’-]{0,39})`
const mine = new RegExp(String.raw`\bmy name is\s+(?!(?:not|no|none)\b)${named}`, 'giu')
const called = new RegExp(
  String.raw`(\b(?:don['’]?t|not|never)\s+(?:(?:you|ever|please)\s+)*)?\b(?:call me|i am called|i['’]m called)\s+${named}`,
  'giu',
)
const alone = new RegExp(String.raw`^(?:(?:hi|hello|hey)[,.! ]+)?(?:i am|i['’]m)\s+${named}[.!]?$`, 'iu')

// German nouns are written like names: whoever says “Ich bin Arzt” tells no name.
const german = new RegExp(
  String.raw`\b(?:mein name ist|ich hei(?:ß|ss)e|(?:nenn|nenne) mich(?: bitte| einfach)*|(?:hallo|hi|hey)[,.! ]+ich bin)\s+${named}`,
  'giu',
)

/** The name that the person gave last in this conversation, or null. */
export function givenName(history: readonly Utterance[]): string | null {
  for (const { from, text } of history.toReversed()) {
    const name = from === 'person' ? nameIn(text) : null
    if (name !== null) return name
  }
  return null
}

/** The name that these words give, or null: "call me Ada" does, "call me when you are ready" and "don't call me Ada" do not; in either language. */
export function nameIn(text: string): string | null {
  const found = [
    ...[...text.matchAll(mine)].map(([, name]) => name),
    ...[...text.matchAll(called)].map(([, no, name]) => (no === undefined ? capital(name) : undefined)),
    capital(alone.exec(text.trim())?.[1]),
    ...[...text.matchAll(german)].map(([, name]) => capital(name)),
  ]
  return found.find((name) => name !== undefined)?.replace(/['’-]+$/, '') ?? null
}

/** Names begin with a capital letter, or in a script that has none. */
const capital = (word: string | undefined): string | undefined =>
  word !== undefined && /^[\p{Lu}\p{Lt}\p{Lo}]/u.test(word) ? word : undefined
