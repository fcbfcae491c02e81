import {
  attributes,
  button,
  errorFor,
  errorSummary,
  type FormError,
  field,
  type Html,
  html,
  row,
  rowList,
  section,
  select,
  type Words,
} from '@miachat/auth/views'
import type { FaceOf } from '../views/faces.ts'
import { icon } from '../views/icons.ts'
import { avatar, bothVersions, deleteForm, emptyState, pageHead } from '../views/pieces.ts'
import { type AppWords, wordsIn } from '../words/words.ts'
import { type CharacterFormValues, characterLengths, longestTag, mostTags } from './character-form.ts'
import type { CharacterListed } from './character-store.ts'
import { exampleCharacters } from './example-characters.ts'

type Say = AppWords['characters']

/** A place in the list: what was searched for, and the page. */
export interface ListPlace {
  readonly search: string
  readonly page: number
}

export function listAddress({ search, page }: ListPlace): string {
  const query = new URLSearchParams({ ...(search && { q: search }), ...(page > 1 && { page: String(page) }) })
  return query.size === 0 ? '/characters' : `/characters?${query}`
}

export interface CharacterListView extends ListPlace {
  readonly words: AppWords
  readonly rows: readonly CharacterListed[]
  /** Of all, not only of those found. */
  readonly total: number
  readonly more: boolean
  readonly faceOf: FaceOf
}

/** From this many on a search helps. */
const SEARCH_FROM = 8

export function characterListView(view: CharacterListView): Html {
  const { total, search, words } = view
  const { characters: say } = words
  return html`${pageHead({
    title: say.title,
    lead: say.lead,
    action: html`<a class="btn btn-primary" href="/characters/new">${say.new}</a>`,
  })}
${total >= SEARCH_FROM && searchForm(search, say)}
${total === 0 ? emptyState({ text: say.none }) : section({ id: 'mine', title: say.mine, body: ownList(view) })}
${section({
  id: 'examples',
  title: say.examples,
  intro: say.examplesIntro,
  body: exampleRows(view.faceOf, words, (key, name) => copyForm(key, name, say)),
})}`
}

function searchForm(search: string, say: Say): Html {
  return html`<form class="search" method="get" action="/characters" role="search"><label class="visually-hidden" for="field-q">${say.searchLabel}</label>
<input class="form-control" type="search" id="field-q" name="q" value="${search}" placeholder="${say.searchPlaceholder}" autocomplete="off" dir="auto">
<button class="btn btn-secondary" type="submit">${say.search}</button></form>`
}

function ownList({ words, rows, search, page, more, faceOf }: CharacterListView): Html {
  const { characters: say } = words
  if (rows.length === 0) {
    return emptyState({
      text: say.notFound(search),
      actions: html`<a class="btn btn-secondary" href="/characters">${say.showAll}</a>`,
    })
  }
  const to = (number: number) => listAddress({ search, page: number })
  return html`${rowList(rows.map((character) => ownRow(character, { words, search, page, faceOf })))}
${
  (more || page > 1) &&
  html`<nav class="actions" aria-label="${say.pages}">${page > 1 && html`<a class="btn btn-secondary" href="${to(page - 1)}">${say.previous}</a>`}${
    more && html`<a class="btn btn-secondary" href="${to(page + 1)}">${say.next}</a>`
  }</nav>`
}`
}

function ownRow(
  character: CharacterListed,
  { words, faceOf, ...place }: ListPlace & Pick<CharacterListView, 'words' | 'faceOf'>,
): Html {
  const { id, name, tagline } = character
  return row({
    lead: avatar(faceOf(character)),
    title: name,
    href: `/characters/${id}`,
    text: tagline,
    action: html`<div class="row-buttons">${favouriteForm(character, place, words.characters)}${talkForm(id, name, 'character_id', words)}</div>`,
  })
}

/** Leads back to the same place of the list. */
function favouriteForm({ id, name, favourite: is }: CharacterListed, { search, page }: ListPlace, say: Say): Html {
  const favourite = is === 1
  return html`<form method="post" action="/characters/${id}/favourite"><input type="hidden" name="favourite" value="${favourite ? 0 : 1}">${search !== '' && html`<input type="hidden" name="q" value="${search}">`}${page > 1 && html`<input type="hidden" name="page" value="${page}">`}
<button class="btn btn-quiet btn-icon${favourite && ' is-favourite'}" type="submit" aria-pressed="${favourite ? 'true' : 'false'}">${icon('star')}<span class="visually-hidden">${say.favourite} ${name}</span></button></form>`
}

/** Starts a conversation with this character, or with a copy of an example. */
export function talkForm(id: string, name: string, field: 'character_id' | 'example', words: AppWords): Html {
  const { talk } = words.home
  return html`<form method="post" action="/chat" data-once><input type="hidden" name="${field}" value="${id}">
<button class="btn btn-secondary" type="submit">${talk.before}<span class="visually-hidden"> ${talk.to} ${name}</span></button></form>`
}

