import {
  forgotView,
  type Html,
  html,
  linkInvalidView,
  loginView,
  type Page,
  registerView,
  resetView,
} from '@miachat/auth/views'
import { dashboardView } from '../src/dashboard/dashboard-view.ts'
import { type SettingsData, settingsView } from '../src/settings/settings-view.ts'
import { errorPage, errorTitle, wrongAddressPage } from '../src/views/error-pages.ts'
import { avatar, badge, emptyState, pageHead, row, rowList } from '../src/views/pieces.ts'
import { chatHead, chatPage, composer, type ThreadMessage, threadView } from '../src/views/thread.ts'

/** One page of the gallery: what a handler would hand to the layout. */
export interface Sample extends Pick<Page, 'title' | 'body' | 'room' | 'notice' | 'hasErrors' | 'lang'> {
  readonly name: string
  readonly user: string | null
  readonly path: string
}

/** Every sample sees this moment as now. */
const now = Date.UTC(2026, 10, 22, 20, 30)
const minutes = (count: number) => now - count * 60_000
const days = (count: number) => minutes(count * 1440)

const longName = 'Maximiliane-Friederike von Wolkenstein-Trostburg '.repeat(6).trim().slice(0, 300)
const unbroken = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(4)
const arabic = 'ليلى الحكيمة'

const mia = { id: 1, name: 'Mia', image: '/assets/mia.svg' }
const faces = [
  { face: mia, tagline: 'Listens first. Asks one good question at a time.', href: '/chat?character=1' },
  {
    face: { id: 2, name: 'Herr Sörensen' },
    tagline: 'Ein alter Buchhändler, der jedes Ende kennt',
    href: '/chat?character=2',
  },
  { face: { id: 3, name: arabic }, tagline: 'تحكي القصص القديمة بكلمات جديدة', href: '/chat?character=3' },
  { face: { id: 4, name: longName }, tagline: unbroken, href: '/chat?character=4' },
]

const startChat = html`<a class="btn btn-secondary" href="/characters">New</a>`

const wrongSignIn = [{ field: '', message: 'That user name or password is not right.' }]

const guestPages: readonly Sample[] = [
  guest('login', 'Sign in', '/auth/login', loginView({ rememberDays: 30, registrationOpen: true })),
  guest(
    'login-wrong',
    'Sign in',
    '/auth/login',
    loginView({ rememberDays: 30, registrationOpen: true, identifier: 'mia', remember: true, errors: wrongSignIn }),
    true,
  ),
  guest(
    'login-http',
    'Sign in',
    '/auth/login',
    loginView({ rememberDays: 30, registrationOpen: false, httpWarning: true, next: '/chat' }),
  ),
  guest(
    'login-throttled',
    'Sign in',
    '/auth/login',
    loginView({
      rememberDays: 30,
      registrationOpen: true,
      identifier: longName,
      errors: [{ field: '', message: 'Too many attempts. Try again in 4 minutes.' }],
    }),
    true,
  ),
  guest(
    'register',
    'Create an account',
    '/auth/register',
    registerView({ passwordMinLength: 8, registrationOpen: true }),
  ),
  guest(
    'register-wrong',
    'Create an account',
    '/auth/register',
    registerView({
      passwordMinLength: 8,
      registrationOpen: true,
      username: 'mia',
      email: unbroken,
      errors: [
        { field: 'username', message: '“mia” is taken. Free: mia-7, mia.k, miachat-mia.' },
        { field: 'email', message: 'Enter an e-mail address such as name@example.org.' },
        { field: 'password', message: 'Use at least 8 characters. A short sentence works best.' },
      ],
    }),
    true,
  ),
  guest(
    'register-closed',
    'No new accounts here',
    '/auth/register',
    registerView({ passwordMinLength: 8, registrationOpen: false }),
  ),
  guest(
    'forgot',
    'Forgot your password?',
    '/auth/forgot',
    forgotView({
      ways: [
        {
          title: 'Ask for a one-time link',
          text: 'This server cannot send e-mail. The person who runs it can make a link for you that works once, without seeing your password.',
        },
        {
          title: 'You run this server yourself',
          text: 'Type this on the machine, and open the link that it prints:',
          command: 'npx miachat user reset-link NAME',
        },
      ],
    }),
  ),
  guest('reset', 'Set a new password', '/auth/reset', resetView({ token: 'x', username: 'mia', passwordMinLength: 8 })),
  guest('reset-used', 'This link does not work any more', '/auth/reset', linkInvalidView()),
  ...[400, 403, 404, 405, 413, 429, 500, 503].map((status) =>
    guest(
      `error-${status}`,
      errorTitle({ status }),
      '/nowhere',
      errorPage({ status, requestId: '3f1c9a27b0d4', ...([429, 503].includes(status) && { retryAfter: 240 }) }),
    ),
  ),
  guest(
    'wrong-address',
    'This server has another address',
    '/',
    wrongAddressPage({ baseUrl: 'http://localhost:8080', opened: 'http://192.168.1.5:8080' }),
  ),
]

