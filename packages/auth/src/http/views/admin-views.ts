import type { AccountEvent } from '../../audit/audit.ts'
import type { SecondFactorState } from '../../factors/factors.ts'
import type { PasskeyListed } from '../../passkeys/passkeys.ts'
import type { PeopleSort, PersonListed } from '../../users/people-store.ts'
import type { User } from '../../users/user.ts'
import { english } from '../../words/words.ts'
import { signInRow } from './devices-view.ts'
import { eventWords } from './event-words.ts'
import { button, errorFor, type FormError, field, select } from './forms.ts'
import { type Html, html, plural } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'
import { day } from './time-words.ts'

/** What an administrator can do to an account; each asks on a page of its own. */
export interface AdminAct {
  /** The last part of its address below the person's. */
  readonly path: string
  /** On the link that leads to it, and as the page's title. */
  readonly label: string
  /** What happens, in a sentence or two. */
  readonly words: string
  readonly danger: boolean
  /** Who reads the reason, where it is not the person in the log of the account. */
  readonly reasonHint?: string
}

/** When the last sign-in was: within so many days, not within them, or never. */
export const seenWords = ['7', '30', '90', 'not-30', 'not-90', 'not-365', 'never'] as const

/** Which people are wanted, in the words of the form. */
export interface PeopleChosen {
  /** Part of a name or address; '' for all. */
  readonly text: string
  readonly state: 'active' | 'waiting' | 'disabled' | null
  readonly role: User['role'] | null
  readonly factor: 'on' | 'off' | null
  readonly seen: (typeof seenWords)[number] | null
  readonly sort: PeopleSort
}

export interface PeopleView {
  readonly chosen: PeopleChosen
  readonly people: readonly PersonListed[]
  /** Address of the page after this one, or null. */
  readonly nextHref: string | null
  /** Address of the first page, or null where this is it. */
  readonly firstHref: string | null
  /** How many people wait for approval, where this page does not show them. */
  readonly waiting: number
}

const seenLabels: Readonly<Record<(typeof seenWords)[number], string>> = {
  7: 'In the last 7 days',
  30: 'In the last 30 days',
  90: 'In the last 90 days',
  'not-30': 'Not in the last 30 days',
  'not-90': 'Not in the last 90 days',
  'not-365': 'Not in the last year',
  never: 'Never',
}

const sorts: Readonly<Record<PeopleSort, string>> = {
  newest: 'The newest account first',
  name: 'By name',
  seen: 'The last sign-in first',
}

const choices = <Value extends string>(labels: Readonly<Record<Value, string>>) =>
  Object.entries<string>(labels).map(([value, label]) => ({ value, label }))

/** People with search and filters, a row each, which is a card where there is little room (AD1). */
export function peopleView({ chosen, people, nextHref, firstHref, waiting }: PeopleView): Html {
  const { text, state, role, factor, seen, sort } = chosen
  const isFiltered = [state, role, factor, seen].some((one) => one !== null) || sort !== 'newest'
  return html`${waiting > 0 && html`<p><a href="/admin/people?state=waiting">${plural(waiting, 'account waits', 'accounts wait')} for your approval</a></p>`}
<form method="get" action="/admin/people" role="search">
${field({ name: 'q', label: 'Name or e-mail address', type: 'search', value: text, required: false, verbatim: true, dir: 'auto', maxlength: 100 })}
<details${isFiltered && ' open'}><summary>Filters and order</summary>
${select({ name: 'state', label: 'State', value: state ?? '', options: [any, { value: 'active', label: 'Active' }, { value: 'waiting', label: 'Waits for approval' }, { value: 'disabled', label: 'Disabled' }] })}
${select({ name: 'role', label: 'Role', value: role ?? '', options: [any, { value: 'user', label: 'User' }, { value: 'admin', label: 'Administrator' }] })}
${select({
  name: 'factor',
  label: 'Second step',
  value: factor ?? '',
  options: [any, { value: 'on', label: 'Set up' }, { value: 'off', label: 'Not set up' }],
})}
${select({ name: 'seen', label: 'Last sign-in', value: seen ?? '', options: [any, ...seenWords.map((value) => ({ value, label: seenLabels[value] }))] })}
${select({ name: 'sort', label: 'Order', value: sort, options: choices(sorts) })}
</details>
<div class="actions section-end">${button({ label: 'Search', kind: 'secondary' })}</div>
</form>
<div class="section-end">${people.length === 0 ? html`<p>Nobody fits.</p>` : rowList(people.map(personRow))}</div>
${
  (firstHref !== null || nextHref !== null) &&
  html`<nav class="actions section-end" aria-label="Pages">${firstHref !== null && html`<a class="btn btn-secondary" href="${firstHref}">The first page</a>`}${
    nextHref !== null && html`<a class="btn btn-secondary" href="${nextHref}">More people</a>`
  }</nav>`
}`
}

