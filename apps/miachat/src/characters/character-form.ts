import { z } from 'zod'
import { seenVersion } from '../lib/seen-version.ts'
import { optionalLine, optionalProse, requiredLine, textList } from '../lib/text-fields.ts'
import type { CharacterFields } from './card.ts'

/** The most characters of each text. */
export const characterLengths = {
  name: 80,
  tagline: 160,
  description: 20_000,
  greeting: 8_000,
  scenario: 8_000,
  systemPrompt: 20_000,
  exampleDialogue: 20_000,
  creatorNotes: 8_000,
} as const
export const mostTags = 12
export const longestTag = 40

/** The most characters of each field of the form, of `tags` in each. */
export const longestOfFields = {
  name: characterLengths.name,
  tagline: characterLengths.tagline,
  description: characterLengths.description,
  greeting: characterLengths.greeting,
  scenario: characterLengths.scenario,
  system_prompt: characterLengths.systemPrompt,
  example_dialogue: characterLengths.exampleDialogue,
  creator_notes: characterLengths.creatorNotes,
  tags: longestTag,
} as const

/** Room for every text at its longest, percent-encoded. */
export const CHARACTER_BODY_BYTES = 1024 * 1024

/** What the form of a character and a program's JSON hold. */
export const characterBody = z.object({
  name: requiredLine(characterLengths.name, 'Give the character a name.'),
  tagline: optionalLine(characterLengths.tagline),
  description: optionalProse(characterLengths.description),
  greeting: optionalProse(characterLengths.greeting),
  scenario: optionalProse(characterLengths.scenario),
  system_prompt: optionalProse(characterLengths.systemPrompt),
  example_dialogue: optionalProse(characterLengths.exampleDialogue),
  creator_notes: optionalProse(characterLengths.creatorNotes),
  tags: textList(/[,\n]/, mostTags, longestTag),
  /** Empty for none. */
  personality_id: z.string().max(36).nullable().default(''),
})

export const characterEditBody = characterBody.extend({ version: seenVersion })

export const characterFields = (body: z.output<typeof characterBody>): CharacterFields => ({
  name: body.name,
  tagline: body.tagline,
  description: body.description,
  greeting: body.greeting,
  scenario: body.scenario,
  systemPrompt: body.system_prompt,
  exampleDialogue: body.example_dialogue,
  creatorNotes: body.creator_notes,
  tags: body.tags,
})

/** The same under the names of the wire. */
export const characterFieldsJson = (fields: CharacterFields) => ({
  name: fields.name,
  tagline: fields.tagline,
  description: fields.description,
  greeting: fields.greeting,
  scenario: fields.scenario,
  system_prompt: fields.systemPrompt,
  example_dialogue: fields.exampleDialogue,
  creator_notes: fields.creatorNotes,
  tags: [...fields.tags],
})

/** What the form shows: text in every field, also what did not fit. */
export interface CharacterFormValues {
  readonly name: string
  readonly tagline: string
  readonly description: string
  readonly greeting: string
  readonly scenario: string
  readonly system_prompt: string
  readonly example_dialogue: string
  readonly creator_notes: string
  readonly tags: string
  readonly personality_id: string
}

export const emptyCharacterForm = characterFormValues(
  {
    name: '',
    tagline: '',
    description: '',
    greeting: '',
    scenario: '',
    systemPrompt: '',
    exampleDialogue: '',
    creatorNotes: '',
    tags: [],
  },
  null,
)

export function characterFormValues(fields: CharacterFields, personalityId: string | null): CharacterFormValues {
  return { ...characterFieldsJson(fields), tags: fields.tags.join(', '), personality_id: personalityId ?? '' }
}

/** What was typed, for showing the form again. */
export function typedCharacter(raw: (field: string) => string): CharacterFormValues {
  return {
    name: raw('name'),
    tagline: raw('tagline'),
    description: raw('description'),
    greeting: raw('greeting'),
    scenario: raw('scenario'),
    system_prompt: raw('system_prompt'),
    example_dialogue: raw('example_dialogue'),
    creator_notes: raw('creator_notes'),
    tags: raw('tags'),
    personality_id: raw('personality_id'),
  }
}
