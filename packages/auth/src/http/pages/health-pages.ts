import { accountsHealth, type HealthLine, ok, problem, said, topic, warning } from '../../sign-in/health.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { textIn } from '../../words/host-text.ts'
import { english } from '../../words/words.ts'
import { adminAnswers } from '../admin-schemas.ts'
import type { Exchange } from '../exchange.ts'
import { type Route, route } from '../route.ts'
import { adminFrame } from '../views/admin-frame.ts'
import { healthView } from '../views/health-view.ts'
import type { PageSettings } from './page-settings.ts'

const HOME = '/admin/health'

/** What a look at the running server finds, and what to do about it (AD8). */
export function healthPages(context: SignInContext, settings: PageSettings): Route[] {
  const { origin, httpWarning, cookieSettings, health } = settings

  /** A host that cannot say how it stands must not take the page away from whoever wants to know. */
  async function hostLines(): Promise<readonly HealthLine[]> {
    try {
      return await health()
    } catch (error) {
      context.log('error', 'hook_failed', { hook: 'health', cause: String(error) })
      return [
        problem(
          topic('server'),
          said((say) => say.hostFailed),
        ),
      ]
    }
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      access: 'admin',
      summary: 'How the server is: each thing that was looked at with a level, and what to do. Nothing secret.',
      answers: { 200: adminAnswers.health },
      async handle(exchange) {
        const [own, host] = await Promise.all([accountsHealth(context), hostLines()])
        const lines = [
          encryptionLine(httpWarning, cookieSettings.secure),
          addressLine(exchange, origin),
          ...own,
          ...host,
        ]
        if (exchange.wantsJson) {
          const told = lines.map(({ level, topic, text }) => ({
            level,
            topic: textIn(topic, english),
            text: textIn(text, english),
          }))
          return exchange.json({ success: true, lines: told })
        }
        const { words } = exchange
        const content = healthView(lines, words)
        return exchange.page(adminFrame({ words, active: HOME, title: words.server.health.title, content }))
      },
    }),
  ]
}

function encryptionLine(httpWarning: boolean, secure: boolean): HealthLine {
  if (httpWarning) {
    return problem(
      topic('encryption'),
      said((say) => say.unencrypted),
    )
  }
  return ok(
    topic('encryption'),
    said((say) => (secure ? say.https : say.machine)),
  )
}

/** A proxy that gives another Host on, or an address that people know and the settings do not: links lead elsewhere then. */
function addressLine({ request }: Exchange, origin: string): HealthLine {
  const asked = request.headers.get('host')
  const { host } = new URL(origin)
  if (asked === null || asked.toLowerCase() === host) {
    return ok(
      topic('address'),
      said((say) => say.linksLead(origin)),
    )
  }
  return warning(
    topic('address'),
    said((say) => say.linksElsewhere(origin)),
  )
}
