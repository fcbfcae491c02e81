/** What somebody may be about, in the order in which it is looked for: the first that fits answers. */
export const topics = [
  'honesty',
  'myName',
  'newName',
  'greeting',
  'about',
  'manner',
  'scene',
  'skills',
  'thanks',
  'farewell',
] as const

export type Topic = (typeof topics)[number]

type Named = (name: string) => string
type Quoting = (text: string) => string

/**
 * What is recognised and said in one language; when it is said stands in `practice-reply.ts`. `who` is a name after a comma,
 * or nothing.
 */
export interface Script {
  readonly when: Readonly<Record<Topic, RegExp>>
  /** Words that say nothing about what somebody means. */
  readonly common: ReadonlySet<string>
  readonly honesty: Named
  readonly myName: { readonly unknown: string; readonly known: Named }
  readonly newName: { readonly formal: Named; readonly plain: Named }
  readonly greeting: {
    readonly formal: (who: string) => string
    readonly warm: readonly ((who: string) => string)[]
    readonly casual: (who: string) => string
    readonly plain: (who: string) => string
  }
  readonly about: { readonly empty: Named; readonly card: (char: string, text: string) => string }
  readonly manner: { readonly none: string; readonly text: Quoting }
  readonly scene: { readonly none: string; readonly text: Quoting }
  readonly skills: { readonly any: string; readonly tags: (tags: string) => string }
  readonly thanks: { readonly formal: string; readonly warm: string; readonly plain: string }
  readonly farewell: { readonly formal: (who: string) => string; readonly plain: (who: string) => string }
  readonly empathy: readonly string[]
  readonly near: Quoting
  readonly noAnswer: { readonly direct: string; readonly plain: string }
  readonly wrote: Quoting
  readonly humour: readonly string[]
  readonly question: {
    readonly formal: readonly string[]
    readonly direct: readonly string[]
    readonly warm: readonly string[]
    readonly plain: readonly string[]
  }
}
