import { accountsHealth, type HealthLine, ok, problem, warning } from '../../sign-in/health.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
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
      return [problem('server', 'It could not say everything of itself. Its log says why: hook_failed.')]
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
        if (exchange.wantsJson) return exchange.json({ success: true, lines })
        return exchange.page(adminFrame({ active: HOME, title: 'Health', content: healthView(lines) }))
      },
    }),
  ]
}

function encryptionLine(httpWarning: boolean, secure: boolean): HealthLine {
  if (httpWarning) {
    return problem(
      'encryption',
      'Others on the network can read passwords and take sessions over. Give the server an address with https.',
    )
  }
  if (secure)
    return ok('encryption', 'Browsers stay with https, and send cookies to this host alone, over https alone.')
  return ok('encryption', 'Nothing leaves this machine. Before others use it, give it an address with https.')
}

/** A proxy that gives another Host on, or an address that people know and the settings do not: links lead elsewhere then. */
function addressLine({ request }: Exchange, origin: string): HealthLine {
  const asked = request.headers.get('host')
  const { host } = new URL(origin)
  if (asked === null || asked.toLowerCase() === host) return ok('address', `Links lead to ${origin}, where you are.`)
  return warning(
    'address',
    `Links lead to ${origin}, but this page was asked for at another host. Open the server under its own address, or let the proxy pass the host on.`,
  )
}
