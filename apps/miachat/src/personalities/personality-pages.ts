import {
  type AuthError,
  type Exchange,
  isForm,
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
import { optionalLine } from '../lib/text-fields.ts'
import { MOST_PERSONALITIES, type Personalities, personalityVersion } from './personalities.ts'
import { mostRules, mostWords } from './personality.ts'
import {
  emptyPersonality,
  PERSONALITY_BODY_BYTES,
  type PersonalityFormValues,
  personalityBody,
  personalityEditBody,
  personalityFormValues,
  personalityLengths,
  personalityOf,
  typedPersonality,
} from './personality-form.ts'
import { personalityText } from './personality-text.ts'
import { personalityDeleteView, personalityEditView, personalityListView } from './personality-view.ts'
import { findPreset } from './preset-personalities.ts'

export interface PersonalityPageDeps {
  readonly personalities: Personalities
  readonly assetUrl: (path: string) => string
}

function errorsOf(exchange: Exchange, error: AuthError): FormError[] {
  const { too_many, stale, most, ...problems } = appWords(exchange).personalities.problems
  const { name, word, rule, notes } = personalityLengths
  return wordedErrors(error, exchange.words, {
    ...problems,
    ...lengthErrors({ name, words: word, dos: rule, donts: rule, notes }, exchange.words),
    'words.too_many': too_many(mostWords),
    'dos.too_many': too_many(mostRules),
    'donts.too_many': too_many(mostRules),
    conflict: stale,
    limit_reached: most(String(MOST_PERSONALITIES)),
  })
}

const previewBody = personalityEditBody.extend({
  name: optionalLine(personalityLengths.name),
  /** Whose form it is; missing for a new one. */
  id: z.string().max(36).optional(),
})

/** The pages of personalities, and what their forms post: each address takes a form and JSON alike. */
export function personalityPages({ personalities, assetUrl }: PersonalityPageDeps): Route[] {
  async function editPage(
    exchange: Exchange,
    shown: {
      id: string | null
      values: PersonalityFormValues
      preview: string
      errors?: readonly FormError[]
      /** What was stored when the form was opened; what is stored now where it is not given. */
      version?: string | undefined
      isStale?: boolean
    },
  ): Promise<PageView> {
    const { id, errors = [] } = shown
    const [stored, usedBy] =
      id === null
        ? [null, []]
        : await Promise.all([personalities.get(ownerOf(exchange), id), personalities.usedBy(ownerOf(exchange), id)])
    const name = stored?.name ?? ''
    const { words } = exchange
    const say = appWords(exchange).personalities
    const version = shown.version ?? (stored === null ? '' : personalityVersion(stored))
    return {
      title: stored === null ? say.new : name,
      words,
      room: 'text',
      hasErrors: errors.length > 0,
      scripts: [assetUrl('/assets/dials.js')],
      ...(errors.length === 0 ? doneNotice(exchange, say.notices) : {}),
      body: personalityEditView({ ...shown, words, name, version, usedBy, errors }),
    }
  }

  const shownAgain = async (
    exchange: Exchange,
    error: AuthError,
    raw: (field: string) => string,
    id: string | null,
  ): Promise<Response> => {
    const say = appWords(exchange).personalities
    const isStale = id !== null && error.code === 'conflict'
    const view = await editPage(exchange, {
      id,
      values: typedPersonality(raw),
      preview: isStale ? say.saveFirst : say.mend,
      errors: errorsOf(exchange, error),
      // Only who was told of the other version writes over it by saving again.
      ...(isStale ? { isStale } : { version: raw('version') }),
    })
    return showAgain(exchange, error, view)
  }

  return [
    route({
      method: 'GET',
      path: '/personality',
      summary: 'The personalities of the person.',
      answers: pageAnswers,
      async handle(exchange) {
        const { words } = exchange
        const say = appWords(exchange).personalities
        return exchange.page({
          title: say.title,
          words,
          room: 'text',
          ...doneNotice(exchange, say.notices),
          body: personalityListView(await personalities.list(ownerOf(exchange)), appWords(exchange)),
        })
      },
    }),
    route({
      method: 'GET',
      path: '/personality/new',
      summary: 'The form for a new personality, filled in from a preset with `from`.',
      answers: pageAnswers,
      async handle(exchange) {
        const start =
          findPreset(exchange.query.get('from') ?? '', exchange.words.language)?.personality ?? emptyPersonality
        const shown = { id: null, values: personalityFormValues(start), preview: personalityText(start) }
        return exchange.page(await editPage(exchange, shown))
      },
    }),
    routeOfForm({
      method: 'POST',
      path: '/personality',
      bodyLimit: PERSONALITY_BODY_BYTES,
      summary: 'Makes a personality.',
      body: personalityBody,
      answers: madeAnswers,
      async handle(exchange, body) {
        const id = await personalities.create(ownerOf(exchange), personalityOf(body))
        return answerDone(exchange, `/personality/${id}?done=saved`, { id })
      },
      onError: (exchange, error, raw) => shownAgain(exchange, error, raw, null),
    }),
    routeOfForm({
      method: 'POST',
      path: '/personality/preview',
      bodyLimit: PERSONALITY_BODY_BYTES,
      summary: 'What a personality would add to the prompt. Stores nothing.',
      body: previewBody,
      answers: { 200: z.object({ success: z.literal(true), text: z.string() }) },
      async handle(exchange, body) {
        const personality = personalityOf(body)
        const preview = personalityText(personality)
        if (!isForm(exchange)) return exchange.json({ success: true, text: preview })
        const shown = {
          id: body.id ?? null,
          values: personalityFormValues(personality),
          preview,
          version: body.version,
        }
        return exchange.page(await editPage(exchange, shown))
      },
      onError: (exchange, error, raw) => shownAgain(exchange, error, raw, raw('id') || null),
    }),
    route({
      method: 'GET',
      path: '/personality/:id',
      summary: 'The form of one personality.',
      answers: pageAnswers,
      async handle(exchange) {
        const personality = await personalities.get(ownerOf(exchange), idOf(exchange))
        const values = personalityFormValues(personality)
        return exchange.page(
          await editPage(exchange, { id: personality.id, values, preview: personalityText(personality) }),
        )
      },
    }),
    routeOfForm({
      method: 'POST',
      path: '/personality/:id',
      bodyLimit: PERSONALITY_BODY_BYTES,
      summary:
        'Changes a personality; characters that have it follow from the next reply on. A `version` of the form that is ' +
        'not what is stored by now is refused.',
      body: personalityEditBody,
      answers: madeAnswers,
      async handle(exchange, body) {
        const id = idOf(exchange)
        await personalities.edit(ownerOf(exchange), id, personalityOf(body), body.version)
        return answerDone(exchange, `/personality/${id}?done=saved`, { id })
      },
      onError: (exchange, error, raw) => shownAgain(exchange, error, raw, idOf(exchange)),
    }),
    route({
      method: 'POST',
      path: '/personality/:id/duplicate',
      summary: 'Makes a copy of a personality.',
      answers: madeAnswers,
      async handle(exchange) {
        const id = await personalities.duplicate(
          ownerOf(exchange),
          idOf(exchange),
          appWords(exchange).personalities.copy,
        )
        return answerDone(exchange, `/personality/${id}?done=copied`, { id })
      },
    }),
    route({
      method: 'GET',
      path: '/personality/:id/delete',
      summary: 'Asks before a personality is deleted, and says which characters have it.',
      answers: pageAnswers,
      async handle(exchange) {
        const { id, name } = await personalities.get(ownerOf(exchange), idOf(exchange))
        const usedBy = await personalities.usedBy(ownerOf(exchange), id)
        const { words } = exchange
        const body = personalityDeleteView({ words: appWords(exchange), id, name, usedBy })
        return exchange.page({ title: appWords(exchange).personalities.deleteTitle(name), words, room: 'form', body })
      },
    }),
    route({
      method: 'POST',
      path: '/personality/:id/delete',
      summary: 'Deletes a personality. Characters that had it go on without one.',
      answers: doneAnswers,
      async handle(exchange) {
        await personalities.remove(ownerOf(exchange), idOf(exchange))
        return answerDone(exchange, '/personality?done=deleted')
      },
    }),
  ]
}
