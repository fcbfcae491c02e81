import assert from 'node:assert/strict'
import { textsOf } from './catalogue.ts'

/** Texts of the English catalogue that are no German ones: whole phrases, since one word may stand in both. */
export function onlyEnglish(english: unknown, german: unknown): string[] {
  const known = new Set(textsOf(german).map(([, text]) => text.trim()))
  return textsOf(english)
    .map(([, text]) => text.trim())
    .filter((text) => /\p{L}+ \p{L}+ \p{L}+/u.test(text) && !known.has(text))
}

/** A page whose every word is German, as far as a program can tell: its language, and no phrase of the English catalogue. */
export function assertGerman(page: string, phrases: readonly string[], where: string): void {
  assert.match(page, /<html[^>]* lang="de"/, where)
  const said = page
    .replace(/<(script|template)[\s\S]*?<\/\1>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
  assert.deepEqual(
    phrases.filter((phrase) => said.includes(phrase)),
    [],
    where,
  )
}
