import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { HostAccess } from '../http/host-guard.ts'
import { pathOf } from '../http/host-request.ts'
import type { Fetch } from '../http/site.ts'
import type { User } from '../users/user.ts'
import type { AuthDoor } from './current-user.ts'

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * Turns a `fetch` into a listener for `node:http`. The peer's address goes to the limits. `ownProcess` puts lighter
 * Request and Response classes in the place of the global ones: only for a program that is all ours.
 */
export function nodeListener(fetch: Fetch, options: { readonly ownProcess?: boolean } = {}): NodeListener {
  return getRequestListener(
    (request, env) => fetch(request, { address: remoteAddress('incoming' in env ? env.incoming : undefined) }),
    {
      overrideGlobalObjects: options.ownProcess ?? false,
      errorHandler: () => new Response('Bad request.\n', { status: 400 }),
    },
  )
}

function remoteAddress(incoming: unknown): string {
  if (typeof incoming !== 'object' || incoming === null || !('socket' in incoming)) return 'unknown'
  const { socket } = incoming
  return typeof socket === 'object' && socket !== null && 'remoteAddress' in socket
    ? String(socket.remoteAddress ?? 'unknown')
    : 'unknown'
}

/** The library in a server of `node:http`. */
export function nodeAuth(auth: AuthDoor) {
  const listener = nodeListener(auth.fetch)
  const guard =
    (access: HostAccess) =>
    async (request: IncomingMessage, response: ServerResponse): Promise<User | null> => {
      const { user, refusal } = await auth.guard(access, request)
      if (refusal) await sendResponse(response, refusal)
      return user
    }
  return {
    /** Answers where the address is one of the library's, and tells whether it was. Read no body before it. */
    async routes(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
      if (!auth.handles(pathOf(request))) return false
      await listener(request, response)
      return true
    },
    /** The person of the session cookie; null when the refusal has been sent already. */
    requireSessionAuth: guard('session'),
    /** The person of the access token; null when the refusal has been sent already. */
    requireBearerAuth: guard('bearer'),
    /** The person of the token or, without one, of the cookie; null when the refusal has been sent already. */
    requireEitherAuth: guard('either'),
    /** The person of the cookie who has shown in the last ten minutes who it is; null when the refusal has been sent already. */
    requireStepUp: guard('confirmed'),
  }
}

/** Sends a web-standard response. */
export async function sendResponse(to: ServerResponse, response: Response): Promise<void> {
  to.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') to.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) to.setHeader('set-cookie', cookies)
  to.end(Buffer.from(await response.arrayBuffer()))
}

export interface ServerLimits {
  /** Connections at a time; more are refused (AVL-02). */
  readonly maxConnections?: number
}

/** A server of our own with limits against slow and greedy clients (AVL-02, ERR-02, ERR-03). */
export function createNodeServer(fetch: Fetch, limits: ServerLimits = {}): Server {
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 20_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 5_000,
      insecureHTTPParser: false,
    },
    nodeListener(fetch, { ownProcess: true }),
  )
  server.maxConnections = limits.maxConnections ?? 4000
  // Who asks and never reads the answer holds a connection that none of the limits above ends.
  server.timeout = 60_000
  return server
}
