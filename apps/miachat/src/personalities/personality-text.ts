import { type DialName, dialNames, dials, dialWord, type Personality } from './personality.ts'

/**
 * What a personality adds to the instructions of a character: plain sentences, the same for the preview and for whoever
 * answers. Dials in the middle say nothing. Empty text when there is nothing to say.
 */
export function personalityText(personality: Omit<Personality, 'name'>): string {
  const lines: string[] = []
  const leaning = dialNames.filter((name) => dialWord(name, personality.dials[name]) !== 'balanced')
  if (leaning.length > 0) lines.push(`Manner: ${leaning.map((name) => dialPhrase(name, personality)).join(', ')}.`)
  if (personality.words.length > 0) lines.push(`Also: ${personality.words.join(', ')}.`)
  if (personality.dos.length > 0) lines.push(['Always:', ...personality.dos.map((rule) => `- ${rule}`)].join('\n'))
  if (personality.donts.length > 0) lines.push(['Never:', ...personality.donts.map((rule) => `- ${rule}`)].join('\n'))
  if (personality.notes !== '') lines.push(personality.notes)
  return lines.join('\n')
}

function dialPhrase(name: DialName, { dials: values }: Pick<Personality, 'dials'>): string {
  return `${dialWord(name, values[name])} (${dials[name].label.toLowerCase()} ${values[name]} of 100)`
}
