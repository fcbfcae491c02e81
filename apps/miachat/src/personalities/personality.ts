/** The Big Five, each with the words at both ends of its dial. */
export const traitDials = {
  openness: { label: 'Openness', low: 'down to earth', high: 'curious' },
  conscientiousness: { label: 'Conscientiousness', low: 'easy-going', high: 'thorough' },
  extraversion: { label: 'Extraversion', low: 'quiet', high: 'outgoing' },
  agreeableness: { label: 'Agreeableness', low: 'challenging', high: 'kind' },
  stability: { label: 'Emotional stability', low: 'sensitive', high: 'calm' },
} as const

/** How somebody talks. */
export const styleDials = {
  directness: { label: 'Directness', low: 'roundabout', high: 'direct' },
  warmth: { label: 'Warmth', low: 'cool', high: 'warm' },
  formality: { label: 'Formality', low: 'casual', high: 'formal' },
  empathy: { label: 'Empathy', low: 'matter-of-fact', high: 'understanding' },
  humour: { label: 'Humour', low: 'serious', high: 'playful' },
} as const

export const dials = { ...traitDials, ...styleDials }

export type TraitName = keyof typeof traitDials
export type StyleName = keyof typeof styleDials
export type DialName = TraitName | StyleName

/** In the order of the page. */
export const traitNames = ['openness', 'conscientiousness', 'extraversion', 'agreeableness', 'stability'] as const
export const styleNames = ['directness', 'warmth', 'formality', 'empathy', 'humour'] as const
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

/** The word of a dial at a value: "warm", "rather cool", "balanced". */
export function dialWord(name: DialName, value: number): string {
  const { low, high } = dials[name]
  if (value >= 80) return `very ${high}`
  if (value >= 60) return `rather ${high}`
  if (value > 40) return 'balanced'
  if (value > 20) return `rather ${low}`
  return `very ${low}`
}
