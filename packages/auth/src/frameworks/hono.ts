import type { HostAccess } from '../http/host-guard.ts'
import { type AuthDoor, createCurrentUsers } from './current-user.ts'

/** What we use of Hono's context: structural, so that the host may have another Hono than ours. */
export interface HonoContext {
  readonly req: { readonly raw: Request }
  readonly env: unknown
}
type Middleware = (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined>

/** The library in Hono on Node. */
export function honoAuth(auth: AuthDoor) {
  const { remember, currentUser } = createCurrentUsers()

  const guard =
    (access: HostAccess): Middleware =>
    async (context, next) => {
      const { user, refusal } = await auth.guard(access, context.req.raw, peerOf(context))
      if (refusal) return refusal
      remember(context, user)
      await next()
      return undefined
    }

  const routes: Middleware = async (context, next) => {
    const { raw } = context.req
    if (auth.handles(new URL(raw.url).pathname)) return auth.fetch(raw, { address: peerOf(context) ?? 'unknown' })
    await next()
    return undefined
  }

  return {
    /** All addresses of the library; others go on. `app.use(routes)`. */
    routes,
    /** Lets in who has a session. */
    requireSessionAuth: guard('session'),
    /** Lets in who sends an access token. */
    requireBearerAuth: guard('bearer'),
    /** Lets in who sends an access token or, without one, has a session. */
    requireEitherAuth: guard('either'),
    /** Lets in who has a session and has shown in the last ten minutes who it is; others are led to the page that asks. */
    requireStepUp: guard('confirmed'),
    /** The person whom the guard let in, by the context. */
    currentUser,
    /** The socket's address, for `authenticateUser` and its like. */
    peerOf,
  }
}

/** `@hono/node-server` puts Node's own request into `env`. */
function peerOf({ env }: HonoContext): string | undefined {
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined
  const { incoming } = env
  if (typeof incoming !== 'object' || incoming === null || !('socket' in incoming)) return undefined
  const { socket } = incoming
  if (typeof socket !== 'object' || socket === null || !('remoteAddress' in socket)) return undefined
  return typeof socket.remoteAddress === 'string' ? socket.remoteAddress : undefined
}
