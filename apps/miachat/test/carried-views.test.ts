import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { PageView, SettingsData } from '@miachat/auth'
import type { Html, Words } from '@miachat/auth/views'
import { html } from '@miachat/auth/views'
import { carriedCases } from '../../../packages/auth/test/support/carried.ts'
import { emptyCharacterForm } from '../src/characters/character-form.ts'
import { characterDeleteView, characterEditView, characterListView } from '../src/characters/character-view.ts'
import { exampleCharacters } from '../src/characters/example-characters.ts'
import { configView } from '../src/config-page/config-page.ts'
import {
  chooseView,
  conversationListView,
  conversationView,
  deleteManyView,
  deleteView,
  renameView,
} from '../src/conversations/conversation-view.ts'
import type { ConversationOpen, Message } from '../src/conversations/conversations.ts'
import { dashboardView } from '../src/dashboard/dashboard-view.ts'
import { outboxCodeView, outboxView } from '../src/mail/outbox-view.ts'
import { offlineView } from '../src/offline/offline-view.ts'
import { emptyPersonality, personalityFormValues } from '../src/personalities/personality-form.ts'
import {
  personalityDeleteView,
  personalityEditView,
  personalityListView,
} from '../src/personalities/personality-view.ts'
import { presetPersonalities } from '../src/personalities/preset-personalities.ts'
import { pictureView } from '../src/picture/picture-view.ts'
import { activityView } from '../src/settings/activity-view.ts'
import { appearanceView, chattingView, privacyView } from '../src/settings/preference-views.ts'
import { usualPreferences } from '../src/settings/preferences.ts'
import { settingsView } from '../src/settings/settings-view.ts'
import { errorPage, wrongAddressPage } from '../src/views/error-pages.ts'
import { createFaceOf } from '../src/views/faces.ts'
import { wordsIn } from '../src/words/words.ts'

const faceOf = createFaceOf((path) => path)
const own = (words: Words) => wordsIn(words.language)
const errors = [{ field: 'name', message: '7' }]
const listed = { id: '7', name: '7', tagline: '7', picture: null, favourite: 1 }
const characters = [listed, { ...listed, favourite: 0 }]
const named = { id: '7', name: '7' }

const conversation = { id: '7', title: '7', character_id: '7', name: '7', picture: null, last_message_at: 0 }
const list = (words: Words) => ({
  words,
  rows: [conversation, { ...conversation, title: null }],
  more: true,
  now: 0,
  faceOf,
})
const message = { id: '7', text: '7', at: 0, madeBy: '' }
const messages: readonly Message[] = [
  { ...message, from: 'person' },
  { ...message, from: 'character', madeBy: 'practice' },
  { ...message, from: 'notice' },
]
const open = (words: Words, more: Partial<ConversationOpen>) =>
  conversationView({
    ...list(words),
    conversation: {
      ...conversation,
      messages,
      earlierThan: null,
      isEarlier: false,
      hasNewerVersion: true,
      characterDeleted: false,
      ...more,
    },
    composer: { value: '', error: '7', clientKey: '7' },
    mostCharacters: 7,
  })

const event = {
  id: 7,
  event: 'sign_in',
  at: 0,
  device: '7',
  address: '7',
  actor: null,
  result: 'ok',
  detail: {},
} as const
const user: SettingsData['user'] = {
  id: 7,
  username: '7',
  email: null,
  displayName: '7',
  lastLogin: null,
  role: 'user',
  emailConfirmed: true,
  language: null,
  addressDue: null,
  secondFactorDemandedAt: null,
  invitedToPasskey: false,
  createdAt: '1970-01-01T00:00:00.000Z',
  fields: {},
}
const settings = (words: Words): SettingsData => ({
  words,
  languages: ['en', 'de'],
  user,
  events: [event, { ...event, result: 'failed' }],
  errors: [],
  now: 0,
  notice: null,
})
const activity = { user, events: [event], olderHref: '/', isOlder: true, now: 0 }
const character = { version: '', name: '7', values: emptyCharacterForm, errors, personalities: [named] }
const personality = {
  version: '',
  name: '7',
  values: personalityFormValues(emptyPersonality),
  usedBy: [named],
  preview: '7',
  errors,
}
const found = { rows: characters, total: 77, search: '', page: 7, more: true, faceOf }
const step = { title: '7', text: '7', href: '/', done: true }
const home = {
  username: '7',
  last: { href: '/', face: faceOf(listed), words: '7', at: 0 },
  characters: characters.map((row) => ({ face: faceOf(row), tagline: '7' })),
  hasMore: true,
  connection: { kind: 'practice' },
  steps: [],
  now: 0,
} as const
const letter = { name: '7', to: '7', subject: '7', date: '1970-01-01T00:00:00.000Z', text: '7' }
const outbox = { folder: '7', baseUrl: '7', now: 0 }
const fact = { label: '7', value: '7', settings: ['WORKERS'], fixed: true } as const
const facts = [
  {
    id: '7',
    title: '7',
    intro: '7',
    facts: [fact, { ...fact, fixed: false }, { ...fact, settings: ['PORT', 'BASE_URL'], fixed: false } as const],
  },
]
const privacy = { days: 7, count: 7, outdated: 7, hasMail: true }
const square = { width: 7, height: 7, across: 7, down: 7, size: 7 }
const statuses = [400, 403, 404, 405, 409, 413, 429, 500, 503]

