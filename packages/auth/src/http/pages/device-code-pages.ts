import { isoTime } from '../../lib/clock.ts'
import { AuthError } from '../../lib/errors.ts'
import { networkOf } from '../../limits/counters.ts'
import { decideOnProgram, enterUserCode, programAsking } from '../../sign-in/device-code-sign-in.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { english, type Words } from '../../words/words.ts'
import { answers } from '../auth-schemas.ts'
import { deviceCodeAnswers, userCodeBody } from '../device-code-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import {
  programAllowedView,
  programEndedView,
  programRefusedView,
  programView,
  userCodeView,
} from '../views/device-code-views.ts'
import type { FormError } from '../views/forms.ts'
import { doneAnswer, isForm, showAgain, wordedErrors } from './form-answers.ts'

const HOME = '/auth/device'

/** What is wrong with the code of a program. */
const errorsOf = ({ devices, problems }: Words): Readonly<Record<string, string>> => ({
  'user_code.wrong_code': devices.codes.wrong,
  'user_code.too_short': problems.fields['code.too_short'],
})

/** Where a person lets a program in that shows a code (RFC 8628 section 3.3). */
export function deviceCodePages(context: SignInContext): Route[] {
  const enter = (exchange: Exchange, code: string, errors: readonly FormError[], isGiven = false): PageView => {
    const { words } = exchange
    const { username } = sessionOf(exchange).user
    const body = userCodeView({ words, username, code, isGiven, errors })
    return { title: words.devices.codes.title, words, room: 'form', hasErrors: errors.length > 0, body }
  }

  /** What was decided, by the word in the address. */
  const outcomes = (words: Words): ReadonlyMap<string | null, PageView> => {
    const { allowed, refused } = words.devices.codes
    return new Map<string | null, PageView>([
      ['allowed', { title: allowed, words, room: 'form', body: programAllowedView(words) }],
      ['refused', { title: refused, words, room: 'form', body: programRefusedView(words) }],
    ])
  }

  const idOf = (exchange: Exchange): string => exchange.params['id'] ?? ''

  /** What is no longer there is a page of its own: people come here minutes after the code was made. */
  async function whileItWaits(exchange: Exchange, answer: () => Promise<Response>): Promise<Response> {
    try {
      return await answer()
    } catch (error) {
      const isGone = error instanceof AuthError && error.code === 'not_found'
      if (!isGone || !isForm(exchange)) throw error
      const { words } = exchange
      const ended = { title: words.devices.codes.ended, words, room: 'form', body: programEndedView(words) } as const
      return exchange.page(ended, { status: 404 })
    }
  }

  const decide = (exchange: Exchange, decision: 'allowed' | 'refused', message: string): Promise<Response> =>
    whileItWaits(exchange, async () => {
      await decideOnProgram(context, sessionOf(exchange), { id: idOf(exchange), decision }, exchange.client)
      return doneAnswer(exchange, `${HOME}?done=${decision}`, message)
    })

  return [
    route({
      method: 'GET',
      path: HOME,
      summary: 'Asks for the code that a program shows; `user_code` fills it in, and does nothing else.',
      handle: (exchange) => {
        const code = exchange.query.get('user_code')?.slice(0, 40) ?? ''
        return exchange.page(
          outcomes(exchange.words).get(exchange.query.get('done')) ?? enter(exchange, code, [], code !== ''),
        )
      },
    }),
    routeOfForm({
      method: 'POST',
      path: HOME,
      summary: 'Finds the program that waits with a code: `id`, for the decision. Allows nothing.',
      body: userCodeBody,
      answers: { 200: deviceCodeAnswers.programFound, 303: 'For a form: to the page that asks whether to let it in.' },
      async handle(exchange, { user_code }) {
        const id = await enterUserCode(context, sessionOf(exchange), user_code, exchange.client)
        const redirect = `${HOME}/${id}`
        if (isForm(exchange)) return exchange.redirect(redirect)
        return exchange.json({ success: true, message: 'Now decide.', redirect, id })
      },
      onError: (exchange, error, raw) =>
        showAgain(
          exchange,
          error,
          enter(exchange, raw('user_code'), wordedErrors(error, exchange.words, errorsOf(exchange.words))),
        ),
    }),
    route({
      method: 'GET',
      path: `${HOME}/:id`,
      summary: 'Which program asks, from where and since when; JSON for a program that asks for it.',
      answers: { 200: deviceCodeAnswers.programAsking },
      handle: (exchange) =>
        whileItWaits(exchange, async () => {
          const { user } = sessionOf(exchange)
          const asking = await programAsking(context, sessionOf(exchange), idOf(exchange))
          if (exchange.wantsJson) {
            const { id, program, device, address, askedAt } = asking
            return exchange.json({
              success: true,
              id,
              claimed_name: program,
              device,
              address,
              asked_at: isoTime(askedAt),
            })
          }
          const isElsewhere = networkOf(asking.address) !== networkOf(exchange.client.address)
          const { words } = exchange
          const body = programView({ ...asking, words, isElsewhere, username: user.username, now: context.clock() })
          return exchange.page({ title: words.devices.codes.decide, words, room: 'form', body })
        }),
    }),
    route({
      method: 'POST',
      path: `${HOME}/:id/allow`,
      stepUp: true,
      summary: 'Lets the program in: it gets its tokens when it asks next.',
      answers: { 200: answers.message, 303: 'For a form: to the page that says so.' },
      handle: (exchange) => decide(exchange, 'allowed', `${english.devices.codes.allowed}.`),
    }),
    route({
      method: 'POST',
      path: `${HOME}/:id/refuse`,
      summary: 'Does not let the program in.',
      answers: { 200: answers.message, 303: 'For a form: to the page that says so.' },
      handle: (exchange) => decide(exchange, 'refused', `${english.devices.codes.refused}.`),
    }),
  ]
}
