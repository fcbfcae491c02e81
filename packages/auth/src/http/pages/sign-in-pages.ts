import type { InvitationKey } from '../../invitations/invitations.ts'
import { minutes } from '../../lib/clock.ts'
import { lifetimesOf } from '../../sessions/session-rules.ts'
import { type SecondFactorDue, type SessionStarted, secondFactorRequired } from '../../sign-in/finish.ts'
import { passwordSignIn } from '../../sign-in/password-sign-in.ts'
import { chooseLanguage } from '../../sign-in/person-language.ts'
import { beginSignUp, register } from '../../sign-in/register.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { signOut } from '../../sign-in/sign-out.ts'
import { userJson } from '../../users/user.ts'
import type { Words } from '../../words/words.ts'
import { answers, languageBody, loginBody, registerBody, signUpOptionsBody, themeBody } from '../auth-schemas.ts'
import { clearCookie, writeCookie } from '../cookies.ts'
import type { Exchange, PageView } from '../exchange.ts'
import { localPath } from '../local-path.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import type { FormError } from '../views/forms.ts'
import { invitationInvalidView } from '../views/invitation-views.ts'
import type { Notice } from '../views/layout.ts'
import { loginView, nextQuery } from '../views/login-view.ts'
import { registerView } from '../views/register-view.ts'
import { isForm, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { providerNotice } from './provider-notices.ts'
import { ceremonyCookie, pendingCookie, signInCookies, signOutCookies } from './session-cookies.ts'

const DAY = 86_400_000
const YEAR_SECONDS = 365 * 86_400

/** Our own sentences only: an address never brings its own words. */
function loginNotice(query: URLSearchParams, { passwordSet, ended }: Words['signIn']['login']): Notice | null {
  if (query.get('done') === 'reset') return { kind: 'done', text: passwordSet }
  // To whoever sent a form when the session had ended.
  return query.get('why') === 'ended' ? { kind: 'warning', text: ended } : null
}

/** An empty field is none. */
const keyOf = (token: string | undefined): InvitationKey | null => (token ? { token } : null)

/** The pages of signing in, and what their forms post: each address takes a form and JSON alike. */
export function signInPages(context: SignInContext, settings: PageSettings): Route[] {
  const { registration: mode, providers, invitations } = context
  const isOpen = mode === 'open' || mode === 'approval'
  const shared = lifetimesOf(settings.sessionSettings, { remember: false, shared: true })
  const sharedMinutes = Math.max(1, Math.round(shared.idle / minutes(1)))
  const rememberDays = Math.max(1, Math.round(settings.sessionSettings.remembered.absolute / DAY))

  const login = (
    exchange: Exchange,
    shown: { identifier?: string; remember?: boolean; shared?: boolean; errors?: FormError[]; next?: string },
  ) => {
    const notice = shown.errors
      ? null
      : (loginNotice(exchange.query, exchange.words.signIn.login) ??
        providerNotice(exchange.query, providers, exchange.words))
    return {
      title: exchange.words.signIn.login.title,
      words: exchange.words,
      room: 'form' as const,
      hasErrors: (shown.errors?.length ?? 0) > 0,
      ...(notice && { notice }),
      body: loginView({
        ...shown,
        words: exchange.words,
        next: nextOf(exchange, shown.next),
        rememberDays,
        sharedMinutes,
        registrationOpen: isOpen,
        httpWarning: settings.httpWarning,
        passkeys: context.passkeys.hindrance === null,
        providers: providers.list,
      }),
    }
  }

  async function registration(
    exchange: Exchange,
    value: (field: string) => string,
    errors: FormError[] = [],
  ): Promise<PageView> {
    const { words } = exchange
    const { title, byInvitation, closed, invitationInvalid } = words.signIn.register
    const titles = { open: title, approval: title, invitation: byInvitation, closed }
    const token = value('invitation')
    const invited = token === '' ? null : await invitations.find({ token })
    const letsIn = invited !== null && (mode !== 'closed' || invited.role === 'admin')
    if (token !== '' && !invited && mode !== 'closed') {
      const body = invitationInvalidView(isOpen, words)
      return { title: invitationInvalid, words, room: 'form', hasErrors: errors.length > 0, body }
    }
    const body = registerView({
      words,
      username: value('username'),
      email: value('email'),
      errors,
      next: nextOf(exchange, value('next')),
      passwordMinLength: settings.passwordMinLength,
      registration: mode,
      ...(letsIn ? { invitation: { token, email: invited.email } } : {}),
      passkeys: context.passkeys.hindrance === null,
      httpWarning: settings.httpWarning,
      providers: providers.list,
      ...(settings.operator === null ? {} : { contact: settings.operator }),
      ...(settings.registrationFields === null ? {} : { ownFields: settings.registrationFields({ value, errors }) }),
    })
    return {
      title: letsIn ? title : titles[mode],
      words,
      room: 'form',
      hasErrors: errors.length > 0,
      body,
    }
  }

  /** What the form or the address asks to go on to: a local path or `/` (RED-01). */
  function nextOf(exchange: Exchange, posted?: string): string {
    return localPath(posted || exchange.query.get('next')) ?? '/'
  }

  function answerSignIn(exchange: Exchange, started: SessionStarted, message: string, next: string | undefined) {
    const redirect = nextOf(exchange, next)
    const cookies = signInCookies(settings, started)
    if (isForm(exchange)) return exchange.redirect(redirect, { cookies })
    return exchange.json({ success: true, message, redirect, user: userJson(started.user) }, { cookies })
  }

  /** A person goes on to the page that asks for the code; a program gets a problem with the pending value. */
  function askForCode(exchange: Exchange, due: SecondFactorDue, next: string | undefined): Response {
    if (!isForm(exchange)) throw secondFactorRequired(due)
    const to = `/auth/second-factor${nextQuery(nextOf(exchange, next))}`
    return exchange.redirect(to, { cookies: [pendingCookie(settings, due.token)] })
  }

  const wanted = (exchange: Exchange, remember: boolean, shared = false) => ({
    kind: 'session' as const,
    remember,
    shared,
    former: exchange.cookie('session'),
    device: exchange.cookie('device'),
    trusted: exchange.cookie('trusted'),
  })

  return [
    route({
      method: 'GET',
      path: '/auth/login',
      access: 'guest',
      summary: 'The sign-in page. Somebody signed in is sent on.',
      handle: (exchange) =>
        exchange.signedIn ? exchange.redirect(nextOf(exchange)) : exchange.page(login(exchange, {})),
    }),
    routeOfForm({
      method: 'POST',
      path: '/auth/login',
      access: 'open',
      summary: 'Signs in with a user name or e-mail address and a password: a session cookie.',
      body: loginBody,
      answers: { 200: answers.signedIn, 303: 'For a form: to the page that was asked for.' },
      async handle(exchange, { username, password, remember_me, shared_computer, next }) {
        const device = exchange.cookie('device')
        const attempt = { identifier: username, password, client: exchange.client, device }
        const started = await passwordSignIn(context, attempt, wanted(exchange, remember_me ?? false, shared_computer))
        if (started.kind === 'pending') return askForCode(exchange, started, next)
        return answerSignIn(exchange, started, `Welcome back, ${started.user.username}.`, next)
      },
      onError: (exchange, error, raw) =>
        showAgain(
          exchange,
          error,
          login(exchange, {
            identifier: raw('username'),
            remember: raw('remember_me') !== '',
            shared: raw('shared_computer') !== '',
            next: raw('next'),
            errors: wordedErrors(error, exchange.words, {}, settings.passwordMinLength),
          }),
        ),
    }),
    route({
      method: 'GET',
      path: '/auth/register',
      access: 'guest',
      summary: 'The registration page. Somebody signed in is sent on.',
      async handle(exchange) {
        if (exchange.signedIn) return exchange.redirect(nextOf(exchange))
        // An address brings an invitation and nothing else into the form.
        const token = exchange.query.get('invitation') ?? ''
        return exchange.page(await registration(exchange, (name) => (name === 'invitation' ? token : '')))
      },
    }),
    routeOfForm({
      method: 'POST',
      path: '/auth/register',
      access: 'open',
      summary: 'Creates an account and signs in: a session cookie.',
      body: registerBody,
      answers: { 200: answers.signedIn, 303: 'For a form: to the page that was asked for.' },
      async handle(
        exchange,
        { username, email, password = null, credential, invitation, next, website: _, ...fields },
      ) {
        const passkey = credential ? { credential, browser: exchange.cookie('ceremony') } : null
        const person = {
          username,
          email,
          password: passkey ? null : password,
          passkey,
          invitation: keyOf(invitation),
          fields,
          language: exchange.wantedLanguage,
        }
        const started = await register(context, person, exchange.client, wanted(exchange, false))
        return answerSignIn(exchange, started, `Welcome, ${started.user.username}. You are signed in.`, next)
      },
      onError: async (exchange, error, raw) => {
        const errors = wordedErrors(error, exchange.words, {}, settings.passwordMinLength)
        return showAgain(exchange, error, await registration(exchange, raw, errors))
      },
    }),
    route({
      method: 'POST',
      path: '/auth/register/options',
      access: 'open',
      summary: 'What a browser needs to make the passkey of a new account; the same whether or not the name is taken.',
      body: signUpOptionsBody,
      answers: { 200: answers.passkeyOptions },
      async handle(exchange, { username, invitation }) {
        const { options, browser } = await beginSignUp(context, {
          username,
          browser: exchange.cookie('ceremony'),
          invitation: keyOf(invitation),
          client: exchange.client,
        })
        return exchange.json({ success: true, options }, { cookies: [ceremonyCookie(settings, browser)] })
      },
    }),
    route({
      method: 'POST',
      path: '/auth/logout',
      access: 'open',
      summary: 'Ends the session on the server and takes the cookie away.',
      answers: { 200: answers.message, 303: 'For a form: to the sign-in page.' },
      async handle(exchange) {
        const token = exchange.cookie('session')
        if (token !== null) await signOut(context, token, exchange.client)
        const cookies = signOutCookies(settings)
        const redirect = '/auth/login'
        if (isForm(exchange)) return exchange.redirect(redirect, { cookies })
        return exchange.json({ success: true, message: 'You are signed out.', redirect }, { cookies })
      },
    }),
    route({
      method: 'POST',
      path: '/auth/language',
      access: 'guest',
      summary:
        'Remembers the language of the pages for this browser, and for whoever is signed in, of letters too; `browser` forgets it.',
      body: languageBody,
      answers: { 303: 'Back to the page.' },
      async handle(exchange, { language, next }) {
        const chosen = language === 'browser' ? null : language
        if (exchange.signedIn) await chooseLanguage(context, exchange.signedIn, chosen)
        const { cookieSettings, cookies } = settings
        const cookie =
          chosen === null
            ? clearCookie(cookieSettings, cookies.language)
            : writeCookie(cookieSettings, cookies.language, chosen, YEAR_SECONDS)
        return exchange.redirect(next ?? '/', { cookies: [cookie] })
      },
    }),
    route({
      method: 'POST',
      path: '/auth/theme',
      access: 'open',
      summary: 'Remembers light, dark or the system’s choice for this browser.',
      body: themeBody,
      answers: { 303: 'Back to the page.' },
      handle(exchange, { theme, next }) {
        const cookie = writeCookie(settings.cookieSettings, settings.cookies.theme, theme, YEAR_SECONDS)
        return exchange.redirect(next ?? '/', { cookies: [cookie] })
      },
    }),
  ]
}
