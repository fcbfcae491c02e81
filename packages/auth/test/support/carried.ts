import assert from 'node:assert/strict'
import { type Html, renderHtml } from '../../src/http/views/html.ts'
import { english, type Words, words } from '../../src/words/words.ts'
import { textsOf } from './catalogue.ts'

/** What a page says: its text, and the attributes that are read out or shown. */
function saidBy(page: string): string[] {
  const attributes = [
    ...page
      .replace(/<time [^>]*>/g, '<time>')
      .replaceAll(' UTC</time>', '</time>')
      .matchAll(/ (?:aria-label|title|alt|placeholder|data-busy|data-show|data-hide)="([^"]*)"/g),
  ]
  const text = page
    // The names of months are those of Intl.
    .replace(/<time [^>]*>\d[^<]*<\/time>/g, '')
    .replace(/<time [^>]*>/g, '<time>')
    .replaceAll(' UTC</time>', '</time>')
    .replace(/<(script|style|code|template)[\s\S]*?<\/\1>/g, '')
    .split(/<[^>]*>/)
  return [...attributes.map(([, value = '']) => value), ...text]
    .map((part) => part.trim())
    .filter((part) => /\p{L}/u.test(part))
}

const plain = (text: string): string =>
  text
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\d+/g, '7')
    .replace(/(Tage|Tag|days|day)\b/g, 'D')
    .trim()

/** Texts that others are put into. */
function putTogether({ server: { limits: say, health }, events }: Words): string[] {
  const seconds = say.time.second(7)
  const topics = Object.values(health.topics).map((topic) => topic.charAt(0).toUpperCase() + topic.slice(1))
  const failed = events.names.sign_in.failed
  return [say.within(7, seconds), say.inARow(7, seconds), events.by.administrator(failed), ...topics]
}

/** The languages call themselves by their own names in every language. */
const ownNames = ['English', 'Deutsch']

/** What is left of a text without the words of a catalogue: letters, where something is written in the view itself. */
function strangeIn(text: string, known: readonly string[]): boolean {
  const left = known.reduce((rest, words) => rest.replaceAll(words, (found, at: number) => gap(rest, found, at)), text)
  return /\p{L}/u.test(left)
}

/** Nothing, where the words stand by themselves; within a longer word they are none. */
function gap(text: string, found: string, at: number): string {
  const isPart = /^\p{L}/u.test(text.slice(at + found.length)) && /\p{L}$/u.test(found)
  return isPart || (/\p{L}$/u.test(text.slice(0, at)) && /^\p{L}/u.test(found)) ? found : ''
}

type Case = readonly [title: string, run: () => Promise<void>]

/**
 * A test for each view and language: everything that it says is from the catalogue, so that a literal in a view fails. `more` are
 * the words that a host has beside those of the library.
 */
export const carriedCases = (
  carried: Readonly<Record<string, (words: Words) => Html>>,
  more: (words: Words) => unknown = () => null,
): Case[] =>
  Object.entries(carried).flatMap(([name, view]) =>
    [english, words.de].map((language): Case => {
      const texts = [language, more(language)].flatMap((part) => textsOf(part, [7, 7], [1, 1])).map(([, text]) => text)
      const known = [...new Set([...texts, ...ownNames, ...putTogether(language)].map(plain))]
        .filter((text) => /\p{L}/u.test(text))
        .sort((a, b) => b.length - a.length)
      return [
        `X11: everything that ${name} says in ${language.language} is from the catalogue`,
        async () => {
          const said = saidBy(await renderHtml(view(language))).map(plain)
          assert.deepEqual(
            said.filter((text) => strangeIn(text, known)),
            [],
          )
        },
      ]
    }),
  )
