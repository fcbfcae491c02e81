import { type Clock, type Route, route, sessionOf } from '@miachat/auth'
import type { CharacterStore } from '../characters/character-store.ts'
import type { ConversationStore } from '../conversations/conversation-store.ts'
import { pageAnswers } from '../lib/answers.ts'
import type { FaceOf } from '../views/faces.ts'
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
        return exchange.page({
          title: 'Home',
          room: 'wide',
          body: dashboardView({
            username: user.displayName,
            ...(last && {
              last: {
                href: `/chat/${last.id}#last`,
                face: faceOf({ ...last, id: last.character_id }),
                words: last.words ?? 'Nothing was said yet.',
                at: last.last_message_at,
              },
            }),
            characters: rows.slice(0, SHOWN).map((row) => ({ face: faceOf(row), tagline: row.tagline })),
            hasMore: rows.length > SHOWN,
            connection: { kind: 'practice' },
            steps: last ? [] : firstSteps(rows.length > 0),
            now: clock(),
          }),
        })
      },
    }),
  ]
}

function firstSteps(hasCharacter: boolean): readonly Step[] {
  return [
    {
      title: 'Choose a character',
      text: 'Begin with an example, or make your own.',
      href: '/chat/new',
      done: hasCharacter,
    },
    { title: 'Say hello', text: 'Begin a conversation; it is kept for you.', href: '/chat/new', done: false },
    {
      title: 'See who answers',
      text: 'Replies are scripted for practice: no AI model is connected. Config shows what this server runs with.',
      href: '/config',
      done: false,
    },
  ]
}
