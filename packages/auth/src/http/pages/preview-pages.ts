import { AuthError } from '../../lib/errors.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { type Role, roles } from '../../users/user.ts'
import type { Words } from '../../words/words.ts'
import type { Exchange } from '../exchange.ts'
import { type Route, route } from '../route.ts'
import { adminFrame } from '../views/admin-frame.ts'
import { type PreviewListed, previewListView } from '../views/preview-view.ts'
import type { PageSettings } from './page-settings.ts'
import { madeUpPerson, madeUpViews, type Preview } from './preview-samples.ts'

const HOME = '/admin/view-as'

/**
 * What somebody of another role sees, with made-up data and nothing to press (AD5). Nobody acts as somebody else, and no
 * person's data is read: these pages ask the database for nothing.
 */
export function previewPages(context: SignInContext, settings: PageSettings): Route[] {
  const addressOf = (role: Role, page: string): string => `${HOME}?${new URLSearchParams({ role, page })}`

  function previewsOf(role: Role, words: Words): readonly Preview[] {
    const now = context.clock()
    const person = madeUpPerson(role, now, words)
    return [...settings.previews(person, now, words), ...madeUpViews({ user: person, now, words }, context, settings)]
  }

  async function look(exchange: Exchange, role: Role, path: string): Promise<Response> {
    const { words } = exchange
    const { viewAs: say } = words.server
    const previews = previewsOf(role, words)
    const found = previews.find((preview) => preview.path === path)
    if (!found) throw new AuthError('not_found')
    return exchange.preview(await found.view(), {
      user: madeUpPerson(role, context.clock(), words),
      path,
      banner: { name: say.preview, text: say.seen[role], href: HOME, label: say.leave },
      to: (address) =>
        address === HOME
          ? HOME
          : previews.some((preview) => preview.path === address)
            ? addressOf(role, address)
            : null,
    })
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      access: 'admin',
      summary:
        'Pages as somebody of a role sees them, with made-up data and nothing to press; with `role` and `page` one of them.',
      async handle(exchange) {
        const asked = exchange.query.get('role')
        if (asked !== null) {
          const found = roles.find((role) => role === asked)
          if (!found) throw new AuthError('not_found')
          return look(exchange, found, exchange.query.get('page') ?? '')
        }
        const { words } = exchange
        const { viewAs: say } = words.server
        const listed = roles.map((role) => ({
          role,
          title: say.roles[role],
          pages: previewsOf(role, words).map(
            ({ path, label }): PreviewListed => ({ path, label, href: addressOf(role, path) }),
          ),
        }))
        return exchange.page(
          adminFrame({
            words,
            active: HOME,
            title: say.title,
            lead: say.lead,
            content: previewListView(listed),
          }),
        )
      },
    }),
  ]
}
