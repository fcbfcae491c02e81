import { days, isoTime } from '../../lib/clock.ts'
import { AuthError } from '../../lib/errors.ts'
import { hasPassword, NO_PASSWORD } from '../../passwords/hasher.ts'
import { type Acting, makeResetLinkFor } from '../../sign-in/administer.ts'
import { WAITING_KEPT } from '../../sign-in/leave.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { type PeopleWanted, type PersonListed, peopleSorts } from '../../users/people-store.ts'
import { roles, userJson } from '../../users/user.ts'
import { textIn } from '../../words/host-text.ts'
import { english, type Words } from '../../words/words.ts'
import { actBody, adminAnswers } from '../admin-schemas.ts'
import { answers } from '../auth-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { adminFrame } from '../views/admin-frame.ts'
import {
  type AdminAct,
  actView,
  oneTimeLinkView,
  type PeopleChosen,
  peopleView,
  personView,
  seenWords,
} from '../views/admin-views.ts'
import type { FormError } from '../views/forms.ts'
import type { Notice } from '../views/layout.ts'
import { accountActs, deletion, type PartAct, partActs, resetLink } from './admin-acts.ts'
import { doneAnswer, isForm, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'

const PEOPLE = '/admin/people'
const PEOPLE_PER_PAGE = 25
const EVENTS_PER_PAGE = 25
const SIGN_INS_SHOWN = 10

/** The administration: people and what can be done to their accounts. Nothing of what people write stands here. */
export function adminPages(context: SignInContext, { origin, goesWith }: PageSettings): Route[] {
  const acts = [...accountActs, deletion(Math.ceil(context.leavingGrace / days(1)))]

  /** What is said of an act that has led back. */
  function noticeOf({ query, words }: Exchange): { readonly notice: Notice } | Record<string, never> {
    const asked = query.get('done')
    const text = [...acts, ...partActs].find(({ path }) => doneWord(path) === asked)?.words(words).done
    return text === undefined ? {} : { notice: { kind: 'done', text } }
  }

  async function personOf(exchange: Exchange): Promise<PersonListed> {
    const id = /^\d{1,15}$/.exec(exchange.params['id'] ?? '')?.[0]
    const person = id === undefined ? null : await context.people.find(Number(id))
    if (!person) throw new AuthError('not_found')
    return person
  }

  const acting = (exchange: Exchange, reason: string): Acting => ({
    by: sessionOf(exchange).user,
    client: exchange.client,
    reason,
  })

  async function people(exchange: Exchange): Promise<Response> {
    const chosen = chosenOf(exchange.query)
    const { people, next } = await context.people.page(
      wantedOf(exchange.query, chosen, context.clock()),
      PEOPLE_PER_PAGE,
    )
    if (exchange.wantsJson) return exchange.json({ success: true, people: people.map(personJson), next_after: next })
    const search = new URLSearchParams(exchange.query)
    search.delete('after')
    const firstHref = exchange.query.has('after') ? `${PEOPLE}?${search}` : null
    if (next !== null) search.set('after', next)
    const nextHref = next === null ? null : `${PEOPLE}?${search}`
    const waiting = chosen.state === 'waiting' ? 0 : await context.people.waiting()
    const { words } = exchange
    const content = peopleView({ words, chosen, people, firstHref, nextHref, waiting })
    const title = words.people.sections[PEOPLE]
    return exchange.page(adminFrame({ words, active: PEOPLE, title, content, ...noticeOf(exchange) }))
  }

  async function person(exchange: Exchange): Promise<Response> {
    const found = await personOf(exchange)
    const { id } = found.user
    if (exchange.wantsJson) return exchange.json({ success: true, person: personJson(found) })
    const before = /^\d{1,15}$/.exec(exchange.query.get('before') ?? '')?.[0]
    const [secondFactor, { passkeys }, sessions, programs, signIns, log, credentials, holds] = await Promise.all([
      context.factors.state(id),
      context.passkeys.list(id),
      context.sessions.list(id),
      context.tokens.list(id),
      context.audit.signIns(id, SIGN_INS_SHOWN),
      context.audit.history(id, EVENTS_PER_PAGE + 1, before === undefined ? undefined : Number(before)),
      context.users.findCredentials(id),
      goesWith(found.user),
    ])
    const events = log.slice(0, EVENTS_PER_PAGE)
    const last = log.length > events.length ? events.at(-1) : undefined
    const by = sessionOf(exchange).user
    const { words } = exchange
    const content = personView({
      words,
      person: found,
      hasPassword: hasPassword(credentials?.password_hash ?? NO_PASSWORD),
      secondFactor,
      passkeys,
      holds: holds.map((line) => textIn(line, words)),
      signIns,
      isOwn: id === by.id,
      now: context.clock(),
      doors: [...sessions, ...programs.map((program) => ({ ...program, lastSeenAt: program.lastUsedAt }))],
      events,
      olderHref: last ? `${PEOPLE}/${id}?before=${last.id}#log` : null,
      waitsUntil: found.waitsSince === null ? null : found.waitsSince + WAITING_KEPT,
      acts: [...acts.filter((act) => act.isOffered(found, by)), ...(found.isActive ? [resetLink] : [])],
    })
    const title = found.user.username
    return exchange.page(adminFrame({ words, active: PEOPLE, title, content, ...noticeOf(exchange) }))
  }

  const reasonPage =
    (act: AdminAct & Partial<Pick<PartAct, 'thing'>>) =>
    async (exchange: Exchange, errors: readonly FormError[] = [], reason = ''): Promise<PageView> => {
      const { user } = await personOf(exchange)
      const { words } = exchange
      const thing = await act.thing?.(context, user.id, exchange.params['part'] ?? '', words)
      if (act.thing && thing === undefined) throw new AuthError('not_found')
      const action = `${PEOPLE}/${user.id}/${act.path.replace(':part', exchange.params['part'] ?? '')}`
      const content = actView({ words, person: user, act, thing: thing ?? null, action, reason, errors })
      const title = words.people.act.title(act.words(words).label, thing ?? user.username)
      return adminFrame({ words, active: PEOPLE, title, content, errors })
    }

  /** The page that asks, and what its form posts. */
  function actRoutes(
    act: AdminAct & { readonly summary: string } & Partial<Pick<PartAct, 'thing'>>,
    answer: { readonly 200: (typeof answers)['message'] | (typeof adminAnswers)['resetLink']; readonly 303?: string },
    handle: (exchange: Exchange, userId: number, reason: string) => Promise<Response>,
  ): Route[] {
    const path = `${PEOPLE}/:id/${act.path}`
    const page = reasonPage(act)
    return [
      route({
        method: 'GET',
        path,
        access: 'admin',
        stepUp: true,
        summary: `Asks for a reason before: ${act.words(english).label}.`,
        handle: async (exchange) => exchange.page(await page(exchange)),
      }),
      routeOfForm({
        method: 'POST',
        path,
        access: 'admin',
        stepUp: true,
        summary: act.summary,
        body: actBody,
        answers: answer,
        async handle(exchange, { reason }) {
          const { user } = await personOf(exchange)
          if (!reason) throw new AuthError('invalid_fields', { fields: [reasonMissing] })
          return handle(exchange, user.id, reason)
        },
        onError: async (exchange, error, raw) =>
          showAgain(exchange, error, await page(exchange, errorsOf(error, exchange.words), raw('reason'))),
      }),
    ]
  }

  return [
    route({
      method: 'GET',
      path: '/admin',
      access: 'admin',
      summary: 'Leads to the people.',
      answers: { 303: 'To the people.' },
      handle: (exchange) => exchange.redirect(PEOPLE),
    }),
    route({
      method: 'GET',
      path: PEOPLE,
      access: 'admin',
      summary:
        'People; `q` searches names and addresses, `state`, `role`, `factor` and `seen` (the last sign-in) filter, `sort` is `newest`, `name` or `seen`, `after` goes on.',
      answers: { 200: adminAnswers.people },
      handle: people,
    }),
    route({
      method: 'GET',
      path: `${PEOPLE}/:id`,
      access: 'admin',
      summary:
        'A person: state, factors, devices and the log of the account, without secrets and nothing that was written.',
      answers: { 200: adminAnswers.person },
      handle: person,
    }),
    ...acts.flatMap((act) =>
      actRoutes(
        act,
        { 200: answers.message, 303: 'For a form: back to the person.' },
        async (exchange, userId, reason) => {
          await act.run(context, userId, acting(exchange, reason))
          const redirect = `${PEOPLE}${act.removes ? '' : `/${userId}`}?done=${act.path}`
          return isForm(exchange)
            ? exchange.redirect(redirect)
            : exchange.json({ success: true, message: act.words(english).done, redirect })
        },
      ),
    ),
    ...partActs.flatMap((act) =>
      actRoutes(
        act,
        { 200: answers.message, 303: 'For a form: back to the person.' },
        async (exchange, userId, reason) => {
          await act.run(context, userId, exchange.params['part'] ?? '', acting(exchange, reason))
          return doneAnswer(exchange, `${PEOPLE}/${userId}?done=${doneWord(act.path)}`, act.words(english).done)
        },
      ),
    ),
    ...actRoutes(
      { ...resetLink, summary: 'Makes a one-time link with which the person sets a new password (RST-09).' },
      { 200: adminAnswers.resetLink },
      async (exchange, userId, reason) => {
        const { token, expiresAt } = await makeResetLinkFor(context, userId, acting(exchange, reason))
        // Built from the configured address, never from a request (RST-04).
        const url = `${origin}/auth/reset?token=${token}`
        if (!isForm(exchange)) return exchange.json({ success: true, url, expires_at: expiresAt })
        const minutes = Math.round((expiresAt - context.clock()) / 60_000)
        const { words } = exchange
        const content = oneTimeLinkView({ url, minutes, back: `${PEOPLE}/${userId}` }, words)
        return exchange.page(adminFrame({ words, active: PEOPLE, title: words.people.link.title, content }))
      },
    ),
  ]
}

const doneWord = (path: string): string => path.replace('/:part/', '-')

const reasonMissing = { field: 'reason', code: 'required', message: english.people.act.reasonMissing }

function errorsOf(error: AuthError, words: Words): FormError[] {
  const { act: say } = words.people
  return wordedErrors(error, words, {
    'reason.required': say.reasonMissing,
    'reason.too_long': say.reasonTooLong,
    'reason.invalid': say.reasonInvalid,
    // Of one's own account, or of one that has changed since its page was drawn: the buttons were not there.
    forbidden: say.own,
    conflict: say.changed,
  })
}

const oneOf = <const T extends string>(words: readonly T[], text: string | null): T | null =>
  words.find((word) => word === text) ?? null

/** What the address asks for; a word that means nothing is left out. */
const chosenOf = (query: URLSearchParams): PeopleChosen => ({
  // PostgreSQL cannot even be asked for a NUL.
  text: (query.get('q') ?? '').replaceAll('\0', '').trim().slice(0, 100),
  state: oneOf(['active', 'waiting', 'disabled'], query.get('state')),
  role: oneOf(roles, query.get('role')),
  factor: oneOf(['on', 'off'], query.get('factor')),
  seen: oneOf(seenWords, query.get('seen')),
  sort: oneOf(peopleSorts, query.get('sort')) ?? 'newest',
})

function wantedOf(query: URLSearchParams, chosen: PeopleChosen, now: number): PeopleWanted {
  const { factor, seen, ...rest } = chosen
  return {
    ...rest,
    secondFactor: factor === null ? null : factor === 'on',
    seen: seen === null || seen === 'never' ? seen : seenSince(seen, now),
    after: query.get('after')?.replaceAll('\0', '').slice(0, 300) || null,
  }
}

/** `30` is within thirty days, `not-30` before. */
function seenSince(seen: string, now: number): PeopleWanted['seen'] {
  const at = now - days(Number(seen.replace('not-', '')))
  return seen.startsWith('not-') ? { before: at } : { since: at }
}

const personJson = ({ user, isActive, deletesAt, waitsSince, hasSecondFactor }: PersonListed) => ({
  ...userJson(user),
  role: user.role,
  is_active: isActive,
  deletes_at: deletesAt === null ? null : isoTime(deletesAt),
  waits_since: waitsSince === null ? null : isoTime(waitsSince),
  has_second_factor: hasSecondFactor,
  second_factor_demanded: user.secondFactorDemandedAt !== null,
})