const any = { value: '', label: 'All' }

function personRow(person: PersonListed): Html {
  const { user, hasSecondFactor } = person
  return row({
    title: user.username,
    href: `/admin/people/${user.id}`,
    mark: marks(person),
    text: html`${user.email !== null && html`<bdi>${user.email}</bdi>, `}${hasSecondFactor ? 'second step' : 'no second step'}, ${
      user.lastLogin === null ? 'never signed in' : html`last signed in ${day(Date.parse(user.lastLogin))}`
    }`,
    whole: true,
  })
}

/** Words, never colour alone. */
const marks = ({ user, isActive, deletesAt, waitsSince }: PersonListed): Html => {
  const state = waitsSince !== null ? 'Waits for approval' : deletesAt === null ? 'Disabled' : 'Closed'
  return html`${user.role === 'admin' && html`<span class="badge">Administrator</span>`}${!isActive && html`<span class="badge badge-warning">${state}</span>`}`
}

/** A signed-in browser or program of somebody else. */
export interface OpenDoor {
  readonly id: string
  readonly device: string
  readonly address: string
  readonly lastSeenAt: number
}

export interface PersonView {
  readonly person: PersonListed
  readonly hasPassword: boolean
  readonly secondFactor: SecondFactorState
  /** Security keys, too. */
  readonly passkeys: readonly PasskeyListed[]
  /** What the person has here, counted, a line each: no word of it. */
  readonly holds: readonly string[]
  /** Whoever looks is the person: one's own factors are changed in the settings. */
  readonly isOwn: boolean
  /** The sign-ins of late. */
  readonly signIns: readonly AccountEvent[]
  /** Milliseconds since 1970. */
  readonly now: number
  readonly doors: readonly OpenDoor[]
  readonly events: readonly AccountEvent[]
  /** Address of the events before these, or null. */
  readonly olderHref: string | null
  /** When the account is deleted because nobody has let it in, in milliseconds since 1970. */
  readonly waitsUntil: number | null
  /** What can be done to this account now. */
  readonly acts: readonly AdminAct[]
}

/** How an account stands and what can be done; nothing of what the person writes (AD2). */
export function personView({
  now,
  person,
  hasPassword,
  secondFactor,
  passkeys,
  holds,
  isOwn,
  signIns,
  doors,
  events,
  olderHref,
  waitsUntil,
  acts,
}: PersonView): Html {
  const { user, isActive, deletesAt } = person
  const { authenticators, recoveryCodesLeft } = secondFactor
  const keys = passkeys.filter(({ kind }) => kind === 'security_key').length
  const alone = passkeys.length - keys
  const home = `/admin/people/${user.id}`
  return html`<div class="section">${(user.role === 'admin' || !isActive) && html`<p>${marks(person)}</p>`}
<dl class="facts">
<dt>Number</dt><dd>${user.id}</dd>
<dt>E-mail address</dt><dd>${user.email === null ? 'None' : html`<bdi>${user.email}</bdi>${!user.emailConfirmed && ', not confirmed'}`}</dd>
<dt>Account made</dt><dd>${relativeTime(Date.parse(user.createdAt), now)}</dd>
<dt>Last sign-in</dt><dd>${user.lastLogin === null ? 'Never' : relativeTime(Date.parse(user.lastLogin), now)}</dd>
<dt>Password</dt><dd>${hasPassword ? 'Set' : 'None'}</dd>
${waitsUntil !== null && html`<dt>Deleted if nobody approves it</dt><dd>${day(waitsUntil)}</dd>`}
${deletesAt !== null && html`<dt>To be deleted</dt><dd>${relativeTime(deletesAt, now)}</dd>`}
<dt>Passkeys</dt><dd>${alone === 0 ? 'None' : alone}</dd>
<dt>Second step</dt><dd>${
    authenticators.length === 0
      ? 'Not set up'
      : `${plural(authenticators.length, 'authenticator', 'authenticators')}, ${keys > 0 ? `${plural(keys, 'security key', 'security keys')}, ` : ''}${plural(recoveryCodesLeft, 'recovery code', 'recovery codes')} left`
  }${user.secondFactorDemandedAt !== null && html`, demanded since ${day(user.secondFactorDemandedAt)}`}</dd>
${holds.length > 0 && html`<dt>What is stored</dt><dd>${holds.map((line, n) => html`${n > 0 && html`<br>`}${line}`)}</dd>`}
</dl></div>
${section({
  id: 'acts',
  title: 'What you can do',
  intro: 'Each of these stands in your log and in this person’s.',
  body: html`<div class="actions section-end">${acts.map(
    ({ path, label, danger }) =>
      html`<a class="btn ${danger ? 'btn-danger' : 'btn-secondary'}" href="${home}/${path}">${label}</a>`,
  )}</div>`,
})}
${
  authenticators.length + passkeys.length > 0 &&
  section({
    id: 'factors',
    title: 'Authenticators, passkeys and security keys',
    body: rowList([
      ...authenticators.map((one) =>
        factorRow(one, 'Authenticator', isOwn ? null : `${home}/authenticators/${one.id}/remove`, now),
      ),
      ...passkeys.map((one) => {
        const { name, path } = kinds[one.kind]
        return factorRow(one, name, isOwn ? null : `${home}/${path}/${one.id}/remove`, now)
      }),
    ]),
  })
}
${section({
  id: 'devices',
  title: 'Signed-in devices',
  body:
    doors.length === 0
      ? html`<p>None.</p>`
      : rowList(
          doors.map(({ id, device, address, lastSeenAt }) =>
            row({
              title: device,
              whole: true,
              text: html`Last active ${relativeTime(lastSeenAt, now)}, from ${address}`,
              action: actLink(`${home}/sessions/${id}/end`, 'Sign out', device),
            }),
          ),
        ),
})}
${section({
  id: 'sign-ins',
  title: 'Recent sign-ins',
  body:
    signIns.length === 0
      ? html`<p>None.</p>`
      : rowList(signIns.map((event) => signInRow(event, { words: english, places: new Map(), now }))),
})}
${section({
  id: 'log',
  title: 'What happened',
  action: html`<a href="/admin/log?person=${user.id}">In the log</a>`,
  body: html`${
    events.length === 0
      ? html`<p>There is nothing older.</p>`
      : rowList(
          events.map((event) =>
            row({
              title: eventWords(event),
              whole: true,
              text: html`${relativeTime(event.at, now)}${event.actor === null && html`, ${event.device}, from ${event.address}`}`,
            }),
          ),
        )
  }
${olderHref !== null && html`<p><a href="${olderHref}">Older</a></p>`}`,
})}`
}

