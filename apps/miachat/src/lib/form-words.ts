import type { Words } from '@miachat/auth/views'
import { wordsIn } from '../words/words.ts'

/** What is said of texts that are too long, by the names of their fields. `longest` counts characters. */
export const lengthErrors = (longest: Readonly<Record<string, number>>, { language }: Words): Record<string, string> =>
  Object.fromEntries(
    Object.entries(longest).map(([name, most]) => [
      `${name}.too_long`,
      wordsIn(language).pieces.tooLong(most.toLocaleString(language)),
    ]),
  )
