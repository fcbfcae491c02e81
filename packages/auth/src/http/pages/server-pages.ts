import { placeIn } from '../../mail/outbox.ts'
import { LATE_LETTER } from '../../sign-in/health.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { writeTestLetter } from '../../sign-in/test-letter.ts'
import { english, type Words } from '../../words/words.ts'
import { adminAnswers } from '../admin-schemas.ts'
import { answers, emptyBody } from '../auth-schemas.ts'
import { type Exchange, sessionOf } from '../exchange.ts'
import { type Route, route } from '../route.ts'
import { adminFrame } from '../views/admin-frame.ts'
import type { Notice } from '../views/layout.ts'
import { serverView } from '../views/server-view.ts'
import { doneAnswer } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'

const HOME = '/admin/server'

/** How the server stands for its accounts, and whether its mail arrives. */
export function serverPages(context: SignInContext, { origin, httpWarning }: PageSettings): Route[] {
  const { mail, registration } = context
  const writtenIn = (words: Words): string =>
    `${words.server.state.written}${placeIn(mail, words) ?? words.server.state.arrives}`

  async function home(exchange: Exchange): Promise<Response> {
    const [administrators, waiting] = await Promise.all([
      context.people.admins(),
      mail?.waitingSince(context.clock() - LATE_LETTER) ?? null,
    ])
    const shared = { address: origin, encrypted: !httpWarning, registration, administrators }
    if (exchange.wantsJson) {
      const state = waiting && { late: waiting.count, last_error: waiting.lastError }
      return exchange.json({ success: true, ...shared, mail: state })
    }
    const to = sessionOf(exchange).user.email
    const { words } = exchange
    const content = serverView({
      ...shared,
      words,
      mail: waiting && { late: waiting.count, lastError: waiting.lastError, goesTo: placeIn(mail, words), to },
    })
    const notice: Notice | null =
      exchange.query.get('done') === 'written' ? { kind: 'done', text: writtenIn(words) } : null
    return exchange.page(adminFrame({ words, active: HOME, title: words.server.state.title, content, notice }))
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      access: 'admin',
      summary: 'How the server stands: encryption, registration, administrators, mail.',
      answers: { 200: adminAnswers.server },
      handle: home,
    }),
    route({
      method: 'POST',
      path: `${HOME}/mail-test`,
      access: 'admin',
      stepUp: true,
      summary: 'Writes a test letter to the administrator’s own address.',
      body: emptyBody,
      answers: { 200: answers.message, 303: 'For a form: back.' },
      async handle(exchange) {
        await writeTestLetter(context, sessionOf(exchange).user)
        return doneAnswer(exchange, `${HOME}?done=written`, writtenIn(english))
      },
    }),
  ]
}
