import { randomUUID } from 'node:crypto'
import {
  type AuthError,
  type Clock,
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
import type { Characters } from '../characters/characters.ts'
import { answerDone, doneAnswers, madeAnswers, pageAnswers } from '../lib/answers.ts'
import { lengthErrors } from '../lib/form-words.ts'
import { appWords, doneNotice, idOf, ownerOf, personOf } from '../lib/own-pages.ts'
import { requiredLine, requiredProse } from '../lib/text-fields.ts'
import type { FaceOf } from '../views/faces.ts'
import {
  chooseView,
  conversationListView,
  conversationView,
  deleteManyView,
  deleteView,
  renameView,
  titleOf,
} from './conversation-view.ts'
import { CONVERSATIONS_BESIDE, type Conversations, keyOfForm, type Message, type Speaker } from './conversations.ts'

export interface ConversationPageDeps {
  readonly conversations: Conversations
  readonly characters: Characters
  readonly faceOf: FaceOf
  readonly assetUrl: (path: string) => string
  readonly clock: Clock
}

export const MOST_MESSAGE_CHARACTERS = 8_000
const LONGEST_TITLE = 120
/** Room for the longest message, percent-encoded. */
const MESSAGE_BODY_BYTES = 160 * 1024

const messageBody = z.object({
  text: requiredProse(MOST_MESSAGE_CHARACTERS, 'Write something first.'),
  /** The same key and text again answers what was stored the first time; another text with it is refused. */
  client_key: z
    .string()
    .regex(/^[\w-]{8,64}$/, 'Use 8 to 64 letters, digits, _ or -.')
    .default(() => randomUUID()),
})

const messageAnswer = z.object({
  id: z.string(),
  from: z.enum(['person', 'character', 'notice']),
  text: z.string(),
  /** Who wrote it: `person`, `card`, `practice`. */
  made_by: z.string(),
  at: z.string(),
})

const messageJson = ({ id, from, text, madeBy, at }: Message) => ({
  id,
  from,
  text,
  made_by: madeBy,
  at: new Date(at).toISOString(),
})

/** The pages of conversations, and what their forms post: each address takes a form and JSON alike. */
export function conversationPages({
  conversations,
  characters,
  faceOf,
  assetUrl,
  clock,
}: ConversationPageDeps): Route[] {
  function errorsOf(exchange: Exchange, error: AuthError): FormError[] {
    const { talk } = appWords(exchange)
    return wordedErrors(error, exchange.words, {
      ...talk.problems,
      ...lengthErrors({ text: MOST_MESSAGE_CHARACTERS, title: LONGEST_TITLE }, exchange.words),
      limit_reached: talk.problems.full,
    })
  }
  const speaker = (exchange: Exchange): Speaker => {
    const { id, displayName } = personOf(exchange)
    return { id, displayName, language: exchange.words.language }
  }

  async function threadPage(exchange: Exchange, shown: { value: string; error?: string }) {
    const before = exchange.request.method === 'POST' ? null : exchange.query.get('before')
    const [conversation, list] = await Promise.all([
      conversations.open(ownerOf(exchange), idOf(exchange), before),
      conversations.list(ownerOf(exchange), null, CONVERSATIONS_BESIDE),
    ])
    const { words } = exchange
    const { talk: say } = appWords(exchange)
    return {
      title: `${titleOf(conversation, say)} · ${say.title}`,
      words,
      room: 'full' as const,
      hasErrors: shown.error !== undefined,
      scripts: [assetUrl('/assets/chat.js')],
      body: conversationView({
        ...list,
        words,
        conversation,
        now: clock(),
        faceOf,
        composer: { ...shown, clientKey: randomUUID() },
        mostCharacters: MOST_MESSAGE_CHARACTERS,
      }),
    }
  }

  async function deletedNotice(exchange: Exchange): Promise<Pick<PageView, 'notice'>> {
    const { notices: say } = appWords(exchange).talk
    if (exchange.query.get('done') !== 'deleted') return doneNotice(exchange, say)
    if (!(await conversations.canTakeBack(ownerOf(exchange)))) return {}
    return { notice: { kind: 'done', text: say.deleted, undo: { action: '/chat/undelete' } } }
  }

  return [
    route({
      method: 'GET',
      path: '/chat',
      summary: 'The conversations of the person, by day.',
      answers: pageAnswers,
      async handle(exchange) {
        const list = await conversations.list(ownerOf(exchange), exchange.query.get('after'))
        const { words } = exchange
        const body = conversationListView({ ...list, words, now: clock(), faceOf })
        const { title } = appWords(exchange).talk
        return exchange.page({ title, words, room: 'full', ...(await deletedNotice(exchange)), body })
      },
    }),
    route({
      method: 'GET',
      path: '/chat/new',
      summary: 'Whom to talk to.',
      answers: pageAnswers,
      async handle(exchange) {
        const { rows } = await characters.list(ownerOf(exchange), '', 1)
        const words = appWords(exchange)
        const body = chooseView({ words, characters: rows, faceOf })
        return exchange.page({ title: words.talk.who.title, words: exchange.words, body })
      },
    }),
    route({
      method: 'POST',
      path: '/chat',
      access: 'either',
      scope: 'chat',
      summary:
        'Begins a conversation with a character of the person, or with a copy of an example; the character greets. One in ' +
        'which the person has said nothing yet is taken up again.',
      body: z.union([z.object({ character_id: z.string().max(36) }), z.object({ example: z.string().max(40) })]),
      answers: madeAnswers,
      async handle(exchange, body) {
        const character =
          'example' in body
            ? await characters.copyExample(ownerOf(exchange), body.example, exchange.words.language)
            : body.character_id
        const id = await conversations.start(speaker(exchange), character)
        return answerDone(exchange, `/chat/${id}`, { id })
      },
    }),
    route({
      method: 'GET',
      path: '/chat/:id',
      summary: 'One conversation: its newest messages, or with `before` those before a message.',
      answers: pageAnswers,
      handle: async (exchange) => exchange.page(await threadPage(exchange, { value: '' })),
    }),
    routeOfForm({
      method: 'POST',
      path: '/chat/:id/messages',
      access: 'either',
      scope: 'chat',
      bodyLimit: MESSAGE_BODY_BYTES,
      summary:
        'Says something. Message and reply are stored together; the same `client_key` and text again changes nothing.',
      body: messageBody,
      answers: {
        200: z.object({
          success: z.literal(true),
          message: messageAnswer,
          reply: messageAnswer,
          /** Of the conversation: its first words give one. */
          title: z.string().nullable(),
        }),
        303: 'For a form: to the end of the conversation.',
      },
      async handle(exchange, { text, client_key }) {
        const id = idOf(exchange)
        const key = isForm(exchange) ? keyOfForm(client_key, text) : client_key
        const { said, reply, title } = await conversations.say(speaker(exchange), id, text, key)
        const made = { message: messageJson(said), reply: messageJson(reply), title }
        return answerDone(exchange, `/chat/${id}#last`, made)
      },
      async onError(exchange, error, raw) {
        const message = errorsOf(exchange, error)[0]?.message ?? appWords(exchange).talk.problems.again
        return showAgain(exchange, error, await threadPage(exchange, { value: raw('text'), error: message }))
      },
    }),
    route({
      method: 'GET',
      path: '/chat/:id/rename',
      summary: 'The form for the title of a conversation.',
      answers: pageAnswers,
      async handle(exchange) {
        const conversation = await conversations.find(ownerOf(exchange), idOf(exchange))
        const { words } = exchange
        const body = renameView({ words, id: conversation.id, title: conversation.title ?? '', errors: [] })
        return exchange.page({ title: appWords(exchange).talk.rename.title, words, room: 'form', body })
      },
    }),
    routeOfForm({
      method: 'POST',
      path: '/chat/:id/rename',
      summary: 'Gives a conversation another title.',
      body: z.object({ title: requiredLine(LONGEST_TITLE, 'Give it a title.') }),
      answers: doneAnswers,
      async handle(exchange, { title }) {
        await conversations.rename(ownerOf(exchange), idOf(exchange), title)
        return answerDone(exchange, `/chat/${idOf(exchange)}`)
      },
      async onError(exchange, error, raw) {
        const { id } = await conversations.find(ownerOf(exchange), idOf(exchange))
        const { words } = exchange
        const body = renameView({ words, id, title: raw('title'), errors: errorsOf(exchange, error) })
        const { title } = appWords(exchange).talk.rename
        return showAgain(exchange, error, { title, words, room: 'form', hasErrors: true, body })
      },
    }),
    route({
      method: 'GET',
      path: '/chat/:id/delete',
      summary: 'Asks before a conversation is deleted.',
      answers: pageAnswers,
      async handle(exchange) {
        const conversation = await conversations.find(ownerOf(exchange), idOf(exchange))
        const words = appWords(exchange)
        const body = deleteView(conversation, words)
        return exchange.page({ title: words.talk.remove.title, words: exchange.words, room: 'form', body })
      },
    }),
    route({
      method: 'POST',
      path: '/chat/:id/delete',
      summary: 'Deletes a conversation with all its messages. For a minute it can be taken back.',
      answers: doneAnswers,
      async handle(exchange) {
        await conversations.remove(ownerOf(exchange), idOf(exchange))
        return answerDone(exchange, '/chat?done=deleted')
      },
    }),
    route({
      method: 'GET',
      path: '/chat/delete',
      summary: 'Asks before all conversations are deleted, or with `character` all with that character.',
      answers: pageAnswers,
      async handle(exchange) {
        const owner = ownerOf(exchange)
        const character = exchange.query.get('character')
        const name = character === null ? null : (await characters.get(owner, character)).name
        const count = await conversations.count(owner, character)
        const words = appWords(exchange)
        const body = deleteManyView({ words, character, name, count })
        return exchange.page({ title: words.talk.remove.titleOfMany, words: exchange.words, room: 'form', body })
      },
    }),
    route({
      method: 'POST',
      path: '/chat/delete',
      summary: 'Deletes all conversations, or all with one character. For a minute they can be taken back together.',
      body: z.union([z.object({ character_id: z.string().max(36) }), z.object({ all: z.literal('yes') })]),
      answers: { ...doneAnswers, 200: z.object({ success: z.literal(true), deleted: z.int() }) },
      async handle(exchange, body) {
        const character = 'character_id' in body ? body.character_id : null
        const deleted = await conversations.removeAll(ownerOf(exchange), character)
        return answerDone(exchange, '/chat?done=deleted', { deleted })
      },
    }),
    route({
      method: 'POST',
      path: '/chat/undelete',
      summary: 'Takes the last deletion of conversations back, for a minute after it.',
      answers: { ...doneAnswers, 200: z.object({ success: z.literal(true), restored: z.int() }) },
      async handle(exchange) {
        const restored = await conversations.takeBack(ownerOf(exchange))
        return answerDone(exchange, `/chat?done=${restored > 0 ? 'restored' : 'late'}`, { restored })
      },
    }),
  ]
}
