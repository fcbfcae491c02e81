import { isoTime } from '../../lib/clock.ts'
import type { AuthError } from '../../lib/errors.ts'
import { type Mail, placeIn } from '../../mail/outbox.ts'
import { askForNewAddress, dropNewAddress } from '../../sign-in/change-address.ts'
import {
  addressWaiting,
  confirmationOf,
  confirmByCode,
  confirmByLink,
  sendConfirmationAgain,
} from '../../sign-in/confirm-address.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { english, type Words } from '../../words/words.ts'
import { addressBody, answers, codeBody, emptyBody, linkBody } from '../auth-schemas.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import {
  addressConfirmedView,
  addressView,
  changeAddressView,
  confirmLinkDeadView,
  confirmLinkView,
} from '../views/address-view.ts'
import type { FormError } from '../views/forms.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { isForm, showAgain, wordedErrors } from './form-answers.ts'

const HOME = '/settings/address'

/**
 * What `?done=` says, and what a program is told. The same whether or not somebody has the address (REG-08), and never that
 * something was sent which was only written down (F3).
 */
const messagesFor = (mail: Mail | null, words: Words) => {
  const { notices: say } = words.address
  const place = placeIn(mail, words)
  const letter = place === null ? say.sent : `${say.written} ${place}`
  return { asked: `${letter}${say.asked}`, sent: letter, confirmed: say.confirmed, dropped: say.dropped }
}

/** What is wrong with an address or the code for it. */
const errorsOf = (error: AuthError, words: Words) =>
  wordedErrors(error, words, {
    'code.wrong_code': words.address.confirm.wrong,
    code_expired: words.address.confirm.expired,
    'email.too_short': words.address.form.missing,
  })

