import type { Card } from '../characters/card.ts'
import type { Personality } from '../personalities/personality.ts'

/** One thing that was said, oldest first in a history. */
export interface Utterance {
  readonly from: 'person' | 'character'
  readonly text: string
}

export interface ReplyRequest {
  /** The version that the conversation began with. */
  readonly card: Card
  readonly personality: Omit<Personality, 'name'> | null
  /** Ends with what the person has just said. */
  readonly history: readonly Utterance[]
  /** For `{{char}}` and `{{user}}`. */
  readonly names: { readonly char: string; readonly user: string }
  /** Of the page on which it was said (BCP 47). */
  readonly language: string
  /** The same request with the same seed gets the same answer. */
  readonly seed: string
}

/** Whoever answers for a character. */
export interface Responder {
  /** Kept with each of its messages, so that a page can always say who wrote it. */
  readonly madeBy: string
  reply(request: ReplyRequest): string
}
