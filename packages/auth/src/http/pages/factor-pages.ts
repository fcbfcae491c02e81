import { totpUri } from '../../factors/totp.ts'
import { isoTime } from '../../lib/clock.ts'
import { AuthError } from '../../lib/errors.ts'
import { hasPassword } from '../../passwords/hasher.ts'
import {
  beginAuthenticator,
  confirmAuthenticator,
  removeAuthenticator,
  renewRecoveryCodes,
} from '../../sign-in/change-factors.ts'
import { factorMissing } from '../../sign-in/demanded-factor.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { dropStepUp, stepUp, stepUpByPasskey } from '../../sign-in/step-up.ts'
import { cutTrustedDevice, cutTrustedDevices } from '../../sign-in/trust.ts'
import { takesRecoveryCodes } from '../../sign-in/ways-in.ts'
import type { Words } from '../../words/words.ts'
import {
  answers,
  authenticatorBody,
  codeBody,
  emptyBody,
  nextBody,
  passkeyStepUpBody,
  stepUpBody,
} from '../auth-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { localPath } from '../local-path.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { addAuthenticatorView, factorsView, recoveryCodesView } from '../views/factor-views.ts'
import type { FormError } from '../views/forms.ts'
import type { Notice } from '../views/layout.ts'
import { stepUpView } from '../views/second-factor-view.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { codeErrors, isForm, nameErrors, showAgain, usedJson, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'
import { providerNotice } from './provider-notices.ts'
import { ceremonyCookie, renewedCookie } from './session-cookies.ts'

const HOME = '/settings/second-factor'

/** What the page says to whom something was done, or who was led here. */
function noticeOf(query: URLSearchParams, say: Words['factors']['notices']): Notice | undefined {
  // To an administrator without a second factor, who wanted to administer (ADM-02).
  if (query.get('why') === 'admin') return { kind: 'info', text: say.admin }
  const notices = new Map<string | null, Notice>([
    ['added', { kind: 'done', text: say.added }],
    ['cut', { kind: 'done', text: say.cut }],
    ['all-cut', { kind: 'done', text: say.allCut }],
    ['key-added', { kind: 'done', text: say.keyAdded }],
    ['key-renamed', { kind: 'done', text: say.keyRenamed }],
    ['key-removed', { kind: 'done', text: say.keyRemoved }],
    ['removed', { kind: 'done', text: say.removed }],
    ['recovered', { kind: 'warning', text: say.recovered }],
  ])
  return notices.get(query.get('done'))
}

