import { AuthError } from '../../lib/errors.ts'
import { hasPassword, NO_PASSWORD } from '../../passwords/hasher.ts'
import {
  type Acting,
  confirmAddressOf,
  demandSecondFactor,
  endSessions,
  makeResetLinkFor,
  removeSecondFactor,
  setAccountActive,
  setRole,
  withdrawDemand,
} from '../../sign-in/administer.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import type { PeopleWanted, PersonListed } from '../../users/people-store.ts'
import { hasToConfirm, type User, userJson } from '../../users/user.ts'
import { actBody, answers } from '../auth-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { adminFrame } from '../views/admin-frame.ts'
import { type AdminAct, actView, oneTimeLinkView, peopleView, personView } from '../views/admin-views.ts'
import type { FormError } from '../views/forms.ts'
import type { Notice } from '../views/layout.ts'
import { formErrors, isForm, showAgain } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'

const PEOPLE = '/admin/people'
const PEOPLE_PER_PAGE = 25
const EVENTS_PER_PAGE = 25

/** An act as it is drawn, when it is offered, and what it does. */
interface ActRow extends AdminAct {
  /** One sentence for the API document. */
  readonly summary: string
  readonly done: string
  readonly isOffered: (person: PersonListed, by: User) => boolean
  readonly run: (context: SignInContext, userId: number, acting: Acting) => Promise<void>
}

/** What administrators can do to an account. A new act adds its row here: page, form and API come of themselves. */
const acts: readonly ActRow[] = [
  {
    path: 'disable',
    label: 'Disable the account',
    words: 'Every device and program is signed out at once, and nobody signs in with this account until you enable it.',
    danger: true,
    needsReason: true,
    summary: 'Disables an account and ends everything that is open (SES-07).',
    done: 'The account is disabled.',
    isOffered: ({ user, isActive }, by) => isActive && user.id !== by.id,
    run: (context, userId, acting) => setAccountActive(context, userId, false, acting),
  },
  {
    path: 'enable',
    label: 'Enable the account',
    words: 'The person can sign in again.',
    danger: false,
    needsReason: false,
    summary: 'Lets a disabled account in again.',
    done: 'The account is enabled.',
    isOffered: ({ isActive }) => !isActive,
    run: (context, userId, acting) => setAccountActive(context, userId, true, acting),
  },
  {
    path: 'end-sessions',
    label: 'Sign out everywhere',
    words:
      'Every device and program of this person is signed out at once, and personal tokens end. The person can sign in again.',
    danger: false,
    needsReason: false,
    summary: 'Ends every session and every token of an account.',
    done: 'Every device is signed out.',
    isOffered: ({ isActive }) => isActive,
    run: endSessions,
  },
  {
    path: 'confirm-address',
    label: 'Mark the address as confirmed',
    words:
      'Be sure that the address belongs to this person: whoever proves it at another service may be led to this account.',
    danger: false,
    needsReason: true,
    summary: 'Takes the e-mail address of an account for confirmed, without a letter.',
    done: 'The address is marked as confirmed.',
    isOffered: ({ user }) => hasToConfirm(user),
    run: confirmAddressOf,
  },
  {
    path: 'remove-second-factor',
    label: 'Remove the second step',
    words:
      'For somebody who has lost the authenticator. Every authenticator and recovery code is removed and every device signed out; the person is told. Be sure that it is the person who asks you.',
    danger: true,
    needsReason: true,
    summary: 'Removes every authenticator and recovery code of an account; the person is told.',
    done: 'The second step is removed.',
    isOffered: ({ hasSecondFactor, user }, by) => hasSecondFactor && user.id !== by.id,
    run: removeSecondFactor,
  },
  {
    path: 'demand-second-factor',
    label: 'Demand a second step',
    words:
      'The person is told why, and has a week, or what this server grants everybody, to set one up. After that nothing else of the account opens without it.',
    danger: false,
    needsReason: true,
    summary:
      'Demands a second factor of somebody, who reads why; nothing else opens without it after the days of grace.',
    done: 'A second step is demanded of that person.',
    isOffered: ({ isActive, user }) => isActive && user.secondFactorDemandedAt === null,
    run: demandSecondFactor,
  },
  {
    path: 'withdraw-demand',
    label: 'Demand no second step',
    words: 'The person may go on without. What this server demands of everybody stays.',
    danger: false,
    needsReason: true,
    summary: 'Demands a second factor of somebody no longer; what is demanded of everybody stays.',
    done: 'A second step is demanded of that person no longer.',
    isOffered: ({ user }, by) => user.secondFactorDemandedAt !== null && user.id !== by.id,
    run: withdrawDemand,
  },
  {
    path: 'make-admin',
    label: 'Make an administrator',
    words:
      'The person can do everything that you can do here, also to you, and has to sign in again. Without a second step nothing of it opens.',
    danger: true,
    needsReason: true,
    summary: 'Makes somebody an administrator, who has to sign in again.',
    done: 'That person is an administrator.',
    isOffered: ({ user, isActive }) => isActive && user.role !== 'admin',
    run: (context, userId, acting) => setRole(context, userId, 'admin', acting),
  },
  {
    path: 'remove-admin',
    label: 'Take the role away',
    words: 'The person is no administrator any more, from this moment on.',
    danger: true,
    needsReason: true,
    summary: 'Takes the role of an administrator away. The last one keeps it.',
    done: 'That person is no administrator any more.',
    isOffered: ({ user }, by) => user.role === 'admin' && user.id !== by.id,
    run: (context, userId, acting) => setRole(context, userId, 'user', acting),
  },
]

