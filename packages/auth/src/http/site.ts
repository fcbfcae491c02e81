import { AuthError } from '../lib/errors.ts'
import { announcesBody, readBody } from './body.ts'
import { createGate, type GateDeps, isSafe, type Peer } from './gate.ts'
import { causeOf } from './problem.ts'
import type { RequestExchange } from './request-exchange.ts'
import type { Route } from './route.ts'
import { createRouteTable } from './route-table.ts'

export interface SiteDeps extends GateDeps {
  /** Told of every answer, for metrics: the row's path, never the address with its values. */
  readonly onAnswer?: (route: string, method: string, status: number, milliseconds: number) => void
}

/** Answers a request. `peer` comes from the framework's adapter; without it all clients share their limits. */
export type Fetch = (request: Request, peer?: Peer) => Promise<Response>

/**
 * The engine: a table of routes in, `fetch(Request)` out. Closed by default. In this order: find the row, refuse requests
 * of other sites, find out who it is, read the body, run the handler. Every error is answered in one place.
 */
export function createSite(deps: SiteDeps, rows: readonly Route[]): Fetch {
  const { headers, log, onAnswer } = deps
  const lookup = createRouteTable(rows)
  const gate = createGate(deps)

  async function answer(exchange: RequestExchange): Promise<Response> {
    const { method } = exchange.request
    const found = lookup(method, exchange.path)
    if (!found) throw new AuthError('not_found')
    if (found.kind === 'methods') {
      if (method === 'OPTIONS') return preflight(exchange, found.allow)
      exchange.errorHeaders = { allow: found.allow }
      throw new AuthError('method_not_allowed')
    }
    const { route } = found.match
    exchange.route = route
    exchange.params = found.match.params
    await gate.admit(exchange, route)
    if (isSafe(method)) return route.run(exchange, undefined)
    const body = await readBody(exchange.request, route.bodyLimit, route.uploads)
    exchange.hasReadBody = true
    return route.run(exchange, body)
  }

  function preflight(exchange: RequestExchange, allow: string): Response {
    const origin = exchange.request.headers.get('origin')
    if (origin === null || !deps.corsOrigins.has(origin) || !exchange.path.startsWith('/auth/api/')) {
      exchange.errorHeaders = { allow }
      throw new AuthError('method_not_allowed')
    }
    return new Response(null, {
      status: 204,
      headers: {
        ...corsHeaders(origin),
        'access-control-allow-methods': allow,
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': '600',
      },
    })
  }

  async function safely(exchange: RequestExchange): Promise<Response> {
    try {
      return await answer(exchange)
    } catch (error) {
      return gate.answerError(exchange, error)
    }
  }

  /** What counts answers must not change one (AUD-05). */
  function told(...answered: Parameters<NonNullable<typeof onAnswer>>): void {
    try {
      onAnswer?.(...answered)
    } catch (error) {
      log('error', 'on_answer_failed', { cause: causeOf(error) })
    }
  }

  return async function fetch(request, peer) {
    const started = onAnswer ? performance.now() : 0
    try {
      const exchange = gate.open(request, peer)
      let response = await safely(exchange)
      const origin = deps.corsOrigins.size === 0 ? null : request.headers.get('origin')
      if (origin !== null && deps.corsOrigins.has(origin) && exchange.path.startsWith('/auth/api/')) {
        response = withHeaders(response, corsHeaders(origin))
      }
      // Nobody reads on what was not asked for: neither an endless body nor the next request hidden in it (ERR-02, ERR-03).
      if (!exchange.hasReadBody && announcesBody(request.headers)) {
        response = withHeaders(response, { connection: 'close' })
      }
      if (request.method === 'HEAD')
        response = new Response(null, { status: response.status, headers: response.headers })
      told(exchange.route?.path ?? 'none', request.method, response.status, performance.now() - started)
      return response
    } catch (error) {
      // The last resort: an error while an error is answered must not end the process (ERR-04).
      log('error', 'answer_failed', { cause: causeOf(error) })
      return new Response('Something went wrong on this server.\n', { status: 500, headers: headers.text })
    }
  }
}

const corsHeaders = (origin: string) => ({ 'access-control-allow-origin': origin, vary: 'origin' })

function withHeaders(response: Response, more: Readonly<Record<string, string>>): Response {
  const all = new Headers(response.headers)
  for (const [name, value] of Object.entries(more)) all.set(name, value)
  return new Response(response.body, { status: response.status, headers: all })
}
