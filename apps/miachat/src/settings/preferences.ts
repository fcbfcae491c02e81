import { z } from 'zod'

export const textSizes = ['90', '100', '110', '125', '150'] as const
export const densities = ['roomy', 'compact'] as const
export const motions = ['system', 'less'] as const
export const messageWidths = ['narrow', 'usual', 'wide'] as const
export const sendKeys = ['enter', 'ctrl-enter'] as const
export const readings = ['whole', 'short'] as const

/** How pages look (A4). */
export const appearanceShape = {
  /** Per cent. */
  text_size: z.enum(textSizes),
  density: z.enum(densities),
  motion: z.enum(motions),
  message_width: z.enum(messageWidths),
}

const isOn = z.union([z.boolean(), z.literal('1').transform(() => true)])

/** How talking works (A5). */
export const chattingShape = {
  send_with: z.enum(sendKeys),
  /** What a screen reader says of a reply that comes. */
  reading: z.enum(readings),
  /** Whether the thread goes along with what is new. */
  follow: isOn,
  times: isOn,
}

const kept = z.object({ ...appearanceShape, ...chattingShape })

export type Preferences = z.output<typeof kept>

export const usualPreferences: Preferences = {
  text_size: '100',
  density: 'roomy',
  motion: 'system',
  message_width: 'usual',
  send_with: 'enter',
  reading: 'whole',
  follow: true,
  times: true,
}

type Fields = Readonly<Record<string, unknown>>

const read = new WeakMap<Fields, Preferences>()

/** What a person has chosen, from the fields that the account keeps of it; what is missing or unknown is as usual. */
export function preferencesOf(fields: Fields): Preferences {
  const known = read.get(fields)
  if (known) return known
  const preferences = preferencesIn(fields['preferences'])
  read.set(fields, preferences)
  return preferences
}

function preferencesIn(stored: unknown): Preferences {
  const found = kept.safeParse({ ...usualPreferences, ...(typeof stored === 'object' ? stored : {}) })
  return found.success ? found.data : usualPreferences
}

/** The fields with some preferences changed; what was chosen before stays beside them, to be put back. */
export function withPreferences(fields: Fields, change: Partial<Preferences>): Fields {
  const before = preferencesOf(fields)
  return { ...fields, preferences: { ...before, ...change }, former_preferences: before }
}

/** The fields as they were before the last change; a second time brings that back. */
export function withFormerPreferences(fields: Fields): Fields {
  return withPreferences(fields, preferencesIn(fields['former_preferences']))
}

/** Whether the last change has changed anything. */
export function canPutBack(fields: Fields): boolean {
  const now = JSON.stringify(preferencesOf(fields))
  return 'former_preferences' in fields && JSON.stringify(preferencesIn(fields['former_preferences'])) !== now
}

/** What styles and scripts ask the page for: only what is not as usual. Written by the server, so nothing flashes. */
export function pageAttributes(fields: Fields): Record<`data-${string}`, string> {
  const { text_size, density, motion, message_width, send_with, reading, follow, times } = preferencesOf(fields)
  const usual = usualPreferences
  return {
    ...(text_size !== usual.text_size && { 'data-text-size': text_size }),
    ...(density !== usual.density && { 'data-density': density }),
    ...(motion !== usual.motion && { 'data-motion': motion }),
    ...(message_width !== usual.message_width && { 'data-message-width': message_width }),
    ...(send_with !== usual.send_with && { 'data-send-with': send_with }),
    ...(reading !== usual.reading && { 'data-reading': reading }),
    ...(!follow && { 'data-follow': 'off' }),
    ...(!times && { 'data-times': 'off' }),
  }
}
