import { fillPlaceholders } from '../characters/card.ts'
import { mannerText, nameIn, ownSentences, shortened } from './own-words.ts'
import type { Rule, Script, Talk } from './script.ts'

const rules: readonly Rule[] = [
  {
    when: /\b(?:are you (?:real|human|a (?:person|human|bot|machine|model)|an ai|alive|conscious)|do you (?:feel|love|like me)|(?:i|you) love (?:you|me)|which model|what model)\b/i,
    say: ({ request }) =>
      `I am ${request.names.char}, a fictional character, and what you read are scripted practice lines: there is no ` +
      'model behind them, and nobody who feels. Once a model is connected, it can answer in my part.',
  },
  {
    when: /\b(?:what(?:['’]s| is) my name|do you (?:know|remember) (?:my name|who i am))\b/i,
    say: ({ name }) =>
      name === null
        ? 'You have not told me your name in this conversation. Say “My name is …” and I can use it here.'
        : `You gave your name as ${name}.`,
  },
  {
    when: /\b(?:my name is|i am called|i['’]m called|call me)\b/i,
    say({ said, voice }) {
      const name = nameIn(said)
      if (name === null) return null
      return voice.formality > 0
        ? `Thank you, ${name}. I will use that name here. How may I be of help?`
        : `${name} it is. What shall we talk about?`
    },
  },
  {
    when: /^\W*(?:hi|hello|hey|hiya|good (?:morning|day|afternoon|evening)|greetings)\b/i,
    say: (talk) => `${greeting(talk)} ${question(talk)}`,
  },
  {
    when: /\b(?:who are you|about yourself|what are you like|describe yourself|what(?:['’]s| is) your name)\b/i,
    say: (talk) => {
      const about = ownSentences(talk.request).slice(0, talk.voice.directness > 0 ? 1 : 2)
      const { char } = talk.request.names
      return about.length === 0
        ? `I am ${char}. Nothing more is written on my card yet.`
        : `I am ${char}. My card says: “${about.join(' ')}”`
    },
  },
  {
    when: /\b(?:how do you (?:talk|speak|write)|your (?:manner|personality|style|character))\b/i,
    say: ({ request }) => {
      const manner = mannerText(request)
      return manner === ''
        ? 'No personality is attached to me, so nothing sets my manner.'
        : `This sets my manner:\n${fillPlaceholders(manner, request.names)}`
    },
  },
  {
    when: /\b(?:where are we|what is happening|what(?:['’]s| is) the (?:scene|scenario|situation))\b/i,
    say: ({ request }) => {
      const { scenario } = request.card.data
      return scenario === ''
        ? 'My card sets no scene. You may choose one.'
        : `The scene on my card: “${shortened(fillPlaceholders(scenario, request.names))}”`
    },
  },
  {
    when: /\b(?:what can you do|can you help|help me)\b/i,
    say: (talk) => {
      const { card, names } = talk.request
      const tags = fillPlaceholders(card.data.tags.slice(0, 5).join(', '), names)
      const about = tags === '' ? 'what is on my card' : `what is on my card: ${tags}`
      return `As a script I can keep to ${about}. ${question(talk)}`
    },
  },
  {
    when: /\b(?:thank you|thanks|thank u|cheers)\b/i,
    say: ({ voice }) => (voice.formality > 0 ? 'You are very welcome.' : voice.warmth > 0 ? 'Any time!' : 'Sure.'),
  },
  {
    when: /\b(?:bye|goodbye|good night|see you|farewell)\b/i,
    say: ({ voice, name }) =>
      voice.formality > 0
        ? `Goodbye${called(name)}. This conversation stays here for you.`
        : `See you${called(name)}. It all stays here.`,
  },
]

function echo(talk: Talk, near: string | null): string {
  const { said, voice, pick } = talk
  const parts: string[] = []
  if (voice.empathy > 0 && voice.directness <= 0)
    parts.push(pick(['Thank you for putting that into words.', 'Take your time with it.']))
  if (near !== null) parts.push(`That touches my card, where it says: “${near}”`)
  else if (said.trimEnd().endsWith('?')) {
    parts.push(
      voice.directness > 0
        ? 'A script has no answer to that.'
        : 'That is a good question for a real model; a script has no answer to it.',
    )
  } else parts.push(`You wrote: “${shortened(said.replace(/\s+/g, ' ').trim(), 120)}”`)
  if (voice.humour > 0)
    parts.push(
      pick(['I would take notes, but I am only a few lines of text.', 'My stage is small, but I know my lines.']),
    )
  parts.push(question(talk))
  return parts.join(' ')
}

function greeting({ voice, name, pick }: Talk): string {
  const who = called(name)
  if (voice.formality > 0) return `Good day${who}.`
  if (voice.warmth > 0) return `${pick(['Hello', 'Hi'])}${who}, and welcome!`
  return voice.formality < 0 ? `Hey${who}.` : `Hello${who}.`
}

const called = (name: string | null): string => (name === null ? '' : `, ${name}`)

function question({ voice, pick }: Talk): string {
  if (voice.formality > 0)
    return pick(['May I ask what matters most to you in this?', 'Would you care to tell me more?'])
  if (voice.directness > 0) return pick(['What is the point you care about?', 'What is the next step?'])
  if (voice.warmth > 0)
    return pick(['What would make today a little easier?', 'Would you like to tell me more about it?'])
  return pick(['What would you like to look at first?', 'What else belongs to it?'])
}

const common = new Set(
  (
    'about after again also because been before being could does doing from have here into just like make more most much ' +
    'never only other over really same should some such than that their them then there these they this those very want ' +
    'were what when where which while will with would your yours'
  ).split(' '),
)

export const englishScript: Script = { rules, common, echo }
