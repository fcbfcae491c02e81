import { errors as deErrors } from './de/errors.ts'
import { frame as deFrame } from './de/frame.ts'
import { home as deHome } from './de/home.ts'
import { preferences as dePreferences } from './de/preferences.ts'
import { profile as deProfile } from './de/profile.ts'
import { errors } from './en/errors.ts'
import { frame } from './en/frame.ts'
import { home } from './en/home.ts'
import { preferences } from './en/preferences.ts'
import { profile } from './en/profile.ts'

export const english = { errors, frame, home, preferences, profile }

/** The app's words in one language, room by room; those of the pages that the library draws are its own. */
export type AppWords = typeof english

const german: AppWords = {
  errors: deErrors,
  frame: deFrame,
  home: deHome,
  preferences: dePreferences,
  profile: deProfile,
}

const words = new Map<string, AppWords>([
  ['en', english],
  ['de', german],
])

/** The app's words in the language of a page (BCP 47), English where it has none in it. */
export const wordsIn = (language: string): AppWords => words.get(language) ?? english
