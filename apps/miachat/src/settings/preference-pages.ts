import { type Auth, type Database, type Exchange, type PageView, type Route, route } from '@miachat/auth'
import type { Notice } from '@miachat/auth/views'
import { z } from 'zod'
import type { ChatTables } from '../chat-tables.ts'
import { createConversationStore } from '../conversations/conversation-store.ts'
import { createKeepingStore } from '../conversations/keeping-store.ts'
import { answerDone, doneAnswers, pageAnswers } from '../lib/answers.ts'
import { appWords, doneNotice, ownerOf, personOf } from '../lib/own-pages.ts'
import { appearanceView, chattingView, keepingTimes, privacyView } from './preference-views.ts'
import {
  appearanceShape,
  canPutBack,
  chattingShape,
  type Preferences,
  preferencesOf,
  withFormerPreferences,
  withPreferences,
} from './preferences.ts'

export interface PreferencePageDeps {
  readonly db: Database<ChatTables>
  readonly clock: () => number
  readonly changeFields: Auth['changeFields']
  /** This server sends letters. */
  readonly hasMail: boolean
}

const DAY = 86_400_000
const pages = ['appearance', 'chat'] as const
type Page = (typeof pages)[number]

/** In a form a box without its tick is not sent at all. */
const chattingBody = z.object({
  ...chattingShape,
  follow: chattingShape.follow.default(false),
  times: chattingShape.times.default(false),
})

const keepingBody = z.object({
  days: z.union([z.literal('ever').transform(() => null), z.enum(keepingTimes).transform(Number)]),
})

/** What a person chooses of how MiaChat looks, how talking works, and how long it is kept: pages of the settings. */
export function preferencePages({ db, clock, changeFields, hasMail }: PreferencePageDeps): Route[] {
  const keeping = createKeepingStore(db)
  const conversations = createConversationStore(db)

  const noticeOf = (exchange: Exchange, page: Page): { notice: Notice } | Record<string, never> => {
    if (exchange.query.get('done') !== 'saved') return {}
    const undo = canPutBack(personOf(exchange).fields) && { undo: { action: '/settings/undo', hidden: { page } } }
    return { notice: { kind: 'done', text: appWords(exchange).preferences.saved, ...(undo || {}) } }
  }

  async function save(exchange: Exchange, page: Page, change: Partial<Preferences>): Promise<Response> {
    await changeFields(ownerOf(exchange), (fields) => withPreferences(fields, change))
    return answerDone(exchange, `/settings/${page}?done=saved`)
  }

  async function privacyPage(exchange: Exchange): Promise<PageView> {
    const owner = ownerOf(exchange)
    const [kept, count] = await Promise.all([keeping.find(owner), conversations.count(db.read, owner)])
    const days = kept?.days ?? null
    const outdated = days === null ? 0 : await conversations.count(db.read, owner, { before: clock() - days * DAY })
    return {
      ...doneNotice(exchange, { saved: appWords(exchange).preferences.saved }),
      ...privacyView({ words: exchange.words, days, count, outdated, hasMail }),
    }
  }

  return [
    route({
      method: 'GET',
      path: '/settings/appearance',
      summary: 'How pages look: theme, size of the text, and more.',
      answers: pageAnswers,
      handle: (exchange) =>
        exchange.page({
          ...appearanceView(preferencesOf(personOf(exchange).fields), exchange.theme, exchange.words),
          ...noticeOf(exchange, 'appearance'),
        }),
    }),
    route({
      method: 'POST',
      path: '/settings/appearance',
      summary: 'Changes how pages look, on every device of the person.',
      body: z.object(appearanceShape),
      answers: doneAnswers,
      handle: (exchange, body) => save(exchange, 'appearance', body),
    }),
    route({
      method: 'GET',
      path: '/settings/chat',
      summary: 'How talking works.',
      answers: pageAnswers,
      handle: (exchange) =>
        exchange.page({
          ...chattingView(preferencesOf(personOf(exchange).fields), exchange.words),
          ...noticeOf(exchange, 'chat'),
        }),
    }),
    route({
      method: 'POST',
      path: '/settings/chat',
      summary: 'Changes how talking works, on every device of the person.',
      body: chattingBody,
      answers: doneAnswers,
      handle: (exchange, body) => save(exchange, 'chat', body),
    }),
    route({
      method: 'POST',
      path: '/settings/undo',
      summary: 'Puts the preferences back as they were before they were saved last.',
      body: z.object({ page: z.enum(pages).default('appearance') }),
      answers: doneAnswers,
      async handle(exchange, { page }) {
        await changeFields(ownerOf(exchange), withFormerPreferences)
        return answerDone(exchange, `/settings/${page}?done=saved`)
      },
    }),
    route({
      method: 'GET',
      path: '/settings/privacy',
      summary: 'What is kept and for how long, who can read it, and which letters come.',
      answers: pageAnswers,
      handle: async (exchange) => exchange.page(await privacyPage(exchange)),
    }),
    route({
      method: 'POST',
      path: '/settings/privacy',
      summary:
        'Chooses for how many days conversations are kept, or `ever`. What is older goes an hour later at the earliest.',
      body: keepingBody,
      answers: doneAnswers,
      async handle(exchange, { days }) {
        const owner = ownerOf(exchange)
        await db.transaction((trx) => keeping.set(trx, owner, days, clock()))
        return answerDone(exchange, '/settings/privacy?done=saved')
      },
    }),
  ]
}
