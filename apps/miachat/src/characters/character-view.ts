import {
  attributes,
  button,
  errorFor,
  errorSummary,
  type FormError,
  field,
  type Html,
  html,
  plural,
  row,
  rowList,
  section,
  select,
} from '@miachat/auth/views'
import { figures } from '../lib/figures.ts'
import type { FaceOf } from '../views/faces.ts'
import { icon } from '../views/icons.ts'
import { avatar, bothVersions, deleteForm, emptyState, pageHead } from '../views/pieces.ts'
import { type AppWords, english } from '../words/words.ts'
import { type CharacterFormValues, characterLengths, longestTag, mostTags } from './character-form.ts'
import type { CharacterListed } from './character-store.ts'
import { exampleCharacters } from './example-characters.ts'

/** A place in the list: what was searched for, and the page. */
export interface ListPlace {
  readonly words: string
  readonly page: number
}

export function listAddress({ words, page }: ListPlace): string {
  const query = new URLSearchParams({ ...(words && { q: words }), ...(page > 1 && { page: String(page) }) })
  return query.size === 0 ? '/characters' : `/characters?${query}`
}

export interface CharacterListView extends ListPlace {
  readonly rows: readonly CharacterListed[]
  /** Of all, not only of those found. */
  readonly total: number
  readonly more: boolean
  readonly faceOf: FaceOf
}

/** From this many on a search helps. */
const SEARCH_FROM = 8

export function characterListView(view: CharacterListView): Html {
  const { total, words } = view
  return html`${pageHead({
    title: 'Characters',
    lead: 'Somebody to talk to: made by you, or a copy of an example.',
    action: html`<a class="btn btn-primary" href="/characters/new">New character</a>`,
  })}
${total >= SEARCH_FROM && searchForm(words)}
${
  total === 0
    ? emptyState({
        text: 'Characters are people you can talk to. Start from an example below, or make your own.',
      })
    : section({ id: 'mine', title: 'My characters', body: ownList(view) })
}
${section({
  id: 'examples',
  title: 'Examples',
  intro: 'They come with MiaChat and cannot be changed; a copy is yours.',
  body: exampleRows(view.faceOf, copyForm),
})}`
}

function searchForm(words: string): Html {
  return html`<form class="search" method="get" action="/characters" role="search"><label class="visually-hidden" for="field-q">Search by name or tag</label>
<input class="form-control" type="search" id="field-q" name="q" value="${words}" placeholder="Name or tag" autocomplete="off" dir="auto">
<button class="btn btn-secondary" type="submit">Search</button></form>`
}

function ownList({ rows, words, page, more, faceOf }: CharacterListView): Html {
  if (rows.length === 0) {
    return emptyState({
      text: `Nothing found for “${words}”.`,
      actions: html`<a class="btn btn-secondary" href="/characters">Show all</a>`,
    })
  }
  const to = (number: number) => listAddress({ words, page: number })
  return html`${rowList(rows.map((character) => ownRow(character, { words, page }, faceOf)))}
${
  (more || page > 1) &&
  html`<nav class="actions" aria-label="Pages">${page > 1 && html`<a class="btn btn-secondary" href="${to(page - 1)}">Previous</a>`}${
    more && html`<a class="btn btn-secondary" href="${to(page + 1)}">Next</a>`
  }</nav>`
}`
}

function ownRow(character: CharacterListed, place: ListPlace, faceOf: FaceOf): Html {
  const { id, name, tagline } = character
  return row({
    lead: avatar(faceOf(character)),
    title: name,
    href: `/characters/${id}`,
    text: tagline,
    action: html`<div class="row-buttons">${favouriteForm(character, place)}${talkForm(id, name)}</div>`,
  })
}

/** Leads back to the same place of the list. */
function favouriteForm({ id, name, favourite: is }: CharacterListed, { words, page }: ListPlace): Html {
  const favourite = is === 1
  return html`<form method="post" action="/characters/${id}/favourite"><input type="hidden" name="favourite" value="${favourite ? 0 : 1}">${words !== '' && html`<input type="hidden" name="q" value="${words}">`}${page > 1 && html`<input type="hidden" name="page" value="${page}">`}
<button class="btn btn-quiet btn-icon${favourite && ' is-favourite'}" type="submit" aria-pressed="${favourite ? 'true' : 'false'}">${icon('star')}<span class="visually-hidden">Favourite: ${name}</span></button></form>`
}

/** Starts a conversation with this character, or with a copy of an example. */
export function talkForm(
  id: string,
  name: string,
  field: 'character_id' | 'example' = 'character_id',
  words: AppWords = english,
): Html {
  const { talk } = words.home
  return html`<form method="post" action="/chat" data-once><input type="hidden" name="${field}" value="${id}">
<button class="btn btn-secondary" type="submit">${talk.before}<span class="visually-hidden"> ${talk.to} ${name}</span></button></form>`
}

/** The examples, each with what can be done with it. */
export function exampleRows(faceOf: FaceOf, action: (key: string, name: string) => Html): Html {
  return rowList(
    exampleCharacters.map(({ key, picture, fields: { name, tagline } }) =>
      row({
        lead: avatar(faceOf({ id: `example-${key}`, name, picture })),
        title: name,
        text: tagline,
        action: action(key, name),
      }),
    ),
  )
}