const actLink = (href: string, label: string, thing: Html | string): Html =>
  html`<a class="btn btn-quiet" href="${href}">${label}<span class="visually-hidden"> ${thing}</span></a>`

const kinds = {
  passkey: { name: 'Passkey', path: 'passkeys' },
  security_key: { name: 'Security key', path: 'security-keys' },
} as const

/** Without the name that its owner has given it. */
function factorRow(
  { createdAt, lastUsedAt }: Pick<PasskeyListed, 'createdAt' | 'lastUsedAt'>,
  kind: string,
  href: string | null,
  now: number,
): Html {
  return row({
    title: kind,
    whole: true,
    text: html`Added ${day(createdAt)}, ${lastUsedAt === null ? 'never used' : html`last used ${relativeTime(lastUsedAt, now)}`}`,
    ...(href !== null && { action: actLink(href, 'Remove', html`${kind} of ${day(createdAt)}`) }),
  })
}

export interface ActView {
  readonly person: User
  readonly act: AdminAct
  /** The one thing of the person that it is done to, or null for the whole account. */
  readonly thing: string | null
  /** Where the form posts to. */
  readonly action: string
  readonly reason: string
  readonly errors: readonly FormError[]
}

/** Asks before something is done to an account, and why. */
export function actView({ person, act, thing, action, reason, errors }: ActView): Html {
  return html`${thing !== null && html`<p>Account: <bdi>${person.username}</bdi></p>`}
<p>${act.words}</p>
<form method="post" action="${action}" novalidate data-once>
${field({
  name: 'reason',
  label: 'Reason',
  hint: act.reasonHint ?? 'The person reads it in the log of the account and, where there is mail, in a letter.',
  value: reason,
  error: errorFor(errors, 'reason'),
  maxlength: 200,
  dir: 'auto',
})}
<div class="actions">${button({ label: act.label, kind: act.danger ? 'danger' : 'primary' })}<a class="btn btn-quiet" href="/admin/people/${person.id}">Leave it as it is</a></div>
</form>`
}

/** The link, this once. */
export function oneTimeLinkView({ url, minutes, back }: { url: string; minutes: number; back: string }): Html {
  return html`<p>Give it to that person alone, by a way that nobody else reads. It works once and for ${plural(minutes, 'minute', 'minutes')}, and is shown this once. Earlier links are void.</p>
<pre class="command" dir="ltr" tabindex="0" aria-label="One-time link"><code>${url}</code></pre>
<p><a class="btn btn-secondary" href="${back}">Back to the account</a></p>`
}
