import type { Preview, User } from '@miachat/auth'
import { minutes } from '@miachat/auth'
import { english } from '@miachat/auth/views'
import { characterListView } from '../characters/character-view.ts'
import { conversationView } from '../conversations/conversation-view.ts'
import type { Message } from '../conversations/conversations.ts'
import { dashboardView } from '../dashboard/dashboard-view.ts'
import { createFaceOf } from '../views/faces.ts'

/**
 * MiaChat's pages as others see them, for administrators: every word in them is made up (AD5). `assetUrl` gives the address
 * of a file of ours.
 */
export function createPreviews(assetUrl: (path: string) => string): (person: User, now: number) => Preview[] {
  const faceOf = createFaceOf(assetUrl)
  return (person, now) => {
    const mia = { id: 'mia', name: 'Mia', picture: 'mia', tagline: 'Listens first. Asks one good question at a time.' }
    const words = 'What did you notice first when you came home?'
    const said = (n: number, from: Message['from'], text: string): Message => ({
      id: String(n),
      from,
      text,
      madeBy: from === 'character' ? 'practice' : '',
      at: now - minutes(13 - n),
    })
    const messages = [
      said(1, 'character', 'Good evening. I am Mia. What brings you here?'),
      said(2, 'person', 'I came home late and could not settle.'),
      said(3, 'character', words),
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
        label: 'Home',
        view: () => ({
          title: 'Home',
          room: 'wide',
          body: dashboardView({
            words: english,
            username: person.displayName,
            last: { href: '/chat', face: faceOf(mia), words, at: talk.last_message_at },
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
        label: 'Characters',
        view: () => ({
          title: 'Characters',
          body: characterListView({
            rows: [{ ...mia, favourite: 1 }],
            total: 1,
            words: '',
            page: 1,
            more: false,
            faceOf,
          }),
        }),
      },
      {
        path: '/chat',
        label: 'Chat',
        view: () => ({
          title: 'Chat',
          room: 'full',
          body: conversationView({
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
