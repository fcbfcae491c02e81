import type { AccountEvent } from '../../audit/audit.ts'
import type { SecondFactorState } from '../../factors/factors.ts'
import type { PasskeyListed } from '../../passkeys/passkeys.ts'
import type { PeopleSort, PersonListed } from '../../users/people-store.ts'
import type { User } from '../../users/user.ts'
import { deviceWords } from '../../words/device-words.ts'
import type { Words } from '../../words/words.ts'
import { signInRow } from './devices-view.ts'
import { eventWords } from './event-words.ts'
import { button, errorFor, type FormError, field, select } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'
import { day } from './time-words.ts'

/** What is said of an act. */
export interface ActWords {
  /** On the link that leads to it, and as the page's title. */
  readonly label: string
  /** What happens, in a sentence or two. */
  readonly text: string
  /** Afterwards. */
  readonly done?: string
  /** Who reads the reason, where it is not the person in the log of the account. */
  readonly reasonHint?: string
}

/** What an administrator can do to an account; each asks on a page of its own. */
export interface AdminAct {
  /** The last part of its address below the person's. */
  readonly path: string
  readonly words: (words: Words) => ActWords
  readonly danger: boolean
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
  readonly words: Words
  readonly chosen: PeopleChosen
  readonly people: readonly PersonListed[]
  /** Address of the page after this one, or null. */
  readonly nextHref: string | null
  /** Address of the first page, or null where this is it. */
  readonly firstHref: string | null
  /** How many people wait for approval, where this page does not show them. */
  readonly waiting: number
}

const choices = <Value extends string>(labels: Readonly<Record<Value, string>>) =>
  Object.entries<string>(labels).map(([value, label]) => ({ value, label }))

/** People with search and filters, a row each, which is a card where there is little room (AD1). */
export function peopleView({ words, chosen, people, nextHref, firstHref, waiting }: PeopleView): Html {
  const { list: say } = words.people
  const any = { value: '', label: say.all }
  const { text, state, role, factor, seen, sort } = chosen
  const isFiltered = [state, role, factor, seen].some((one) => one !== null) || sort !== 'newest'
  return html`${waiting > 0 && html`<p><a href="/admin/people?state=waiting">${say.wait(waiting)}</a></p>`}
<form method="get" action="/admin/people" role="search">
${field({ name: 'q', words, label: say.search, type: 'search', value: text, required: false, verbatim: true, dir: 'auto', maxlength: 100 })}
<details${isFiltered && ' open'}><summary>${say.filters}</summary>
${select({ name: 'state', label: say.state, value: state ?? '', options: [any, ...choices(say.states)] })}
${select({ name: 'role', label: say.role, value: role ?? '', options: [any, ...choices(say.roles)] })}
${select({
  name: 'factor',
  label: say.factor,
  value: factor ?? '',
  options: [any, ...choices(say.factors)],
})}
${select({ name: 'seen', label: say.seen, value: seen ?? '', options: [any, ...seenWords.map((value) => ({ value, label: say.seenIn[value] }))] })}
${select({ name: 'sort', label: say.order, value: sort, options: choices(say.orders) })}
</details>
<div class="actions section-end">${button({ label: say.find, kind: 'secondary' })}</div>
</form>
<div class="section-end">${people.length === 0 ? html`<p>${say.nobody}</p>` : rowList(people.map((one) => personRow(one, words)))}</div>
${
  (firstHref !== null || nextHref !== null) &&
  html`<nav class="actions section-end" aria-label="${say.pages}">${firstHref !== null && html`<a class="btn btn-secondary" href="${firstHref}">${say.first}</a>`}${
    nextHref !== null && html`<a class="btn btn-secondary" href="${nextHref}">${say.more}</a>`
  }</nav>`
}`
}

