import { characters as deCharacters } from './de/characters.ts'
import { config as deConfig } from './de/config.ts'
import { errors as deErrors } from './de/errors.ts'
import { frame as deFrame } from './de/frame.ts'
import { health as deHealth } from './de/health.ts'
import { home as deHome } from './de/home.ts'
import { personalities as dePersonalities } from './de/personalities.ts'
import { picture as dePicture } from './de/picture.ts'
import { pieces as dePieces } from './de/pieces.ts'
import { preferences as dePreferences } from './de/preferences.ts'
import { profile as deProfile } from './de/profile.ts'
import { talk as deTalk } from './de/talk.ts'
import { characters } from './en/characters.ts'
import { config } from './en/config.ts'
import { errors } from './en/errors.ts'
import { frame } from './en/frame.ts'
import { health } from './en/health.ts'
import { home } from './en/home.ts'
import { personalities } from './en/personalities.ts'
import { picture } from './en/picture.ts'
import { pieces } from './en/pieces.ts'
import { preferences } from './en/preferences.ts'
import { profile } from './en/profile.ts'
import { talk } from './en/talk.ts'

export const english = {
  language: 'en' as string,
  characters,
  config,
  errors,
  frame,
  health,
  home,
  personalities,
  picture,
  pieces,
  preferences,
  profile,
  talk,
}

/** The app's words in one language, room by room; those of the pages that the library draws are its own. */
export type AppWords = typeof english

const german: AppWords = {
  language: 'de',
  characters: deCharacters,
  config: deConfig,
  errors: deErrors,
  frame: deFrame,
  health: deHealth,
  home: deHome,
  personalities: dePersonalities,
  picture: dePicture,
  pieces: dePieces,
  preferences: dePreferences,
  profile: deProfile,
  talk: deTalk,
}

const words = new Map<string, AppWords>([
  ['en', english],
  ['de', german],
])

/** One text, or whatever is made of texts, in every language: for what the library says on its pages. */
export const inAll = <T>(of: (words: AppWords) => T): { en: T; de: T } => ({ en: of(english), de: of(german) })

/** The app's words in the language of a page (BCP 47), English where it has none in it. */
export const wordsIn = (language: string): AppWords => words.get(language) ?? english