const firstSteps = [
  { title: 'Choose a character', text: 'Mia is already here. Make your own whenever you like.', href: '/characters' },
  { title: 'Say hello', text: 'Write one line; you can always start over.', href: '/chat?character=1' },
  { title: 'See where your words stay', text: 'Config shows what this server runs with.', href: '/config' },
]

const memberPages: readonly Sample[] = [
  member(
    'home-new',
    'Home',
    '/',
    dashboardView({
      username: 'jonas',
      characters: [],
      hasMore: true,
      connection: { kind: 'practice' },
      steps: firstSteps.map((step, index) => ({ ...step, done: index === 0 })),
      now,
    }),
    { room: 'wide', notice: { kind: 'done', text: 'Your account is ready, and you are signed in.' } },
  ),
  member(
    'home',
    'Home',
    '/',
    dashboardView({
      username: 'jonas',
      last: {
        href: '/chat/7',
        face: mia,
        words: 'Then let us begin with the small thing: what did you notice first when you came home?',
        at: minutes(12),
      },
      characters: faces,
      hasMore: true,
      connection: { kind: 'practice' },
      steps: firstSteps.map((step) => ({ ...step, done: true })),
      now,
    }),
    { room: 'wide' },
  ),
  member('settings', 'Settings', '/settings', settings(devices())),
  member('settings-alone', 'Settings', '/settings', settings(devices().slice(0, 1)), {
    notice: { kind: 'done', text: 'Three other devices were signed out.' },
  }),
  member(
    'settings-wrong',
    'Settings',
    '/settings',
    settings(devices(), [{ field: 'current_password', message: 'The current password is not right.' }]),
    { hasErrors: true },
  ),
  member(
    'characters',
    'Characters',
    '/characters',
    html`${pageHead({
      title: 'Characters',
      lead: 'People you can talk to.',
      action: html`<a class="btn btn-primary" href="/characters/new">New character</a>`,
    })}
${rowList(faces.map(({ face, tagline, href }) => row({ lead: avatar(face), title: face.name, text: tagline, href, mark: face === mia ? badge('practice', 'Example') : html`` })))}`,
  ),
  member(
    'characters-empty',
    'Characters',
    '/characters',
    html`${pageHead({ title: 'Characters' })}${emptyState({
      picture: avatar(mia, 'large'),
      text: 'Characters are people you can talk to. Start from an example, or make your own.',
      actions: html`<a class="btn btn-primary" href="/characters/new">New character</a><a class="btn btn-quiet" href="/characters/examples">Look at the example</a>`,
    })}`,
  ),
  member('chat', 'Mia', '/chat/7', chat(messages()), { room: 'full' }),
  member('chat-empty', 'Chat', '/chat', chatStart(), { room: 'full' }),
  { ...member('chat-arabic', arabic, '/chat/8', chatArabic(), { room: 'full' }), user: unbroken },
  member(
    'config',
    'Config',
    '/config',
    html`${pageHead({ title: 'Config', lead: 'What this server runs with. It is set where the server is started.' })}
<p>${badge('stays', 'Stays here')} ${badge('leaves', 'Leaves to api.example.org')} ${badge('practice', 'Practice only')} ${badge('warning', 'Needs a look')}</p>
<dl class="facts"><dt>Public address</dt><dd>http://localhost:8080</dd><dt>Database</dt><dd><code>/srv/miachat/data/miachat.db</code></dd><dt>Registration</dt><dd>Open</dd></dl>`,
  ),
]

