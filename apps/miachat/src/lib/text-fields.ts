import { z } from 'zod'
import { figures } from './figures.ts'

/** How long a text is as people count: one for an emoji outside of the first 65,536 characters too. */
export function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: no person types them, and PostgreSQL keeps no NUL.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

/** Text of several lines: one kind of line end, no control characters, nothing blank around it. */
export const cleanProse = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(control, '')
    .replace(/^\s*\n/, '')
    .trimEnd()

/** Text of one line. */
export const cleanLine = (text: string): string => text.replace(control, '').replace(/\s+/g, ' ').trim()

const tooLong = (most: number) => ({
  error: `Use at most ${figures(most)} characters.`,
  params: { code: 'too_long' },
})
const required = (words: string) => ({ error: words, params: { code: 'required' } })
const short = (most: number) => (text: string) => lengthOf(text) <= most

/** A field of one line that may be empty or missing. `most` in characters. */
export const optionalLine = (most: number) =>
  z.string().transform(cleanLine).refine(short(most), tooLong(most)).default('')

/** A field of one line; `words` say what is missing. */
export const requiredLine = (most: number, words: string) =>
  z
    .string()
    .transform(cleanLine)
    .refine((text) => text !== '', required(words))
    .refine(short(most), tooLong(most))

/** A field of several lines that may be empty or missing. */
export const optionalProse = (most: number) =>
  z.string().transform(cleanProse).refine(short(most), tooLong(most)).default('')

export const requiredProse = (most: number, words: string) =>
  z
    .string()
    .transform(cleanProse)
    .refine((text) => text.trim() !== '', required(words))
    .refine(short(most), tooLong(most))

/**
 * Several short texts: a list from a program, one text from a form, cut at `separator`. Blank ones and repetitions are
 * dropped. `most` counts entries, `longest` characters of one.
 */
export const textList = (separator: RegExp, most: number, longest: number) =>
  z
    .union([z.string(), z.array(z.string()).max(200)])
    .transform((given) => (typeof given === 'string' ? given.split(separator) : given).map(cleanLine))
    .transform((texts) => [...new Set(texts.filter((text) => text !== ''))])
    .refine((texts) => texts.length <= most, { error: `Use at most ${most} entries.`, params: { code: 'too_many' } })
    .refine((texts) => texts.every(short(longest)), tooLong(longest))
    .default([])

/** "Mia" becomes "Mia (copy)"; a long name gives way, so that the copy has at most `most` characters. */
export function copyName(name: string, most: number, suffix: string): string {
  return `${[...name].slice(0, most - suffix.length).join('')}${suffix}`
}