const body = (view: PageView): Html => view.body
const all = (...views: readonly Html[]): Html => html`${views}`

const carried: Readonly<Record<string, (words: Words) => Html>> = {
  'the start page': (words) =>
    all(
      dashboardView({ ...home, words }),
      dashboardView({
        ...home,
        words,
        connection: { kind: 'stays', name: '7' },
        steps: [step, { ...step, done: false }],
      }),
      dashboardView({ ...home, words, connection: { kind: 'leaves', name: '7' }, characters: [], hasMore: false }),
    ),
  'the list of characters': (words) =>
    all(
      characterListView({ ...found, words: own(words) }),
      characterListView({ ...found, words: own(words), rows: [], search: '7' }),
      characterListView({ ...found, words: own(words), rows: [], total: 0, page: 1, more: false }),
    ),
  'the form of a character': (words) =>
    all(
      characterEditView({ ...character, words, id: null, errors: [] }),
      characterEditView({ ...character, words, id: '7', isStale: true }),
    ),
  'a character that is deleted': (words) =>
    all(...[0, 7].map((conversations) => characterDeleteView({ ...named, words: own(words), conversations }))),
  'the list of personalities': (words) =>
    all(
      personalityListView([], own(words)),
      personalityListView([{ ...emptyPersonality, ...named, usedBy: [named] }], own(words)),
    ),
  'the form of a personality': (words) =>
    all(
      personalityEditView({ ...personality, words, id: null, usedBy: [], errors: [] }),
      personalityEditView({ ...personality, words, id: '7', isStale: true }),
    ),
  'a personality that is deleted': (words) =>
    all(...[[], [named]].map((usedBy) => personalityDeleteView({ ...named, words: own(words), usedBy }))),
  'the list of conversations': (words) =>
    all(
      conversationListView(list(words)),
      conversationListView({ ...list(words), rows: [], older: true }),
      conversationListView({ ...list(words), rows: [] }),
    ),
  'a conversation': (words) =>
    all(
      open(words, {}),
      open(words, { messages: [], characterDeleted: true, hasNewerVersion: false }),
      open(words, { earlierThan: '7', isEarlier: true }),
    ),
  'a conversation that gets a title': (words) => renameView({ words, id: '7', title: '7', errors }),
  'conversations that are deleted': (words) =>
    all(
      deleteView({ id: '7', title: null, name: '7' }, own(words)),
      ...[0, 7].flatMap((count) => [
        deleteManyView({ words: own(words), character: null, name: null, count }),
        deleteManyView({ words: own(words), character: '7', name: '7', count }),
      ]),
    ),
  'whom to talk to': (words) =>
    all(...[[], characters].map((rows) => chooseView({ words: own(words), characters: rows, faceOf }))),
  'the settings': (words) =>
    all(body(settingsView(settings(words))), body(settingsView({ ...settings(words), errors }))),
  'the history of an account': (words) =>
    all(
      body(activityView({ ...activity, words })),
      body(activityView({ ...activity, words, events: [], olderHref: null })),
    ),
  'the appearance': (words) => body(appearanceView(usualPreferences, 'light', words)),
  'how one talks': (words) => body(chattingView(usualPreferences, words)),
  'the privacy': (words) =>
    all(
      body(privacyView({ ...privacy, words })),
      body(privacyView({ words, days: null, count: 0, outdated: 0, hasMail: false })),
    ),
  'the picture of oneself': (words) =>
    all(
      body(pictureView({ words, shown: null, picture: null, errors: [] })),
      body(pictureView({ words, shown: '7', picture: square, errors: [{ field: 'picture', message: '7' }] })),
    ),
  'the configuration': (words) => all(...[true, false].map((onThis) => configView(facts, onThis, own(words).config))),
  'the letters of this machine': (words) =>
    all(
      outboxView({ ...outbox, words, letters: [letter] }),
      outboxView({ ...outbox, words, letters: [] }),
      outboxCodeView({ words, file: '7', error: '7' }),
    ),
  'the page without a network': (words) => offlineView('7', own(words)),
  errors: ({ language }) =>
    all(
      ...statuses.map((status) => errorPage({ language, status, requestId: '7' })),
      wrongAddressPage({ language, baseUrl: '7', opened: '7' }),
    ),
}

/** Examples and presets are content, and stand beside the catalogue. */
const more = (words: Words) => [
  own(words),
  // The letter stands in the place of a picture.
  exampleCharacters(words.language).map(({ fields }) => [fields, fields.name.slice(0, 1)]),
  presetPersonalities(words.language),
]

for (const [title, run] of carriedCases(carried, more)) test(title, run)

test('X11: every view of the app is among them', () => {
  const here = readFileSync(new URL(import.meta.url), 'utf8')
  const source = new URL('../src/', import.meta.url)
  const views = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?:view|views|page|error-pages)\.ts$/.test(file))
    .flatMap((file) => [
      ...readFileSync(new URL(file, source), 'utf8').matchAll(/^export (?:function|const) (\w+(?:View|Page))\b/gm),
    ])
    .map(([, name = '']) => name)
  // The reference of the API is English (decision 019); a route is no view; `errorView` chooses among the pages of errors.
  const others = new Set(['apiPage', 'configPage', 'outboxPage', 'errorView'])
  assert.ok(views.length > 20, `${views.length} views`)
  assert.deepEqual(
    views.filter((name) => !others.has(name) && !here.includes(`${name}(`)),
    [],
  )
})
