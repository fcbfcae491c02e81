import type { PageView, SettingsData } from '@miachat/auth'
import { english, type Html, html } from '@miachat/auth/views'
import { emptyCharacterForm } from '../src/characters/character-form.ts'
import type { CharacterListed } from '../src/characters/character-store.ts'
import { characterDeleteView, characterEditView, characterListView } from '../src/characters/character-view.ts'
import { chooseView, conversationListView, conversationView } from '../src/conversations/conversation-view.ts'
import type { ConversationOpen, Message } from '../src/conversations/conversations.ts'
import { dashboardView } from '../src/dashboard/dashboard-view.ts'
import { emptyPersonality, personalityFormValues } from '../src/personalities/personality-form.ts'
import { personalityEditView, personalityListView } from '../src/personalities/personality-view.ts'
import { settingsView } from '../src/settings/settings-view.ts'
import { createFaceOf } from '../src/views/faces.ts'
import { badge, pageHead } from '../src/views/pieces.ts'
import { wordsIn } from '../src/words/words.ts'
import { arabic, daysAgo, longName, member, minutesAgo, now, type Sample, unbroken } from './gallery-samples.ts'

const faceOf = createFaceOf((path) => path)

const characters: readonly CharacterListed[] = [
  character('1', 'Mia', 'Listens first. Asks one good question at a time.', 'mia', 1),
  character('2', 'Herr Sörensen', 'Ein alter Buchhändler, der jedes Ende kennt'),
  character('3', arabic, 'تحكي القصص القديمة بكلمات جديدة'),
  character('4', longName, unbroken),
]

const said: readonly Message[] = [
  message('1', 'character', 'Good evening. I am Mia. What brings you here?', 30),
  message('2', 'person', 'I came home late and could not settle.', 28),
  message(
    '3',
    'character',
    'Then let us begin with the small thing: what did you notice first when you came home?\n\nTake your time.',
    27,
  ),
  message('4', 'person', unbroken, 14),
  message('5', 'notice', 'No answer came within a minute. Your message is saved.', 13),
  message('6', 'person', 'The lamp was still on.', 12),
  message('7', 'character', 'Someone left it on for you, then. Or you did, this morning, for yourself.', 0),
]

const arabicTalk: readonly Message[] = [
  message('1', 'character', 'مساء الخير. عمّ تبحث اليوم؟', 9),
  message('2', 'person', 'عن حكاية قصيرة قبل النوم.', 8),
]

const steps = ['Choose a character', 'Say hello', 'See who answers'].map((title, index) => ({
  title,
  text: 'Add a copy of an example, or make your own.',
  href: '/characters',
  done: index === 0,
}))

/** Everything behind the sign-in: empty, filled, wrong, and with names that are too long or in other scripts. */
export const memberPages: readonly Sample[] = [
  member('home-new', 'Home', '/', home({ steps, characters: [] }), {
    room: 'wide',
    notice: { kind: 'done', text: 'Your account is ready, and you are signed in.' },
  }),
  member('home', 'Home', '/', home({ steps: [], characters, last: true }), { room: 'wide' }),
  view('settings', '/settings', settingsView(settings())),
  view(
    'settings-wrong',
    '/settings',
    settingsView({
      ...settings(),
      errors: [{ field: 'display_name', message: 'Use at most 80 characters.' }],
    }),
  ),
  member('characters', 'Characters', '/characters', characterList(characters)),
  member('characters-empty', 'Characters', '/characters', characterList([])),
  member(
    'character-new',
    'New character',
    '/characters/new',
    characterEditView({
      words: english,
      id: null,
      version: '',
      name: '',
      values: emptyCharacterForm,
      personalities: [],
      errors: [{ field: 'name', message: 'Give the character a name.' }],
    }),
    { hasErrors: true },
  ),
  member(
    'character-delete',
    'Delete',
    '/characters/4',
    characterDeleteView({ words: wordsIn('en'), id: '4', name: longName, conversations: 3 }),
  ),
  member('personalities', 'Personalities', '/personality', personalityListView([], wordsIn('en'))),
  member(
    'personality-new',
    'New personality',
    '/personality/new',
    personalityEditView({
      words: english,
      id: null,
      version: '',
      name: '',
      values: personalityFormValues(emptyPersonality),
      usedBy: [],
      preview: '',
      errors: [],
    }),
  ),
  member('chat', 'Mia', '/chat/7', talk(0, said), { room: 'full' }),
  member('chat-empty', 'Chat', '/chat', conversationListView({ words: english, rows: [], more: false, now, faceOf }), {
    room: 'full',
  }),
  member(
    'chat-new',
    'Who do you want to talk to?',
    '/chat/new',
    chooseView({ words: wordsIn('en'), characters, faceOf }),
  ),
  {
    ...member('chat-arabic', arabic, '/chat/8', talk(2, arabicTalk, 'Your message is too long. Cut it a little.'), {
      room: 'full',
    }),
    user: unbroken,
  },
  member('chat-long', longName, '/chat/9', talk(3, said), { room: 'full' }),
  member('config', 'Config', '/config', config()),
]