function personRow(person: PersonListed, words: Words): Html {
  const { list: say } = words.people
  const { user, hasSecondFactor } = person
  return row({
    title: user.username,
    href: `/admin/people/${user.id}`,
    mark: marks(person, words),
    text: html`${user.email !== null && html`<bdi>${user.email}</bdi>, `}${hasSecondFactor ? say.secondStep : say.noSecondStep}, ${
      user.lastLogin === null ? say.neverSignedIn : html`${say.lastSignedIn}${day(Date.parse(user.lastLogin), words)}`
    }`,
    whole: true,
  })
}

/** Words, never colour alone. */
const marks = ({ user, isActive, deletesAt, waitsSince }: PersonListed, { people: { list: say } }: Words): Html => {
  const state = waitsSince !== null ? say.states.waiting : deletesAt === null ? say.states.disabled : say.closed
  return html`${user.role === 'admin' && html`<span class="badge">${say.roles.admin}</span>`}${!isActive && html`<span class="badge badge-warning">${state}</span>`}`
}

/** A signed-in browser or program of somebody else. */
export interface OpenDoor {
  readonly id: string
  readonly device: string
  readonly address: string
  readonly lastSeenAt: number
}

export interface PersonView {
  readonly words: Words
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
  words,
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
  const { person: say } = words.people
  const { user, isActive, deletesAt } = person
  const { authenticators, recoveryCodesLeft } = secondFactor
  const keys = passkeys.filter(({ kind }) => kind === 'security_key').length
  const steps =
    authenticators.length > 0
      ? [say.authenticators(authenticators.length), ...(keys > 0 ? [say.securityKeys(keys)] : [])]
      : [person.hasSecondFactor ? say.byPasskey : say.notSetUp]
  const left = authenticators.length > 0 || recoveryCodesLeft > 0 ? [say.codesLeft(recoveryCodesLeft)] : []
  const alone = passkeys.length - keys
  const home = `/admin/people/${user.id}`
  return html`<div class="section">${(user.role === 'admin' || !isActive) && html`<p>${marks(person, words)}</p>`}
<dl class="facts">
<dt>${say.number}</dt><dd>${user.id}</dd>
<dt>${say.address}</dt><dd>${user.email === null ? say.none : html`<bdi>${user.email}</bdi>${!user.emailConfirmed && say.notConfirmed}`}</dd>
<dt>${say.made}</dt><dd>${relativeTime(Date.parse(user.createdAt), now, words)}</dd>
<dt>${say.lastSignIn}</dt><dd>${user.lastLogin === null ? say.never : relativeTime(Date.parse(user.lastLogin), now, words)}</dd>
<dt>${say.password}</dt><dd>${hasPassword ? say.set : say.noPassword}</dd>
${waitsUntil !== null && html`<dt>${say.deletedUnless}</dt><dd>${day(waitsUntil, words)}</dd>`}
${deletesAt !== null && html`<dt>${say.deleted}</dt><dd>${relativeTime(deletesAt, now, words)}</dd>`}
<dt>${say.passkeys}</dt><dd>${alone === 0 ? say.none : alone}</dd>
<dt>${say.secondStep}</dt><dd>${[...steps, ...left].join(', ')}${user.secondFactorDemandedAt !== null && html`${say.demanded}${day(user.secondFactorDemandedAt, words)}`}</dd>
${holds.length > 0 && html`<dt>${say.holds}</dt><dd>${holds.map((line, n) => html`${n > 0 && html`<br>`}${line}`)}</dd>`}
</dl></div>
${section({
  id: 'acts',
  title: say.acts,
  intro: say.actsIntro,
  body: html`<div class="actions section-end">${acts.map(
    ({ path, words: said, danger }) =>
      html`<a class="btn ${danger ? 'btn-danger' : 'btn-secondary'}" href="${home}/${path}">${said(words).label}</a>`,
  )}</div>`,
})}
${
  authenticators.length + passkeys.length > 0 &&
  section({
    id: 'factors',
    title: say.factors,
    body: rowList([
      ...authenticators.map((one) =>
        factorRow(one, {
          words,
          kind: 'authenticator',
          href: isOwn ? null : `${home}/authenticators/${one.id}/remove`,
          now,
        }),
      ),
      ...passkeys.map((one) => {
        const href = isOwn ? null : `${home}/${paths[one.kind]}/${one.id}/remove`
        return factorRow(one, { words, kind: one.kind, href, now })
      }),
    ]),
  })
}
${section({
  id: 'devices',
  title: say.devices,
  body:
    doors.length === 0
      ? html`<p>${say.nothing}</p>`
      : rowList(
          doors.map(({ id, device, address, lastSeenAt }) =>
            row({
              title: deviceWords(device, words),
              whole: true,
              text: html`${say.lastActive.before}${relativeTime(lastSeenAt, now, words)}${say.lastActive.from}${address}`,
              action: actLink(`${home}/sessions/${id}/end`, say.signOut, deviceWords(device, words)),
            }),
          ),
        ),
})}
${section({
  id: 'sign-ins',
  title: say.signIns,
  body:
    signIns.length === 0
      ? html`<p>${say.nothing}</p>`
      : rowList(signIns.map((event) => signInRow(event, { words, places: new Map(), now }))),
})}
${section({
  id: 'log',
  title: say.log,
  action: html`<a href="/admin/log?person=${user.id}">${say.inLog}</a>`,
  body: html`${
    events.length === 0
      ? html`<p>${say.nothingOlder}</p>`
      : rowList(
          events.map((event) =>
            row({
              title: eventWords(event, words),
              whole: true,
              text: html`${relativeTime(event.at, now, words)}${event.actor === null && html`, ${deviceWords(event.device, words)}, ${say.from} ${event.address}`}`,
            }),
          ),
        )
  }
${olderHref !== null && html`<p><a href="${olderHref}">${say.older}</a></p>`}`,
})}`
}

