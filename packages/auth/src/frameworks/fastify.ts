import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HostAccess } from '../http/host-guard.ts'
import type { NodeRequest } from '../http/host-request.ts'
import { type AuthDoor, createCurrentUsers } from './current-user.ts'
import { nodeListener } from './node.ts'

/** What we use of Fastify 5: structural, so that nothing of it is imported. */
export interface FastifyScope {
  readonly supportedMethods: string[]
  hasRoute(route: { url: string; method: string }): boolean
  removeAllContentTypeParsers(): void
  addContentTypeParser(
    type: string,
    parser: (request: unknown, payload: unknown, done: (e: null) => void) => void,
  ): void
  route(route: {
    method: string[]
    url: string
    handler: (request: { raw: IncomingMessage }, reply: { raw: ServerResponse; hijack(): unknown }) => Promise<void>
  }): unknown
}
type Hook = (request: NodeRequest, reply: { send(payload: unknown): unknown }) => Promise<unknown>

/** The library in Fastify 5. */
export function fastifyAuth(auth: AuthDoor) {
  const listener = nodeListener(auth.fetch)
  const { remember, currentUser } = createCurrentUsers()

  const guard =
    (access: HostAccess): Hook =>
    async (request, reply) => {
      const { user, refusal } = await auth.guard(access, request)
      if (refusal) return reply.send(refusal)
      remember(request, user)
      return undefined
    }

  async function routes(scope: FastifyScope): Promise<void> {
    // Inside of this plugin only: the body stays unread for the library, which has rules of its own for it.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const url of new Set(auth.routes.map(({ path }) => path))) {
      // What the host app has declared itself stays the host's.
      const method = scope.supportedMethods.filter((name) => !scope.hasRoute({ url, method: name }))
      if (method.length === 0) continue
      scope.route({
        method,
        url,
        async handler(request, reply) {
          reply.hijack()
          await listener(request.raw, reply.raw)
        },
      })
    }
  }

  return {
    /** A plugin with all addresses of the library: `app.register(routes)`. */
    routes,
    /** A hook that lets in who has a session: `{ onRequest: requireSessionAuth }`. */
    requireSessionAuth: guard('session'),
    /** A hook that lets in who sends an access token. */
    requireBearerAuth: guard('bearer'),
    /** A hook that lets in who sends an access token or, without one, has a session. */
    requireEitherAuth: guard('either'),
    /** A hook that lets in who has a session and has shown in the last ten minutes who it is. */
    requireStepUp: guard('confirmed'),
    currentUser,
  }
}
