import {
  type AuthError,
  type Exchange,
  type PageView,
  type Route,
  route,
  routeOfForm,
  showAgain,
  wordedErrors,
} from '@miachat/auth'
import type { FormError } from '@miachat/auth/views'
import { z } from 'zod'
import { answerDone, doneAnswers, madeAnswers, pageAnswers } from '../lib/answers.ts'
import { lengthErrors } from '../lib/form-words.ts'
import { appWords, doneNotice, idOf, ownerOf } from '../lib/own-pages.ts'
import { cleanLine } from '../lib/text-fields.ts'
import type { Personalities } from '../personalities/personalities.ts'
import type { FaceOf } from '../views/faces.ts'
import { fieldsOf } from './card.ts'
import {
  CHARACTER_BODY_BYTES,
  type CharacterFormValues,
  characterBody,
  characterEditBody,
  characterFields,
  characterFormValues,
  emptyCharacterForm,
  longestOfFields,
  mostTags,
  typedCharacter,
} from './character-form.ts'
import {
  characterDeleteView,
  characterEditView,
  characterListView,
  type ListPlace,
  listAddress,
} from './character-view.ts'
import { type Characters, characterVersion, MOST_CHARACTERS } from './characters.ts'

export interface CharacterPageDeps {
  readonly characters: Characters
  readonly personalities: Personalities
  readonly faceOf: FaceOf
}

interface ShownCharacter {
  readonly id: string | null
  readonly name: string
  /** What is stored while the form is filled in. */
  readonly version: string
  readonly isStale?: boolean
}

const isNew: ShownCharacter = { id: null, name: '', version: '' }

/** What to search for, and which page, from an address or a form. */
const listPlace = (q: string | null | undefined, page: string | null | undefined): ListPlace => ({
  search: cleanLine(q ?? '')
    .slice(0, 100)
    .toWellFormed(),
  page: Math.min(Math.max(Number.parseInt(page ?? '1', 10) || 1, 1), 100),
})

function errorsOf(exchange: Exchange, error: AuthError): FormError[] {
  const { too_many, stale, most, ...problems } = appWords(exchange).characters.problems
  return wordedErrors(error, exchange.words, {
    ...problems,
    ...lengthErrors(longestOfFields, exchange.words),
    'tags.too_many': too_many(mostTags),
    conflict: stale,
    limit_reached: most(String(MOST_CHARACTERS)),
  })
}

