import { isIP } from 'node:net'
import { isSender, languages, type ProviderOptions, providerMistakes, readyProviderKinds } from '@miachat/auth'
import { z } from 'zod'
import { parseMailUrl } from './mail/mail-way.ts'

/** What docs/configuration.md says of a setting. */
export interface SettingDoc {
  /** As it would be typed; '' for none. */
  readonly fallback: string
  /** What happens without it, where the fallback does not say it. */
  readonly without?: string
  /** One sentence. */
  readonly meaning: string
  /** Never shown, in no message and on no page. */
  readonly secret?: true
}

/** One setting: its words and how its text is read. */
export interface Setting<T> extends SettingDoc {
  /** The value, or what is wrong as the end of a sentence that starts with the name of the setting. */
  readonly read: (text: string) => T | Wrong
}

/** What is wrong with a text. */
export class Wrong {
  readonly sentence: string
  constructor(sentence: string) {
    this.sentence = sentence
  }
}

const setting = <T>(doc: SettingDoc, read: Setting<T>['read']): Setting<T> => ({ ...doc, read })

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

export const text = (doc: SettingDoc) =>
  setting(doc, (value) => (/\p{Cc}/u.test(value) ? new Wrong('must be one line.') : value))

export const shortText = (most: number, doc: SettingDoc) =>
  setting(doc, (value) =>
    /\p{Cc}/u.test(value) || value.length > most ? new Wrong(`must be one line of at most ${most} characters.`) : value,
  )

/** A text that may be left away: without a word it is null. */
export const optionalText = (doc: SettingDoc) =>
  setting(doc, (value) => (/\p{Cc}/u.test(value) ? new Wrong('must be one line.') : value || null))

export const choice = <const T extends string>(words: readonly T[], doc: SettingDoc) =>
  setting(doc, (value) => {
    const found = words.find((word) => word === value)
    return found ?? new Wrong(`must be ${words.join(' or ')}, not "${shown(value)}".`)
  })

export const flag = (doc: SettingDoc) =>
  setting(doc, (value) => {
    if (/^(1|true|yes|on)$/i.test(value)) return true
    if (/^(|0|false|no|off)$/i.test(value)) return false
    return new Wrong(`must be 1 or 0, not "${shown(value)}".`)
  })

const numberFrom = (value: string, pattern: RegExp, least: number, most: number, kind: string): number | Wrong => {
  const number = pattern.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= most) return number
  return new Wrong(`must be ${kind} from ${least} to ${most}, not "${shown(value)}".`)
}

export const wholeNumber = (least: number, most: number, doc: SettingDoc) =>
  setting(doc, (value) => numberFrom(value, /^\d{1,15}$/, least, most, 'a whole number'))

/** Without a word it is null: something else decides. */
export const optionalWholeNumber = (least: number, most: number, doc: SettingDoc) =>
  setting(doc, (value) => (value === '' ? null : numberFrom(value, /^\d{1,15}$/, least, most, 'a whole number')))

/** A number, fractions allowed, as milliseconds: `unit` is the length of one in milliseconds. */
export const duration = (unit: number, least: number, most: number, doc: SettingDoc) =>
  setting(doc, (value) => {
    const number = numberFrom(value, /^\d{1,12}(\.\d{1,12})?$/, least, most, 'a number')
    return number instanceof Wrong ? number : Math.round(number * unit)
  })

const listed = (value: string): string[] =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

/** Addresses and networks: `10.0.0.0/8, ::1`. */
export const networks = (doc: SettingDoc) =>
  setting(doc, (value) => {
    for (const entry of listed(value)) {
      const [address = '', bits = '0', more] = entry.split('/')
      const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
      if (!/^\d{1,3}$/.test(bits) || Number(bits) > most || more !== undefined) {
        return new Wrong(`must list addresses or networks like 10.0.0.0/8; "${shown(entry)}" is none.`)
      }
    }
    return listed(value)
  })

/** Languages, the usual one first: `de, en`. */
export const languageList = (doc: SettingDoc) =>
  setting(doc, (value) => {
    const names = listed(value)
    const known = languages.filter((language) => names.includes(language))
    if (names.length === 0 || names.length !== known.length) {
      return new Wrong(`must list each language once, from ${languages.join(', ')}, not "${shown(value)}".`)
    }
    return names.flatMap((name) => known.find((language) => language === name) ?? [])
  })

