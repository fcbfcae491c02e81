import { AuthError } from '../../lib/errors.ts'
import {
  addSecurityKey,
  beginSecurityKey,
  removeSecurityKey,
  renameSecurityKey,
} from '../../sign-in/change-security-keys.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { answers, emptyBody, newPasskeyBody, passkeyNameBody } from '../auth-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { securityKeyView } from '../views/factor-views.ts'
import type { FormError } from '../views/forms.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { doneAnswer, nameErrors, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { ceremonyCookie } from './session-cookies.ts'

/** They are listed beside the authenticators. */
const HOME = '/settings/second-factor'

/** Security keys of one's own account, which do for the second step only: add, rename, remove. */
export function securityKeyPages(context: SignInContext, settings: PageSettings): Route[] {
  const { passkeys } = context
  const idOf = (exchange: Exchange): string => exchange.params['id'] ?? ''

  async function one(exchange: Exchange, errors: readonly FormError[]): Promise<PageView> {
    const found = await passkeys.find(sessionOf(exchange).user.id, { id: idOf(exchange), kind: 'security_key' })
    if (!found) throw new AuthError('not_found')
    const key = { ...found, madeFor: found.rpId === passkeys.relyingParty?.id ? null : found.rpId }
    const { words } = exchange
    const content = securityKeyView({ words, key, errors })
    return settingsFrame({ words, active: HOME, title: words.factors.keys.one, errors, content })
  }

  return [
    route({
      method: 'POST',
      path: '/settings/security-keys/options',
      stepUp: true,
      summary: 'What a browser needs to register a security key, which does for the second step only.',
      body: emptyBody,
      answers: { 200: answers.passkeyOptions },
      async handle(exchange) {
        const { options, browser } = await beginSecurityKey(context, sessionOf(exchange), exchange.cookie('ceremony'))
        return exchange.json({ success: true, options }, { cookies: [ceremonyCookie(settings, browser)] })
      },
    }),
    route({
      method: 'POST',
      path: '/settings/security-keys',
      stepUp: true,
      summary: 'Adds the security key that the browser has registered, beside an authenticator.',
      body: newPasskeyBody,
      answers: { 200: answers.passkeyAdded },
      async handle(exchange, { credential }) {
        const made = { credential, browser: exchange.cookie('ceremony'), device: exchange.cookie('device') }
        const added = await addSecurityKey(context, sessionOf(exchange), made, exchange.client)
        const redirect = `${HOME}?done=key-added`
        return exchange.json({ success: true, message: 'Your security key is added.', redirect, ...added })
      },
    }),
    route({
      method: 'GET',
      path: '/settings/security-keys/:id',
      summary: 'One security key: its name, and its removal.',
      handle: async (exchange) => exchange.page(await one(exchange, [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/security-keys/:id/rename',
      summary: 'Gives a security key another name.',
      body: passkeyNameBody,
      answers: { 200: answers.message, 303: 'For a form: back to the second step.' },
      async handle(exchange, { name }) {
        await renameSecurityKey(context, sessionOf(exchange), { id: idOf(exchange), name }, exchange.client)
        return doneAnswer(exchange, `${HOME}?done=key-renamed`, 'The security key is renamed.')
      },
      async onError(exchange, error) {
        const errors = wordedErrors(error, exchange.words, nameErrors(exchange.words))
        return showAgain(exchange, error, await one(exchange, errors))
      },
    }),
    route({
      method: 'POST',
      path: '/settings/security-keys/:id/remove',
      stepUp: true,
      summary: 'Removes a security key and ends every other session (MFA-07).',
      answers: { 200: answers.message, 303: 'For a form: back to the second step.' },
      async handle(exchange) {
        await removeSecurityKey(context, sessionOf(exchange), idOf(exchange), exchange.client)
        return doneAnswer(exchange, `${HOME}?done=key-removed`, 'The security key is removed.')
      },
    }),
  ]
}