function character(id: string, name: string, tagline: string, picture: string | null = null, favourite = 0) {
  return { id, name, tagline, picture, favourite }
}

function message(id: string, from: Message['from'], text: string, ago: number): Message {
  return { id, from, text, madeBy: from === 'character' ? 'practice' : '', at: minutesAgo(ago) }
}

function view(name: string, path: string, { title, body, ...more }: PageView): Sample {
  const { room, notice, hasErrors } = more
  return member(name, title, path, body, {
    ...(room && { room }),
    ...(notice && { notice }),
    ...(hasErrors !== undefined && { hasErrors }),
  })
}

function home(shown: { steps: typeof steps; characters: readonly CharacterListed[]; last?: boolean }): Html {
  const [mia] = characters
  return dashboardView({
    words: english,
    username: 'jonas',
    ...(shown.last === true &&
      mia && { last: { href: '/chat/7', face: faceOf(mia), words: said[2]?.text ?? '', at: minutesAgo(12) } }),
    characters: shown.characters.map((row) => ({ face: faceOf(row), tagline: row.tagline })),
    hasMore: true,
    connection: { kind: 'practice' },
    steps: shown.steps,
    now,
  })
}

function characterList(rows: readonly CharacterListed[]): Html {
  return characterListView({
    rows,
    total: rows.length * 3,
    words: wordsIn('en'),
    search: '',
    page: 1,
    more: rows.length > 0,
    faceOf,
  })
}

function talk(index: number, messages: readonly Message[], error?: string): Html {
  const rows = characters.map(({ id, name, picture }, place) => ({
    id: String(place + 7),
    title: place === 0 ? null : `About the evening, ${name}`,
    character_id: id,
    name,
    picture,
    last_message_at: place < 2 ? minutesAgo(place) : daysAgo(place),
  }))
  const open = rows[index]
  if (!open) throw new RangeError(`No sample conversation ${index}`)
  const conversation: ConversationOpen = {
    ...open,
    messages,
    earlierThan: null,
    isEarlier: false,
    hasNewerVersion: false,
    characterDeleted: false,
  }
  return conversationView({
    words: english,
    conversation,
    rows,
    more: false,
    now,
    faceOf,
    mostCharacters: 8000,
    composer: { value: '', error, clientKey: 'sample' },
  })
}

// A function declaration, since the members above are made while this file loads.
function happened(ago: number) {
  return {
    id: ago,
    at: minutesAgo(ago),
    result: 'ok',
    actor: null,
    address: '192.168.1.23',
    device: 'Firefox on Linux',
    detail: {},
  }
}

function settings(): SettingsData {
  const createdAt = new Date(daysAgo(190)).toISOString()
  const person = { id: 1, username: 'jonas', email: 'jonas@example.org', displayName: 'Jonas', lastLogin: null }
  return {
    words: english,
    languages: ['en', 'de'],
    user: {
      ...person,
      role: 'user',
      emailConfirmed: true,
      language: null,
      addressDue: null,
      secondFactorDemandedAt: null,
      invitedToPasskey: false,
      createdAt,
      fields: {},
    },
    events: [
      { ...happened(4), event: 'sign_in' },
      { ...happened(6), event: 'sign_in', result: 'failed' },
      { ...happened(9000), event: 'reset_link_made', actor: 'command line' },
    ],
    errors: [],
    now,
    notice: null,
  }
}

function config(): Html {
  return html`${pageHead({ title: 'Config', lead: 'What this server runs with. It is set where the server is started.' })}
<p class="actions">${badge('stays', 'Stays here')} ${badge('leaves', 'Leaves to api.example.org')} ${badge('practice', 'Practice only')} ${badge('warning', 'Needs a look')}</p>
<dl class="facts"><dt>Public address</dt><dd>http://localhost:8080</dd><dt>Database</dt><dd><code>/srv/miachat/data/miachat.db</code></dd><dt>Registration</dt><dd>Open</dd></dl>`
}
