import { english } from '../words/words.ts'
import { type DialName, dialNames, dialWord, isLeaning, type Personality } from './personality.ts'

const { personalities: say } = english

/**
 * What a personality adds to the instructions of a character: plain sentences, the same for the preview and for whoever
 * answers, in English: models are told so in every language. Dials in the middle say nothing. Empty text when there is nothing to say.
 */
export function personalityText(personality: Omit<Personality, 'name'>): string {
  const lines: string[] = []
  const leaning = dialNames.filter((name) => isLeaning(personality.dials[name]))
  if (leaning.length > 0) lines.push(`Manner: ${leaning.map((name) => dialPhrase(name, personality)).join(', ')}.`)
  if (personality.words.length > 0) lines.push(`Also: ${personality.words.join(', ')}.`)
  if (personality.dos.length > 0) lines.push(['Always:', ...personality.dos.map((rule) => `- ${rule}`)].join('\n'))
  if (personality.donts.length > 0) lines.push(['Never:', ...personality.donts.map((rule) => `- ${rule}`)].join('\n'))
  if (personality.notes !== '') lines.push(personality.notes)
  return lines.join('\n')
}

function dialPhrase(name: DialName, { dials: values }: Pick<Personality, 'dials'>): string {
  return `${dialWord(name, values[name], say)} (${say.dials[name].label.toLowerCase()} ${values[name]} of 100)`
}
