import assert from 'node:assert/strict'
import { test } from 'node:test'
import { english, languages, type Words, words } from '../../words/words.ts'
import { addAuthenticatorView, enrolView, factorsView, recoveryCodesView } from './factor-views.ts'
import { forgotView } from './forgot-view.ts'
import { type Html, html, renderHtml } from './html.ts'
import { invitationInvalidView } from './invitation-views.ts'
import { createDefaultLayout } from './layout.ts'
import { loginView } from './login-view.ts'
import { registerView } from './register-view.ts'
import { linkInvalidView, resetView } from './reset-view.ts'
import { secondFactorView, signInExpiredView, stepUpView } from './second-factor-view.ts'
import { securityView } from './security-view.ts'
import { settingsFrame } from './settings-frame.ts'
import { undoDeadView, undoView } from './undo-view.ts'

const providers = [{ id: '7', label: '7' }]
const errors = [{ field: 'username', message: '7' }]
const register = { passwordMinLength: 8 }
const ways = [{ title: '7', text: '7', command: '7', link: { href: '/', label: '7' } }]
const goesTo = { sentence: '' }
const invitation = { token: '7', email: '7' }
const secondFactor = { next: '/', trustDays: 30, passkeys: true, errors: [] }
const page = { title: '7', user: null, theme: 'light', nonce: '7', path: '/' } as const

const device = { id: '7', device: '7', address: '7', createdAt: 7, lastUsedAt: 7, endsAt: 7, current: true }
const authenticator = { id: '7', name: '7', createdAt: 7, lastUsedAt: 7 }
const state = { authenticators: Array.from({ length: 7 }, () => authenticator), recoveryCodesLeft: 7 }
const factors = { state, demanded: { until: 7, reason: '7' }, now: 7, trusted: [device, device], errors: [] }
const stepUp = { next: '/', by: null, username: '7', providers: [], errors: [] }
const security = { username: '7', passwordMinLength: 8, errors: [], items: [] }

/** Every view that takes all of its words from the catalogue. A room that is carried over adds its own here. */
const carried: Readonly<Record<string, (words: Words) => Html>> = {
  login: (words) =>
    loginView({
      words,
      rememberDays: 30,
      sharedMinutes: 7,
      registrationOpen: true,
      httpWarning: true,
      passkeys: true,
      providers,
      errors,
    }),
  register: (words) =>
    registerView({ ...register, words, registration: 'open', httpWarning: true, passkeys: true, providers }),
  approval: (words) => registerView({ ...register, words, registration: 'approval' }),
  invited: (words) => registerView({ ...register, words, registration: 'invitation', invitation }),
  byInvitation: (words) => registerView({ ...register, words, registration: 'invitation', contact: '7' }),
  closed: (words) => registerView({ ...register, words, registration: 'closed', contact: '7' }),
  invitationInvalid: (words) => html`${invitationInvalidView(true, words)}${invitationInvalidView(false, words)}`,
  secondFactor: (words) => secondFactorView({ ...secondFactor, words, codes: true }),
  passkeyAlone: (words) => secondFactorView({ ...secondFactor, words, codes: false }),
  expired: (words) => signInExpiredView('/', words),
  forgot: (words) => forgotView({ words, ways, hasMail: true }),
  forgotLetter: (words) => forgotView({ words, ways, hasMail: true, goesTo }),
  forgotWays: (words) => forgotView({ words, ways, hasMail: false }),
  forgotNoWay: (words) => forgotView({ words, ways: [], hasMail: false }),
  asked: (words) => forgotView({ words, ways, hasMail: true, asked: true }),
  askedLetter: (words) => forgotView({ words, ways, hasMail: true, asked: true, goesTo }),
  reset: (words) => resetView({ ...register, words, token: '7', username: '7' }),
  resetTakesWays: (words) => resetView({ ...register, words, token: '7', username: '7', takesWays: true }),
  linkInvalid: (words) => html`${linkInvalidView({ words })}${linkInvalidView({ words, token: '7' })}`,
  undo: (words) => undoView({ words, token: '7', username: '7', addressPutBack: '7', errors: [] }),
  undoDead: (words) => undoDeadView(words),
  stepUpCode: (words) => stepUpView({ ...stepUp, words, by: 'code', passkeys: true }),
  stepUpPassword: (words) => stepUpView({ ...stepUp, words, by: 'password', passkeys: false }),
  stepUpProvider: (words) => stepUpView({ ...stepUp, words, passkeys: true, providers }),
  stepUpNone: (words) => stepUpView({ ...stepUp, words, passkeys: false }),
  factors: (words) => factorsView({ ...factors, words }),
  factorsSoon: (words) => factorsView({ ...factors, words, now: 6 }),
  factorsFew: (words) => factorsView({ ...factors, words, state: { ...state, recoveryCodesLeft: 3 } }),
  factorsOff: (words) => factorsView({ ...factors, words, state: { authenticators: [], recoveryCodesLeft: 0 } }),
  enrol: (words) => enrolView({ words, reason: '7', errors: [] }),
  addAuthenticator: (words) =>
    addAuthenticatorView({ words, name: '7', secret: '7', uri: 'otpauth:7', action: '/', back: '/', errors: [] }),
  recoveryCodes: (words) => recoveryCodesView({ words, codes: ['7'], username: '7', siteName: '7', next: '/' }),
  security: (words) =>
    html`${securityView({ ...security, words, hasPassword: true })}${securityView({ ...security, words, hasPassword: false })}`,
  settings: (words) => settingsFrame({ words, active: '/settings', title: '7', content: html``, errors }).body,
  layout: (words) =>
    createDefaultLayout({ siteName: '7' })({
      ...page,
      words,
      languages,
      body: loginView({ words, rememberDays: 1, sharedMinutes: 7, registrationOpen: false }),
    }),
}

/** What a page says: its text, and the attributes that are read out or shown. */
function said(page: string): string[] {
  const attributes = [
    ...page.matchAll(/ (?:aria-label|title|alt|placeholder|data-busy|data-show|data-hide)="([^"]*)"/g),
  ]
  const text = page.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').split(/<[^>]*>/)
  return [...attributes.map(([, value = '']) => value), ...text]
    .map((part) => part.trim())
    .filter((part) => /\p{L}/u.test(part))
}

/** All texts of a catalogue; functions are called with figures. */
function textsOf(part: unknown): string[] {
  if (typeof part === 'string') return [part]
  if (typeof part === 'function') return [String(part(7, 7))]
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(textsOf) : []
}

const plain = (text: string): string =>
  text.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&').replace(/\d+/g, '7').trim()

/** The languages call themselves by their own names in every language. */
const ownNames = ['English', 'Deutsch']

for (const [name, view] of Object.entries(carried)) {
  for (const language of [english, words.de]) {
    test(`X11: everything that ${name} says in ${language.language} is from the catalogue`, async () => {
      const known = new Set(
        [...textsOf(language), ...ownNames].map((text) => plain(text).replace(/(Tage|days)\b/g, 'D')),
      )
      const strange = said(await renderHtml(view(language)))
        .map((text) => plain(text).replace(/(Tage?|days?)\b/g, 'D'))
        .filter((text) => !known.has(text) && !known.has(text.replace(/ · 7$/, '')))
      assert.deepEqual(strange, [])
    })
  }
}
