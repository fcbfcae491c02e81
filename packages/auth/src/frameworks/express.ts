import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HostAccess } from '../http/host-guard.ts'
import { pathOf } from '../http/host-request.ts'
import { type AuthDoor, createCurrentUsers } from './current-user.ts'
import { nodeListener, sendResponse } from './node.ts'
import { restoreBody } from './parsed-body.ts'

/** What we use of Express's request; `body` is there when a parser ran before us. */
export type ExpressRequest = IncomingMessage & { readonly originalUrl?: string; readonly body?: unknown }
type Middleware = (request: ExpressRequest, response: ServerResponse, next: (error?: unknown) => void) => Promise<void>

/** The library in Express 4 or 5. */
export function expressAuth(auth: AuthDoor) {
  const listener = nodeListener(auth.fetch)
  const { remember, currentUser } = createCurrentUsers()

  const guard =
    (access: HostAccess): Middleware =>
    async (request, response, next) => {
      try {
        const { user, refusal } = await auth.guard(access, request)
        if (refusal) return await sendResponse(response, refusal)
        remember(request, user)
      } catch (error) {
        return next(error)
      }
      next()
    }

  const routes: Middleware = async (request, response, next) => {
    if (!auth.handles(pathOf(request))) return next()
    try {
      restoreBody(request)
      // A router cuts the start of the address off that it is mounted at.
      if (request.originalUrl !== undefined) request.url = request.originalUrl
      await listener(request, response)
    } catch (error) {
      next(error)
    }
  }

  return {
    /** All addresses of the library; others go on. `app.use(routes)`, before parsers of bodies. */
    routes,
    /** Lets in who has a session. */
    requireSessionAuth: guard('session'),
    /** Lets in who sends an access token. */
    requireBearerAuth: guard('bearer'),
    /** Lets in who sends an access token or, without one, has a session. */
    requireEitherAuth: guard('either'),
    /** Lets in who has a session and has shown in the last ten minutes who it is; others are led to the page that asks. */
    requireStepUp: guard('confirmed'),
    currentUser,
  }
}
