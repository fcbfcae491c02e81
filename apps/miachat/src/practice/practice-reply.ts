import { fillPlaceholders } from '../characters/card.ts'
import type { ReplyRequest, Responder } from '../conversations/responder.ts'
import { MIDDLE, neutralDials } from '../personalities/personality.ts'
import { englishScript } from './english-script.ts'
import { germanScript } from './german-script.ts'
import { closestSentence, givenName, mannerText, nameIn, ownSentences, shortened } from './own-words.ts'
import { type Script, type Topic, topics } from './script.ts'

/** How the dials sound: each is 1 above the middle, -1 below it, 0 around it. */
interface Voice {
  readonly warmth: number
  readonly formality: number
  readonly directness: number
  readonly empathy: number
  readonly humour: number
}

interface Talk {
  readonly script: Script
  readonly request: ReplyRequest
  readonly said: string
  readonly name: string | null
  readonly voice: Voice
  readonly pick: (choices: readonly string[]) => string
}

/**
 * Answers from the card's own text by a few patterns, in the language of the page. It claims no feelings and no facts and says what it
 * is when asked. The same request gives the same answer.
 */
export const practiceResponder: Responder = {
  madeBy: 'practice',
  reply(request) {
    const said = request.history.findLast(({ from }) => from === 'person')?.text ?? ''
    const script = request.language === 'de' ? germanScript : englishScript
    const talk: Talk = {
      script,
      request,
      said,
      name: givenName(request.history),
      voice: voiceOf(request),
      pick: picker(request),
    }
    for (const topic of topics) {
      const words = script.when[topic].test(said) ? answers[topic](talk) : null
      if (words !== null) return words
    }
    return echo(talk)
  },
}

/**
 * What is said about each topic. Placeholders stand in texts of the card only: what the person wrote stays as it is. Null leaves
 * it to the next topic.
 */
const answers: Readonly<Record<Topic, (talk: Talk) => string | null>> = {
  honesty: ({ script, request }) => script.honesty(request.names.char),
  myName: ({ script, name }) => (name === null ? script.myName.unknown : script.myName.known(name)),
  newName({ script, said, voice }) {
    const name = nameIn(said)
    if (name === null) return null
    return voice.formality > 0 ? script.newName.formal(name) : script.newName.plain(name)
  },
  greeting: (talk) => `${greeting(talk)} ${question(talk)}`,
  about({ script, request, voice }) {
    const about = ownSentences(request).slice(0, voice.directness > 0 ? 1 : 2)
    const { char } = request.names
    return about.length === 0 ? script.about.empty(char) : script.about.card(char, about.join(' '))
  },
  manner({ script, request }) {
    const manner = mannerText(request)
    return manner === '' ? script.manner.none : script.manner.text(fillPlaceholders(manner, request.names))
  },
  scene({ script, request: { card, names } }) {
    const { scenario } = card.data
    return scenario === '' ? script.scene.none : script.scene.text(shortened(fillPlaceholders(scenario, names)))
  },
  skills(talk) {
    const { skills } = talk.script
    const { card, names } = talk.request
    const tags = fillPlaceholders(card.data.tags.slice(0, 5).join(', '), names)
    return `${tags === '' ? skills.any : skills.tags(tags)} ${question(talk)}`
  },
  thanks({ script: { thanks }, voice }) {
    if (voice.formality > 0) return thanks.formal
    return voice.warmth > 0 ? thanks.warm : thanks.plain
  },
  farewell: ({ script: { farewell }, voice, name }) =>
    voice.formality > 0 ? farewell.formal(afterComma(name)) : farewell.plain(afterComma(name)),
}

/** Where no topic fits: the nearest words of the card, or the person's own, and a question to go on with. */
function echo(talk: Talk): string {
  const { script, request, said, voice, pick } = talk
  const near = closestSentence(said, ownSentences(request), script.common)
  const parts: string[] = []
  if (voice.empathy > 0 && voice.directness <= 0) parts.push(pick(script.empathy))
  if (near !== null) parts.push(script.near(near))
  else if (said.trimEnd().endsWith('?')) {
    parts.push(voice.directness > 0 ? script.noAnswer.direct : script.noAnswer.plain)
  } else parts.push(script.wrote(shortened(said.replace(/\s+/g, ' ').trim(), 120)))
  if (voice.humour > 0) parts.push(pick(script.humour))
  parts.push(question(talk))
  return parts.join(' ')
}

function greeting({ script, voice, name, pick }: Talk): string {
  const who = afterComma(name)
  const { formal, warm, casual, plain } = script.greeting
  if (voice.formality > 0) return formal(who)
  if (voice.warmth > 0) return pick(warm.map((say) => say(who)))
  return voice.formality < 0 ? casual(who) : plain(who)
}

const afterComma = (name: string | null): string => (name === null ? '' : `, ${name}`)

function question({ script, voice, pick }: Talk): string {
  const { formal, direct, warm, plain } = script.question
  if (voice.formality > 0) return pick(formal)
  if (voice.directness > 0) return pick(direct)
  return pick(voice.warmth > 0 ? warm : plain)
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
