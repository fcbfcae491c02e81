import { AuthError, type ErrorCode } from '../../lib/errors.ts'
import type { Trip, TripTaken } from '../../providers/trips.ts'
import {
  beginTrip,
  confirmByProvider,
  keepNewcomer,
  linkProvider,
  newcomer,
  personAt,
  providerOf,
  providerSignIn,
  refuseUnconfirmed,
  registerNewcomer,
  takeTrip,
  unlinkProvider,
} from '../../sign-in/provider-sign-in.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { checkUsername } from '../../users/account-names.ts'
import { userJson } from '../../users/user.ts'
import type { Words } from '../../words/words.ts'
import { answers, formPostBody, newcomerBody, providerBody } from '../auth-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { localPath } from '../local-path.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import type { FormError } from '../views/forms.ts'
import type { Notice } from '../views/layout.ts'
import { nextQuery } from '../views/login-view.ts'
import { goingView, providersView, welcomeExpiredView, welcomeView } from '../views/provider-views.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { isForm, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { providerNotice } from './provider-notices.ts'
import { noProviderCookie, pendingCookie, providerCookie, renewedCookie, signInCookies } from './session-cookies.ts'

const HOME = '/settings/providers'

/** Where a trip that came to nothing leads back to, and what a page says there. */
const homes: Readonly<Record<Trip['purpose'], string>> = {
  sign_in: '/auth/login',
  newcomer: '/auth/login',
  link: HOME,
  confirm: '/settings/confirm',
}

/** What has just been done, by the word in the address. */
const doneOf = ({ providers: { page } }: Words): ReadonlyMap<string | null, Notice> =>
  new Map<string | null, Notice>([
    ['linked', { kind: 'done', text: page.linkedNow }],
    ['unlinked', { kind: 'done', text: page.unlinkedNow }],
  ])

