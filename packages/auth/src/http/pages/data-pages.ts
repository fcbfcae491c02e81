import { days, isoTime } from '../../lib/clock.ts'
import { AuthError } from '../../lib/errors.ts'
import { exportAccount } from '../../sign-in/export-account.ts'
import { comeBack, leave } from '../../sign-in/leave.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { userJson } from '../../users/user.ts'
import { textIn } from '../../words/host-text.ts'
import type { Words } from '../../words/words.ts'
import { answers, leaveBody, restoreBody } from '../auth-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { dataView, deleteView, leftView, restoreView } from '../views/data-views.ts'
import type { FormError } from '../views/forms.ts'
import { signInExpiredView } from '../views/second-factor-view.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { isForm, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { noPendingCookie, signInCookies, signOutCookies } from './session-cookies.ts'

const HOME = '/settings/data'

const downloadOf = (id: string): string => `/settings/export/${id}`

/** What is wrong with a form of one’s own data. */
const errorsOf = (error: AuthError, words: Words) =>
  wordedErrors(error, words, { not_your_name: words.data.deletion.notYours })

/** One's own data: an archive of it, the deletion of the account, and the way back while there is one. */
export function dataPages(context: SignInContext, settings: PageSettings): Route[] {
  const graceDays = Math.ceil(context.leavingGrace / days(1))

  async function deletePage(exchange: Exchange, errors: readonly FormError[]): Promise<PageView> {
    const { user } = sessionOf(exchange)
    const goes = await settings.goesWith(user)
    const deletesAt = context.clock() + context.leavingGrace
    const { words } = exchange
    const body = deleteView({
      words,
      username: user.username,
      goes: goes.map((line) => textIn(line, words)),
      graceDays,
      deletesAt,
      errors,
    })
    return { title: words.data.remove, words, room: 'form', hasErrors: errors.length > 0, body }
  }

  async function restorePage(exchange: Exchange, errors: readonly FormError[]): Promise<PageView> {
    const token = exchange.cookie('pending')
    const found = token === null ? null : await context.pending.peek(token, 'restore')
    const deletesAt = found && (await context.users.findCredentials(found.userId))?.deletes_at
    const { words } = exchange
    const { ended } = words.signIn.secondFactor
    if (!deletesAt) return { title: ended, words, room: 'form', body: signInExpiredView('/', words) }
    const body = restoreView({ words, deletesAt, errors })
    return { title: words.data.restore.title, words, room: 'form', hasErrors: errors.length > 0, body }
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      summary: 'What a person can do with all that is kept of it.',
      async handle(exchange) {
        const state = await context.exports.state(sessionOf(exchange).user.id)
        const { words } = exchange
        const content = dataView({ words, graceDays, state })
        return exchange.page(settingsFrame({ words, active: HOME, title: words.data.title, content }))
      },
    }),
    route({
      method: 'GET',
      path: '/settings/export',
      summary: 'How far the archive of one’s own data is, and where it can be fetched.',
      answers: { 200: answers.exportState },
      async handle(exchange) {
        const state = await context.exports.state(sessionOf(exchange).user.id)
        if (state.state !== 'ready') return exchange.json({ success: true, ...state })
        const { id, bytes, endsAt } = state
        const ends_at = isoTime(endsAt)
        return exchange.json({ success: true, state: 'ready', bytes, ends_at, download: downloadOf(id) })
      },
    }),
    route({
      method: 'POST',
      path: '/settings/export',
      stepUp: true,
      summary: 'Begins an archive of everything that is kept of the person, in the background (ACC-02).',
      answers: { 200: answers.message, 303: 'For a form: to the page that tells how far it is.' },
      async handle(exchange) {
        const signedIn = sessionOf(exchange)
        await exportAccount(context, signedIn, await settings.exportParts(signedIn.user), exchange.client)
        if (isForm(exchange)) return exchange.redirect(HOME)
        return exchange.json({ success: true, message: 'The archive is being made.', redirect: '/settings/export' })
      },
    }),
    route({
      method: 'GET',
      path: '/settings/export/:id',
      stepUp: true,
      summary: 'The archive, once it is ready.',
      answers: { 200: 'The archive, application/zip.' },
      async handle(exchange) {
        const { user } = sessionOf(exchange)
        const state = await context.exports.state(user.id)
        if (state.state !== 'ready' || state.id !== exchange.params['id']) throw new AuthError('not_found')
        return new Response(context.exports.read(state.id), {
          headers: {
            ...settings.downloadHeaders,
            'content-type': 'application/zip',
            'content-length': String(state.bytes),
            'content-disposition': `attachment; filename="account-${user.id}.zip"`,
          },
        })
      },
    }),
    route({
      method: 'GET',
      path: '/settings/data/delete',
      stepUp: true,
      summary: 'Says what goes with the account and what stays, and asks for the name.',
      handle: async (exchange) => exchange.page(await deletePage(exchange, [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/delete',
      summary:
        'Closes the account at once and deletes it after the grace (ACC-01); a fresh step-up or the password is its proof (LOG-08).',
      body: leaveBody,
      answers: { 200: answers.left, 303: 'For a form: to the page of a closed account.' },
      async handle(exchange, { username, password }) {
        const deletesAt = await leave(context, sessionOf(exchange), { username, password }, exchange.client)
        const cookies = signOutCookies(settings)
        const redirect = '/auth/left'
        if (isForm(exchange)) return exchange.redirect(redirect, { cookies })
        const message = graceDays === 0 ? 'Your account is deleted.' : 'Your account is closed.'
        const deletes_at = isoTime(deletesAt)
        return exchange.json({ success: true, message, redirect, deletes_at }, { cookies })
      },
      onError: async (exchange, error) =>
        showAgain(exchange, error, await deletePage(exchange, errorsOf(error, exchange.words))),
    }),
    route({
      method: 'GET',
      path: '/auth/left',
      access: 'guest',
      summary: 'What somebody sees whose account is closed.',
      handle(exchange) {
        const { words } = exchange
        return exchange.page({ title: words.data.left.page, words, room: 'form', body: leftView({ words, graceDays }) })
      },
    }),
    route({
      method: 'GET',
      path: '/auth/restore',
      access: 'guest',
      summary: 'Offers an account back that is about to be deleted, after its owner has signed in.',
      handle: async (exchange) => exchange.page(await restorePage(exchange, [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/auth/restore',
      access: 'open',
      summary: 'Opens an account again that is about to be deleted, and signs in.',
      body: restoreBody,
      answers: { 200: answers.signedIn, 303: 'For a form: home.' },
      async handle(exchange, { pending_token }) {
        const pending = pending_token ?? exchange.cookie('pending')
        if (pending === null) throw new AuthError('sign_in_expired')
        const started = await comeBack(context, {
          pending,
          client: exchange.client,
          former: exchange.cookie('session'),
          device: exchange.cookie('device'),
        })
        const cookies = [...signInCookies(settings, started), noPendingCookie(settings)]
        if (isForm(exchange)) return exchange.redirect('/', { cookies })
        const message = 'Your account is open again.'
        return exchange.json({ success: true, message, redirect: '/', user: userJson(started.user) }, { cookies })
      },
      onError: async (exchange, error) =>
        showAgain(exchange, error, await restorePage(exchange, errorsOf(error, exchange.words))),
    }),
  ]
}
