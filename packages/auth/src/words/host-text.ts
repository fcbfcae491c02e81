import { type Words, words } from './words.ts'

/** A text that the host app gives for our pages: in one language, or in several by their names (BCP 47), English among them. */
export type HostText = string | ({ readonly en: string } & Readonly<Record<string, string>>)

/** The text in the language of a request, English where the host has it in no such language. */
export const textIn = (text: HostText, { language }: Words): string =>
  typeof text === 'string' ? text : (text[language] ?? text.en)

/** One of our own texts in every language that we have. */
export const hostText = (text: (words: Words) => string): HostText => ({ en: text(words.en), de: text(words.de) })
