import { type Clock, type Route, route, sessionOf } from '@miachat/auth'
import type { CharacterStore } from '../characters/character-store.ts'
import type { ConversationStore } from '../conversations/conversation-store.ts'
import { pageAnswers } from '../lib/answers.ts'
import { appWords } from '../lib/own-pages.ts'
import type { FaceOf } from '../views/faces.ts'
import type { AppWords } from '../words/words.ts'
import { dashboardView, type Step } from './dashboard-view.ts'

export interface DashboardDeps {
  readonly conversations: Pick<ConversationStore, 'last'>
  readonly characters: Pick<CharacterStore, 'listFirst'>
  readonly faceOf: FaceOf
  readonly clock: Clock
}

const SHOWN = 6

/** Home, with two questions to the database. */
export function dashboardPages({ conversations, characters, faceOf, clock }: DashboardDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/',
      summary: 'Home: the last conversation, the characters, who answers, or the first steps.',
      answers: pageAnswers,
      async handle(exchange) {
        const { user } = sessionOf(exchange)
        const [last, rows] = await Promise.all([
          conversations.last(user.id),
          // One more than is shown tells whether there are others.
          characters.listFirst(user.id, SHOWN + 1),
        ])
        const { words } = exchange
        const { home: say } = appWords(exchange)
        return exchange.page({
          title: say.title,
          words,
          room: 'wide',
          body: dashboardView({
            words,
            username: user.displayName,
            ...(last && {
              last: {
                href: `/chat/${last.id}#last`,
                face: faceOf({ ...last, id: last.character_id }),
                words: last.words ?? say.nothingSaid,
                at: last.last_message_at,
              },
            }),
            characters: rows.slice(0, SHOWN).map((row) => ({ face: faceOf(row), tagline: row.tagline })),
            hasMore: rows.length > SHOWN,
            connection: { kind: 'practice' },
            steps: last ? [] : firstSteps(rows.length > 0, say),
            now: clock(),
          }),
        })
      },
    }),
  ]
}

const firstSteps = (hasCharacter: boolean, { choose, say, who }: AppWords['home']): readonly Step[] => [
  { ...choose, href: '/chat/new', done: hasCharacter },
  { ...say, href: '/chat/new', done: false },
  { ...who, href: '/config', done: false },
]
