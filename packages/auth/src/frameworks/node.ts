import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Fetch } from '../http/site.ts'

/** Turns `auth.fetch` into a listener for `node:http`. The peer's address goes to the limits. */
export function nodeListener(fetch: Fetch): RequestListener {
  return getRequestListener(
    (request, env) => fetch(request, { address: peerOf('incoming' in env ? env.incoming : undefined) }),
    { overrideGlobalObjects: true, errorHandler: () => new Response('Bad request.\n', { status: 400 }) },
  )
}

function peerOf(incoming: unknown): string {
  if (typeof incoming !== 'object' || incoming === null || !('socket' in incoming)) return 'unknown'
  const { socket } = incoming
  return typeof socket === 'object' && socket !== null && 'remoteAddress' in socket
    ? String(socket.remoteAddress ?? 'unknown')
    : 'unknown'
}

export interface ServerLimits {
  /** Connections at a time; more are refused (AVL-02). */
  readonly maxConnections?: number
}

/** A server with limits against slow and greedy clients (AVL-02, ERR-02, ERR-03). */
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
    nodeListener(fetch),
  )
  server.maxConnections = limits.maxConnections ?? 4000
  return server
}

export type { IncomingMessage }
