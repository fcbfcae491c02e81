import { changeProfile } from '../../sign-in/change-profile.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import type { Words } from '../../words/words.ts'
import { answers, profileBody } from '../auth-schemas.ts'
import { type Exchange, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import type { FormError } from '../views/forms.ts'
import type { Notice } from '../views/layout.ts'
import { doneAnswer, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'

/** On the settings page; the others stand on a page of their own. */
const EVENTS_SHOWN = 5
const EVENTS_PER_PAGE = 50

/** What `?done=` says after a form has done its work. */
const doneWords = ({ account }: Words): ReadonlyMap<string | null, string> =>
  new Map<string | null, string>([
    ['profile', account.saved],
    ['username', account.usernameChanged],
  ])

/** The settings of one's own account: profile, and what happened. */
export function accountRoutes(context: SignInContext, settings: PageSettings): Route[] {
  async function settingsPage(exchange: Exchange, errors: readonly FormError[]) {
    const signedIn = sessionOf(exchange)
    const { words } = exchange
    const done = doneWords(words).get(exchange.query.get('done'))
    const notice: Notice | null = done !== undefined && errors.length === 0 ? { kind: 'done', text: done } : null
    const events = await context.audit.history(signedIn.user.id, EVENTS_SHOWN)
    return settings.settingsView({
      words,
      languages: context.languages.offered,
      user: signedIn.user,
      events,
      errors,
      now: context.clock(),
      notice,
    })
  }

  return [
    route({
      method: 'GET',
      path: '/settings',
      summary: 'The profile, and what happened to the account lately.',
      handle: async (exchange) => exchange.page(await settingsPage(exchange, [])),
    }),
    route({
      method: 'GET',
      path: '/settings/activity',
      summary:
        'Everything that happened to the account in the last 90 days, or with `before` what came before an event.',
      async handle(exchange) {
        const { user } = sessionOf(exchange)
        const before = /^\d{1,15}$/.exec(exchange.query.get('before') ?? '')?.[0]
        // One more than is shown tells whether there are others.
        const found = await context.audit.history(user.id, EVENTS_PER_PAGE + 1, before ? Number(before) : undefined)
        const events = found.slice(0, EVENTS_PER_PAGE)
        const last = events.at(-1)
        const olderHref = last && found.length > events.length ? `/settings/activity?before=${last.id}` : null
        const isOlder = before !== undefined
        const { words } = exchange
        const now = context.clock()
        return exchange.page(await settings.activityView({ words, user, events, olderHref, isOlder, now }))
      },
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/profile',
      summary: 'Changes the name that the person is called by.',
      body: profileBody,
      answers: { 200: answers.message, 303: 'For a form: back to the settings.' },
      async handle(exchange, { display_name }) {
        await changeProfile(context, sessionOf(exchange), { displayName: display_name }, exchange.client)
        return doneAnswer(exchange, '/settings?done=profile', 'Your profile is saved.')
      },
      onError: async (exchange, error) =>
        showAgain(exchange, error, await settingsPage(exchange, wordedErrors(error, exchange.words))),
    }),
  ]
}
