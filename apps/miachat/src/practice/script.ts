import type { ReplyRequest } from '../conversations/responder.ts'

/** How the dials sound: each is 1 above the middle, -1 below it, 0 around it. */
export interface Voice {
  readonly warmth: number
  readonly formality: number
  readonly directness: number
  readonly empathy: number
  readonly humour: number
}

export interface Talk {
  readonly request: ReplyRequest
  readonly said: string
  readonly name: string | null
  readonly voice: Voice
  readonly pick: (choices: readonly string[]) => string
}

export interface Rule {
  readonly when: RegExp
  /** Placeholders stand in texts of the card only: what the person wrote stays as it is. Null leaves it to the next rule. */
  readonly say: (talk: Talk) => string | null
}

/** What is answered in one language. */
export interface Script {
  /** The first that fits answers. */
  readonly rules: readonly Rule[]
  /** Words that say nothing about what somebody means. */
  readonly common: ReadonlySet<string>
  /** Where nothing fits: the nearest words of the card, or the person's own, and a question to go on with. */
  readonly echo: (talk: Talk, near: string | null) => string
}