/** Every page that is drawn so far, in the states that matter. */
export const samples: readonly Sample[] = [...guestPages, ...memberPages]

function guest(name: string, title: string, path: string, body: Html, hasErrors = false): Sample {
  return { name, title, path, body, hasErrors, user: null, room: 'form' }
}

function member(
  name: string,
  title: string,
  path: string,
  body: Html,
  more: Partial<Pick<Sample, 'room' | 'notice' | 'hasErrors'>> = {},
): Sample {
  return { name, title, path, body, user: 'jonas', ...more }
}

function devices(): Device[] {
  return [
    device('a', 'session', 'Firefox on Linux', 0, true),
    device('b', 'session', 'Safari on iOS', 55, false),
    device('c', 'tokens', 'notes-backup', 60 * 30, false),
    device('d', 'session', unbroken, 60 * 24 * 20, false),
  ]
}

type Device = SettingsData['devices'][number]

function device(id: string, kind: Device['kind'], name: string, ago: number, current: boolean): Device {
  const method = 'password'
  return {
    id,
    kind,
    method,
    device: name,
    address: '192.168.1.23',
    createdAt: days(21),
    lastSeenAt: minutes(ago),
    current,
  }
}

function settings(list: readonly Device[], errors: { field: string; message: string }[] = []): Html {
  const user = {
    id: 7,
    username: 'jonas',
    email: 'jonas@example.org',
    displayName: 'Jonas',
    createdAt: new Date(days(190)).toISOString(),
    lastLogin: null,
    fields: {},
  }
  return settingsView({ user, devices: list, passwordMinLength: 8, errors, now, notice: null }).body
}

function messages(): ThreadMessage[] {
  return [
    { id: 1, from: 'character', text: 'Good evening. I am Mia. What brings you here?', at: minutes(30) },
    { id: 2, from: 'person', text: 'I came home late and could not settle.', at: minutes(28) },
    {
      id: 3,
      from: 'character',
      text: 'Then let us begin with the small thing: what did you notice first when you came home?\n\nTake your time.',
      at: minutes(27),
    },
    { id: 4, from: 'person', text: unbroken, at: minutes(14) },
    { id: 5, from: 'notice', text: 'No answer came within a minute. Your message is saved.', at: minutes(13) },
    { id: 6, from: 'person', text: 'The lamp was still on.', at: minutes(12) },
    {
      id: 7,
      from: 'character',
      text: 'Someone left it on for you, then. Or you did, this morning, for yourself.',
      at: minutes(0),
    },
  ]
}

function conversationRows(current: number): Html {
  return rowList(
    faces.map(({ face, tagline }, index) =>
      row({
        lead: avatar(face, 'small'),
        title: face.name,
        href: `/chat/${index + 7}`,
        text: tagline,
        current: index === current,
      }),
    ),
  )
}

function chat(list: readonly ThreadMessage[]): Html {
  return chatPage({
    list: conversationRows(0),
    action: startChat,
    conversation: html`${chatHead({ face: mia, state: badge('practice', 'Practice only') })}${threadView(list, mia, now)}${composer({ action: '/chat/7/messages', name: 'text', to: 'Mia' })}`,
    placeholder: html``,
  })
}

function chatStart(): Html {
  const empty = emptyState({
    picture: avatar(mia, 'large'),
    text: 'No conversations yet. Pick someone to talk to.',
    actions: html`<a class="btn btn-primary" href="/characters">Choose a character</a>`,
  })
  return chatPage({ list: empty, placeholder: html`` })
}

function chatArabic(): Html {
  const face = { id: 3, name: arabic }
  return chatPage({
    list: conversationRows(2),
    action: startChat,
    conversation: html`${chatHead({ face, state: badge('leaves', 'Leaves to api.example.org') })}${threadView(
      [
        { id: 1, from: 'character', text: 'مساء الخير. عمّ تبحث اليوم؟', at: minutes(9) },
        { id: 2, from: 'person', text: 'عن حكاية قصيرة قبل النوم.', at: minutes(8) },
      ],
      face,
      now,
    )}${composer({ action: '/chat/8/messages', name: 'text', to: arabic, error: 'Your message is too long. Cut it a little.' })}`,
    placeholder: html``,
  })
}