const actLink = (href: string, label: string, thing: Html | string): Html =>
  html`<a class="btn btn-quiet" href="${href}">${label}<span class="visually-hidden"> ${thing}</span></a>`

const paths = { passkey: 'passkeys', security_key: 'security-keys' } as const

type FactorKind = keyof Words['people']['person']['kinds']

/** Without the name that its owner has given it. */
function factorRow(
  { createdAt, lastUsedAt }: Pick<PasskeyListed, 'createdAt' | 'lastUsedAt'>,
  { words, kind, href, now }: { words: Words; kind: FactorKind; href: string | null; now: number },
): Html {
  const { person: say } = words.people
  const name = say.kinds[kind]
  const added = day(createdAt, words)
  const used = lastUsedAt === null ? say.neverUsed : html`${say.lastUsed}${relativeTime(lastUsedAt, now, words)}`
  return row({
    title: name,
    whole: true,
    text: html`${say.added}${added}${used}`,
    ...(href !== null && { action: actLink(href, say.remove, html`${name}${say.of}${added}`) }),
  })
}

export interface ActView {
  readonly words: Words
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
export function actView({ words, person, act, thing, action, reason, errors }: ActView): Html {
  const { act: say } = words.people
  const said = act.words(words)
  return html`${thing !== null && html`<p>${say.account}<bdi>${person.username}</bdi></p>`}
<p>${said.text}</p>
<form method="post" action="${action}" novalidate data-once>
${field({
  words,
  name: 'reason',
  label: say.reason,
  hint: said.reasonHint ?? say.reasonHint,
  value: reason,
  error: errorFor(errors, 'reason'),
  maxlength: 200,
  dir: 'auto',
})}
<div class="actions">${button({ label: said.label, kind: act.danger ? 'danger' : 'primary' })}<a class="btn btn-quiet" href="/admin/people/${person.id}">${say.leave}</a></div>
</form>`
}

/** The link, this once. */
export function oneTimeLinkView(
  { url, minutes, back }: { url: string; minutes: number; back: string },
  { people: { link: say } }: Words,
): Html {
  return html`<p>${say.give(minutes)}</p>
<pre class="command" dir="ltr" tabindex="0" aria-label="${say.label}"><code>${url}</code></pre>
<p><a class="btn btn-secondary" href="${back}">${say.back}</a></p>`
}
