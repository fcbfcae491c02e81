import { z } from 'zod'

/** What a person fills in. Everything else of a card is kept as it came. */
export interface CharacterFields {
  readonly name: string
  /** One line for lists: our own extension of the card. */
  readonly tagline: string
  /** Who they are. */
  readonly description: string
  /** What they say first; may be empty. */
  readonly greeting: string
  readonly scenario: string
  readonly systemPrompt: string
  readonly exampleDialogue: string
  /** For people, never part of a prompt (card specification V2). */
  readonly creatorNotes: string
  readonly tags: readonly string[]
}

const text = z.string().default('')

/** A card of version 3, as far as we read it; unknown fields stay in place, as the specification asks. */
const cardSchema = z.looseObject({
  spec: z.literal('chara_card_v3'),
  spec_version: z.string(),
  data: z.looseObject({
    name: text,
    description: text,
    personality: text,
    scenario: text,
    first_mes: text,
    mes_example: text,
    creator_notes: text,
    system_prompt: text,
    post_history_instructions: text,
    alternate_greetings: z.array(z.string()).default([]),
    group_only_greetings: z.array(z.string()).default([]),
    tags: z.array(z.string()).default([]),
    creator: text,
    character_version: text,
    extensions: z.record(z.string(), z.unknown()).default({}),
  }),
})

/** A canonical character card, version 3 of the specification. */
export type Card = z.output<typeof cardSchema>

const TAGLINE = 'miachat/tagline'

/** Puts what was filled in into a card: a new one, or `previous` with all that it holds besides. `now` in ms since 1970. */
export function cardOf(fields: CharacterFields, now: number, previous?: Card): Card {
  const seconds = Math.floor(now / 1000)
  const base = previous ?? cardSchema.parse({ spec: 'chara_card_v3', spec_version: '3.0', data: {} })
  return {
    ...base,
    data: {
      creation_date: seconds,
      ...base.data,
      name: fields.name,
      description: fields.description,
      scenario: fields.scenario,
      first_mes: fields.greeting,
      mes_example: fields.exampleDialogue,
      creator_notes: fields.creatorNotes,
      system_prompt: fields.systemPrompt,
      tags: [...fields.tags],
      extensions: { ...base.data.extensions, [TAGLINE]: fields.tagline },
      modification_date: seconds,
    },
  }
}

export function fieldsOf({ data }: Card): CharacterFields {
  const tagline = data.extensions[TAGLINE]
  return {
    name: data.name,
    tagline: typeof tagline === 'string' ? tagline : '',
    description: data.description,
    greeting: data.first_mes,
    scenario: data.scenario,
    systemPrompt: data.system_prompt,
    exampleDialogue: data.mes_example,
    creatorNotes: data.creator_notes,
    tags: data.tags,
  }
}

/** Reads a card that we stored. Throws for anything else. */
export const parseCard = (json: string): Card => cardSchema.parse(JSON.parse(json))

/** Whether a change is one: opening the form and saving it makes no version. */
export function sameFields(a: CharacterFields, b: CharacterFields): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())
}

/** Puts names where a card says `{{char}}` and `{{user}}` (and the older `<BOT>` and `<USER>`). */
export function fillPlaceholders(text: string, names: { readonly char: string; readonly user: string }): string {
  // A function as replacement: `$&` in a name must stay what it is.
  return text.replace(/\{\{char\}\}|<bot>/gi, () => names.char).replace(/\{\{user\}\}|<user>/gi, () => names.user)
}
