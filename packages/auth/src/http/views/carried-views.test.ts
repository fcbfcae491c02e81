import { test } from 'node:test'
import { carriedCases } from '../../../test/support/carried.ts'
import { english, languages, type Words } from '../../words/words.ts'
import { defaultActivityView, defaultSettingsView } from '../pages/default-settings-view.ts'
import { madeUpPerson } from '../pages/preview-samples.ts'
import { accessView } from './access-view.ts'
import {
  addressConfirmedView,
  addressView,
  changeAddressView,
  confirmLinkDeadView,
  confirmLinkView,
} from './address-view.ts'
import { dataView, deleteView, leftView, restoreView } from './data-views.ts'
import {
  programAllowedView,
  programEndedView,
  programRefusedView,
  programView,
  userCodeView,
} from './device-code-views.ts'
import { devicesView } from './devices-view.ts'
import { addAuthenticatorView, enrolView, factorsView, recoveryCodesView, securityKeyView } from './factor-views.ts'
import { forgotView } from './forgot-view.ts'
import { type Html, html } from './html.ts'
import {
  firstAdministratorInvalidView,
  firstAdministratorView,
  invitationInvalidView,
  waitingView,
} from './invitation-views.ts'
import { createDefaultLayout } from './layout.ts'
import { loginView } from './login-view.ts'
import { passkeysView, passkeyView } from './passkey-views.ts'
import { goingView, providersView, welcomeExpiredView, welcomeView } from './provider-views.ts'
import { registerView } from './register-view.ts'
import { linkInvalidView, resetView } from './reset-view.ts'
import { secondFactorView, signInExpiredView, stepUpView } from './second-factor-view.ts'
import { securityView } from './security-view.ts'
import { settingsFrame } from './settings-frame.ts'
import { tokenMadeView, tokensView } from './tokens-view.ts'
import { undoDeadView, undoView } from './undo-view.ts'
import { usernameView } from './username-view.ts'

const providers = [{ id: '7', label: '7' }]
const errors = [{ field: 'username', message: '7' }]
const register = { passwordMinLength: 8 }
const ways = [{ title: '7', text: '7', command: '7', link: { href: '/', label: '7' } }]
const goesTo = { sentence: '' }
const invitation = { token: '7', email: '7' }
const secondFactor = { next: '/', trustDays: 30, passkeys: true, keys: false, errors: [] }
const page = { title: '7', user: null, theme: 'light', nonce: '7', path: '/' } as const

