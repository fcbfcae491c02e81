import { days, isoTime } from '../../lib/clock.ts'
import { AuthError } from '../../lib/errors.ts'
import { placeIn } from '../../mail/outbox.ts'
import { claimAdministration } from '../../sign-in/first-administrator.ts'
import { invite, withdrawInvitation } from '../../sign-in/invite.ts'
import { WAITING_KEPT } from '../../sign-in/leave.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { english } from '../../words/words.ts'
import { adminAnswers, invitationBody } from '../admin-schemas.ts'
import { answers, emptyBody, linkBody } from '../auth-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { adminFrame } from '../views/admin-frame.ts'
import type { FormError } from '../views/forms.ts'
import {
  firstAdministratorInvalidView,
  firstAdministratorView,
  INVITATION_DAYS,
  invitationLinkView,
  invitationsView,
  waitingView,
} from '../views/invitation-views.ts'
import type { Notice } from '../views/layout.ts'
import { doneAnswer, isForm, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { signOutCookies } from './session-cookies.ts'

const HOME = '/admin/invitations'

/** Who may come in: invitations, the page of who waits, and the code of the first administrator. */
export function invitationPages(context: SignInContext, settings: PageSettings): Route[] {
  const { invitations, mail, registration } = context
  const { origin } = settings

  /** Nothing pretends that mail was sent. */
  function noticeOf({ query, words }: Exchange): { readonly notice: Notice } | Record<string, never> {
    const { invitations: say } = words.server
    const place = placeIn(mail, words)
    const sent = place === null ? say.onItsWay : `${say.written}${place}`
    const asked = query.get('done')
    const text = asked === 'sent' ? sent : asked === 'withdrawn' ? say.withdrawn : null
    return text === null ? {} : { notice: { kind: 'done', text } }
  }

  const acting = (exchange: Exchange) => ({ by: sessionOf(exchange).user, client: exchange.client })

  async function home(
    exchange: Exchange,
    shown: { email: string; days: number; errors: readonly FormError[] },
  ): Promise<PageView> {
    const { words } = exchange
    const content = invitationsView({
      ...shown,
      words,
      invitations: await invitations.list('user'),
      now: context.clock(),
      hasMail: mail !== null,
      goesTo: placeIn(mail, words),
      registration,
    })
    const { title } = words.server.invitations
    const { errors } = shown
    return adminFrame({ words, active: HOME, title, content, errors, ...(errors.length === 0 && noticeOf(exchange)) })
  }

  async function firstAdministrator(exchange: Exchange, token: string): Promise<PageView> {
    const works = (await invitations.find({ token }))?.role === 'admin' && (await context.people.admins()) === 0
    const { words } = exchange
    const { first: say } = words.signIn
    if (!works) return { title: say.dead, words, room: 'form', body: firstAdministratorInvalidView(words) }
    const username = exchange.signedIn?.user.username ?? null
    return { title: say.title, words, room: 'form', body: firstAdministratorView({ words, token, username }) }
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      access: 'admin',
      summary: 'Invitations that are open, and a form for another one.',
      answers: { 200: adminAnswers.invitations },
      async handle(exchange) {
        if (!exchange.wantsJson) {
          return exchange.page(await home(exchange, { email: '', days: INVITATION_DAYS, errors: [] }))
        }
        const open = await invitations.list('user')
        return exchange.json({
          success: true,
          registration,
          invitations: open.map(({ id, email, sent, madeBy, createdAt, expiresAt }) => ({
            id,
            email,
            sent,
            made_by: madeBy,
            created_at: isoTime(createdAt),
            expires_at: isoTime(expiresAt),
          })),
        })
      },
    }),
    routeOfForm({
      method: 'POST',
      path: HOME,
      access: 'admin',
      stepUp: true,
      summary: 'Makes a one-time link by which one account can be made; sent by mail, or answered this once.',
      body: invitationBody,
      answers: { 200: adminAnswers.invitationMade, 303: 'For a form, where the link was sent by mail.' },
      async handle(exchange, { email, days = INVITATION_DAYS }) {
        const order = { email: email || null, days }
        const { id, url, expiresAt } = await invite(context, order, acting(exchange), origin)
        if (!isForm(exchange)) {
          return exchange.json({ success: true, id, url, expires_at: isoTime(expiresAt) })
        }
        if (url === null) return exchange.redirect(`${HOME}?done=sent`)
        const { words } = exchange
        const content = invitationLinkView({ url, expiresAt }, words)
        return exchange.page(adminFrame({ words, active: HOME, title: words.server.invitations.one, content }))
      },
      onError: async (exchange, error, raw) =>
        showAgain(
          exchange,
          error,
          await home(exchange, {
            email: raw('email'),
            days: Number(raw('days')) || INVITATION_DAYS,
            errors: wordedErrors(error, exchange.words, {
              'email.email_taken': exchange.words.server.invitations.taken,
            }),
          }),
        ),
    }),
    route({
      method: 'POST',
      path: `${HOME}/:id/withdraw`,
      access: 'admin',
      stepUp: true,
      summary: 'Withdraws an invitation: its link does not work any more.',
      body: emptyBody,
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange) {
        await withdrawInvitation(context, exchange.params['id'] ?? '', acting(exchange))
        return doneAnswer(exchange, `${HOME}?done=withdrawn`, english.server.invitations.withdrawn)
      },
    }),
    route({
      method: 'GET',
      path: '/auth/waiting',
      access: 'guest',
      summary: 'Says that a new account waits for an administrator.',
      handle(exchange) {
        const { words } = exchange
        const { waiting: say } = words.signIn
        const place = placeIn(mail, words)
        const letter = place === null ? say.letter : `${say.written} ${place}`
        const told = mail === null ? say.noLetter : letter
        const body = waitingView({ words, told, kept: Math.round(WAITING_KEPT / days(1)) })
        return exchange.page({ title: say.title, words, room: 'form', body })
      },
    }),
    route({
      method: 'GET',
      path: '/auth/first-administrator',
      access: 'guest',
      summary: 'What the one-time code of a server without an administrator leads to; uses nothing up (RST-06).',
      async handle(exchange) {
        // Now, since the way back from the form would not have the code any more.
        const { signedIn } = exchange
        if (signedIn && context.sessions.confirmedFor(signedIn.session) === 0) throw new AuthError('step_up_required')
        return exchange.page(await firstAdministrator(exchange, exchange.query.get('token') ?? ''))
      },
    }),
    routeOfForm({
      method: 'POST',
      path: '/auth/first-administrator',
      stepUp: true,
      summary: 'Makes the person the first administrator of this server, by the code of its start (ADM-01).',
      body: linkBody,
      answers: { 200: answers.message, 303: 'For a form: to the sign-in.' },
      async handle(exchange, { token }) {
        await claimAdministration(context, sessionOf(exchange), token, exchange.client)
        const redirect = '/auth/login?next=%2Fadmin'
        const cookies = signOutCookies(settings)
        if (isForm(exchange)) return exchange.redirect(redirect, { cookies })
        const message = 'You are the administrator of this server. Sign in again.'
        return exchange.json({ success: true, message, redirect }, { cookies })
      },
      async onError(exchange, error, raw) {
        if (error.code !== 'link_invalid') throw new AuthError(error.code, { cause: error })
        return showAgain(exchange, error, await firstAdministrator(exchange, raw('token')))
      },
    }),
  ]
}
