import { LATE_LETTER } from '../../sign-in/health.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { writeTestLetter } from '../../sign-in/test-letter.ts'
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
  const goesTo = mail?.goesTo?.sentence ?? null
  const written: Notice = {
    kind: 'done',
    text: `A test letter was written. ${goesTo ?? 'It should arrive within a minute; else this page says why.'}`,
  }

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
    const content = serverView({
      ...shared,
      mail: waiting && { late: waiting.count, lastError: waiting.lastError, goesTo, to },
    })
    const notice = exchange.query.get('done') === 'written' ? written : undefined
    return exchange.page(adminFrame({ active: HOME, title: 'Server', content, notice }))
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
        return doneAnswer(exchange, `${HOME}?done=written`, written.text)
      },
    }),
  ]
}
