import { AuthError } from '../../lib/errors.ts'
import { endDevice, endOtherDevices, listDevices, nameDevice } from '../../sign-in/devices.ts'
import { endNewcomer, knowNewcomer } from '../../sign-in/newcomer.ts'
import { placesOf } from '../../sign-in/place-of.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { english, type Words } from '../../words/words.ts'
import { answers, deviceNameBody, nextBody } from '../auth-schemas.ts'
import { type Exchange, sessionOf } from '../exchange.ts'
import { localPath } from '../local-path.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { type DevicesView, devicesView } from '../views/devices-view.ts'
import type { Notice } from '../views/layout.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { doneAnswer, nameErrors, showAgain, wordedErrors } from './form-answers.ts'

const HOME = '/settings/devices'
const SIGN_INS_SHOWN = 50

/** What has just been done, by the word in the address. */
const noticesOf = ({ devices: { notices } }: Words): ReadonlyMap<string | null, Notice> =>
  new Map<string | null, Notice>([
    ['named', { kind: 'done', text: notices.named }],
    ['device', { kind: 'done', text: notices.device }],
    ['devices', { kind: 'done', text: notices.devices }],
  ])

/** Signed-in devices and the recent sign-ins (SES-08). */
export function devicePages(context: SignInContext): Route[] {
  const idOf = (exchange: Exchange): string => exchange.params['id'] ?? ''

  async function devicesPage(exchange: Exchange, wrong?: DevicesView['wrong']) {
    const signedIn = sessionOf(exchange)
    const [devices, signIns, tokens] = await Promise.all([
      listDevices(context, signedIn),
      context.audit.signIns(signedIn.user.id, SIGN_INS_SHOWN),
      context.personalTokens.list(signedIn.user.id),
    ])
    const addresses = [...devices, ...signIns].map(({ address }) => address)
    const places = await placesOf(context.placeOf, addresses)
    const { words } = exchange
    return settingsFrame({
      words,
      active: HOME,
      title: words.devices.page.title,
      notice: wrong ? null : noticesOf(words).get(exchange.query.get('done')),
      ...(wrong && { errors: wrong.errors.map(({ message }) => ({ field: `name-${wrong.id}`, message })) }),
      content: devicesView({
        words,
        devices,
        signIns,
        places,
        personalTokens: tokens.length,
        now: context.clock(),
        wrong,
      }),
    })
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      summary: 'Browsers and programs that are signed in, and the last fifty sign-ins.',
      handle: async (exchange) => exchange.page(await devicesPage(exchange)),
    }),
    routeOfForm({
      method: 'POST',
      path: '/settings/sessions/:id/name',
      summary: 'Names one of the person’s own devices; an empty name takes it away.',
      body: deviceNameBody,
      answers: { 200: answers.message, 303: 'For a form: back to the devices.' },
      async handle(exchange, { name }) {
        const named = { id: idOf(exchange), name }
        if (!(await nameDevice(context, sessionOf(exchange), named, exchange.client))) throw new AuthError('not_found')
        return doneAnswer(exchange, `${HOME}?done=named`, english.devices.notices.named)
      },
      async onError(exchange, error, raw) {
        const wrong = {
          id: idOf(exchange),
          name: raw('name'),
          errors: wordedErrors(error, exchange.words, nameErrors(exchange.words)),
        }
        return showAgain(exchange, error, await devicesPage(exchange, wrong))
      },
    }),
    route({
      method: 'POST',
      path: '/settings/sessions/:id/end',
      summary: 'Signs one of the person’s own devices out.',
      answers: { 200: answers.message, 303: 'For a form: back to the devices.' },
      async handle(exchange) {
        if (!(await endDevice(context, sessionOf(exchange), idOf(exchange), exchange.client))) {
          throw new AuthError('not_found')
        }
        return doneAnswer(exchange, `${HOME}?done=device`, english.devices.notices.device)
      },
    }),
    route({
      method: 'POST',
      path: '/settings/new-devices/:id/mine',
      unconfirmed: true,
      unenrolled: true,
      summary: 'Answers on this device that a sign-in from a new one was its owner (S4).',
      body: nextBody,
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange, { next }) {
        await knowNewcomer(context, sessionOf(exchange), idOf(exchange))
        return doneAnswer(exchange, localPath(next ?? null) ?? '/', 'You are not asked about that device again here.')
      },
    }),
    route({
      method: 'POST',
      path: '/settings/new-devices/:id/not-mine',
      unconfirmed: true,
      unenrolled: true,
      summary: 'Signs the new device out of which this one was told; a new password should follow (S4).',
      answers: { 200: answers.message, 303: 'For a form: to the page where the password is changed.' },
      async handle(exchange) {
        if (!(await endNewcomer(context, sessionOf(exchange), idOf(exchange), exchange.client))) {
          throw new AuthError('not_found')
        }
        return doneAnswer(exchange, '/settings/security?done=not-mine', english.factors.notices.notMine)
      },
    }),
    route({
      method: 'POST',
      path: '/settings/sessions/end-others',
      stepUp: true,
      summary: 'Signs every other device and program of the person out (SES-08).',
      answers: { 200: answers.message, 303: 'For a form: back to the devices.' },
      async handle(exchange) {
        await endOtherDevices(context, sessionOf(exchange), exchange.client)
        return doneAnswer(exchange, `${HOME}?done=devices`, english.devices.notices.devices)
      },
    }),
  ]
}