const asOrigin = (value: string): string | null => {
  if (!URL.canParse(value)) return null
  const { protocol, username, password, pathname, search, hash, origin } = new URL(value)
  const bare = `${username}${password}${search}${hash}` === '' && pathname === '/'
  return bare && (protocol === 'https:' || protocol === 'http:') ? origin : null
}

/** Exact origins: `https://app.example.org`. */
export const origins = (doc: SettingDoc) =>
  setting(doc, (value) => {
    const wrong = listed(value).find((entry) => asOrigin(entry) === null)
    if (wrong !== undefined)
      return new Wrong(`must list origins like https://app.example.org; "${shown(wrong)}" is none.`)
    return listed(value).flatMap((entry) => asOrigin(entry) ?? [])
  })

/** The public address, without a path: scheme, host and port; without a word it is null. */
export const publicAddress = (doc: SettingDoc) =>
  setting(doc, (value) => {
    if (value === '') return null
    return (
      asOrigin(value) ??
      new Wrong(`must be an address without a path, like https://chat.example.org, not "${shown(value)}".`)
    )
  })

/** `sqlite:PATH` or `postgres://…`. The text may hold a password and is never shown again. */
export const databaseUrl = (doc: SettingDoc) =>
  setting(doc, (value) => {
    if (value === '') return null
    if (/^sqlite:(\/\/)?[^/].*$|^sqlite:\/.+$/.test(value) && value !== 'sqlite::memory:') return value
    if (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value)) return value
    return new Wrong('must be sqlite:PATH or postgres://user:password@host/name.')
  })

/** Keys apart by commas, used as they stand. How good they are is judged elsewhere; the text is never shown again. */
export const secrets = (doc: SettingDoc) =>
  setting(doc, (value) => {
    if (value === '') return null
    const keys = value.split(',')
    if (keys.some((key) => key !== key.trim())) {
      return new Wrong('has a blank or a line end beside a key; keys are used as they stand, so take it away.')
    }
    return keys.every((key) => key !== '') ? keys : new Wrong('has an empty key: two commas, or one at an end.')
  })

/** A token that programs send. The text is never shown again. */
export const accessWord = (doc: SettingDoc) =>
  setting(doc, (value) => {
    if (value === '') return null
    return /^[\w.~+/=-]{16,200}$/.test(value)
      ? value
      : new Wrong('must have 16 to 200 letters, figures or signs of "-._~+/=".')
  })

/** How mail leaves. The text may hold a password and is never shown again; without a word it is null. */
export const mailUrl = (doc: SettingDoc) =>
  setting(doc, (value) => {
    if (value === '') return null
    return (
      parseMailUrl(value) ??
      new Wrong(
        'must be smtp://user:password@host:587, smtps://user:password@host:465, outbox, outbox:PATH or none; signs like "@" and "/" in a user or password are written as %40 and %2F.',
      )
    )
  })

/** Where letters come from; without a word it is null. */
export const sender = (doc: SettingDoc) =>
  setting(doc, (value) => {
    if (value === '' || isSender(value)) return value || null
    return new Wrong(`must be an address like chat@example.org or MiaChat <chat@example.org>, not "${shown(value)}".`)
  })

const providersShape: z.ZodType<readonly ProviderOptions[]> = z.array(
  z.strictObject({
    kind: z.enum(readyProviderKinds).exactOptional(),
    id: z.string().exactOptional(),
    label: z.string().max(40).exactOptional(),
    issuer: z.string().exactOptional(),
    clientId: z.string(),
    clientSecret: z
      .union([z.string(), z.strictObject({ teamId: z.string(), keyId: z.string(), privateKey: z.string() })])
      .exactOptional(),
    scope: z.string().exactOptional(),
  }),
)

/** Services by which people sign in, as a list in JSON. The text holds their secrets and is never shown again. */
export const providers = (doc: SettingDoc) =>
  setting(doc, (value): readonly ProviderOptions[] | Wrong => {
    if (value === '') return []
    const parsed = providersShape.safeParse(jsonOf(value))
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const place = issue?.path.map((step) => (typeof step === 'number' ? step + 1 : step)).join(' ')
      return new Wrong(
        place
          ? `does not fit at ${place}; see docs/configuration.md.`
          : 'must be a list in JSON, like [{"kind":"github","clientId":"…","clientSecret":"…"}].',
      )
    }
    const [mistake] = providerMistakes(parsed.data)
    return mistake === undefined ? parsed.data : new Wrong(`cannot work: ${mistake}`)
  })

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
