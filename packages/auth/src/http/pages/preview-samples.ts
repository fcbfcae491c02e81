import type { AccountEvent, AuditEventName, LoggedEvent } from '../../audit/audit.ts'
import { days, hours, isoTime, minutes } from '../../lib/clock.ts'
import type { DeviceListed } from '../../sign-in/devices.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import type { PersonListed } from '../../users/people-store.ts'
import type { Role, User } from '../../users/user.ts'
import type { Words } from '../../words/words.ts'
import type { PageView } from '../exchange.ts'
import { adminFrame } from '../views/admin-frame.ts'
import { peopleView } from '../views/admin-views.ts'
import { dataView } from '../views/data-views.ts'
import { devicesView } from '../views/devices-view.ts'
import { logView } from '../views/log-view.ts'
import { securityView } from '../views/security-view.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import type { PageSettings } from './page-settings.ts'

/** A page that administrators can look at as others see it. */
export interface Preview {
  /** The address that it really has: links to it lead on within the preview. */
  readonly path: string
  readonly label: string
  /** Draws it with made-up data. */
  readonly view: () => PageView | Promise<PageView>
}

/** Somebody who is nobody: no account has the number 0. */
export const madeUpPerson = (role: Role, now: number, words: Words): User => ({
  id: 0,
  username: 'sample',
  email: 'sample@example.org',
  emailConfirmed: true,
  language: null,
  displayName: words.server.viewAs.sample,
  createdAt: isoTime(now - days(190)),
  lastLogin: isoTime(now - hours(2)),
  role,
  secondFactorDemandedAt: null,
  addressDue: null,
  invitedToPasskey: false,
  fields: {},
})

/** Addresses that are kept for examples (RFC 5737). */
const HOME_ADDRESS = '192.0.2.14'
const OTHER_ADDRESS = '198.51.100.7'

const event = (name: AuditEventName, at: number, id: number, result = 'ok'): AccountEvent => ({
  id,
  at,
  event: name,
  result,
  actor: null,
  address: result === 'ok' ? HOME_ADDRESS : OTHER_ADDRESS,
  device: result === 'ok' ? 'Firefox on Linux' : 'Chrome on Windows',
  detail: {},
})

const device = (id: string, name: string, address: string, at: number, current: boolean): DeviceListed => ({
  id,
  kind: 'session',
  name: null,
  device: name,
  address,
  method: 'password',
  createdAt: at - days(3),
  lastSeenAt: at,
  current,
  trustedUntil: null,
  isNew: false,
  shared: false,
})

interface MadeUp {
  readonly user: User
  readonly now: number
  readonly words: Words
}

/** The library's own pages: those of everybody, then those of administrators. */
export function madeUpViews(
  { user, now, words }: MadeUp,
  { leavingGrace, languages }: SignInContext,
  settings: PageSettings,
): readonly Preview[] {
  const { sections } = words.shell
  const { security } = words.factors
  const signIns = [event('sign_in', now - hours(2), 3), event('sign_in', now - days(2), 2, 'failed')]
  const events = [...signIns, event('password_changed', now - days(9), 1)]
  const everybody: readonly Preview[] = [
    {
      path: '/settings',
      label: sections['/settings'],
      view: () =>
        settings.settingsView({ words, languages: languages.offered, user, events, errors: [], now, notice: null }),
    },
    {
      path: '/settings/security',
      label: sections['/settings/security'],
      view: () =>
        settingsFrame({
          words,
          active: '/settings/security',
          title: sections['/settings/security'],
          content: securityView({
            words,
            items: [
              {
                title: security.password,
                text: words.server.viewAs.changed,
                action: { href: '/settings/security#password', label: security.changeIt },
              },
              {
                title: security.secondFactor,
                text: words.people.person.notSetUp,
                action: { href: '/settings/second-factor', label: security.setUp },
              },
            ],
            username: user.username,
            hasPassword: true,
            passwordMinLength: settings.passwordMinLength,
            errors: [],
          }),
        }),
    },
    {
      path: '/settings/devices',
      label: sections['/settings/devices'],
      view: () =>
        settingsFrame({
          words,
          active: '/settings/devices',
          title: sections['/settings/devices'],
          content: devicesView({
            words,
            devices: [
              device('a', 'Firefox on Linux', HOME_ADDRESS, now, true),
              device('b', 'Safari on iPhone', OTHER_ADDRESS, now - hours(5), false),
            ],
            signIns,
            places: new Map(),
            personalTokens: 0,
            now,
          }),
        }),
    },
    {
      path: '/settings/activity',
      label: sections['/settings/activity'],
      view: () => settings.activityView({ words, user, events, olderHref: null, isOlder: false, now }),
    },
    {
      path: '/settings/data',
      label: sections['/settings/data'],
      view: () =>
        settingsFrame({
          words,
          active: '/settings/data',
          title: sections['/settings/data'],
          content: dataView({ words, graceDays: Math.ceil(leavingGrace / days(1)), state: { state: 'none' } }),
        }),
    },
  ]
  return user.role === 'admin' ? [...everybody, ...ofAdministrators({ user, now, words })] : everybody
}

function ofAdministrators({ user, now, words }: MadeUp): readonly Preview[] {
  const listed = (id: number, username: string, change: Partial<PersonListed> = {}): PersonListed => ({
    user: { ...user, id, username, email: `${username}@example.org`, role: 'user' },
    isActive: true,
    deletesAt: null,
    waitsSince: null,
    hasSecondFactor: id % 2 === 0,
    hasAuthenticator: id % 2 === 0,
    ...change,
  })
  return [
    {
      path: '/admin/people',
      label: words.people.sections['/admin/people'],
      view: () =>
        adminFrame({
          words,
          active: '/admin/people',
          title: words.people.sections['/admin/people'],
          content: peopleView({
            words,
            chosen: { text: '', state: null, role: null, factor: null, seen: null, sort: 'newest' },
            people: [listed(3, 'made-up'), listed(2, 'example'), listed(1, 'former', { isActive: false })],
            nextHref: null,
            firstHref: null,
            waiting: 0,
          }),
        }),
    },
    {
      path: '/admin/log',
      label: words.server.log.title,
      view: () =>
        adminFrame({
          words,
          active: '/admin/log',
          title: words.server.log.title,
          content: logView({
            words,
            asked: {},
            events: [
              logged(2, 'example', 'sign_in', now - minutes(4)),
              logged(3, 'made-up', 'register', now - hours(3)),
            ],
            isUnknown: false,
            fits: null,
            isLater: false,
            newestHref: '/admin/log',
            olderHref: null,
            exportHref: '/admin/log/export',
          }),
        }),
    },
  ]
}

const logged = (userId: number, username: string, name: AuditEventName, at: number): LoggedEvent => ({
  id: userId,
  at,
  event: name,
  result: 'ok',
  userId,
  username,
  actor: null,
  subject: null,
  address: HOME_ADDRESS,
  userAgent: '',
  session: null,
  requestId: 'sample-1',
  detail: {},
  previousHash: null,
  hash: null,
})
