import { account as deAccount } from './de/account.ts'
import { address as deAddress } from './de/address.ts'
import { data as deData } from './de/data.ts'
import { devices as deDevices } from './de/devices.ts'
import { errors as deErrors } from './de/errors.ts'
import { events as deEvents } from './de/events.ts'
import { factors as deFactors } from './de/factors.ts'
import { letters as deLetters } from './de/letters.ts'
import { administered as deAdministered, notices as deNotices } from './de/notices.ts'
import { passkeys as dePasskeys } from './de/passkeys.ts'
import { people as dePeople } from './de/people.ts'
import { problems as deProblems } from './de/problems.ts'
import { providers as deProviders } from './de/providers.ts'
import { recovery as deRecovery } from './de/recovery.ts'
import { scripts as deScripts } from './de/scripts.ts'
import { server as deServer } from './de/server.ts'
import { shell as deShell } from './de/shell.ts'
import { signIn as deSignIn } from './de/sign-in.ts'
import { time as deTime } from './de/time.ts'
import { account } from './en/account.ts'
import { address } from './en/address.ts'
import { data } from './en/data.ts'
import { devices } from './en/devices.ts'
import { errors } from './en/errors.ts'
import { events } from './en/events.ts'
import { factors } from './en/factors.ts'
import { letters } from './en/letters.ts'
import { administered, notices } from './en/notices.ts'
import { passkeys } from './en/passkeys.ts'
import { people } from './en/people.ts'
import { problems } from './en/problems.ts'
import { providers } from './en/providers.ts'
import { recovery } from './en/recovery.ts'
import { scripts } from './en/scripts.ts'
import { server } from './en/server.ts'
import { shell } from './en/shell.ts'
import { signIn } from './en/sign-in.ts'
import { time } from './en/time.ts'

export const english = {
  language: 'en' as string,
  shell,
  signIn,
  recovery,
  factors,
  passkeys,
  providers,
  devices,
  account,
  address,
  data,
  people,
  server,
  events,
  letters,
  notices,
  administered,
  time,
  problems,
  errors,
  scripts,
}

/** All words of one language, room by room. English is the measure: another language has the same keys, no more and no fewer. */
export type Words = typeof english

const german: Words = {
  language: 'de',
  shell: deShell,
  signIn: deSignIn,
  recovery: deRecovery,
  factors: deFactors,
  passkeys: dePasskeys,
  providers: deProviders,
  devices: deDevices,
  account: deAccount,
  address: deAddress,
  data: deData,
  people: dePeople,
  server: deServer,
  events: deEvents,
  letters: deLetters,
  notices: deNotices,
  administered: deAdministered,
  time: deTime,
  problems: deProblems,
  errors: deErrors,
  scripts: deScripts,
}

/** The languages that the library has words in. */
export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

/** Those of a server: what people may choose from, and what they get who want none of it. */
export interface OfferedLanguages {
  readonly offered: readonly Language[]
  readonly fallback: Language
}

/** What each calls itself. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

export const words: Readonly<Record<Language, Words>> = { en: english, de: german }
