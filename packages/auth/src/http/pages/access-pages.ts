import { isoTime } from '../../lib/clock.ts'
import { openDoors, shutOtherDoors } from '../../sign-in/doors.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { english } from '../../words/words.ts'
import { answers } from '../auth-schemas.ts'
import { sessionOf } from '../exchange.ts'
import { type Route, route } from '../route.ts'
import { accessView } from '../views/access-view.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { doneAnswer } from './form-answers.ts'

const HOME = '/settings/access'

/** The access receipt: every open door of the account, and one button for all (A9). */
export function accessPages(context: SignInContext): Route[] {
  return [
    route({
      method: 'GET',
      path: HOME,
      summary: 'Every place where the account can be reached right now; JSON for a program that asks for it.',
      answers: { 200: answers.access },
      async handle(exchange) {
        const looking = { signedIn: sessionOf(exchange), trustedCookie: exchange.cookie('trusted') }
        const kinds = await openDoors(context, looking)
        if (exchange.wantsJson) return exchange.json({ success: true, doors: kinds.flatMap(doorsJson) })
        const { words } = exchange
        const { access: say } = words.devices
        return exchange.page(
          settingsFrame({
            words,
            active: HOME,
            title: say.title,
            lead: say.lead,
            notice: exchange.query.get('done') === 'shut' ? { kind: 'done', text: say.done } : null,
            content: accessView({ words, kinds, now: context.clock() }),
          }),
        )
      },
    }),
    route({
      method: 'POST',
      path: `${HOME}/shut`,
      stepUp: true,
      summary: 'Ends every other session, every program, trusted device and open link of the person.',
      answers: { 200: answers.message, 303: 'For a form: back to the receipt.' },
      async handle(exchange) {
        await shutOtherDoors(context, sessionOf(exchange), exchange.client)
        return doneAnswer(exchange, `${HOME}?done=shut`, english.devices.access.done)
      },
    }),
  ]
}

const timeOrNull = (at: number | null): string | null => (at === null ? null : isoTime(at))

const doorsJson = ({ kind, doors }: Awaited<ReturnType<typeof openDoors>>[number]) =>
  doors.map(({ name, address, createdAt, usedAt, endsAt, current }) => ({
    kind,
    name,
    address,
    created_at: timeOrNull(createdAt),
    last_used_at: timeOrNull(usedAt),
    ends_at: timeOrNull(endsAt),
    current,
  }))
