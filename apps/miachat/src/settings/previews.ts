import type { Preview, User } from '@miachat/auth'
import { minutes } from '@miachat/auth'
import type { Words } from '@miachat/auth/views'
import { characterListView } from '../characters/character-view.ts'
import { conversationView } from '../conversations/conversation-view.ts'
import type { Message } from '../conversations/conversations.ts'
import { dashboardView } from '../dashboard/dashboard-view.ts'
import { createFaceOf } from '../views/faces.ts'
import { wordsIn } from '../words/words.ts'

/**
 * MiaChat's pages as others see them, for administrators: every word in them is made up (AD5). `assetUrl` gives the address
 * of a file of ours.
 */
export function createPreviews(
  assetUrl: (path: string) => string,
): (person: User, now: number, words: Words) => Preview[] {
  const faceOf = createFaceOf(assetUrl)
  return (person, now, words) => {
    const app = wordsIn(words.language)
    const { pages, preview: made } = app.frame
    const mia = { id: 'mia', name: 'Mia', picture: 'mia', tagline: made.tagline }
    const said = (n: number, from: Message['from'], text: string): Message => ({
      id: String(n),
      from,
      text,
      madeBy: from === 'character' ? 'practice' : '',
      at: now - minutes(13 - n),
    })
    const messages = [
      said(1, 'character', made.talk.first),
      said(2, 'person', made.talk.second),
      said(3, 'character', made.talk.third),
    ]
    const talk = {
      id: 'sample',
      title: null,
      character_id: mia.id,
      name: mia.name,
      picture: mia.picture,
      last_message_at: now - minutes(10),
    }
    return [
      {
        path: '/',
        label: pages['/'],
        view: () => ({
          title: pages['/'],
          words,
          room: 'wide',
          body: dashboardView({
            words,
            username: person.displayName,
            last: { href: '/chat', face: faceOf(mia), words: made.talk.third, at: talk.last_message_at },
            characters: [{ face: faceOf(mia), tagline: mia.tagline }],
            hasMore: false,
            connection: { kind: 'practice' },
            steps: [],
            now,
          }),
        }),
      },
      {
        path: '/characters',
        label: pages['/characters'],
        view: () => ({
          title: pages['/characters'],
          words,
          body: characterListView({
            rows: [{ ...mia, favourite: 1 }],
            total: 1,
            words: app,
            search: '',
            page: 1,
            more: false,
            faceOf,
          }),
        }),
      },
      {
        path: '/chat',
        label: pages['/chat'],
        view: () => ({
          title: pages['/chat'],
          words,
          room: 'full',
          body: conversationView({
            words,
            conversation: {
              ...talk,
              messages,
              earlierThan: null,
              isEarlier: false,
              hasNewerVersion: false,
              characterDeleted: false,
            },
            rows: [talk],
            more: false,
            now,
            faceOf,
            mostCharacters: 8000,
            composer: { value: '', clientKey: 'sample' },
          }),
        }),
      },
    ]
  }
}
