import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { undoByOwner, undoOf } from '../../sign-in/undo.ts'
import { answers, linkBody } from '../auth-schemas.ts'
import type { Exchange, PageView } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import type { FormError } from '../views/forms.ts'
import { undoDeadView, undoView } from '../views/undo-view.ts'
import { isForm, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { signOutCookies } from './session-cookies.ts'

/** "This was not me": the link of every notice about an account. */
export function undoPages(context: SignInContext, settings: PageSettings): Route[] {
  async function page({ words }: Exchange, token: string, errors: FormError[]): Promise<PageView> {
    const { undo, undoDead } = words.recovery
    const found = await undoOf(context, token)
    if (!found) return { title: undoDead.title, words, room: 'form', body: undoDeadView(words) }
    const body = undoView({ words, token, ...found, errors })
    return { title: undo.title, words, room: 'form', hasErrors: errors.length > 0, body }
  }

  return [
    route({
      method: 'GET',
      path: '/auth/undo',
      access: 'guest',
      summary: 'The page of the link “this was not me”. Opening it changes nothing (RST-06).',
      handle: async (exchange) => exchange.page(await page(exchange, exchange.query.get('token') ?? '', [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/auth/undo',
      access: 'guest',
      summary:
        'Takes an account back by the link of a notice: ends everything, puts the former address and user name back, and leads to a new password. The second factor stays (RST-07).',
      body: linkBody,
      answers: { 200: answers.message, 303: 'For a form: to the page that sets a new password.' },
      async handle(exchange, { token }) {
        const reset = await undoByOwner(context, token, exchange.client)
        const redirect = `/auth/reset?token=${reset}`
        const cookies = signOutCookies(settings)
        if (isForm(exchange)) return exchange.redirect(redirect, { cookies })
        const message = 'Every device is signed out. Set a new password now.'
        return exchange.json({ success: true, message, redirect }, { cookies })
      },
      onError: async (exchange, error, raw) => {
        const errors = wordedErrors(error, exchange.words, {}, settings.passwordMinLength)
        return showAgain(exchange, error, await page(exchange, raw('token'), errors))
      },
    }),
  ]
}