function copyForm(key: string, name: string): Html {
  return html`<form method="post" action="/characters/examples/${key}/copy" data-once>
<button class="btn btn-secondary" type="submit">Add a copy<span class="visually-hidden"> of ${name}</span></button></form>`
}

export interface CharacterEditView {
  /** Null for a new one. */
  readonly id: string | null
  /** As it is stored: what was typed may be wrong. */
  readonly name: string
  readonly version: string
  /** Something else was stored since the form was opened. */
  readonly isStale?: boolean
  readonly values: CharacterFormValues
  readonly personalities: readonly { readonly id: string; readonly name: string }[]
  readonly errors: readonly FormError[]
}

const upTo = (most: number): string => `up to ${figures(most)} characters`

export function characterEditView(view: CharacterEditView): Html {
  const { id, name, version, isStale = false, values, personalities, errors } = view
  const moreWrong = errors.some((error) => moreFields.has(error.field))
  const chosen = personalities.some((personality) => personality.id === values.personality_id)
  return html`<div class="form-page form-page-wide">
${errorSummary(errors)}
${isStale && bothVersions(`/characters/${id}`)}
<h1 dir="auto">${id === null ? 'New character' : name}</h1>
${
  id !== null &&
  html`<div class="actions character-actions">${talkForm(id, name)}
<form method="post" action="/characters/${id}/duplicate" data-once><button class="btn btn-quiet" type="submit">Duplicate</button></form>
<a class="btn btn-quiet" href="/chat/delete?character=${id}">Delete talks…</a>
<a class="btn btn-quiet" href="/characters/${id}/delete">Delete…</a></div>`
}
<form method="post" action="${id === null ? '/characters' : `/characters/${id}`}" data-once>
${version !== '' && html`<input type="hidden" name="version" value="${version}">`}
${field({ name: 'name', label: 'Name', value: values.name, error: errorFor(errors, 'name'), autocomplete: 'off', dir: 'auto' })}
${field({ name: 'tagline', label: 'Tagline', value: values.tagline, hint: `One line for your list, ${upTo(characterLengths.tagline)}.`, error: errorFor(errors, 'tagline'), autocomplete: 'off', dir: 'auto', optional: true })}
${field({ name: 'description', label: 'Who they are', type: 'area', rows: 6, value: values.description, hint: 'How they are, what they know, what they like.', error: errorFor(errors, 'description'), dir: 'auto', optional: true })}
${field({ name: 'greeting', label: 'Greeting', type: 'area', rows: 3, value: values.greeting, hint: 'What they say first. {{user}} becomes your name, {{char}} theirs.', error: errorFor(errors, 'greeting'), dir: 'auto', optional: true })}
${select({
  name: 'personality_id',
  label: 'Personality',
  value: chosen ? values.personality_id : '',
  hint: personalities.length === 0 ? 'You have none yet; they are made under Personalities.' : 'How they talk.',
  error: errorFor(errors, 'personality_id'),
  options: [{ value: '', label: 'None' }, ...personalities.map((one) => ({ value: one.id, label: one.name }))],
})}
<details class="more"${attributes({ open: moreWrong })}><summary>More</summary>
${field({ name: 'scenario', label: 'Scenario', type: 'area', rows: 3, value: values.scenario, hint: 'Where and when you meet.', error: errorFor(errors, 'scenario'), dir: 'auto', optional: true })}
${field({ name: 'system_prompt', label: 'System prompt', type: 'area', rows: 5, value: values.system_prompt, hint: 'Instructions for a model.', error: errorFor(errors, 'system_prompt'), dir: 'auto', optional: true })}
${field({ name: 'example_dialogue', label: 'Example dialogue', type: 'area', rows: 5, value: values.example_dialogue, hint: 'Shows how they talk; <START> begins a new example.', error: errorFor(errors, 'example_dialogue'), dir: 'auto', optional: true })}
${field({ name: 'creator_notes', label: 'Creator notes', type: 'area', rows: 3, value: values.creator_notes, hint: 'For people; never part of a prompt.', error: errorFor(errors, 'creator_notes'), dir: 'auto', optional: true })}
${field({ name: 'tags', label: 'Tags', value: values.tags, hint: `With commas between, up to ${mostTags} of ${longestTag} characters.`, error: errorFor(errors, 'tags'), autocomplete: 'off', dir: 'auto', optional: true })}
</details>
${button({ label: id === null ? 'Create character' : 'Save', busy: 'Saving…', wide: true })}
${id !== null && html`<p class="form-text after-button">Conversations that have begun keep the character as it was; new ones begin with this.</p>`}
</form>
</div>`
}

const moreFields = new Set(['scenario', 'system_prompt', 'example_dialogue', 'creator_notes', 'tags'])

export interface CharacterDeleteView {
  readonly id: string
  readonly name: string
  readonly conversations: number
}

export function characterDeleteView({ id, name, conversations }: CharacterDeleteView): Html {
  return deleteForm({
    href: `/characters/${id}`,
    title: html`Delete <bdi>${name}</bdi>?`,
    words: html`${
      conversations === 0
        ? 'No conversation uses this character. It is deleted for good.'
        : `${plural(conversations, 'conversation uses', 'conversations use')} this character. ${conversations === 1 ? 'It stays' : 'They stay'} readable, with the character as it was, and you can go on talking there. The character leaves your list for good.`
    }`,
    label: 'Delete character',
  })
}
