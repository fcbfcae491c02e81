import { hasPassword, NO_PASSWORD } from '../../passwords/hasher.ts'
import { changePassword } from '../../sign-in/change-password.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { takesRecoveryCodes } from '../../sign-in/ways-in.ts'
import { type User, userJson } from '../../users/user.ts'
import type { Words } from '../../words/words.ts'
import { answers, changePasswordBody } from '../auth-schemas.ts'
import { type Exchange, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { secondFactorWords } from '../views/factor-views.ts'
import type { FormError } from '../views/forms.ts'
import { html } from '../views/html.ts'
import type { Notice } from '../views/layout.ts'
import { type SecurityItem, securityView } from '../views/security-view.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { day } from '../views/time-words.ts'
import { isForm, showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { signInCookies } from './session-cookies.ts'

/** What stands in the overview, in this order; null leaves a row out. A new way in or factor adds its row here. */
type SecurityItemOf = (
  context: SignInContext,
  user: User,
  say: Words['factors']['security'],
  words: Words,
) => Promise<SecurityItem | null>

const ownPassword = async ({ users }: SignInContext, userId: number): Promise<boolean> =>
  hasPassword((await users.findCredentials(userId))?.password_hash ?? NO_PASSWORD)

const passwordItem: SecurityItemOf = async (context, user, say, words) => {
  if (!(await ownPassword(context, user.id))) {
    return { title: say.password, text: say.noPassword, action: { href: '#password', label: say.setOne } }
  }
  const changedAt = (await context.users.findCredentials(user.id))?.password_changed_at
  const { before, after } = changedAt ? say.passwordSet : say.passwordOld
  return {
    title: say.password,
    text: html`${before}${day(changedAt || Date.parse(user.createdAt), words)}${after}`,
    action: { href: '#password', label: say.changeIt },
  }
}

const secondFactorItem: SecurityItemOf = async (context, user, say, words) => {
  const { factors, passkeys } = context
  const [state, keys, takesCodes] = await Promise.all([
    factors.state(user.id),
    passkeys.keys(user.id),
    takesRecoveryCodes(context, user),
  ])
  const label = state.authenticators.length === 0 ? say.setUp : say.changeIt
  return {
    title: say.secondFactor,
    text: secondFactorWords(state, keys, words, takesCodes),
    action: { href: '/settings/second-factor', label },
  }
}

const recoveryCodesItem: SecurityItemOf = async (context, user, say) => {
  if (!(await takesRecoveryCodes(context, user))) return null
  return {
    title: say.recoveryCodes,
    text: say.codesLeft(await context.factors.codesLeft(user.id)),
    action: { href: '/settings/second-factor#recovery-codes', label: say.makeNew },
  }
}

const passkeysItem: SecurityItemOf = async ({ passkeys }, { id }, say) => {
  const count = await passkeys.usable(id)
  if (passkeys.hindrance !== null && count === 0) return null
  return {
    title: say.passkeys,
    text: count === 0 ? say.noPasskey : say.passkeyCount(count),
    action: { href: '/settings/passkeys', label: count === 0 ? say.addOne : say.changeThem },
  }
}

const providersItem: SecurityItemOf = async ({ providers }, { id }, say) => {
  const identities = await providers.identities(id)
  if (identities.length === 0 && providers.list.length === 0) return null
  const labels = [...new Set(identities.map(({ label }) => label))]
  return {
    title: say.providers,
    text: labels.length === 0 ? say.noProvider : html`<bdi>${labels.join(', ')}</bdi>${say.providersDo}`,
    action: { href: '/settings/providers', label: labels.length === 0 ? say.linkOne : say.changeIt },
  }
}

const addressItem: SecurityItemOf = async ({ mail }, { email, emailConfirmed }, say) => {
  if (!mail) return null
  const href = '/settings/address'
  if (email === null) {
    return { title: say.address, text: say.noAddress, action: { href, label: say.addOne } }
  }
  return emailConfirmed
    ? { title: say.address, text: say.confirmed(email), action: { href, label: say.changeIt } }
    : { title: say.address, text: say.unconfirmed(email), action: { href, label: say.confirmIt } }
}

const securityItems: readonly SecurityItemOf[] = [
  passwordItem,
  passkeysItem,
  secondFactorItem,
  recoveryCodesItem,
  providersItem,
  addressItem,
]

/** What has just been done, by the word in the address. */
const noticesOf = ({ notices }: Words['factors']): ReadonlyMap<string | null, Notice> =>
  new Map<string | null, Notice>([
    ['password', { kind: 'done', text: notices.password }],
    ['not-mine', { kind: 'warning', text: notices.notMine }],
  ])

/** How the account is protected, and the change of its password. */
export function securityPages(context: SignInContext, settings: PageSettings): Route[] {
  async function securityPage(exchange: Exchange, errors: readonly FormError[]) {
    const { user } = sessionOf(exchange)
    const { words } = exchange
    const { security } = words.factors
    const items = await Promise.all(securityItems.map((itemOf) => itemOf(context, user, security, words)))
    const notice = errors.length === 0 ? noticesOf(words.factors).get(exchange.query.get('done')) : undefined
    return settingsFrame({
      words,
      active: '/settings/security',
      title: security.title,
      errors,
      ...(notice && { notice }),
      content: securityView({
        words,
        items: items.filter((item) => item !== null),
        username: user.username,
        hasPassword: await ownPassword(context, user.id),
        passwordMinLength: settings.passwordMinLength,
        errors,
      }),
    })
  }

  return [
    route({
      method: 'GET',
      path: '/settings/security',
      summary: 'How the account is protected: password, second factor, recovery codes, each with what to do next.',
      handle: async (exchange) => exchange.page(await securityPage(exchange, [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/password',
      summary:
        'Changes the password, or sets the first one after a step-up; everything else that was open ends (CHG-01, CHG-02).',
      body: changePasswordBody,
      answers: { 200: answers.signedIn, 303: 'For a form: back to the page of the password.' },
      async handle(exchange, { current_password, new_password }) {
        const change = {
          currentPassword: current_password,
          newPassword: new_password,
          device: exchange.cookie('device'),
        }
        const started = await changePassword(context, sessionOf(exchange), change, exchange.client)
        const cookies = signInCookies(settings, started)
        const redirect = '/settings/security?done=password'
        if (isForm(exchange)) return exchange.redirect(redirect, { cookies })
        const message = 'Your password is set.'
        return exchange.json({ success: true, message, redirect, user: userJson(started.user) }, { cookies })
      },
      onError: async (exchange, error) => {
        const errors = wordedErrors(error, exchange.words, {}, settings.passwordMinLength)
        return showAgain(exchange, error, await securityPage(exchange, errors))
      },
    }),
  ]
}
