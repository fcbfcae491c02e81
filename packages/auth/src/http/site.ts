import { randomBytes } from 'node:crypto'
import { AuthError, errorCodes } from '../lib/errors.ts'
import type { Client, Log } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { Bearer } from '../tokens/tokens.ts'
import type { User } from '../users/user.ts'
import { readBody } from './body.ts'
import { isSameSite, mediaType } from './csrf.ts'
import type { PageView } from './exchange.ts'
import { problemOf, problemResponse, publicError } from './problem.ts'
import { type ExchangeDeps, RequestExchange } from './request-exchange.ts'
import type { Route } from './route.ts'
import { createRouteTable } from './route-table.ts'

/** What an error page is drawn from. */
export interface ErrorView {
  readonly error: AuthError
  readonly title: string
  readonly requestId: string
  /** The address that this server believes to have. */
  readonly baseUrl: string
  readonly user: User | null
}

export interface SiteDeps extends Omit<ExchangeDeps, 'nextRequestId'> {
  readonly checkSession: (token: string) => Promise<SignedIn | null>
  readonly checkBearer: (token: string) => Promise<Bearer | null>
  readonly baseUrl: URL
  /** The origins that count as ours. */
  readonly origins: ReadonlySet<string>
  /** Exact origins whose pages may call the token API; none by default (CSR-06). */
  readonly corsOrigins: ReadonlySet<string>
  readonly errorView: (view: ErrorView) => PageView
  readonly onCrossSite: (client: Client, path: string) => void
  readonly log: Log
  /** Told of every answer, for metrics: the row's path, never the address with its values. */
  readonly onAnswer?: (route: string, method: string, status: number, milliseconds: number) => void
}

/** What the engine cannot read from a web-standard request: the socket's peer. */
export interface Peer {
  readonly address: string
}

/** Answers a request. `peer` comes from the framework's adapter; without it all clients share their limits. */
export type Fetch = (request: Request, peer?: Peer) => Promise<Response>

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * The engine: a table of routes in, `fetch(Request)` out. Closed by default. In this order: find the row, refuse requests
 * of other sites, find out who it is, read the body, run the handler. Every error is answered in one place.
 */
