import { days } from '../../lib/clock.ts'
import { AuthError } from '../../lib/errors.ts'
import { beginSecondFactor, finishWithPasskey } from '../../sign-in/passkey-second-factor.ts'
import { finishWithCode } from '../../sign-in/second-factor.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { userJson } from '../../users/user.ts'
import { answers, passkeySecondFactorBody, passkeySecondFactorOptionsBody, secondFactorBody } from '../auth-schemas.ts'
import type { Exchange, PageView } from '../exchange.ts'
import { localPath } from '../local-path.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import type { FormError } from '../views/forms.ts'
import { secondFactorView, signInExpiredView } from '../views/second-factor-view.ts'
import { isForm, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { ceremonyCookie, noPendingCookie, signInCookies, trustedCookie } from './session-cookies.ts'

/** Where somebody goes who has used a recovery code: what was lost is set up anew there, without the lost one (M5). */
const afterRecovery = async ({ factors }: SignInContext, userId: number): Promise<string> =>
  (await factors.isOn(userId)) ? '/settings/second-factor?done=recovered' : '/settings/passkeys?done=recovered'

/** The second step of a sign-in (M4). */
export function secondFactorPages(context: SignInContext, settings: PageSettings): Route[] {
  async function page(exchange: Exchange, next: string, errors: FormError[]): Promise<PageView> {
    const token = exchange.cookie('pending')
    const waits = token === null ? null : await context.pending.peek(token, 'session')
    const { words } = exchange
    const say = words.signIn.secondFactor
    if (waits === null) return { title: say.ended, words, room: 'form', body: signInExpiredView(next, words) }
    const trustDays = waits.shared ? 0 : Math.floor(settings.trustLifetime / days(1))
    const byCode = await context.factors.isOn(waits.userId)
    const passkeys = (await context.passkeys.usable(waits.userId)) > 0
    const byRecovery = !byCode && (await context.factors.codesLeft(waits.userId)) > 0
    const codes = byCode ? 'all' : byRecovery ? 'recovery' : null
    const keys = byCode && (await context.passkeys.keys(waits.userId)) > 0
    const body = secondFactorView({ words, next, errors, trustDays, passkeys, keys, codes })
    const title = byCode ? say.title : say.passkeyTitle
    return { title, words, room: 'form', hasErrors: errors.length > 0, body }
  }
  const nextOf = (text: string | null | undefined): string => localPath(text ?? null) ?? '/'

  function pendingOf(exchange: Exchange, given: string | undefined): string {
    const token = given ?? exchange.cookie('pending')
    if (token === null) throw new AuthError('sign_in_expired')
    return token
  }

  return [
    route({
      method: 'GET',
      path: '/auth/second-factor',
      access: 'guest',
      summary: 'Asks for the code of an authenticator, or a recovery code, after the password.',
      handle: async (exchange) => exchange.page(await page(exchange, nextOf(exchange.query.get('next')), [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/auth/second-factor',
      access: 'open',
      summary: 'Finishes a sign-in that waits for its second step: a session cookie.',
      body: secondFactorBody,
      answers: { 200: answers.signedIn, 303: 'For a form: to the page that was asked for.' },
      async handle(exchange, { code, pending_token, trust_device, next }) {
        const attempt = {
          pending: pendingOf(exchange, pending_token),
          code,
          client: exchange.client,
          former: exchange.cookie('session'),
          device: exchange.cookie('device'),
          trust: trust_device === true ? { cookie: exchange.cookie('trusted') } : null,
        }
        const { started, method, trusted } = await finishWithCode(context, attempt, 'session')
        const cookies = [...signInCookies(settings, started), noPendingCookie(settings)]
        if (trusted !== null) cookies.push(trustedCookie(settings, trusted))
        const redirect = method === 'recovery_code' ? await afterRecovery(context, started.user.id) : nextOf(next)
        if (isForm(exchange)) return exchange.redirect(redirect, { cookies })
        const message = `Welcome back, ${started.user.username}.`
        return exchange.json({ success: true, message, redirect, user: userJson(started.user) }, { cookies })
      },
      onError: async (exchange, error, raw) => {
        const worded = wordedErrors(error, exchange.words, {}, settings.passwordMinLength)
        const errors = error.code === 'wrong_code' ? worded.map((wrong) => ({ ...wrong, field: 'code' })) : worded
        return showAgain(exchange, error, await page(exchange, nextOf(raw('next')), errors))
      },
    }),
    route({
      method: 'POST',
      path: '/auth/second-factor/passkey/options',
      access: 'open',
      summary: 'What a browser needs to take a passkey of the account for the second step.',
      body: passkeySecondFactorOptionsBody,
      answers: { 200: answers.passkeyOptions },
      async handle(exchange, { pending_token }) {
        const attempt = { pending: pendingOf(exchange, pending_token), browser: exchange.cookie('ceremony') }
        const { options, browser } = await beginSecondFactor(context, attempt, 'session')
        return exchange.json({ success: true, options }, { cookies: [ceremonyCookie(settings, browser)] })
      },
    }),
    route({
      method: 'POST',
      path: '/auth/second-factor/passkey',
      access: 'open',
      summary: 'Finishes a sign-in that waits for its second step by a passkey: a session cookie.',
      body: passkeySecondFactorBody,
      answers: { 200: answers.signedIn },
      async handle(exchange, { credential, pending_token, trust_device, next }) {
        const { started, trusted } = await finishWithPasskey(
          context,
          {
            credential,
            pending: pendingOf(exchange, pending_token),
            browser: exchange.cookie('ceremony'),
            client: exchange.client,
            former: exchange.cookie('session'),
            device: exchange.cookie('device'),
            trust: trust_device === true ? { cookie: exchange.cookie('trusted') } : null,
          },
          'session',
        )
        const cookies = [...signInCookies(settings, started), noPendingCookie(settings)]
        if (trusted !== null) cookies.push(trustedCookie(settings, trusted))
        const message = `Welcome back, ${started.user.username}.`
        const user = userJson(started.user)
        return exchange.json({ success: true, message, redirect: nextOf(next), user }, { cookies })
      },
    }),
  ]
}
