import { z } from 'zod'
import { seenVersion } from '../lib/seen-version.ts'
import { optionalProse, requiredLine, textList } from '../lib/text-fields.ts'
import { type DialName, eachDial, MIDDLE, mostRules, mostWords, neutralDials, type Personality } from './personality.ts'

export const personalityLengths = { name: 80, word: 60, rule: 200, notes: 4_000 } as const

/** Room for every text at its longest, percent-encoded. */
export const PERSONALITY_BODY_BYTES = 256 * 1024

const outside = { error: 'Use a whole number from 0 to 100.', params: { code: 'out_of_range' } }

/** The number box of a dial, empty for the middle; a program may send a number. */
const dial = z
  .union([z.number(), z.string()])
  .transform((value) => (value === '' ? MIDDLE : typeof value === 'number' ? value : digits(value)))
  .refine((value) => Number.isInteger(value) && value >= 0 && value <= 100, outside)
  .default(MIDDLE)

/** `Number` takes "0x10" and "1e1", which nobody means. */
const digits = (text: string): number => (/^\s*\d{1,3}\s*$/.test(text) ? Number(text) : Number.NaN)

/** What the form of a personality and a program's JSON hold. */
export const personalityBody = z.object({
  name: requiredLine(personalityLengths.name, 'Give the personality a name.'),
  openness: dial,
  conscientiousness: dial,
  extraversion: dial,
  agreeableness: dial,
  stability: dial,
  directness: dial,
  warmth: dial,
  formality: dial,
  empathy: dial,
  humour: dial,
  words: textList(/[,\n]/, mostWords, personalityLengths.word),
  dos: textList(/\n/, mostRules, personalityLengths.rule),
  donts: textList(/\n/, mostRules, personalityLengths.rule),
  notes: optionalProse(personalityLengths.notes),
})

export const personalityEditBody = personalityBody.extend({ version: seenVersion })

export const personalityOf = (body: z.output<typeof personalityBody>): Personality => ({
  name: body.name,
  dials: eachDial((name) => body[name]),
  words: body.words,
  dos: body.dos,
  donts: body.donts,
  notes: body.notes,
})

/** What the form shows: text in every field, also what did not fit. */
export interface PersonalityFormValues {
  readonly name: string
  readonly dials: Readonly<Record<DialName, string>>
  readonly words: string
  readonly dos: string
  readonly donts: string
  readonly notes: string
}

export const personalityFormValues = (personality: Personality): PersonalityFormValues => ({
  name: personality.name,
  dials: eachDial((name) => String(personality.dials[name])),
  words: personality.words.join(', '),
  dos: personality.dos.join('\n'),
  donts: personality.donts.join('\n'),
  notes: personality.notes,
})

export const emptyPersonality: Personality = { name: '', dials: neutralDials, words: [], dos: [], donts: [], notes: '' }

/** What was typed, for showing the form again. */
export const typedPersonality = (raw: (field: string) => string): PersonalityFormValues => ({
  name: raw('name'),
  dials: eachDial(raw),
  words: raw('words'),
  dos: raw('dos'),
  donts: raw('donts'),
  notes: raw('notes'),
})