const resetLink: AdminAct = {
  path: 'reset-link',
  label: 'Make a link for a new password',
  words:
    'You get a one-time link to hand over. Whoever opens it sets a new password, which you never see; a second step is still asked for afterwards. The person is told that a link was made.',
  danger: false,
  needsReason: false,
}

const notices: ReadonlyMap<string, Notice> = new Map(acts.map(({ path, done }) => [path, { kind: 'done', text: done }]))

/** The administration: people and what can be done to their accounts. Nothing of what people write stands here. */
export function adminPages(context: SignInContext, { origin }: PageSettings): Route[] {
  async function personOf(exchange: Exchange): Promise<PersonListed> {
    const id = /^\d{1,15}$/.exec(exchange.params['id'] ?? '')?.[0]
    const person = id === undefined ? null : await context.people.find(Number(id))
    if (!person) throw new AuthError('not_found')
    return person
  }

  const acting = (exchange: Exchange, reason: string | undefined): Acting => ({
    by: sessionOf(exchange).user,
    client: exchange.client,
    reason,
  })

  async function people(exchange: Exchange): Promise<Response> {
    const wanted = wantedOf(exchange.query)
    // One more than is shown tells whether there are others.
    const found = await context.people.page(wanted, PEOPLE_PER_PAGE + 1)
    const shown = found.slice(0, PEOPLE_PER_PAGE)
    const last = found.length > shown.length ? shown.at(-1)?.user.id : undefined
    if (exchange.wantsJson) {
      return exchange.json({ success: true, people: shown.map(personJson), next_before: last ?? null })
    }
    const next = new URLSearchParams(exchange.query)
    if (last !== undefined) next.set('before', String(last))
    const nextHref = last === undefined ? null : `${PEOPLE}?${next}`
    const isLater = wanted.before !== Number.MAX_SAFE_INTEGER
    const content = peopleView({ wanted, people: shown, nextHref, isLater })
    return exchange.page(adminFrame({ active: PEOPLE, title: 'People', content }))
  }

  async function person(exchange: Exchange): Promise<Response> {
    const found = await personOf(exchange)
    const { id } = found.user
    if (exchange.wantsJson) return exchange.json({ success: true, person: personJson(found) })
    const before = /^\d{1,15}$/.exec(exchange.query.get('before') ?? '')?.[0]
    const [secondFactor, { passkeys }, sessions, programs, log, credentials] = await Promise.all([
      context.factors.state(id),
      context.passkeys.list(id),
      context.sessions.list(id),
      context.tokens.list(id),
      context.audit.history(id, EVENTS_PER_PAGE + 1, before === undefined ? undefined : Number(before)),
      context.users.findCredentials(id),
    ])
    const events = log.slice(0, EVENTS_PER_PAGE)
    const last = log.length > events.length ? events.at(-1) : undefined
    const by = sessionOf(exchange).user
    const content = personView({
      person: found,
      hasPassword: hasPassword(credentials?.password_hash ?? NO_PASSWORD),
      secondFactor,
      passkeys: passkeys.length,
      now: context.clock(),
      doors: [...sessions, ...programs.map((program) => ({ ...program, lastSeenAt: program.lastUsedAt }))],
      events,
      olderHref: last ? `${PEOPLE}/${id}?before=${last.id}#log` : null,
      acts: [...acts.filter((act) => act.isOffered(found, by)), ...(found.isActive ? [resetLink] : [])],
    })
    const notice = notices.get(exchange.query.get('done') ?? '')
    return exchange.page(adminFrame({ active: PEOPLE, title: found.user.username, content, notice }))
  }

  const reasonPage =
    (act: AdminAct) =>
    async (exchange: Exchange, errors: readonly FormError[] = [], reason = ''): Promise<PageView> => {
      const found = await personOf(exchange)
      const content = actView({ person: found, act, reason, errors })
      return adminFrame({ active: PEOPLE, title: `${act.label}: ${found.user.username}`, content, errors })
    }

  /** The page that asks, and what its form posts. */
  function actRoutes(
    act: AdminAct & { readonly summary: string },
    answer: { readonly 200: (typeof answers)['message' | 'resetLink']; readonly 303?: string },
    handle: (exchange: Exchange, userId: number, reason: string | undefined) => Promise<Response>,
  ): Route[] {
    const path = `${PEOPLE}/:id/${act.path}`
    const page = reasonPage(act)
    return [
      route({
        method: 'GET',
        path,
        access: 'admin',
        stepUp: true,
        summary: `Asks for a reason before: ${act.label}.`,
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
          if (act.needsReason && !reason) throw new AuthError('invalid_fields', { fields: [reasonMissing] })
          return handle(exchange, user.id, reason || undefined)
        },
        onError: async (exchange, error, raw) =>
          showAgain(exchange, error, await page(exchange, formErrors(error), raw('reason'))),
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
        'People, the newest account first; `q` searches names and addresses, `state`, `role` and `factor` filter, `before` goes on.',
      answers: { 200: answers.people },
      handle: people,
    }),
    route({
      method: 'GET',
      path: `${PEOPLE}/:id`,
      access: 'admin',
      summary:
        'A person: state, factors, devices and the log of the account, without secrets and nothing that was written.',
      answers: { 200: answers.person },
      handle: person,
    }),
    ...acts.flatMap((act) =>
      actRoutes(
        act,
        { 200: answers.message, 303: 'For a form: back to the person.' },
        async (exchange, userId, reason) => {
          await act.run(context, userId, acting(exchange, reason))
          const redirect = `${PEOPLE}/${userId}?done=${act.path}`
          return isForm(exchange)
            ? exchange.redirect(redirect)
            : exchange.json({ success: true, message: act.done, redirect })
        },
      ),
    ),
    ...actRoutes(
      { ...resetLink, summary: 'Makes a one-time link with which the person sets a new password (RST-09).' },
      { 200: answers.resetLink },
      async (exchange, userId, reason) => {
        const { token, expiresAt } = await makeResetLinkFor(context, userId, acting(exchange, reason))
        // Built from the configured address, never from a request (RST-04).
        const url = `${origin}/auth/reset?token=${token}`
        if (!isForm(exchange)) return exchange.json({ success: true, url, expires_at: expiresAt })
        const minutes = Math.round((expiresAt - context.clock()) / 60_000)
        const content = oneTimeLinkView({ url, minutes, back: `${PEOPLE}/${userId}` })
        return exchange.page(adminFrame({ active: PEOPLE, title: 'A link for a new password', content }))
      },
    ),
  ]
}

const reasonMissing = { field: 'reason', code: 'required', message: 'Say why; the person reads it.' }

const oneOf = <const T extends string>(words: readonly T[], text: string | null): T | null =>
  words.find((word) => word === text) ?? null

/** What the address asks for; a word that means nothing is left out. */
function wantedOf(query: URLSearchParams): PeopleWanted {
  const factor = oneOf(['on', 'off'], query.get('factor'))
  const before = /^\d{1,15}$/.exec(query.get('before') ?? '')?.[0]
  return {
    // PostgreSQL cannot even be asked for a NUL.
    text: (query.get('q') ?? '').replaceAll('\0', '').trim().slice(0, 100),
    state: oneOf(['active', 'disabled'], query.get('state')),
    role: oneOf(['user', 'admin'], query.get('role')),
    secondFactor: factor === null ? null : factor === 'on',
    before: before === undefined ? Number.MAX_SAFE_INTEGER : Number(before),
  }
}

const personJson = ({ user, isActive, hasSecondFactor }: PersonListed) => ({
  ...userJson(user),
  role: user.role,
  is_active: isActive,
  has_second_factor: hasSecondFactor,
  second_factor_demanded: user.secondFactorDemandedAt !== null,
})