const device = { id: '7', device: '7', address: '7', createdAt: 7, lastUsedAt: 7, endsAt: 7, current: true }
const authenticator = { id: '7', name: '7', createdAt: 7, lastUsedAt: 7 }
const state = { authenticators: Array.from({ length: 7 }, () => authenticator), recoveryCodesLeft: 7 }
const key = { id: '7', name: '7', createdAt: 0, lastUsedAt: 0, madeFor: '7' }
const securityKeys = { keys: [key, { ...key, lastUsedAt: null, madeFor: null }], hindrance: null }
const noKeys = { keys: [], hindrance: '7' }
const factors = {
  state,
  securityKeys,
  byPasskey: false,
  demanded: { until: 7, reason: '7' },
  now: 7,
  trusted: [device, device],
  errors: [],
}
const stepUp = { next: '/', by: null, username: '7', keys: false, providers: [], errors: [] }
const open = { id: '7', name: null, current: false, createdAt: 0, lastSeenAt: 0, method: 'password', isNew: true }
const listed = { ...open, kind: 'tokens' as const, device: '7', address: '7', trustedUntil: 7, shared: true }
const signIn = { id: 7, event: 'sign_in', at: 0, device: '7', address: '7', actor: null, detail: {} } as const
const signIns = (['ok', 'failed', 'limited'] as const).map((result) => ({ ...signIn, result }))
const openDevices = {
  devices: [{ ...listed, current: true }, listed, { ...listed, name: '7', method: 'provider' }],
  signIns,
  places: new Map([['7', '7']]),
  personalTokens: 7,
  now: 0,
}
const user = { ...madeUpPerson('user', 0, english), email: '7@7.7', username: '7', displayName: '7' }
const settings = { user, languages, events: signIns, errors: [], notice: null, now: 0 }
const activity = { user, events: [], olderHref: '/', isOlder: false, now: 0 }
const door = { name: '7', address: '7', createdAt: 0, usedAt: 0, endsAt: 0, current: false }
const doors = [door, { ...door, usedAt: null, current: true }]
const kinds = [
  ...(['sessions', 'programs', 'personal_tokens', 'trusted_devices', 'passkeys', 'providers'] as const),
  ...(['links', 'password'] as const),
].flatMap((kind) => [
  {
    kind,
    doors:
      kind === 'links' ? [{ ...door, name: 'undo' }] : kind === 'password' ? [{ ...door, name: 'password' }] : doors,
  },
  { kind, doors: [] },
])
const token = { id: '7', name: '7', scopes: ['7'], createdAt: 0, expiresAt: 0, lastUsedAt: 0, lastUsedFrom: '7' }
const tokens = { scopes: { 7: '7' }, now: 0, errors: [], typed: { name: '', days: '7' } }
const code = { username: '7', code: '7', errors: [] }
const passkey = { id: '7', name: '7', createdAt: 0, lastUsedAt: 0, synced: true, usedHere: true, madeFor: '7' }
const boundPasskey = { ...passkey, lastUsedAt: null, synced: false, madeFor: null }
const identity = { id: '7', provider: '7', label: '7', name: '7', createdAt: 0, lastUsedAt: 0, opens: true }
const identities = [identity, { ...identity, lastUsedAt: null, opens: false }]
const newcomer = { label: '7', name: '7', email: '7', username: '7', errors: [] }
const banner = { text: '', href: '/', label: '' }
const goesTo7 = { sentence: '', link: { href: '/', label: '7' } }
const addressWaits = { address: '7', codeEndsAt: 7, linkEndsAt: 0, sendAgainAt: 7000 }
const address = {
  email: '7',
  confirmed: false,
  due: null,
  waiting: { ...addressWaits, address: '77' },
  hasMail: true,
  goesTo: null,
  now: 0,
  errors: [],
}
const program = { id: '7', username: '7', program: '7', device: '7', address: '7', askedAt: 0, now: 0 }
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
  waiting: (words) => waitingView({ words, told: words.signIn.waiting.letter, kept: 7 }),
  first: (words) =>
    html`${firstAdministratorView({ words, token: '7', username: '7' })}${firstAdministratorView({ words, token: '7', username: null })}`,
  firstDead: (words) => firstAdministratorInvalidView(words),
  secondFactor: (words) => secondFactorView({ ...secondFactor, words, codes: 'all' }),
  secondFactorKey: (words) => secondFactorView({ ...secondFactor, words, codes: 'all', keys: true, passkeys: false }),
  secondFactorEither: (words) => secondFactorView({ ...secondFactor, words, codes: 'all', keys: true }),
  passkeyAlone: (words) => secondFactorView({ ...secondFactor, words, codes: null }),
  passkeyOrRecovery: (words) => secondFactorView({ ...secondFactor, words, codes: 'recovery' }),
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
  undo: (words) =>
    undoView({ words, token: '7', username: '7', usernamePutBack: '7', addressPutBack: '7', errors: [] }),
  undoDead: (words) => undoDeadView(words),
  stepUpCode: (words) => stepUpView({ ...stepUp, words, by: 'code', passkeys: true }),
  stepUpKey: (words) => stepUpView({ ...stepUp, words, by: 'code', passkeys: false, keys: true }),
  stepUpEither: (words) => stepUpView({ ...stepUp, words, by: 'code', passkeys: true, keys: true }),
  stepUpPassword: (words) => stepUpView({ ...stepUp, words, by: 'password', passkeys: false }),
  stepUpProvider: (words) => stepUpView({ ...stepUp, words, passkeys: true, providers }),
  stepUpNone: (words) => stepUpView({ ...stepUp, words, passkeys: false }),
  factors: (words) => factorsView({ ...factors, words }),
  factorsNoKeys: (words) => factorsView({ ...factors, words, securityKeys: noKeys }),
  securityKey: (words) => securityKeyView({ words, key, errors: [] }),
  factorsSoon: (words) => factorsView({ ...factors, words, now: 6 }),
  factorsFew: (words) => factorsView({ ...factors, words, state: { ...state, recoveryCodesLeft: 3 } }),
  factorsOff: (words) => factorsView({ ...factors, words, state: { authenticators: [], recoveryCodesLeft: 0 } }),
  factorsByPasskey: (words) =>
    factorsView({ ...factors, words, byPasskey: true, state: { authenticators: [], recoveryCodesLeft: 7 } }),
  enrol: (words) => enrolView({ words, reason: '7', passkeys: true, errors: [] }),
  enrolNoPasskeys: (words) => enrolView({ words, reason: '7', passkeys: false, errors: [] }),
  addAuthenticator: (words) =>
    addAuthenticatorView({ words, name: '7', secret: '7', uri: 'otpauth:7', action: '/', back: '/', errors: [] }),
  recoveryCodes: (words) => recoveryCodesView({ words, codes: ['7'], username: '7', siteName: '7', next: '/' }),
  security: (words) =>
    html`${securityView({ ...security, words, hasPassword: true })}${securityView({ ...security, words, hasPassword: false })}`,
  passkeys: (words) => passkeysView({ words, passkeys: [passkey, boundPasskey], hindrance: null, account: null }),
  noPasskeys: (words) => passkeysView({ words, passkeys: [], hindrance: null, account: null }),
  passkeysImpossible: (words) =>
    passkeysView({ words, passkeys: [], hindrance: words.passkeys.hindrance('7'), account: null }),
  passkey: (words) => passkeyView({ words, passkey: boundPasskey, errors: [] }),
  going: (words) => goingView({ words, label: '7', url: '/' }),
  welcome: (words) => html`${welcomeView({ words, ...newcomer })}${welcomeExpiredView(words)}`,
  providers: (words) => providersView({ words, identities, providers }),
  noProviders: (words) => providersView({ words, identities: [], providers: [] }),
  username: (words) => usernameView({ words, username: '7', typed: '', errors: [] }),
  address: (words) => addressView({ ...address, words }),
  addressWritten: (words) =>
    addressView({ ...address, words, goesTo: goesTo7, waiting: { ...addressWaits, codeEndsAt: null } }),
  addressNoLetter: (words) => addressView({ ...address, words, waiting: null }),
  addressConfirmed: (words) => addressView({ ...address, words, confirmed: true, waiting: null }),
  addressDue: (words) => addressView({ ...address, words, due: 7 }),
  addressNone: (words) => addressView({ ...address, words, email: null, waiting: null }),
  addressNoMail: (words) => addressView({ ...address, words, hasMail: false }),
  changeAddress: (words) => changeAddressView({ words, email: '7', typed: '', errors: [] }),
  addAddress: (words) => changeAddressView({ words, email: null, typed: '', errors: [] }),
  confirmLink: (words) =>
    html`${confirmLinkView({ words, token: '7', username: '7', address: '7', errors: [] })}${addressConfirmedView(words)}${confirmLinkDeadView(words)}`,
  data: (words) => dataView({ words, graceDays: 7, state: { state: 'none' } }),
  dataInterrupted: (words) => dataView({ words, graceDays: 0, state: { state: 'interrupted' } }),
  dataMaking: (words) => dataView({ words, graceDays: 7, state: { state: 'making', done: 7, total: 7 } }),
  dataReady: (words) => dataView({ words, graceDays: 7, state: { state: 'ready', id: '7', bytes: 7, endsAt: 0 } }),
  deletion: (words) => deleteView({ words, username: '7', goes: [], graceDays: 7, deletesAt: 0, errors: [] }),
  deletionAtOnce: (words) => deleteView({ words, username: '7', goes: [], graceDays: 0, deletesAt: 0, errors: [] }),
  left: (words) => html`${leftView({ words, graceDays: 7 })}${leftView({ words, graceDays: 0 })}`,
  restore: (words) => restoreView({ words, deletesAt: 0, errors: [] }),
  account: (words) => defaultSettingsView({ ...settings, words }).body,
  activity: (words) => defaultActivityView({ ...activity, words, events: signIns }).body,
  noActivity: (words) => defaultActivityView({ ...activity, words, isOlder: true }).body,
  devices: (words) => devicesView({ ...openDevices, words }),
  onlyDevice: (words) => devicesView({ ...openDevices, words, devices: [], personalTokens: 1 }),
  access: (words) => accessView({ words, kinds, now: 0 }),
  accessShut: (words) => accessView({ words, kinds: [], now: 0 }),
  tokens: (words) => tokensView({ ...tokens, words, tokens: [token, { ...token, lastUsedAt: null }] }),
  noTokens: (words) => tokensView({ ...tokens, words, tokens: [] }),
  tokenMade: (words) => tokenMadeView({ words, name: '7', token: '7', expiresAt: 0 }),
  userCode: (words) =>
    html`${userCodeView({ ...code, words, isGiven: true })}${userCodeView({ ...code, words, isGiven: false })}`,
  program: (words) => programView({ ...program, words, isElsewhere: true }),
  programDone: (words) => html`${programAllowedView(words)}${programRefusedView(words)}${programEndedView(words)}`,
  settings: (words) => settingsFrame({ words, active: '/settings', title: '7', content: html``, errors }).body,
  layout: (words) =>
    createDefaultLayout({ siteName: '7' })({
      ...page,
      words,
      languages,
      user: { username: '7', role: 'admin' },
      confirmedFor: 60_000,
      banner,
      notice: { kind: 'done', text: '', undo: { action: '/' } },
      body: loginView({ words, rememberDays: 1, sharedMinutes: 7, registrationOpen: false }),
    }),
}

for (const [title, run] of carriedCases(carried)) test(title, run)