/** The e-mail address of an account: confirmed by a code or a link, and changed (EML-01 to EML-04). */
export function addressPages(context: SignInContext): Route[] {
  const hasMail = context.mail !== null
  const goesTo = context.mail?.goesTo ?? null
  const messages = messagesFor(context.mail, english)

  async function home(exchange: Exchange, errors: FormError[]): Promise<PageView> {
    const { user } = sessionOf(exchange)
    const { words } = exchange
    const done = Object.entries(messagesFor(context.mail, words)).find(
      ([name]) => name === exchange.query.get('done'),
    )?.[1]
    return settingsFrame({
      words,
      active: HOME,
      title: words.address.title,
      errors,
      notice: done === undefined || errors.length > 0 ? null : { kind: 'done', text: done },
      content: addressView({
        words,
        email: user.email,
        confirmed: user.emailConfirmed,
        due: user.addressDue,
        waiting: await addressWaiting(context, user.id),
        hasMail,
        goesTo,
        now: context.clock(),
        errors,
      }),
    })
  }

  async function stateJson(exchange: Exchange) {
    const { user } = sessionOf(exchange)
    const waiting = await addressWaiting(context, user.id)
    return {
      success: true,
      can_confirm: hasMail,
      email: user.email,
      confirmed: user.emailConfirmed,
      waiting: waiting && {
        email: waiting.address,
        code_until: waiting.codeEndsAt === null ? null : isoTime(waiting.codeEndsAt),
        link_until: isoTime(waiting.linkEndsAt),
        send_again_at: isoTime(waiting.sendAgainAt),
      },
    }
  }

  function changePage(exchange: Exchange, typed: string, errors: FormError[]): PageView {
    const { email } = sessionOf(exchange).user
    const { words } = exchange
    const { addTitle, changeTitle } = words.address.form
    const body = changeAddressView({ words, email, typed, errors })
    return { title: email === null ? addTitle : changeTitle, words, room: 'form', hasErrors: errors.length > 0, body }
  }

  async function linkPage({ words }: Exchange, token: string, errors: FormError[]): Promise<PageView> {
    const { title, dead } = words.address.link
    const found = await confirmationOf(context, token)
    if (!found) return { title: dead, words, room: 'form', body: confirmLinkDeadView(words) }
    const body = confirmLinkView({ words, token, ...found, errors })
    return { title, words, room: 'form', hasErrors: errors.length > 0, body }
  }

  const done = (exchange: Exchange, what: keyof typeof messages) => {
    const redirect = `${HOME}?done=${what}`
    return isForm(exchange)
      ? exchange.redirect(redirect)
      : exchange.json({ success: true, message: messages[what], redirect })
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      unconfirmed: true,
      summary: 'The e-mail address, whether it is confirmed, and what waits to be; JSON for a program.',
      answers: { 200: answers.address },
      handle: async (exchange) =>
        exchange.wantsJson ? exchange.json(await stateJson(exchange)) : exchange.page(await home(exchange, [])),
    }),
    route({
      method: 'GET',
      path: `${HOME}/change`,
      stepUp: true,
      unconfirmed: true,
      summary: 'Asks for another address.',
      handle: async (exchange) =>
        hasMail ? exchange.page(changePage(exchange, '', [])) : exchange.page(await home(exchange, [])),
    }),
    routeOfForm({
      method: 'POST',
      path: HOME,
      stepUp: true,
      unconfirmed: true,
      summary: 'Begins a change of the address, which counts once the new one is confirmed (EML-02).',
      body: addressBody,
      answers: { 200: answers.message, 303: 'For a form: back to the page of the address.' },
      async handle(exchange, { email }) {
        await askForNewAddress(context, sessionOf(exchange), email, exchange.client)
        return done(exchange, 'asked')
      },
      onError: (exchange, error, raw) =>
        showAgain(exchange, error, changePage(exchange, raw('email'), errorsOf(error, exchange.words))),
    }),
    routeOfForm({
      method: 'POST',
      path: `${HOME}/send`,
      unconfirmed: true,
      summary: 'Sends another letter; the former link and code are void.',
      body: emptyBody,
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange) {
        await sendConfirmationAgain(context, sessionOf(exchange), exchange.client)
        return done(exchange, 'sent')
      },
      onError: async (exchange, error) =>
        showAgain(exchange, error, await home(exchange, errorsOf(error, exchange.words))),
    }),
    routeOfForm({
      method: 'POST',
      path: `${HOME}/confirm`,
      unconfirmed: true,
      summary: 'Confirms the address by the code of the letter, within 10 minutes and 5 wrong tries (EML-01).',
      body: codeBody,
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange, { code }) {
        await confirmByCode(context, sessionOf(exchange), code, exchange.client)
        return done(exchange, 'confirmed')
      },
      onError: async (exchange, error) =>
        showAgain(exchange, error, await home(exchange, errorsOf(error, exchange.words))),
    }),
    route({
      method: 'POST',
      path: `${HOME}/drop`,
      unconfirmed: true,
      summary: 'Forgets a change of the address that was not confirmed: its link and its code are void.',
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange) {
        await dropNewAddress(context, sessionOf(exchange))
        return done(exchange, 'dropped')
      },
    }),
    route({
      method: 'GET',
      path: '/auth/confirm-address',
      access: 'guest',
      summary: 'The page of the link that confirms an address. Opening it changes nothing (RST-06).',
      handle: async (exchange) => exchange.page(await linkPage(exchange, exchange.query.get('token') ?? '', [])),
    }),
    routeOfForm({
      method: 'POST',
      path: '/auth/confirm-address',
      access: 'guest',
      summary: 'Confirms an address by the link of the letter, once; nobody is signed in by it (EML-04).',
      body: linkBody,
      answers: { 200: answers.message },
      async handle(exchange, { token }) {
        await confirmByLink(context, token, exchange.client)
        if (!isForm(exchange)) return exchange.json({ success: true, message: messages.confirmed })
        const { words } = exchange
        return exchange.page({ title: words.address.link.done, words, room: 'form', body: addressConfirmedView(words) })
      },
      onError: async (exchange, error, raw) =>
        showAgain(exchange, error, await linkPage(exchange, raw('token'), errorsOf(error, exchange.words))),
    }),
  ]
}
