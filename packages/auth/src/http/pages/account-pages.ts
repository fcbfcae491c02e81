import { AuthError } from '../../lib/errors.ts'
import { changeProfile } from '../../sign-in/change-profile.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { endDevice, endOtherDevices, listDevices } from '../../sign-in/sign-out.ts'
import { answers, profileBody } from '../auth-schemas.ts'
import { type Exchange, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import type { FormError } from '../views/forms.ts'
import type { Notice } from '../views/layout.ts'
import { formErrors, isForm, showAgain } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'

/** On the settings page; the others stand on a page of their own. */
const EVENTS_SHOWN = 5
const EVENTS_PER_PAGE = 50

/** What `?done=` says after a form has done its work. */
const notices: ReadonlyMap<string | null, string> = new Map([
  ['profile', 'Your profile is saved.'],
  ['device', 'That device is signed out.'],
  ['devices', 'Every other device is signed out.'],
])

/** The settings of one's own account: profile, signed-in devices, what happened. */
export function accountRoutes(context: SignInContext, settings: PageSettings): Route[] {
  async function settingsPage(exchange: Exchange, errors: readonly FormError[]) {
    const signedIn = sessionOf(exchange)
    const done = notices.get(exchange.query.get('done'))
    const notice: Notice | null = done !== undefined && errors.length === 0 ? { kind: 'done', text: done } : null
    const [devices, events] = await Promise.all([
      listDevices(context, signedIn),
      context.audit.history(signedIn.user.id, EVENTS_SHOWN),
    ])
    return settings.settingsView({
      user: signedIn.user,
      devices,
      events,
      errors,
      now: context.clock(),
      notice,
    })
  }

  const done = (exchange: Exchange, what: string, message: string) => {
    const redirect = `/settings?done=${what}`
    return isForm(exchange) ? exchange.redirect(redirect) : exchange.json({ success: true, message, redirect })
  }

  return [
    route({
      method: 'GET',
      path: '/settings',
      summary: 'Profile, signed-in devices, and what happened to the account.',
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
        return exchange.page(await settings.activityView({ user, events, olderHref, isOlder, now: context.clock() }))
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
        return done(exchange, 'profile', 'Your profile is saved.')
      },
      onError: async (exchange, error) => showAgain(exchange, error, await settingsPage(exchange, formErrors(error))),
    }),
    route({
      method: 'POST',
      path: '/settings/sessions/:id/end',
      summary: 'Signs one of the person’s own devices out.',
      answers: { 200: answers.message, 303: 'For a form: back to the settings.' },
      async handle(exchange) {
        const id = exchange.params['id'] ?? ''
        if (!(await endDevice(context, sessionOf(exchange), id, exchange.client))) throw new AuthError('not_found')
        return done(exchange, 'device', 'That device is signed out.')
      },
    }),
    route({
      method: 'POST',
      path: '/settings/sessions/end-others',
      stepUp: true,
      summary: 'Signs every other device and program of the person out.',
      answers: { 200: answers.message, 303: 'For a form: back to the settings.' },
      async handle(exchange) {
        await endOtherDevices(context, sessionOf(exchange), exchange.client)
        return done(exchange, 'devices', 'Every other device is signed out.')
      },
    }),
  ]
}
