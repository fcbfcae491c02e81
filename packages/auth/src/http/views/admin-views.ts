import type { AccountEvent } from '../../audit/audit.ts'
import type { SecondFactorState } from '../../factors/factors.ts'
import type { PeopleWanted, PersonListed } from '../../users/people-store.ts'
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
  readonly needsReason: boolean
}

export interface PeopleView {
  readonly wanted: Omit<PeopleWanted, 'before'>
  readonly people: readonly PersonListed[]
  /** Address of the page after this one, or null. */
  readonly nextHref: string | null
  /** This page does not begin with the newest account. */
  readonly isLater: boolean
}

/** People with search and filters, a row each, which is a card where there is little room (AD1). */
export function peopleView({ wanted, people, nextHref, isLater }: PeopleView): Html {
  const { text, state, role, secondFactor } = wanted
  return html`<form method="get" action="/admin/people" role="search">
${field({ name: 'q', label: 'Name or e-mail address', type: 'search', value: text, required: false, verbatim: true, dir: 'auto', maxlength: 100 })}
<details${(state !== null || role !== null || secondFactor !== null) && ' open'}><summary>Filters</summary>
${select({ name: 'state', label: 'State', value: state ?? '', options: [any, { value: 'active', label: 'Active' }, { value: 'disabled', label: 'Disabled' }] })}
${select({ name: 'role', label: 'Role', value: role ?? '', options: [any, { value: 'user', label: 'User' }, { value: 'admin', label: 'Administrator' }] })}
${select({
  name: 'factor',
  label: 'Second step',
  value: secondFactor === null ? '' : secondFactor ? 'on' : 'off',
  options: [any, { value: 'on', label: 'Set up' }, { value: 'off', label: 'Not set up' }],
})}
</details>
<div class="actions section-end">${button({ label: 'Search', kind: 'secondary' })}</div>
</form>
<div class="section-end">${people.length === 0 ? html`<p>Nobody fits.</p>` : rowList(people.map(personRow))}</div>
${
  (isLater || nextHref !== null) &&
  html`<nav class="actions section-end" aria-label="Pages">${isLater && html`<a class="btn btn-secondary" href="/admin/people">The newest</a>`}${
    nextHref !== null && html`<a class="btn btn-secondary" href="${nextHref}">Older accounts</a>`
  }</nav>`
}`
}

const any = { value: '', label: 'All' }

function personRow({ user, isActive, hasSecondFactor }: PersonListed): Html {
  return row({
    title: user.username,
    href: `/admin/people/${user.id}`,
    mark: marks(user.role === 'admin', isActive),
    text: html`${user.email !== null && html`<bdi>${user.email}</bdi>, `}${hasSecondFactor ? 'second step' : 'no second step'}, ${
      user.lastLogin === null ? 'never signed in' : html`last signed in ${day(Date.parse(user.lastLogin))}`
    }`,
    whole: true,
  })
}

/** Words, never colour alone. */
const marks = (isAdmin: boolean, isActive: boolean): Html =>
  html`${isAdmin && html`<span class="badge">Administrator</span>`}${!isActive && html`<span class="badge badge-warning">Disabled</span>`}`

/** A signed-in browser or program of somebody else. */
export interface OpenDoor {
  readonly device: string
  readonly address: string
  readonly lastSeenAt: number
}

export interface PersonView {
  readonly person: PersonListed
  readonly hasPassword: boolean
  readonly secondFactor: SecondFactorState
  readonly passkeys: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly doors: readonly OpenDoor[]
  readonly events: readonly AccountEvent[]
  /** Address of the events before these, or null. */
  readonly olderHref: string | null
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
  doors,
  events,
  olderHref,
  acts,
}: PersonView): Html {
  const { user, isActive } = person
  const { authenticators, recoveryCodesLeft } = secondFactor
  const isAdmin = user.role === 'admin'
  return html`<div class="section">${(isAdmin || !isActive) && html`<p>${marks(isAdmin, isActive)}</p>`}
<dl class="facts">
<dt>Number</dt><dd>${user.id}</dd>
<dt>E-mail address</dt><dd>${user.email === null ? 'None' : html`<bdi>${user.email}</bdi>${!user.emailConfirmed && ', not confirmed'}`}</dd>
<dt>Account made</dt><dd>${relativeTime(Date.parse(user.createdAt), now)}</dd>
<dt>Last sign-in</dt><dd>${user.lastLogin === null ? 'Never' : relativeTime(Date.parse(user.lastLogin), now)}</dd>
<dt>Password</dt><dd>${hasPassword ? 'Set' : 'None'}</dd>
<dt>Passkeys</dt><dd>${passkeys === 0 ? 'None' : passkeys}</dd>
<dt>Second step</dt><dd>${
    authenticators.length === 0
      ? 'Not set up'
      : `${plural(authenticators.length, 'authenticator', 'authenticators')}, ${plural(recoveryCodesLeft, 'recovery code', 'recovery codes')} left`
  }${user.secondFactorDemandedAt !== null && html`, demanded since ${day(user.secondFactorDemandedAt)}`}</dd>
</dl></div>
${section({
  id: 'acts',
  title: 'What you can do',
  intro: 'Each of these stands in your log and in this person’s.',
  body: html`<div class="actions section-end">${acts.map(
    ({ path, label, danger }) =>
      html`<a class="btn ${danger ? 'btn-danger' : 'btn-secondary'}" href="/admin/people/${user.id}/${path}">${label}</a>`,
  )}</div>`,
})}
${section({
  id: 'devices',
  title: 'Signed-in devices',
  body:
    doors.length === 0
      ? html`<p>None.</p>`
      : rowList(
          doors.map(({ device, address, lastSeenAt }) =>
            row({
              title: device,
              whole: true,
              text: html`Last active ${relativeTime(lastSeenAt, now)}, from ${address}`,
            }),
          ),
        ),
})}
${section({
  id: 'log',
  title: 'What happened',
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

export interface ActView {
  readonly person: PersonListed
  readonly act: AdminAct
  readonly reason: string
  readonly errors: readonly FormError[]
}

/** Asks before something is done to an account, and why. */
export function actView({ person, act, reason, errors }: ActView): Html {
  const home = `/admin/people/${person.user.id}`
  return html`<p>${act.words}</p>
<form method="post" action="${home}/${act.path}" novalidate data-once>
${field({
  name: 'reason',
  label: 'Reason',
  hint: 'The person reads it in the log of the account.',
  value: reason,
  error: errorFor(errors, 'reason'),
  optional: !act.needsReason,
  maxlength: 200,
  dir: 'auto',
})}
<div class="actions">${button({ label: act.label, kind: act.danger ? 'danger' : 'primary' })}<a class="btn btn-quiet" href="${home}">Leave it as it is</a></div>
</form>`
}

/** The link, this once. */
export function oneTimeLinkView({ url, minutes, back }: { url: string; minutes: number; back: string }): Html {
  return html`<p>Give it to that person alone, by a way that nobody else reads. It works once and for ${plural(minutes, 'minute', 'minutes')}, and is shown this once. Earlier links are void.</p>
<pre class="command" dir="ltr" tabindex="0" aria-label="One-time link"><code>${url}</code></pre>
<p><a class="btn btn-secondary" href="${back}">Back to the account</a></p>`
}