/** The pages of characters, and what their forms post: each address takes a form and JSON alike. */
export function characterPages({ characters, personalities, faceOf }: CharacterPageDeps): Route[] {
  async function editPage(
    exchange: Exchange,
    shown: ShownCharacter & { values: CharacterFormValues; errors?: readonly FormError[] },
  ): Promise<PageView> {
    const { errors = [] } = shown
    const { words } = exchange
    const say = appWords(exchange).characters
    return {
      title: shown.id === null ? say.new : shown.name,
      words,
      room: 'text',
      hasErrors: errors.length > 0,
      ...(errors.length === 0 ? doneNotice(exchange, say.notices) : {}),
      body: characterEditView({ ...shown, words, errors, personalities: await personalities.names(ownerOf(exchange)) }),
    }
  }

  const shownAgain = async (exchange: Exchange, error: AuthError, raw: (field: string) => string, of: ShownCharacter) =>
    showAgain(
      exchange,
      error,
      await editPage(exchange, { ...of, values: typedCharacter(raw), errors: errorsOf(exchange, error) }),
    )

  return [
    route({
      method: 'GET',
      path: '/characters',
      summary: 'The characters of the person, with the examples that come with the server.',
      answers: pageAnswers,
      async handle(exchange) {
        const { search, page } = listPlace(exchange.query.get('q'), exchange.query.get('page'))
        const found = await characters.list(ownerOf(exchange), search, page)
        const { words } = exchange
        const say = appWords(exchange).characters
        return exchange.page({
          title: say.title,
          words,
          room: 'text',
          ...doneNotice(exchange, say.notices),
          body: characterListView({ ...found, words: appWords(exchange), search, faceOf }),
        })
      },
    }),
    route({
      method: 'GET',
      path: '/characters/new',
      summary: 'The form for a new character.',
      answers: pageAnswers,
      handle: async (exchange) => exchange.page(await editPage(exchange, { ...isNew, values: emptyCharacterForm })),
    }),
    routeOfForm({
      method: 'POST',
      path: '/characters',
      access: 'either',
      scope: 'characters',
      bodyLimit: CHARACTER_BODY_BYTES,
      summary: 'Makes a character.',
      body: characterBody,
      answers: madeAnswers,
      async handle(exchange, body) {
        const id = await characters.create(ownerOf(exchange), characterFields(body), body.personality_id || null)
        return answerDone(exchange, `/characters/${id}?done=saved`, { id })
      },
      onError: (exchange, error, raw) => shownAgain(exchange, error, raw, isNew),
    }),
    route({
      method: 'GET',
      path: '/characters/:id',
      summary: 'The form of one character.',
      answers: pageAnswers,
      async handle(exchange) {
        const character = await characters.get(ownerOf(exchange), idOf(exchange))
        const values = characterFormValues(fieldsOf(character.card), character.personalityId)
        const { id, name } = character
        return exchange.page(await editPage(exchange, { id, name, version: characterVersion(character), values }))
      },
    }),
    routeOfForm({
      method: 'POST',
      path: '/characters/:id',
      bodyLimit: CHARACTER_BODY_BYTES,
      summary:
        'Changes a character: a new version, which conversations that have begun do not follow. A `version` of the form ' +
        'that is not what is stored by now is refused.',
      body: characterEditBody,
      answers: madeAnswers,
      async handle(exchange, body) {
        const id = idOf(exchange)
        const { personality_id, version } = body
        await characters.edit(ownerOf(exchange), id, characterFields(body), personality_id || null, version)
        return answerDone(exchange, `/characters/${id}?done=saved`, { id })
      },
      async onError(exchange, error, raw) {
        const character = await characters.get(ownerOf(exchange), idOf(exchange))
        const { id, name } = character
        const isStale = error.code === 'conflict'
        // Only who was told of the other version writes over it by saving again.
        const version = isStale ? characterVersion(character) : raw('version')
        return shownAgain(exchange, error, raw, { id, name, version, isStale })
      },
    }),
    route({
      method: 'POST',
      path: '/characters/:id/duplicate',
      summary: 'Makes a copy of a character.',
      answers: madeAnswers,
      async handle(exchange) {
        const id = await characters.duplicate(ownerOf(exchange), idOf(exchange), appWords(exchange).characters.copy)
        return answerDone(exchange, `/characters/${id}?done=copied`, { id })
      },
    }),
    route({
      method: 'POST',
      path: '/characters/:id/favourite',
      summary: 'Puts a character among the favourites, or takes it from them.',
      body: z.object({
        favourite: z.union([z.boolean(), z.enum(['0', '1'])]),
        /** Where in the list a form was: there it leads back to. */
        q: z.string().optional(),
        page: z.string().optional(),
      }),
      answers: doneAnswers,
      async handle(exchange, { favourite, q, page }) {
        await characters.setFavourite(ownerOf(exchange), idOf(exchange), favourite === true || favourite === '1')
        return answerDone(exchange, listAddress(listPlace(q, page)))
      },
    }),
    route({
      method: 'GET',
      path: '/characters/:id/delete',
      summary: 'Asks before a character is deleted, and says how many conversations use it.',
      answers: pageAnswers,
      async handle(exchange) {
        const { id, name } = await characters.get(ownerOf(exchange), idOf(exchange))
        const conversations = await characters.conversationsUsing(ownerOf(exchange), id)
        const { words } = exchange
        const body = characterDeleteView({ words: appWords(exchange), id, name, conversations })
        return exchange.page({ title: appWords(exchange).characters.deleteTitle(name), words, room: 'form', body })
      },
    }),
    route({
      method: 'POST',
      path: '/characters/:id/delete',
      summary: 'Deletes a character. Conversations with it stay readable.',
      answers: doneAnswers,
      async handle(exchange) {
        await characters.remove(ownerOf(exchange), idOf(exchange))
        return answerDone(exchange, '/characters?done=deleted')
      },
    }),
    route({
      method: 'POST',
      path: '/characters/examples/:key/copy',
      summary: 'Makes a copy of an example, which is then the own character of the person.',
      answers: madeAnswers,
      async handle(exchange) {
        const id = await characters.copyExample(
          ownerOf(exchange),
          exchange.params['key'] ?? '',
          exchange.words.language,
        )
        return answerDone(exchange, `/characters/${id}?done=copied`, { id })
      },
    }),
  ]
}
