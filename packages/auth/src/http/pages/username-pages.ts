import { changeUsername } from '../../sign-in/change-username.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { answers, usernameBody } from '../auth-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import type { FormError } from '../views/forms.ts'
import { usernameView } from '../views/username-view.ts'
import { doneAnswer, showAgain, wordedErrors } from './form-answers.ts'

/** The name by which a person signs in (A1). */
export function usernamePages(context: SignInContext): Route[] {
  const page = (exchange: Exchange, typed: string, errors: readonly FormError[]): PageView => {
    const { words } = exchange
    const body = usernameView({ words, username: sessionOf(exchange).user.username, typed, errors })
    return { title: words.data.username.title, words, room: 'form', hasErrors: errors.length > 0, body }
  }

  return [
    route({
      method: 'GET',
      path: '/settings/username',
      stepUp: true,
      summary: 'Asks for another user name.',
      handle: (exchange) => exchange.page(page(exchange, '', [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/username',
      stepUp: true,
      summary: 'Changes the user name. The former one is kept for its owner for 90 days.',
      body: usernameBody,
      answers: { 200: answers.message, 303: 'For a form: back to the settings.' },
      async handle(exchange, { username }) {
        await changeUsername(context, sessionOf(exchange), username, exchange.client)
        return doneAnswer(exchange, '/settings?done=username', 'Your user name is changed.')
      },
      onError: (exchange, error, raw) =>
        showAgain(
          exchange,
          error,
          page(
            exchange,
            raw('username'),
            wordedErrors(error, exchange.words, { conflict: exchange.words.account.nameChanged }),
          ),
        ),
    }),
  ]
}