/** Signing in by other services, and which of them open one's own account. */
export function providerPages(context: SignInContext, settings: PageSettings): Route[] {
  const { providers } = context
  const idOf = (exchange: Exchange): string => exchange.params['id'] ?? ''
  const cookiesOf = (exchange: Exchange) => ({ former: exchange.cookie('session'), device: exchange.cookie('device') })

  /** Back to where it began, with a word of why: the address that the provider made is left, with the code in it. */
  function comeToNothing(exchange: Exchange, home: string, provider: string, why: ErrorCode, next?: string): Response {
    const query = new URLSearchParams({ why, provider, ...(next === undefined ? {} : { next }) })
    return exchange.redirect(`${home}?${query}`)
  }

  /**
   * Leads a browser to the provider. Not by a redirect: browsers refuse one to another site as the answer to a form
   * (`form-action` of the pages' policy).
   */
  async function lead(exchange: Exchange, trip: Trip): Promise<Response> {
    const { label } = providerOf(context, trip.provider)
    try {
      const { url, state } = await beginTrip(context, trip, exchange.client)
      const cookies = [providerCookie(settings, state)]
      if (!isForm(exchange)) {
        const message = `Go on at ${label}.`
        return exchange.json({ success: true, message, redirect: url.href }, { cookies })
      }
      const { words } = exchange
      const body = goingView({ words, label, url: url.href })
      const headers = { refresh: `0; url=${url.href}` }
      return exchange.page({ title: words.providers.going(label), words, room: 'form', body }, { cookies, headers })
    } catch (error) {
      if (!(error instanceof AuthError && error.code === 'provider_failed' && isForm(exchange))) throw error
      return comeToNothing(exchange, homes[trip.purpose], trip.provider, error.code, trip.next)
    }
  }

  /** What a trip was for, now that the provider has said who came back. */
  async function arrive(exchange: Exchange, trip: TripTaken): Promise<Response> {
    const { client } = exchange
    const { provider, purpose } = trip
    const cleared = noProviderCookie(settings)
    const there = await personAt(context, trip, exchange.query, client)
    if (purpose === 'link' || purpose === 'confirm') {
      const { signedIn } = exchange
      // Somebody else has signed in meanwhile, or nobody: what was begun is not theirs (OAU-06).
      if (!signedIn || signedIn.user.id !== trip.userId) throw new AuthError('sign_in_expired')
      if (purpose === 'link') {
        await linkProvider(context, signedIn, provider, there, client)
        return exchange.redirect(`${HOME}?done=linked`, { cookies: [cleared] })
      }
      const token = await confirmByProvider(context, signedIn, there, client)
      const cookies = [renewedCookie(settings, token, signedIn.session.remember), cleared]
      return exchange.redirect(trip.next ?? '/settings', { cookies })
    }
    const wanted = {
      kind: 'session' as const,
      remember: trip.remember ?? false,
      shared: trip.shared ?? false,
      ...cookiesOf(exchange),
      trusted: exchange.cookie('trusted'),
    }
    const started = await providerSignIn(context, there, client, wanted)
    if (started === null) {
      const kept = await keepNewcomer(context, trip, there, client)
      return exchange.redirect('/auth/welcome', { cookies: [providerCookie(settings, kept)] })
    }
    if (started.kind === 'pending') {
      const cookies = [pendingCookie(settings, started.token), cleared]
      return exchange.redirect(`/auth/second-factor${nextQuery(trip.next)}`, { cookies })
    }
    return exchange.redirect(trip.next ?? '/', { cookies: [...signInCookies(settings, started), cleared] })
  }

  async function welcome(exchange: Exchange, value: (field: string) => string, errors: FormError[]): Promise<PageView> {
    const found = await newcomer(context, exchange.cookie('provider'))
    const { words } = exchange
    const { welcome: say } = words.providers
    if (!found) return { title: say.ended, words, room: 'form', body: welcomeExpiredView(words) }
    const { person, provider } = found
    const { registrationFields } = settings
    const body = welcomeView({
      words,
      label: providers.find(provider)?.label ?? provider,
      name: person.name,
      email: person.verifiedEmail,
      username: value('username'),
      errors,
      ...(registrationFields && { ownFields: registrationFields({ value, errors }) }),
    })
    return { title: say.title, words, room: 'form', hasErrors: errors.length > 0, body }
  }

  async function home(exchange: Exchange): Promise<PageView> {
    const identities = await providers.identities(sessionOf(exchange).user.id)
    const linked = new Set(identities.map(({ provider }) => provider))
    const { words } = exchange
    return settingsFrame({
      words,
      active: '/settings/security',
      title: words.providers.page.title,
      notice: doneOf(words).get(exchange.query.get('done')) ?? providerNotice(exchange.query, providers, words),
      content: providersView({ words, identities, providers: providers.list.filter(({ id }) => !linked.has(id)) }),
    })
  }

  return [
    routeOfForm({
      method: 'POST',
      path: '/auth/providers/:id',
      access: 'open',
      summary: 'Begins a sign-in at a provider: a page that leads there, or its address for a program.',
      body: providerBody,
      answers: { 200: answers.providerBegun },
      async handle(
        exchange,
        { next, remember_me: remember = false, shared_computer: shared = false, invitation: token },
      ) {
        const invitation = token ? await context.invitations.find({ token }) : null
        return lead(exchange, {
          provider: idOf(exchange),
          purpose: 'sign_in',
          userId: null,
          next: localPath(next) ?? '/',
          remember,
          shared,
          ...(invitation && { invitation: invitation.id }),
        })
      },
      onError: (_exchange, error) => {
        throw error
      },
    }),
    route({
      method: 'GET',
      path: '/auth/providers/:id/callback',
      access: 'guest',
      summary: 'Where a provider sends the browser back to: finishes what was begun there (OAU-01).',
      answers: { 303: 'To the page that was asked for, to the second step, or back to where it began.' },
      async handle(exchange) {
        const provider = providerOf(context, idOf(exchange)).id
        const trip = await takeTrip(context, provider, exchange.query.get('state'), exchange.cookie('provider'))
        if (!trip || trip.purpose === 'newcomer') {
          return comeToNothing(exchange, homes.sign_in, provider, 'sign_in_expired')
        }
        try {
          return await arrive(exchange, trip)
        } catch (error) {
          // What waits for another step, such as an account that its owner has left, is led on by the gate.
          const leads = error instanceof AuthError && (error.pending || error.code === 'account_waiting')
          if (!(error instanceof AuthError) || error.status >= 500 || leads) throw error
          return comeToNothing(exchange, homes[trip.purpose], provider, error.code, trip.next)
        }
      },
    }),
    route({
      method: 'POST',
      path: '/auth/providers/:id/callback',
      access: 'open',
      // The browser sends no cookie along with it. It changes nothing and signs nobody in: the state has to be one that was
      // begun, and the address that it leads to looks whether this browser has begun it (OAU-03).
      fromOtherSites: true,
      summary: 'The same for a provider that answers by a form, as Apple does.',
      body: formPostBody,
      answers: { 303: 'To the same address with what was posted.' },
      async handle(exchange, posted) {
        const provider = providers.find(idOf(exchange))
        const trip = posted.state === undefined ? null : await providers.trips.peek(posted.state)
        if (!provider?.answersByPost || trip?.provider !== provider.id) throw new AuthError('cross_site_request')
        const { state = '', code, error } = posted
        const query = new URLSearchParams({ state, ...(code && { code }), ...(error && { error }) })
        return exchange.redirect(`/auth/providers/${provider.id}/callback?${query}`)
      },
    }),
    route({
      method: 'GET',
      path: '/auth/welcome',
      access: 'guest',
      summary: 'Asks who came from a provider for the first time to choose a name.',
      async handle(exchange) {
        const there = (await newcomer(context, exchange.cookie('provider')))?.person
        const username = there?.username ?? there?.verifiedEmail?.split('@')[0] ?? ''
        const suggested = checkUsername(username) ? '' : username
        return exchange.page(await welcome(exchange, (name) => (name === 'username' ? suggested : ''), []))
      },
    }),
    routeOfForm({
      method: 'POST',
      path: '/auth/welcome',
      access: 'open',
      summary: 'Makes the account of somebody who came from a provider, and signs in: a session cookie.',
      body: newcomerBody,
      answers: { 200: answers.signedIn, 303: 'For a form: to the page that was asked for.' },
      async handle(exchange, { username, website: _, ...fields }) {
        const kept = exchange.cookie('provider')
        const chosen = { username, fields, language: exchange.wantedLanguage }
        const { started, next = '/' } = await registerNewcomer(
          context,
          kept,
          chosen,
          exchange.client,
          cookiesOf(exchange),
        )
        const cookies = [...signInCookies(settings, started), noProviderCookie(settings)]
        if (isForm(exchange)) return exchange.redirect(next, { cookies })
        const message = `Welcome, ${started.user.username}. You are signed in.`
        return exchange.json({ success: true, message, redirect: next, user: userJson(started.user) }, { cookies })
      },
      onError: async (exchange, error, raw) =>
        showAgain(exchange, error, await welcome(exchange, raw, wordedErrors(error, exchange.words))),
    }),
    route({
      method: 'GET',
      path: HOME,
      summary: 'The accounts at providers that open this one, and those that could.',
      answers: { 200: answers.providers },
      async handle(exchange) {
        if (!exchange.wantsJson) return exchange.page(await home(exchange))
        const identities = await providers.identities(sessionOf(exchange).user.id)
        return exchange.json({
          success: true,
          providers: providers.list.map(({ id, label }) => ({ id, label })),
          identities: identities.map(({ id, provider, label, name, createdAt, lastUsedAt }) => ({
            id,
            provider,
            label,
            name,
            created_at: new Date(createdAt).toISOString(),
            last_used_at: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
          })),
        })
      },
    }),
    route({
      method: 'POST',
      path: '/settings/providers/:id/link',
      stepUp: true,
      summary: 'Begins the linking of an account at a provider: a page that leads there, or its address for a program.',
      answers: { 200: answers.providerBegun },
      handle(exchange) {
        const { user } = sessionOf(exchange)
        refuseUnconfirmed(context, user)
        return lead(exchange, { provider: idOf(exchange), purpose: 'link', userId: user.id })
      },
    }),
    route({
      method: 'POST',
      path: '/settings/providers/:id/confirm',
      summary: 'Begins to show at a provider who it is, for an account that nothing else opens (LOG-08).',
      body: providerBody,
      answers: { 200: answers.providerBegun },
      handle: (exchange, { next }) =>
        lead(exchange, {
          provider: idOf(exchange),
          purpose: 'confirm',
          userId: sessionOf(exchange).user.id,
          next: localPath(next) ?? '/settings',
        }),
    }),
    route({
      method: 'POST',
      path: '/settings/providers/:id/unlink',
      stepUp: true,
      summary: 'Unlinks an account at a provider and ends every other session; the last way in stays.',
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange) {
        const form = isForm(exchange)
        try {
          await unlinkProvider(context, sessionOf(exchange), idOf(exchange), exchange.client)
        } catch (error) {
          if (!form || !(error instanceof AuthError) || error.code !== 'last_way_in') throw error
          return comeToNothing(exchange, HOME, '', error.code)
        }
        const redirect = `${HOME}?done=unlinked`
        if (form) return exchange.redirect(redirect)
        return exchange.json({ success: true, message: 'The account is unlinked.', redirect })
      },
    }),
  ]
}