/** The examples, each with what can be done with it. */
export function exampleRows(faceOf: FaceOf, words: AppWords, action: (key: string, name: string) => Html): Html {
  return rowList(
    exampleCharacters(words.language).map(({ key, picture, fields: { name, tagline } }) =>
      row({
        lead: avatar(faceOf({ id: `example-${key}`, name, picture })),
        title: name,
        text: tagline,
        action: action(key, name),
      }),
    ),
  )
}

function copyForm(key: string, name: string, say: Say): Html {
  return html`<form method="post" action="/characters/examples/${key}/copy" data-once>
<button class="btn btn-secondary" type="submit">${say.addCopy}<span class="visually-hidden"> ${say.copyOf} ${name}</span></button></form>`
}

export interface CharacterEditView {
  readonly words: Words
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

export function characterEditView(view: CharacterEditView): Html {
  const { words, id, name, version, isStale = false, values, personalities, errors } = view
  const app = wordsIn(words.language)
  const { characters: say } = app
  const moreWrong = errors.some((error) => moreFields.has(error.field))
  const chosen = personalities.some((personality) => personality.id === values.personality_id)
  return html`<div class="form-page form-page-wide">
${errorSummary(errors, words.problems.summary)}
${isStale && bothVersions(`/characters/${id}`, app)}
<h1 dir="auto">${id === null ? say.new : name}</h1>
${
  id !== null &&
  html`<div class="actions character-actions">${talkForm(id, name, 'character_id', app)}
<form method="post" action="/characters/${id}/duplicate" data-once><button class="btn btn-quiet" type="submit">${say.duplicate}</button></form>
<a class="btn btn-quiet" href="/chat/delete?character=${id}">${say.deleteTalks}</a>
<a class="btn btn-quiet" href="/characters/${id}/delete">${say.delete}</a></div>`
}
<form method="post" action="${id === null ? '/characters' : `/characters/${id}`}" data-once>
${version !== '' && html`<input type="hidden" name="version" value="${version}">`}
${field({ words, name: 'name', label: say.name, value: values.name, error: errorFor(errors, 'name'), autocomplete: 'off', dir: 'auto' })}
${field({ words, name: 'tagline', label: say.tagline, value: values.tagline, hint: say.taglineHint(String(characterLengths.tagline)), error: errorFor(errors, 'tagline'), autocomplete: 'off', dir: 'auto', optional: true })}
${field({ words, name: 'description', label: say.description, type: 'area', rows: 6, value: values.description, hint: say.descriptionHint, error: errorFor(errors, 'description'), dir: 'auto', optional: true })}
${field({ words, name: 'greeting', label: say.greeting, type: 'area', rows: 3, value: values.greeting, hint: say.greetingHint, error: errorFor(errors, 'greeting'), dir: 'auto', optional: true })}
${select({
  words,
  name: 'personality_id',
  label: say.personality,
  value: chosen ? values.personality_id : '',
  hint: personalities.length === 0 ? say.noPersonality : say.personalityHint,
  error: errorFor(errors, 'personality_id'),
  options: [{ value: '', label: say.noneChosen }, ...personalities.map((one) => ({ value: one.id, label: one.name }))],
})}
<details class="more"${attributes({ open: moreWrong })}><summary>${say.more}</summary>
${field({ words, name: 'scenario', label: say.scenario, type: 'area', rows: 3, value: values.scenario, hint: say.scenarioHint, error: errorFor(errors, 'scenario'), dir: 'auto', optional: true })}
${field({ words, name: 'system_prompt', label: say.systemPrompt, type: 'area', rows: 5, value: values.system_prompt, hint: say.systemPromptHint, error: errorFor(errors, 'system_prompt'), dir: 'auto', optional: true })}
${field({ words, name: 'example_dialogue', label: say.dialogue, type: 'area', rows: 5, value: values.example_dialogue, hint: say.dialogueHint, error: errorFor(errors, 'example_dialogue'), dir: 'auto', optional: true })}
${field({ words, name: 'creator_notes', label: say.notes, type: 'area', rows: 3, value: values.creator_notes, hint: say.notesHint, error: errorFor(errors, 'creator_notes'), dir: 'auto', optional: true })}
${field({ words, name: 'tags', label: say.tags, value: values.tags, hint: say.tagsHint(mostTags, longestTag), error: errorFor(errors, 'tags'), autocomplete: 'off', dir: 'auto', optional: true })}
</details>
${button({ label: id === null ? say.create : say.save, busy: say.saving, wide: true })}
${id !== null && html`<p class="form-text after-button">${say.version}</p>`}
</form>
</div>`
}

const moreFields = new Set(['scenario', 'system_prompt', 'example_dialogue', 'creator_notes', 'tags'])

export interface CharacterDeleteView {
  readonly words: AppWords
  readonly id: string
  readonly name: string
  readonly conversations: number
}

export function characterDeleteView({ words, id, name, conversations }: CharacterDeleteView): Html {
  const { characters: say } = words
  return deleteForm({
    words,
    href: `/characters/${id}`,
    title: html`${say.deleteAsk.before}<bdi>${name}</bdi>${say.deleteAsk.after}`,
    text: html`${conversations === 0 ? say.unused : say.used(conversations)}`,
    label: say.deleteSubmit,
  })
}
