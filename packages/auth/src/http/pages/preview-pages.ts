import { AuthError } from '../../lib/errors.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import type { Role } from '../../users/user.ts'
import type { Exchange } from '../exchange.ts'
import { type Route, route } from '../route.ts'
import { adminFrame } from '../views/admin-frame.ts'
import { type PreviewListed, previewListView } from '../views/preview-view.ts'
import type { PageSettings } from './page-settings.ts'
import { madeUpPerson, madeUpViews, type Preview } from './preview-samples.ts'

const HOME = '/admin/view-as'

const roles: readonly { readonly role: Role; readonly title: string; readonly who: string }[] = [
  { role: 'user', title: 'A user', who: 'a user' },
  { role: 'admin', title: 'An administrator', who: 'an administrator' },
]

/**
 * What somebody of another role sees, with made-up data and nothing to press (AD5). Nobody acts as somebody else, and no
 * person's data is read: these pages ask the database for nothing.
 */
export function previewPages(context: SignInContext, settings: PageSettings): Route[] {
  const addressOf = (role: Role, page: string): string => `${HOME}?${new URLSearchParams({ role, page })}`

  function previewsOf(role: Role): readonly Preview[] {
    const now = context.clock()
    const person = madeUpPerson(role, now)
    return [...settings.previews(person, now), ...madeUpViews(person, now, context, settings)]
  }

  async function look(exchange: Exchange, role: Role, who: string, path: string): Promise<Response> {
    const previews = previewsOf(role)
    const found = previews.find((preview) => preview.path === path)
    if (!found) throw new AuthError('not_found')
    const text = `You see what ${who} sees, with made-up data. Nothing here can be pressed.`
    return exchange.preview(await found.view(), {
      user: madeUpPerson(role, context.clock()),
      path,
      banner: { name: 'Preview', text, href: HOME, label: 'Leave' },
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
          const found = roles.find(({ role }) => role === asked)
          if (!found) throw new AuthError('not_found')
          return look(exchange, found.role, found.who, exchange.query.get('page') ?? '')
        }
        const listed = roles.map(({ role, title }) => ({
          role,
          title,
          pages: previewsOf(role).map(
            ({ path, label }): PreviewListed => ({ path, label, href: addressOf(role, path) }),
          ),
        }))
        return exchange.page(
          adminFrame({
            active: HOME,
            title: 'View as',
            lead: 'Pages as others see them, with made-up data. Nobody here can act as somebody else, you neither.',
            content: previewListView(listed),
          }),
        )
      },
    }),
  ]
}
