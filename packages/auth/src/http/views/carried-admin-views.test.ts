import { test } from 'node:test'
import { carriedCases } from '../../../test/support/carried.ts'
import { clockLine, queueLine } from '../../sign-in/health.ts'
import { english, type Words } from '../../words/words.ts'
import { accountActs, deletion, partActs, resetLink } from '../pages/admin-acts.ts'
import { madeUpPerson } from '../pages/preview-samples.ts'
import { adminFrame } from './admin-frame.ts'
import { actView, oneTimeLinkView, peopleView, personView } from './admin-views.ts'
import { healthView } from './health-view.ts'
import { type Html, html } from './html.ts'
import { invitationLinkView, invitationsView } from './invitation-views.ts'
import { limitsView } from './limits-view.ts'
import { logExportView, logView } from './log-view.ts'
import { serverView } from './server-view.ts'

const user = { ...madeUpPerson('user', 0, english), email: '7@7.7', username: '7', displayName: '7' }
const authenticator = { id: '7', name: '7', createdAt: 7, lastUsedAt: 7 }
const state = { authenticators: Array.from({ length: 7 }, () => authenticator), recoveryCodesLeft: 7 }
const signIn = { id: 7, event: 'sign_in', at: 0, device: '7', address: '7', actor: null, detail: {} } as const
const signIns = (['ok', 'failed', 'limited'] as const).map((result) => ({ ...signIn, result }))
const passkey = { id: '7', name: '7', createdAt: 0, lastUsedAt: 0, synced: true, usedHere: true, madeFor: '7' }
const listedPerson = {
  user: { ...user, lastLogin: new Date(0).toISOString() },
  isActive: true,
  deletesAt: null,
  waitsSince: null,
  hasSecondFactor: true,
  hasAuthenticator: true,
}
const strange = { ...user, role: 'admin' as const, email: null, lastLogin: null, secondFactorDemandedAt: 7 }
const people = {
  chosen: { text: '', state: null, role: null, factor: null, seen: null, sort: 'newest' as const },
  people: [
    listedPerson,
    { ...listedPerson, user: strange, isActive: false, hasSecondFactor: false },
    { ...listedPerson, isActive: false, deletesAt: 7 },
    { ...listedPerson, isActive: false, waitsSince: 7 },
  ],
  nextHref: '/',
  firstHref: '/',
  waiting: 7,
}
const passkeyHeld = { ...passkey, kind: 'passkey' as const, credentialId: '7', lastUsedOn: null, rpId: '7' }
const person = {
  person: { ...listedPerson, deletesAt: 0 },
  hasPassword: true,
  secondFactor: state,
  passkeys: [passkeyHeld, { ...passkeyHeld, kind: 'security_key' as const, lastUsedAt: null }],
  holds: ['7'],
  isOwn: false,
  signIns,
  now: 0,
  doors: [{ id: '7', device: '7', address: '7', lastSeenAt: 0 }],
  events: signIns,
  olderHref: '/',
  waitsUntil: 0,
  acts: accountActs,
}
const emptyPerson = {
  ...person,
  person: { ...listedPerson, user: strange },
  hasPassword: false,
  secondFactor: { authenticators: [], recoveryCodesLeft: 0 },
  passkeys: [],
  doors: [],
  events: [],
  signIns: [],
}
const invitation7 = {
  id: '7',
  email: null,
  sent: false,
  madeBy: '7',
  role: 'user' as const,
  createdAt: 0,
  expiresAt: 0,
}
const invitations = {
  invitations: [invitation7, { ...invitation7, email: '7', sent: true }],
  now: 0,
  email: '',
  days: 7,
  errors: [],
  hasMail: true,
  goesTo: null,
  registration: 'open' as const,
}
const server = { address: '7', encrypted: true, registration: 'open' as const, administrators: 7 }
const limited = (['pair', 'streak', 'user-code'] as const).map((kind) => ({
  kind,
  limit: { kind: kind === 'streak' ? ('streak' as const) : ('window' as const), budget: 7, period: 7_000 },
}))
const standing = [
  { kind: 'pair' as const, account: { id: 7, username: '7' }, network: '7', everybody: false, until: 0 },
  { kind: 'user-codes' as const, account: null, network: null, everybody: true, until: 0 },
  { kind: 'forgot' as const, account: null, network: null, everybody: false, until: 0 },
]
const logged = {
  ...signIn,
  result: 'failed' as const,
  userId: 7,
  username: null,
  subject: null,
  userAgent: '',
  session: null,
  requestId: '7',
  previousHash: null,
  hash: null,
}
const log = {
  asked: {},
  events: [
    logged,
    { ...logged, userId: null, result: 'limited' as const },
    { ...logged, actor: 'administrator 7', result: 'refused' as const },
  ],
  isUnknown: false,
  fits: null,
  isLater: true,
  newestHref: '/',
  olderHref: '/',
  exportHref: '/',
}

/** The views of the administration, all of whose words are from the catalogue. */
const carried: Readonly<Record<string, (words: Words) => Html>> = {
  people: (words) => html`${peopleView({ ...people, words })}${peopleView({ ...people, words, people: [] })}`,
  person: (words) => personView({ ...person, words }),
  personEmpty: (words) => personView({ ...emptyPerson, words }),
  ...Object.fromEntries(
    [...accountActs, deletion(0), deletion(7), ...partActs, resetLink].map((act) => [
      `act ${act.path} ${act.words(english).text.length}`,
      (words: Words) => actView({ words, person: user, act, thing: '7', action: '/', reason: '', errors: [] }),
    ]),
  ),
  oneTimeLink: (words) => oneTimeLinkView({ url: '7', minutes: 7, back: '/' }, words),
  ...Object.fromEntries(
    (['open', 'invitation', 'approval', 'closed'] as const).map((registration) => [
      `invitations ${registration}`,
      (words: Words) => invitationsView({ ...invitations, words, registration, hasMail: registration === 'open' }),
    ]),
  ),
  invitationLetter: (words) => invitationsView({ ...invitations, words, goesTo: '', invitations: [] }),
  invitationLink: (words) => invitationLinkView({ url: '7', expiresAt: 0 }, words),
  server: (words) => serverView({ ...server, words, mail: { late: 7, lastError: null, goesTo: null, to: '7' } }),
  serverMail: (words) => serverView({ ...server, words, mail: { late: 0, lastError: '7', goesTo: null, to: null } }),
  serverNoMail: (words) => serverView({ ...server, words, encrypted: false, administrators: 1, mail: null }),
  health: (words) =>
    html`${healthView([clockLine(0), clockLine(7_000), clockLine(-7_000), queueLine(0), queueLine(7), queueLine(77)], words)}${healthView([], words)}`,
  limits: (words) => limitsView({ words, standing, limits: limited, now: 0 }),
  log: (words) => logView({ ...log, words }),
  logEmpty: (words) =>
    html`${logView({ ...log, words, events: [], fits: true })}${logView({ ...log, words, events: [], isUnknown: true, fits: false })}`,
  logExport: (words) =>
    html`${logExportView({ words, asked: {}, backHref: '/' })}${logExportView({ words, asked: { person: '7', address: '7', from: '7', to: '7' }, backHref: '/' })}`,
  administration: (words) => adminFrame({ words, active: '/admin/people', title: '7', content: html`` }).body,
}

for (const [title, run] of carriedCases(carried)) test(title, run)
