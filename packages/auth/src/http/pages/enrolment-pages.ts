import { totpUri } from '../../factors/totp.ts'
import { AuthError } from '../../lib/errors.ts'
import {
  beginEnrolment,
  beginPasskeyEnrolment,
  type Enrolled,
  enrolling,
  finishEnrolment,
  finishPasskeyEnrolment,
} from '../../sign-in/enrol.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { userJson } from '../../users/user.ts'
import {
  answers,
  enrolmentBody,
  enrolmentCodeBody,
  enrolmentOptionsBody,
  enrolmentPasskeyBody,
} from '../auth-schemas.ts'
import type { Exchange, PageView } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { addAuthenticatorView, enrolView, recoveryCodesView } from '../views/factor-views.ts'
import type { FormError } from '../views/forms.ts'
import { signInExpiredView } from '../views/second-factor-view.ts'
import { codeErrors, isForm, nameErrors, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { noPendingCookie, signInCookies } from './session-cookies.ts'

const HOME = '/auth/enrol'

/** Where a sign-in goes on that waits until a demanded second factor is set up (M8). */
export function enrolmentPages(context: SignInContext, settings: PageSettings): Route[] {
  const errorsOf = ({ words }: Exchange, error: AuthError, own: Readonly<Record<string, string>> = {}) =>
    wordedErrors(error, words, own, settings.passwordMinLength)

  function pendingOf(exchange: Exchange, given?: string): string {
    const token = given ?? exchange.cookie('pending')
    if (token === null) throw new AuthError('sign_in_expired')
    return token
  }

  async function begun(exchange: Exchange, id: string, given?: string) {
    const { userId, username } = await enrolling(context, pendingOf(exchange, given))
    const found = await context.factors.begun(userId, id)
    if (!found) throw new AuthError('not_found')
    return { id, ...found, uri: totpUri(found.secret, settings.siteName, username) }
  }

  const idOf = (exchange: Exchange): string => exchange.params['id'] ?? ''
  const ended = ({ words }: Exchange): PageView => {
    const title = words.signIn.secondFactor.ended
    return { title, words, room: 'form', body: signInExpiredView('/', words) }
  }

  /** A page of a sign-in that may have ended in the meantime. */
  const whileItWaits = async (exchange: Exchange, page: () => Promise<PageView>): Promise<PageView> =>
    page().catch((error: unknown) => {
      if (error instanceof AuthError && error.code === 'sign_in_expired') return ended(exchange)
      throw error
    })

  const home = (exchange: Exchange, errors: FormError[]) =>
    whileItWaits(exchange, async () => {
      const { reason, passkeys } = await enrolling(context, pendingOf(exchange))
      const { words } = exchange
      const body = enrolView({ words, reason, passkeys, errors })
      return { title: words.factors.enrol.title, words, room: 'form', hasErrors: errors.length > 0, body }
    })

  const setUp = (exchange: Exchange, errors: FormError[]) =>
    whileItWaits(exchange, async () => {
      const action = `${HOME}/${idOf(exchange)}/confirm`
      const { words } = exchange
      const started = await begun(exchange, idOf(exchange))
      const body = addAuthenticatorView({ words, ...started, errors, action, back: HOME })
      return { title: words.factors.setUp.title, words, room: 'form', hasErrors: errors.length > 0, body }
    })

  const enrollingIn = (exchange: Exchange, given: string | undefined) => ({
    pending: pendingOf(exchange, given),
    client: exchange.client,
    former: exchange.cookie('session'),
    device: exchange.cookie('device'),
  })

  async function answerEnrolled(exchange: Exchange, { started, codes }: Enrolled): Promise<Response> {
    const cookies = [...signInCookies(settings, started), noPendingCookie(settings)]
    const { username } = started.user
    if (isForm(exchange)) {
      const { words } = exchange
      const body = recoveryCodesView({ words, codes, username, siteName: settings.siteName, next: '/' })
      return exchange.page({ title: words.factors.codes.title, words, room: 'form', body }, { cookies })
    }
    const message = 'You are signed in. Keep these codes.'
    const user = userJson(started.user)
    return exchange.json({ success: true, message, redirect: '/', user, recovery_codes: codes }, { cookies })
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      access: 'guest',
      summary: 'Says to somebody who signs in that a second step has to be set up first, and begins it.',
      handle: async (exchange) => exchange.page(await home(exchange, [])),
    }),
    routeOfForm({
      method: 'POST',
      path: HOME,
      access: 'open',
      summary: 'Begins the authenticator of a sign-in that waits until a demanded second factor is set up.',
      body: enrolmentBody,
      answers: { 200: answers.authenticatorBegun, 303: 'For a form: to the page with the QR code.' },
      async handle(exchange, { name, pending_token }) {
        const id = await beginEnrolment(context, pendingOf(exchange, pending_token), name)
        const redirect = `${HOME}/${id}`
        if (isForm(exchange)) return exchange.redirect(redirect)
        const { secret, uri } = await begun(exchange, id, pending_token)
        return exchange.json({ success: true, message: 'Confirm it by a code.', redirect, id, secret, uri })
      },
      onError: async (exchange, error) => {
        const errors = errorsOf(exchange, error, nameErrors(exchange.words))
        return showAgain(exchange, error, await home(exchange, errors))
      },
    }),
    route({
      method: 'GET',
      path: `${HOME}/:id`,
      access: 'guest',
      summary: 'QR code and key of the authenticator that a waiting sign-in has begun.',
      handle: async (exchange) => exchange.page(await setUp(exchange, [])),
    }),
    routeOfForm({
      method: 'POST',
      path: `${HOME}/:id/confirm`,
      access: 'open',
      summary: 'Turns the authenticator on by a code of it and finishes the sign-in: a session cookie, recovery codes.',
      body: enrolmentCodeBody,
      answers: { 200: answers.enrolled },
      async handle(exchange, { code, pending_token }) {
        const attempt = { ...enrollingIn(exchange, pending_token), id: idOf(exchange), code }
        return answerEnrolled(exchange, await finishEnrolment(context, attempt))
      },
      onError: async (exchange, error) => {
        if (error.code === 'not_found') throw error
        const errors = errorsOf(exchange, error, codeErrors(exchange.words))
        return showAgain(exchange, error, await setUp(exchange, errors))
      },
    }),
    route({
      method: 'POST',
      path: `${HOME}/passkey/options`,
      access: 'open',
      summary:
        'What a browser needs to make a passkey for a sign-in that waits until a demanded second factor is set up.',
      body: enrolmentOptionsBody,
      answers: { 200: answers.passkeyOptions },
      handle: async (exchange, { pending_token }) =>
        exchange.json({
          success: true,
          options: await beginPasskeyEnrolment(context, pendingOf(exchange, pending_token)),
        }),
    }),
    routeOfForm({
      method: 'POST',
      path: `${HOME}/passkey`,
      access: 'open',
      summary: 'Adds the passkey that was made and finishes the sign-in: a session cookie, recovery codes.',
      body: enrolmentPasskeyBody,
      answers: { 200: answers.enrolled },
      async handle(exchange, { credential, pending_token }) {
        const attempt = { ...enrollingIn(exchange, pending_token), credential }
        return answerEnrolled(exchange, await finishPasskeyEnrolment(context, attempt))
      },
      onError: async (exchange, error) => showAgain(exchange, error, await home(exchange, errorsOf(exchange, error))),
    }),
  ]
}
