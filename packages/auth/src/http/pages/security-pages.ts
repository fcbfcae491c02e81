import { hasPassword, NO_PASSWORD } from '../../passwords/hasher.ts'
import { changePassword } from '../../sign-in/change-password.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { type User, userJson } from '../../users/user.ts'
import { answers, changePasswordBody } from '../auth-schemas.ts'
import { type Exchange, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { secondFactorWords } from '../views/factor-views.ts'
import type { FormError } from '../views/forms.ts'
import { html, plural } from '../views/html.ts'
import type { Notice } from '../views/layout.ts'
import { NOT_MINE, type SecurityItem, securityView } from '../views/security-view.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { day } from '../views/time-words.ts'
import { formErrors, isForm, showAgain } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { signInCookies } from './session-cookies.ts'

/** What stands in the overview, in this order; null leaves a row out. A new way in or factor adds its row here. */
type SecurityItemOf = (context: SignInContext, user: User) => Promise<SecurityItem | null>

const ownPassword = async ({ users }: SignInContext, userId: number): Promise<boolean> =>
  hasPassword((await users.findCredentials(userId))?.password_hash ?? NO_PASSWORD)

const passwordItem: SecurityItemOf = async (context, user) => {
  if (!(await ownPassword(context, user.id))) {
    return { title: 'Password', text: 'None. Nobody can guess it.', action: { href: '#password', label: 'Set one' } }
  }
  const changedAt = (await context.users.findCredentials(user.id))?.password_changed_at
  return {
    title: 'Password',
    text: changedAt ? html`Set on ${day(changedAt)}.` : html`Not changed since ${day(Date.parse(user.createdAt))}.`,
    action: { href: '#password', label: 'Change it' },
  }
}

const secondFactorItem: SecurityItemOf = async ({ factors }, { id }) => {
  const state = await factors.state(id)
  const label = state.authenticators.length === 0 ? 'Set it up' : 'Change it'
  return {
    title: 'Two-step sign-in',
    text: secondFactorWords(state),
    action: { href: '/settings/second-factor', label },
  }
}

const recoveryCodesItem: SecurityItemOf = async ({ factors }, { id }) => {
  const { authenticators, recoveryCodesLeft } = await factors.state(id)
  if (authenticators.length === 0) return null
  return {
    title: 'Recovery codes',
    text: `${plural(recoveryCodesLeft, 'code', 'codes')} left, for when your authenticator is not at hand.`,
    action: { href: '/settings/second-factor#recovery-codes', label: 'Make new ones' },
  }
}

const passkeysItem: SecurityItemOf = async ({ passkeys }, { id }) => {
  const count = await passkeys.usable(id)
  if (passkeys.hindrance !== null && count === 0) return null
  return {
    title: 'Passkeys',
    text: count === 0 ? 'None. One signs you in without a password.' : `${plural(count, 'passkey', 'passkeys')}.`,
    action: { href: '/settings/passkeys', label: count === 0 ? 'Add one' : 'Change them' },
  }
}

const providersItem: SecurityItemOf = async ({ providers }, { id }) => {
  const identities = await providers.identities(id)
  if (identities.length === 0 && providers.list.length === 0) return null
  const labels = [...new Set(identities.map(({ label }) => label))]
  return {
    title: 'Other services',
    text: labels.length === 0 ? 'None can sign you in.' : html`<bdi>${labels.join(', ')}</bdi> can sign you in.`,
    action: { href: '/settings/providers', label: labels.length === 0 ? 'Link one' : 'Change it' },
  }
}

const addressItem: SecurityItemOf = async ({ mail }, { email, emailConfirmed }) => {
  if (!mail) return null
  const href = '/settings/address'
  if (email === null) {
    return {
      title: 'E-mail address',
      text: 'None. A lost password cannot be set anew by mail.',
      action: { href, label: 'Add one' },
    }
  }
  return emailConfirmed
    ? { title: 'E-mail address', text: `${email}, confirmed.`, action: { href, label: 'Change it' } }
    : { title: 'E-mail address', text: `${email}, not confirmed yet.`, action: { href, label: 'Confirm it' } }
}

const securityItems: readonly SecurityItemOf[] = [
  passwordItem,
  passkeysItem,
  secondFactorItem,
  recoveryCodesItem,
  providersItem,
  addressItem,
]

const notices: ReadonlyMap<string | null, Notice> = new Map<string | null, Notice>([
  ['password', { kind: 'done', text: 'Your password is set. Every other device is signed out.' }],
  ['not-mine', { kind: 'warning', text: NOT_MINE }],
])

/** How the account is protected, and the change of its password. */
export function securityPages(context: SignInContext, settings: PageSettings): Route[] {
  async function securityPage(exchange: Exchange, errors: readonly FormError[]) {
    const { user } = sessionOf(exchange)
    const items = await Promise.all(securityItems.map((itemOf) => itemOf(context, user)))
    const notice = errors.length === 0 ? notices.get(exchange.query.get('done')) : undefined
    return settingsFrame({
      active: '/settings/security',
      title: 'Security',
      errors,
      ...(notice && { notice }),
      content: securityView({
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
      onError: async (exchange, error) => showAgain(exchange, error, await securityPage(exchange, formErrors(error))),
    }),
  ]
}
