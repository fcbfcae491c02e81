import type { AppWords } from '../words/words.ts'

/** The Big Five, in the order of the page. What stands at the ends of a dial is in the catalogue. */
export const traitNames = ['openness', 'conscientiousness', 'extraversion', 'agreeableness', 'stability'] as const

/** How somebody talks. */
export const styleNames = ['directness', 'warmth', 'formality', 'empathy', 'humour'] as const

export type TraitName = (typeof traitNames)[number]
export type StyleName = (typeof styleNames)[number]
export type DialName = TraitName | StyleName

export const dialNames: readonly DialName[] = [...traitNames, ...styleNames]

/** Where a dial says nothing. */
export const MIDDLE = 50

/** A reusable voice that any number of characters can have. Dials are whole numbers from 0 to 100. */
export interface Personality {
  readonly name: string
  readonly dials: Readonly<Record<DialName, number>>
  /** Up to twelve free words: "patient". */
  readonly words: readonly string[]
  readonly dos: readonly string[]
  readonly donts: readonly string[]
  /** For the prompt, in the person's own words. */
  readonly notes: string
}

export const mostWords = 12
export const mostRules = 12

/** Something for each dial. */
export function eachDial<T>(of: (name: DialName) => T): Record<DialName, T> {
  return {
    openness: of('openness'),
    conscientiousness: of('conscientiousness'),
    extraversion: of('extraversion'),
    agreeableness: of('agreeableness'),
    stability: of('stability'),
    directness: of('directness'),
    warmth: of('warmth'),
    formality: of('formality'),
    empathy: of('empathy'),
    humour: of('humour'),
  }
}

export const neutralDials: Readonly<Record<DialName, number>> = eachDial(() => MIDDLE)

/** Where a dial says something: its other values are in the middle. */
export const isLeaning = (value: number): boolean => value >= 60 || value <= 40

/** The word of a dial at a value: "very warm", "rather cool", "balanced". */
export function dialWord(name: DialName, value: number, { dials, leaning }: AppWords['personalities']): string {
  const { low, high } = dials[name]
  if (!isLeaning(value)) return leaning.balanced
  const word = value > MIDDLE ? high : low
  return value >= 80 || value <= 20 ? leaning.very(word) : leaning.rather(word)
}
