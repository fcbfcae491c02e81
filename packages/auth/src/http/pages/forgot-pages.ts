import { AuthError } from '../../lib/errors.ts'
import { placeIn } from '../../mail/outbox.ts'
import { isFirstProof, resetPassword } from '../../sign-in/change-password.ts'
import { askForReset } from '../../sign-in/forgot-password.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { english } from '../../words/words.ts'
import { answers, forgotBody, resetBody } from '../auth-schemas.ts'
import type { Exchange } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { askedTitle, forgotView } from '../views/forgot-view.ts'
import type { FormError } from '../views/forms.ts'
import { linkInvalidView, resetView } from '../views/reset-view.ts'
import { isForm, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { signOutCookies } from './session-cookies.ts'

/** A forgotten password: asking for a link, and setting a new password by one. */
export function forgotPages(context: SignInContext, settings: PageSettings): Route[] {
  const hasMail = context.mail !== null
  const goesTo = context.mail?.goesTo ?? null
  const place = placeIn(context.mail, english)
  /** The same for every name (RST-01). */
  const message =
    place === null
      ? 'If there is an account with that name or address, a letter with a link is on its way to it.'
      : `If there is an account with that name or address, a letter with a link was written. ${place}`

  const forgot = ({ words }: Exchange, shown: { asked?: boolean; identifier?: string; errors?: FormError[] }) => ({
    title: shown.asked ? askedTitle(goesTo, words) : words.recovery.forgot.title,
    words,
    room: 'form' as const,
    hasErrors: (shown.errors?.length ?? 0) > 0,
    body: forgotView({ words, ways: settings.forgotWays, hasMail, goesTo, ...shown }),
  })

  async function hasOtherWays(userId: number): Promise<boolean> {
    const { passkeys, providers } = context
    return (await passkeys.usable(userId)) > 0 || (await providers.identities(userId)).length > 0
  }

  async function reset({ words }: Exchange, token: string, errors: FormError[]) {
    const say = words.recovery
    const { links, users } = context
    const link = await links.read(token, 'reset_password')
    const account = link ? await users.findById(link.userId) : undefined
    if (!link || !account) {
      const canAskAnew = hasMail && (await links.formerOwner(token, 'reset_password')) !== null
      return {
        title: say.dead.title,
        words,
        room: 'form' as const,
        body: linkInvalidView(canAskAnew ? { words, token } : { words }),
      }
    }
    const { passwordMinLength } = settings
    return {
      title: say.reset.title,
      words,
      room: 'form' as const,
      hasErrors: errors.length > 0,
      body: resetView({
        words,
        token,
        username: account.username,
        passwordMinLength,
        takesWays: isFirstProof(link, account) && (await hasOtherWays(account.id)),
        errors,
      }),
    }
  }

  return [
    route({
      method: 'GET',
      path: '/auth/forgot',
      access: 'guest',
      summary: 'What a person can do here who has lost the password.',
      handle: (exchange) =>
        exchange.page(forgot(exchange, { asked: hasMail && exchange.query.get('done') === 'asked' })),
    }),
    routeOfForm({
      method: 'POST',
      path: '/auth/forgot',
      access: 'open',
      summary:
        'Asks for a letter with a one-time link. The answer is the same whether or not there is such an account (RST-01).',
      body: forgotBody,
      answers: { 200: answers.message, 303: 'For a form: to the page that says what comes next.' },
      async handle(exchange, { email, token }) {
        const asked = token ? { deadLink: token } : { identifier: email?.trim() ?? '' }
        if (asked.identifier === '') {
          const message = 'Enter your e-mail address or user name.'
          throw new AuthError('invalid_fields', { fields: [{ field: 'email', code: 'required', message }] })
        }
        await askForReset(context, asked, exchange.client)
        const redirect = '/auth/forgot?done=asked'
        return isForm(exchange) ? exchange.redirect(redirect) : exchange.json({ success: true, message, redirect })
      },
      onError: (exchange, error, raw) => {
        const { words } = exchange
        const own = { required: words.recovery.forgot.missing }
        const errors = wordedErrors(error, words, own, settings.passwordMinLength)
        return showAgain(exchange, error, forgot(exchange, { identifier: raw('email'), errors }))
      },
    }),
    route({
      method: 'GET',
      path: '/auth/reset',
      access: 'guest',
      summary: 'The page of a one-time link. Opening it changes nothing (RST-06).',
      async handle(exchange) {
        return exchange.page(await reset(exchange, exchange.query.get('token') ?? '', []))
      },
    }),
    routeOfForm({
      method: 'POST',
      path: '/auth/reset',
      access: 'open',
      summary: 'Sets a new password by a one-time link, and ends everything that was open.',
      body: resetBody,
      answers: { 200: answers.message, 303: 'For a form: to the sign-in page.' },
      async handle(exchange, { token, new_password }) {
        await resetPassword(context, { token, newPassword: new_password }, exchange.client)
        const cookies = signOutCookies(settings)
        if (!isForm(exchange)) {
          const message = 'Your password is set. Sign in with it.'
          return exchange.json({ success: true, message, redirect: '/auth/login' }, { cookies })
        }
        return exchange.redirect('/auth/login?done=reset', { cookies })
      },
      onError: async (exchange, error, raw) => {
        const errors = wordedErrors(error, exchange.words, {}, settings.passwordMinLength)
        return showAgain(exchange, error, await reset(exchange, raw('token'), errors))
      },
    }),
  ]
}
