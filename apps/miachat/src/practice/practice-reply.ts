import type { ReplyRequest, Responder } from '../conversations/responder.ts'
import { MIDDLE, neutralDials } from '../personalities/personality.ts'
import { englishScript } from './english-script.ts'
import { germanScript } from './german-script.ts'
import { closestSentence, givenName, ownSentences } from './own-words.ts'
import type { Talk, Voice } from './script.ts'

/**
 * Answers from the card's own text by a few patterns, in the language of the page. It claims no feelings and no facts and says what it
 * is when asked. The same request gives the same answer.
 */
export const practiceResponder: Responder = {
  madeBy: 'practice',
  reply(request) {
    const said = request.history.findLast(({ from }) => from === 'person')?.text ?? ''
    const talk: Talk = {
      request,
      said,
      name: givenName(request.history),
      voice: voiceOf(request),
      pick: picker(request),
    }
    const { rules, common, echo } = request.language === 'de' ? germanScript : englishScript
    for (const { when, say } of rules) {
      const words = when.test(said) ? say(talk) : null
      if (words !== null) return words
    }
    return echo(talk, closestSentence(said, ownSentences(request), common))
  },
}

function voiceOf({ personality }: ReplyRequest): Voice {
  const { warmth, formality, directness, empathy, humour } = personality?.dials ?? neutralDials
  const lean = (value: number): number => (value >= MIDDLE + 10 ? 1 : value <= MIDDLE - 10 ? -1 : 0)
  return {
    warmth: lean(warmth),
    formality: lean(formality),
    directness: lean(directness),
    empathy: lean(empathy),
    humour: lean(humour),
  }
}

/** Chooses by seed, place in the conversation and words, and never by chance. */
function picker({ seed, history }: ReplyRequest): (choices: readonly string[]) => string {
  let state = 0x811c9dc5
  for (const char of `${seed}|${history.length}|${history.at(-1)?.text ?? ''}`) {
    state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  }
  return (choices) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0
    return choices[state % choices.length] ?? ''
  }
}
