import { days, hours, minutes } from '../../lib/clock.ts'
import type { Limit } from '../../limits/limit-rules.ts'
import { type Html, html, plural } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'

/** What each counter counts, by the first word of its keys, in the order of the page. One that is not here is not shown. */
export const limitKinds: ReadonlyMap<string, string> = new Map(
  Object.entries({
    pair: 'Failed sign-ins to one account from one address',
    address: 'Failed sign-ins from one address',
    streak: 'Failed sign-ins to one account without a right one; then only known devices get in',
    device: 'Failed sign-ins to one account from one known device',
    'second-factor': 'Wrong codes for one account',
    'second-factor-strangers': 'Wrong codes for one account from unknown devices',
    change: 'Wrong current passwords of one account',
    username: 'User names that one account tries',
    register: 'Registrations from one address',
    forgot: 'Letters asked for from one address',
    'forgot-account': 'Letters for a new password to one account',
    'confirm-address': 'Letters to confirm an address, for one account',
    'confirm-mailbox': 'Letters to confirm an address, to one mailbox',
    passkey: 'Passkeys asked for from one address',
    provider: 'Ways to other services begun from one address',
    'device-code': 'Sign-ins of programs begun from one address',
    'user-code': 'Wrong codes of programs, typed in one account',
    'user-code-network': 'Wrong codes of programs, typed from one address',
    'user-codes': 'Wrong codes of programs, typed by everybody together',
  }),
)

/** Somebody who is turned away for now. */
export interface StandingShown {
  readonly label: string
  /** Null where it is no account, or one that is gone. */
  readonly account: { readonly id: number; readonly username: string } | null
  readonly network: string | null
  /** All count together, and all are turned away. */
  readonly everybody: boolean
  /** Milliseconds since 1970. */
  readonly until: number
}

export interface LimitsView {
  readonly standing: readonly StandingShown[]
  readonly limits: readonly { readonly label: string; readonly limit: Limit }[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Who is turned away by a limit now, and what the limits are (AD7). */
export function limitsView({ standing, limits, now }: LimitsView): Html {
  return html`${section({
    id: 'standing',
    title: 'Turned away now',
    intro:
      'It passes by itself. Whoever is signed in stays so. Failed sign-ins to an account can be forgotten on the page of the person.',
    body: standing.length === 0 ? html`<p>Nobody.</p>` : rowList(standing.map((one) => standingRow(one, now))),
  })}
${section({
  id: 'limits',
  title: 'The limits',
  intro: 'Whoever runs the server can change some of them in its settings. Addresses of IPv6 count by their network.',
  body: html`<dl class="facts">${limits.map(({ label, limit }) => html`<dt>${label}</dt><dd>${budgetWords(limit)}</dd>`)}</dl>`,
})}`
}

function standingRow({ label, account, network, everybody, until }: StandingShown, now: number): Html {
  return row({
    title: account?.username ?? network ?? (everybody ? 'Everybody' : 'An account or mailbox'),
    ...(account && { href: `/admin/people/${account.id}` }),
    text: html`${label}${account && network !== null && html`: <bdi>${network}</bdi>`}. Until ${relativeTime(until, now)}`,
    whole: true,
  })
}

const units = [
  { size: days(1), one: 'day', many: 'days' },
  { size: hours(1), one: 'hour', many: 'hours' },
  { size: minutes(1), one: 'minute', many: 'minutes' },
]

/** "10 in 15 minutes", "100 in a row, forgotten after 1 day". */
export function budgetWords({ kind, budget, period }: Limit): string {
  const unit = units.find(({ size }) => period % size === 0)
  const time = unit ? plural(period / unit.size, unit.one, unit.many) : `${Math.round(period / 1000)} seconds`
  return kind === 'streak' ? `${budget} in a row, forgotten after ${time} without one` : `${budget} in ${time}`
}