export function createSite(deps: SiteDeps, rows: readonly Route[]): Fetch {
  const { headers, log, onAnswer } = deps
  const lookup = createRouteTable(rows)
  const runId = randomBytes(6).toString('base64url')
  let count = 0
  const exchangeDeps: ExchangeDeps = { ...deps, nextRequestId: () => `${runId}-${(++count).toString(36)}` }
  const ownHosts = new Set([...deps.origins].map((origin) => new URL(origin).host))

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
    if (isSafe(method)) {
      if (route.access !== 'open') await findOut(exchange, route)
      return route.run(exchange, undefined)
    }
    if (route.checkOrigin) refuseCrossSite(exchange)
    if (route.access !== 'open') await findOut(exchange, route)
    return route.run(exchange, await readBody(exchange.request, route.bodyLimit))
  }

  function refuseCrossSite(exchange: RequestExchange): void {
    const received = exchange.request.headers
    if (isSameSite(received, deps.origins)) return
    deps.onCrossSite(exchange.client, exchange.path)
    const origin = received.get('origin')
    const host = received.get('host')
    // Our own page under another address: say so, instead of a bare 403.
    const ownPage = origin !== null && host !== null && URL.canParse(origin) && new URL(origin).host === host
    throw new AuthError(ownPage && !ownHosts.has(host) ? 'misdirected_request' : 'cross_site_request')
  }

  /** Finds out who it is; throws where the row needs somebody. */
  async function findOut(exchange: RequestExchange, { access }: Route): Promise<void> {
    if (access === 'bearer' || access === 'either') {
      const token = bearerToken(exchange.request.headers)
      if (token !== null) {
        exchange.bearer = token === '' ? null : await deps.checkBearer(token)
        if (exchange.bearer) return
        exchange.errorHeaders = { 'www-authenticate': 'Bearer error="invalid_token"' }
        throw new AuthError('invalid_token')
      }
    }
    if (access !== 'bearer') {
      const token = exchange.cookie('session')
      exchange.signedIn = token === null ? null : await deps.checkSession(token)
      if (exchange.signedIn || access === 'guest') return
    }
    if (access !== 'session') exchange.errorHeaders = { 'www-authenticate': 'Bearer' }
    throw new AuthError('not_signed_in')
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

  async function answerError(exchange: RequestExchange, thrown: unknown): Promise<Response> {
    const error = publicError(thrown)
    const { requestId } = exchange.client
    if (error.status >= 500) {
      log(error.status === 503 ? 'warn' : 'error', 'request_failed', {
        request_id: requestId,
        code: error.code,
        route: exchange.route?.path,
        cause: causeOf(error),
      })
    }
    const more = {
      ...exchange.errorHeaders,
      ...(error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) }),
      // What was not read of a body must not be taken for the next request.
      ...(error.code === 'body_too_large' ? { connection: 'close' } : {}),
    }
    const { title } = errorCodes[error.code]
    if (exchange.wantsJson || mediaType(exchange.request.headers) === 'application/json') {
      return problemResponse(problemOf(error, title, requestId), headers, more)
    }
    if (error.code === 'not_signed_in' && exchange.route?.access !== 'bearer') {
      const back = isSafe(exchange.request.method) ? `${exchange.path}${exchange.search}` : '/'
      return exchange.redirect(`/auth/login?next=${encodeURIComponent(back)}`)
    }
    if (exchange.route?.access === 'bearer') return problemResponse(problemOf(error, title, requestId), headers, more)
    const view = deps.errorView({ error, title, requestId, baseUrl: deps.baseUrl.origin, user: exchange.user })
    return exchange.page(view, { status: error.status, headers: { ...more, 'x-request-id': requestId } })
  }

  async function safely(exchange: RequestExchange): Promise<Response> {
    try {
      return await answer(exchange)
    } catch (error) {
      return answerError(exchange, error)
    }
  }

  return async function fetch(request, peer) {
    const started = onAnswer ? performance.now() : 0
    try {
      const exchange = new RequestExchange(exchangeDeps, request, peer?.address ?? 'unknown')
      let response = await safely(exchange)
      const origin = deps.corsOrigins.size === 0 ? null : request.headers.get('origin')
      if (origin !== null && deps.corsOrigins.has(origin) && exchange.path.startsWith('/auth/api/')) {
        response = withHeaders(response, corsHeaders(origin))
      }
      onAnswer?.(exchange.route?.path ?? 'none', request.method, response.status, performance.now() - started)
      return response
    } catch (error) {
      // The last resort: an error while an error is answered must not end the process (ERR-04).
      log('error', 'answer_failed', { cause: causeOf(error) })
      return new Response('Something went wrong on this server.\n', { status: 500, headers: headers.text })
    }
  }
}

/** The token of `Authorization: Bearer …` (RFC 6750 section 2.1), '' for a malformed one, null where none is given. */
function bearerToken(headers: Headers): string | null {
  const authorization = headers.get('authorization')
  if (authorization === null) return null
  return /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1] ?? ''
}

const corsHeaders = (origin: string) => ({ 'access-control-allow-origin': origin, vary: 'origin' })

function withHeaders(response: Response, more: Readonly<Record<string, string>>): Response {
  const all = new Headers(response.headers)
  for (const [name, value] of Object.entries(more)) all.set(name, value)
  return new Response(response.body, { status: response.status, headers: all })
}

/** What the log may know: the innermost cause, whose text comes from the program and not from a person. */
function causeOf(error: unknown): string | undefined {
  if (error instanceof AuthError) return error.cause === undefined ? undefined : causeOf(error.cause)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