/** Step-up, authenticators and recovery codes of one's own account. */
export function factorPages(context: SignInContext, settings: PageSettings): Route[] {
  const errorsOf = ({ words }: Exchange, error: AuthError, own: Readonly<Record<string, string>> = {}) =>
    wordedErrors(error, words, own, settings.passwordMinLength)

  async function stateOf(exchange: Exchange) {
    const { id } = sessionOf(exchange).user
    const [state, { passkeys }, trusted, missing, demand, takesCodes] = await Promise.all([
      context.factors.state(id),
      context.passkeys.list(id),
      context.trusted.list(id, exchange.cookie('trusted')),
      factorMissing(context, sessionOf(exchange).user),
      context.users.demandOf(id),
      takesRecoveryCodes(context, sessionOf(exchange).user),
    ])
    const byPasskey = takesCodes && state.authenticators.length === 0
    const keys = passkeys.filter(({ kind }) => kind === 'security_key')
    return {
      state,
      keys,
      byPasskey,
      trusted,
      demanded: missing && { until: missing.until, reason: demand?.reason ?? null },
    }
  }

  async function stateJson(exchange: Exchange): Promise<Response> {
    const { state, keys, trusted, demanded } = await stateOf(exchange)
    return exchange.json({
      success: true,
      authenticators: state.authenticators.map(usedJson),
      security_keys: keys.map(usedJson),
      recovery_codes_left: state.recoveryCodesLeft,
      demanded_until: demanded?.until == null ? null : isoTime(demanded.until),
      demand_reason: demanded?.reason || null,
      trusted_devices: trusted.map(({ device, address, endsAt, current, ...row }) => ({
        ...usedJson({ ...row, name: device }),
        address,
        ends_at: isoTime(endsAt),
        current,
      })),
    })
  }

  async function home(exchange: Exchange, errors: FormError[]): Promise<PageView> {
    const { state, keys, ...more } = await stateOf(exchange)
    const { words } = exchange
    const { relyingParty } = context.passkeys
    const securityKeys = {
      keys: keys.map((key) => ({ ...key, madeFor: key.rpId === relyingParty?.id ? null : key.rpId })),
      hindrance: relyingParty ? null : words.factors.keys.hindrance(settings.origin),
    }
    const { page, notices } = words.factors
    const notice = errors.length === 0 ? noticeOf(exchange.query, notices) : undefined
    const content = factorsView({ words, state, securityKeys, ...more, now: context.clock(), errors })
    return settingsFrame({ words, active: HOME, title: page.title, errors, notice, content })
  }

  async function begun(exchange: Exchange, id: string) {
    const { user } = sessionOf(exchange)
    const found = await context.factors.begun(user.id, id)
    if (!found) throw new AuthError('not_found')
    return { id, ...found, uri: totpUri(found.secret, settings.siteName, user.username) }
  }

  const idOf = (exchange: Exchange): string => exchange.params['id'] ?? ''

  async function setUp(exchange: Exchange, errors: FormError[]): Promise<PageView> {
    const way = { action: `/settings/authenticators/${idOf(exchange)}/confirm`, back: HOME }
    const { words } = exchange
    const body = addAuthenticatorView({ words, ...(await begun(exchange, idOf(exchange))), ...way, errors })
    return { title: words.factors.setUp.title, words, room: 'form', hasErrors: errors.length > 0, body }
  }

  async function confirmPage(exchange: Exchange, next: string, errors: FormError[]): Promise<PageView> {
    const { username } = sessionOf(exchange).user
    const { words } = exchange
    const body = stepUpView({ words, next, ...(await stepUpWays(exchange)), username, errors })
    const notice = errors.length === 0 && providerNotice(exchange.query, context.providers, exchange.words)
    return {
      title: words.factors.stepUp.title,
      words,
      room: 'form',
      hasErrors: errors.length > 0,
      ...(notice && { notice }),
      body,
    }
  }

  async function linkedProviders(userId: number) {
    const linked = new Set((await context.providers.identities(userId)).map(({ provider }) => provider))
    return context.providers.list.filter(({ id, confirms }) => confirms && linked.has(id))
  }

  async function stepUpWays(exchange: Exchange) {
    const { id } = sessionOf(exchange).user
    const [byCode, account, usable, keys] = await Promise.all([
      context.factors.isOn(id),
      context.users.findCredentials(id),
      context.passkeys.usable(id),
      context.passkeys.keys(id),
    ])
    const byPassword = account !== undefined && hasPassword(account.password_hash)
    const by = byCode ? ('code' as const) : byPassword ? ('password' as const) : null
    return {
      by,
      passkeys: usable > 0,
      keys: byCode && keys > 0,
      providers: by === null ? await linkedProviders(id) : [],
    }
  }

  async function stepUpJson(exchange: Exchange): Promise<Response> {
    const { by, passkeys, keys, providers } = await stepUpWays(exchange)
    const left = context.sessions.confirmedFor(sessionOf(exchange).session)
    const methods = [
      ...(by ? [by] : []),
      ...(passkeys ? ['passkey'] : []),
      ...(keys ? ['security_key'] : []),
      ...(providers.length > 0 ? ['provider'] : []),
    ]
    return exchange.json({ success: true, methods, confirmed_for: Math.floor(left / 1000) })
  }
  const nextOf = (text: string | null | undefined): string => localPath(text ?? null) ?? '/settings'

  function answerCodes(exchange: Exchange, codes: string[]): Promise<Response> | Response {
    if (!isForm(exchange)) {
      return exchange.json({ success: true, message: 'Keep these codes.', redirect: HOME, recovery_codes: codes })
    }
    const { username } = sessionOf(exchange).user
    const { words } = exchange
    const body = recoveryCodesView({ words, codes, username, siteName: settings.siteName, next: HOME })
    return exchange.page({ title: words.factors.codes.title, words, room: 'form', body })
  }

  return [
    route({
      method: 'GET',
      path: '/settings/confirm',
      unenrolled: true,
      unconfirmed: true,
      summary: 'Asks somebody signed in to show once more who it is, and leads back; to a program it says by what.',
      answers: { 200: answers.stepUp },
      handle: async (exchange) =>
        exchange.wantsJson
          ? stepUpJson(exchange)
          : exchange.page(await confirmPage(exchange, nextOf(exchange.query.get('next')), [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/confirm',
      unenrolled: true,
      unconfirmed: true,
      summary:
        'Shows by a code, or by the password where there is no authenticator, who it is: for ten minutes (LOG-08).',
      body: stepUpBody,
      answers: { 200: answers.message, 303: 'For a form: back to what was asked for.' },
      async handle(exchange, { password = '', code = '', next }) {
        const signedIn = sessionOf(exchange)
        const token = await stepUp(context, signedIn, { password, code }, exchange.client)
        const cookies = [renewedCookie(settings, token, signedIn.session.remember)]
        const redirect = nextOf(next)
        if (isForm(exchange)) return exchange.redirect(redirect, { cookies })
        return exchange.json({ success: true, message: 'Confirmed for 10 minutes.', redirect }, { cookies })
      },
      onError: async (exchange, error, raw) =>
        showAgain(exchange, error, await confirmPage(exchange, nextOf(raw('next')), errorsOf(exchange, error))),
    }),
    route({
      method: 'POST',
      path: '/settings/confirm/passkey/options',
      unenrolled: true,
      summary: 'What a browser needs to take a passkey or security key of the account for the step-up.',
      body: emptyBody,
      answers: { 200: answers.passkeyOptions },
      async handle(exchange) {
        const { user } = sessionOf(exchange)
        const whose = { browser: exchange.cookie('ceremony'), ceremony: 'step_up', userId: user.id } as const
        const { options, browser } = await context.passkeys.beginUse(whose)
        return exchange.json({ success: true, options }, { cookies: [ceremonyCookie(settings, browser)] })
      },
    }),
    route({
      method: 'POST',
      path: '/settings/confirm/passkey',
      unenrolled: true,
      summary: 'Shows by a passkey or security key who it is: for ten minutes (LOG-08).',
      body: passkeyStepUpBody,
      answers: { 200: answers.message },
      async handle(exchange, { credential, next }) {
        const signedIn = sessionOf(exchange)
        const shown = { credential, browser: exchange.cookie('ceremony'), device: exchange.cookie('device') }
        const token = await stepUpByPasskey(context, signedIn, shown, exchange.client)
        const cookies = [renewedCookie(settings, token, signedIn.session.remember)]
        return exchange.json(
          { success: true, message: 'Confirmed for 10 minutes.', redirect: nextOf(next) },
          { cookies },
        )
      },
    }),
    route({
      method: 'POST',
      path: '/settings/confirm/drop',
      unenrolled: true,
      summary: 'Ends the ten minutes at once.',
      body: nextBody,
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange, { next }) {
        await dropStepUp(context, sessionOf(exchange))
        if (isForm(exchange)) return exchange.redirect(nextOf(next))
        return exchange.json({ success: true, message: 'What comes next asks again.' })
      },
    }),
    route({
      method: 'GET',
      path: HOME,
      unenrolled: true,
      summary:
        'Authenticators, security keys, recovery codes left and trusted devices of the account; JSON for a program that asks for it.',
      answers: { 200: answers.secondFactor },
      handle: async (exchange) => (exchange.wantsJson ? stateJson(exchange) : exchange.page(await home(exchange, []))),
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/authenticators',
      unenrolled: true,
      stepUp: true,
      summary: 'Begins a new authenticator, which counts from its first code on.',
      body: authenticatorBody,
      answers: { 200: answers.authenticatorBegun, 303: 'For a form: to the page with the QR code.' },
      async handle(exchange, { name }) {
        const id = await beginAuthenticator(context, sessionOf(exchange), name)
        const redirect = `/settings/authenticators/${id}`
        if (isForm(exchange)) return exchange.redirect(redirect)
        const { secret, uri } = await begun(exchange, id)
        return exchange.json({ success: true, message: 'Confirm it by a code.', redirect, id, secret, uri })
      },
      onError: async (exchange, error) => {
        const errors = errorsOf(exchange, error, {
          ...nameErrors(exchange.words),
          limit_reached: exchange.words.factors.name.most,
        })
        return showAgain(exchange, error, await home(exchange, errors))
      },
    }),
    route({
      method: 'GET',
      path: '/settings/authenticators/:id',
      unenrolled: true,
      stepUp: true,
      summary: 'QR code and key of an authenticator that does not count yet; JSON for a program that asks for it.',
      answers: { 200: answers.authenticatorSecret },
      handle: async (exchange) =>
        exchange.wantsJson
          ? exchange.json({ success: true, ...(await begun(exchange, idOf(exchange))) })
          : exchange.page(await setUp(exchange, [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/authenticators/:id/confirm',
      unenrolled: true,
      stepUp: true,
      summary: 'Makes a new authenticator count, by a code of it; the first one brings recovery codes (MFA-03).',
      body: codeBody,
      answers: { 200: answers.recoveryCodes, 303: 'For a form: back, where there are recovery codes already.' },
      async handle(exchange, { code }) {
        const confirm = { id: idOf(exchange), code }
        const codes = await confirmAuthenticator(context, sessionOf(exchange), confirm, exchange.client)
        return codes.length === 0 && isForm(exchange)
          ? exchange.redirect(`${HOME}?done=added`)
          : answerCodes(exchange, codes)
      },
      onError: async (exchange, error) => {
        if (error.code === 'not_found') throw error
        const errors = errorsOf(exchange, error, codeErrors(exchange.words))
        return showAgain(exchange, error, await setUp(exchange, errors))
      },
    }),
    route({
      method: 'POST',
      path: '/settings/authenticators/:id/remove',
      stepUp: true,
      summary: 'Removes an authenticator, with the last one the security keys, and ends every other session (MFA-07).',
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange) {
        await removeAuthenticator(context, sessionOf(exchange), idOf(exchange), exchange.client)
        const redirect = `${HOME}?done=removed`
        if (isForm(exchange)) return exchange.redirect(redirect)
        return exchange.json({ success: true, message: 'The authenticator is removed.', redirect })
      },
    }),
    route({
      method: 'POST',
      path: '/settings/trusted-devices/:id/cut',
      summary: 'Asks for the second step in this browser again.',
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange) {
        if (!(await cutTrustedDevice(context, sessionOf(exchange), idOf(exchange), exchange.client))) {
          throw new AuthError('not_found')
        }
        const redirect = `${HOME}?done=cut`
        if (isForm(exchange)) return exchange.redirect(redirect)
        return exchange.json({ success: true, message: 'That device is asked for a code again.', redirect })
      },
    }),
    route({
      method: 'POST',
      path: '/settings/trusted-devices/cut-all',
      summary: 'Asks for the second step in every browser again.',
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange) {
        await cutTrustedDevices(context, sessionOf(exchange), exchange.client)
        const redirect = `${HOME}?done=all-cut`
        if (isForm(exchange)) return exchange.redirect(redirect)
        return exchange.json({ success: true, message: 'Every device is asked for a code again.', redirect })
      },
    }),
    route({
      method: 'POST',
      path: '/settings/recovery-codes',
      stepUp: true,
      summary: 'Makes ten new recovery codes; the former ones stop working.',
      answers: { 200: answers.recoveryCodes },
      async handle(exchange) {
        return answerCodes(exchange, await renewRecoveryCodes(context, sessionOf(exchange), exchange.client))
      },
    }),
  ]
}
