import { AuthError } from '../../lib/errors.ts'
import type { PasskeyListed } from '../../passkeys/passkeys.ts'
import { addPasskey, beginPasskey, removePasskey, renamePasskey } from '../../sign-in/change-passkeys.ts'
import { declinePasskey } from '../../sign-in/passkey-invitation.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import type { Words } from '../../words/words.ts'
import { answers, emptyBody, newPasskeyBody, passkeyNameBody } from '../auth-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import type { FormError } from '../views/forms.ts'
import type { Notice } from '../views/layout.ts'
import { type PasskeyShown, passkeysView, passkeyView } from '../views/passkey-views.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { isForm, nameErrors, showAgain, usedJson, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { ceremonyCookie } from './session-cookies.ts'

const HOME = '/settings/passkeys'

/** What has just been done, by the word in the address. */
const noticesOf = ({ passkeys: { notices } }: Words): ReadonlyMap<string | null, Notice> =>
  new Map<string | null, Notice>([
    ['added', { kind: 'done', text: notices.added }],
    ['renamed', { kind: 'done', text: notices.renamed }],
    ['removed', { kind: 'done', text: notices.removed }],
    ['recovered', { kind: 'warning', text: notices.recovered }],
  ])

/** Security keys stand with the second step. */
const isPasskey = ({ kind }: PasskeyListed): boolean => kind === 'passkey'

/** The passkeys of one's own account: list, add, rename, remove (P1 to P3). */
export function passkeyPages(context: SignInContext, settings: PageSettings): Route[] {
  const { passkeys, users, devices } = context
  const idOf = (exchange: Exchange): string => exchange.params['id'] ?? ''

  /** Lists know a passkey's last browser by its name; this one's is in its device cookie. */
  async function shownIn(exchange: Exchange): Promise<(passkey: PasskeyListed) => PasskeyShown> {
    const account = await users.findCredentials(sessionOf(exchange).user.id)
    const here = account ? devices.find(exchange.cookie('device'), account) : null
    return (passkey) => ({
      ...passkey,
      usedHere: here !== null && passkey.lastUsedOn === here,
      madeFor: passkey.rpId === passkeys.relyingParty?.id ? null : passkey.rpId,
    })
  }

  async function home(exchange: Exchange, errors: readonly FormError[]): Promise<PageView> {
    const { user } = sessionOf(exchange)
    const { handle, passkeys: all } = await passkeys.list(user.id)
    const found = all.filter(isPasskey)
    const shown = found.map(await shownIn(exchange))
    const { relyingParty } = passkeys
    const { words } = exchange
    const hindrance = relyingParty ? null : words.passkeys.hindrance(settings.origin)
    const account =
      handle === null || relyingParty === null
        ? null
        : {
            rpId: relyingParty.id,
            handle,
            username: user.username,
            displayName: user.displayName,
            credentialIds: all.map(({ credentialId }) => credentialId),
          }
    return settingsFrame({
      words,
      active: HOME,
      title: words.passkeys.title,
      lead: words.passkeys.lead,
      errors,
      notice: errors.length === 0 ? noticesOf(words).get(exchange.query.get('done')) : undefined,
      content: passkeysView({ words, passkeys: shown, hindrance, account }),
    })
  }

  async function one(exchange: Exchange, errors: readonly FormError[]): Promise<PageView> {
    const found = await passkeys.find(sessionOf(exchange).user.id, { id: idOf(exchange), kind: 'passkey' })
    if (!found) throw new AuthError('not_found')
    const passkey = (await shownIn(exchange))(found)
    const { words } = exchange
    const content = passkeyView({ words, passkey, errors })
    return settingsFrame({ words, active: HOME, title: words.passkeys.one, errors, content })
  }

  function done(exchange: Exchange, what: 'renamed' | 'removed'): Response {
    const redirect = `${HOME}?done=${what}`
    if (isForm(exchange)) return exchange.redirect(redirect)
    return exchange.json({ success: true, message: `The passkey is ${what}.`, redirect })
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      unenrolled: true,
      summary: 'The passkeys of the account; JSON for a program that asks for it.',
      answers: { 200: answers.passkeys },
      async handle(exchange) {
        if (!exchange.wantsJson) return exchange.page(await home(exchange, []))
        const found = await passkeys.list(sessionOf(exchange).user.id)
        const listed = found.passkeys.filter(isPasskey).map((row) => ({ ...usedJson(row), synced: row.synced }))
        return exchange.json({ success: true, passkeys: listed })
      },
    }),
    route({
      method: 'POST',
      path: '/settings/passkeys/options',
      unenrolled: true,
      stepUp: true,
      summary: 'What a browser needs to make a passkey for the account.',
      body: emptyBody,
      answers: { 200: answers.passkeyOptions },
      async handle(exchange) {
        const { options, browser } = await beginPasskey(context, sessionOf(exchange), exchange.cookie('ceremony'))
        return exchange.json({ success: true, options }, { cookies: [ceremonyCookie(settings, browser)] })
      },
    }),
    route({
      method: 'POST',
      path: HOME,
      unenrolled: true,
      stepUp: true,
      summary: 'Adds the passkey that the browser has made (PKY-05).',
      body: newPasskeyBody,
      answers: { 200: answers.passkeyAdded },
      async handle(exchange, { credential }) {
        const made = { credential, browser: exchange.cookie('ceremony'), device: exchange.cookie('device') }
        const added = await addPasskey(context, sessionOf(exchange), made, exchange.client)
        const redirect = `${HOME}?done=added`
        return exchange.json({ success: true, message: 'Your passkey is added.', redirect, ...added })
      },
    }),
    route({
      method: 'POST',
      path: '/settings/passkeys/not-now',
      summary: 'Declines the invitation to make a passkey, which comes again after a recovery only (P4).',
      answers: { 200: answers.message, 303: 'For a form: home.' },
      async handle(exchange) {
        await declinePasskey(context, sessionOf(exchange))
        if (isForm(exchange)) return exchange.redirect('/')
        return exchange.json({ success: true, message: 'You are not asked again.', redirect: '/' })
      },
    }),
    route({
      method: 'GET',
      path: '/settings/passkeys/:id',
      summary: 'One passkey: its name, and its removal.',
      handle: async (exchange) => exchange.page(await one(exchange, [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/passkeys/:id/rename',
      summary: 'Gives a passkey another name.',
      body: passkeyNameBody,
      answers: { 200: answers.message, 303: 'For a form: back to the passkeys.' },
      async handle(exchange, { name }) {
        await renamePasskey(context, sessionOf(exchange), { id: idOf(exchange), name }, exchange.client)
        return done(exchange, 'renamed')
      },
      async onError(exchange, error) {
        const errors = wordedErrors(error, exchange.words, nameErrors(exchange.words))
        return showAgain(exchange, error, await one(exchange, errors))
      },
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/passkeys/:id/remove',
      stepUp: true,
      summary: 'Removes a passkey and ends every other session; never the last way in (PKY-05, MFA-07).',
      body: emptyBody,
      answers: { 200: answers.message, 303: 'For a form: back to the passkeys.' },
      async handle(exchange) {
        await removePasskey(context, sessionOf(exchange), idOf(exchange), exchange.client)
        return done(exchange, 'removed')
      },
      async onError(exchange, error) {
        const { passkeys: say } = exchange.words
        const only = error.code === 'last_way_in' && [{ field: '', message: say.lastWayIn }]
        return showAgain(exchange, error, await home(exchange, only || wordedErrors(error, exchange.words)))
      },
    }),
  ]
}
