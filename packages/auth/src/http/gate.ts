import { randomBytes } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { AuthError, errorCodes } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { Bearer } from '../sign-in/check-bearer.ts'
import type { FactorMissing } from '../sign-in/demanded-factor.ts'
import { hasToConfirm, type User } from '../users/user.ts'
import type { Words } from '../words/words.ts'
import { isSameSite, mediaType } from './csrf.ts'
import type { PageView } from './exchange.ts'
import { localPath } from './local-path.ts'
import { causeOf, problemOf, problemResponse, publicError } from './problem.ts'
import { type ExchangeDeps, PRESS_AGAIN, RequestExchange } from './request-exchange.ts'
import type { Route } from './route.ts'

/** What an error page is drawn from. */
export interface ErrorView {
  /** The words of the request. */
  readonly words: Words
  readonly error: AuthError
  readonly title: string
  readonly requestId: string
  /** The address that this server believes to have. */
  readonly baseUrl: string
  /** The address that the person has opened, where the browser has told it; it comes from the request. */
  readonly opened: string | null
  readonly user: User | null
}

export interface GateDeps extends Omit<ExchangeDeps, 'nextRequestId'> {
  readonly checkSession: (token: string) => Promise<SignedIn | null>
  readonly checkBearer: (token: string, address: string) => Promise<Bearer | null>
  /** Whether a password alone does not sign this person in. */
  readonly hasSecondFactor: (user: User) => Promise<boolean>
  /** A second factor that this person has yet to set up, and until when. */
  readonly factorMissing: (user: User) => Promise<FactorMissing | null>
  /** Set-Cookie of a sign-in that waits for its second step. */
  readonly pendingCookie: (token: string) => string
  readonly baseUrl: URL
  /** The origins that count as ours. */
  readonly origins: ReadonlySet<string>
  /** Exact origins whose pages may call the token API; none by default (CSR-06). */
  readonly corsOrigins: ReadonlySet<string>
  /** Somebody whose address is not confirmed gets no further than the pages that confirm it. */
  readonly refusesUnconfirmed: boolean
  /** Pages are shown under the configured address only. */
  readonly ownAddressOnly: boolean
  readonly errorView: (view: ErrorView) => PageView
  readonly clock: Clock
  readonly onCrossSite: (client: Client, path: string) => void
}

/** What cannot be read from a web-standard request: the socket's peer. */
export interface Peer {
  readonly address: string
}

export const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** What stands before every route, ours and the host's: who comes in, and what those hear who do not. */
export type Gate = ReturnType<typeof createGate>

export function createGate(deps: GateDeps) {
  const { headers, log } = deps
  const runId = randomBytes(6).toString('base64url')
  let count = 0
  const exchangeDeps: ExchangeDeps = { ...deps, nextRequestId: () => `${runId}-${(++count).toString(36)}` }
  const ownHosts = new Set([...deps.origins].map((origin) => new URL(origin).host))

  const open = (request: Request, peer: Peer | undefined): RequestExchange =>
    new RequestExchange(exchangeDeps, request, peer?.address ?? 'unknown')

  /**
   * Refuses requests that another site made the browser send, then finds out who it is. Throws `cross_site_request`,
   * `misdirected_request`, `not_signed_in`, `invalid_token`, `forbidden`, `address_unconfirmed`,
   * `second_factor_setup_required`, `step_up_required`.
   */
  async function admit(exchange: RequestExchange, route: Route): Promise<void> {
    const { access, stepUp, unconfirmed } = route
    if (!route.checkOrigin) refuseForeignPage(exchange)
    else if (!route.fromOtherSites && !cookieIsIgnored(exchange, access)) refuseCrossSite(exchange)
    const isPage = isSafe(exchange.request.method) && access !== 'open' && access !== 'bearer'
    if (deps.ownAddressOnly && isPage) refuseOtherAddress(exchange)
    if (access !== 'open') await findOut(exchange, access)
    const isForMembers = access !== 'open' && access !== 'guest'
    if (deps.refusesUnconfirmed && isForMembers && !unconfirmed && hasToConfirm(exchange.user)) {
      throw new AuthError('address_unconfirmed')
    }
    if (isForMembers) await refuseUnenrolled(exchange, route)
    refuseBeyondScope(exchange, route.scope)
    if (access === 'admin') await refuseOthers(exchange.user)
    if (stepUp && exchange.confirmedFor === 0) throw new AuthError('step_up_required')
  }

  /** Whoever is without a second factor that is demanded gets no further than to where one is set up, once the grace is over. */
  async function refuseUnenrolled(exchange: RequestExchange, { unenrolled, unconfirmed }: Route): Promise<void> {
    const { user } = exchange
    // One after the other: who must confirm the address first could else go nowhere.
    if (deps.refusesUnconfirmed && unconfirmed && hasToConfirm(user)) return
    const missing = user && (await deps.factorMissing(user))
    if (!missing) return
    exchange.factorMissing = missing
    if (unenrolled || missing.until === null || deps.clock() < missing.until) return
    throw new AuthError('second_factor_setup_required')
  }

  /** Administrators only, and none whom a password alone signs in (ADM-01, ADM-02). */
  async function refuseOthers(user: User | null): Promise<void> {
    if (user?.role !== 'admin') throw new AuthError('forbidden')
    if (!(await deps.hasSecondFactor(user))) throw new AuthError('second_factor_setup_required')
  }

  /**
   * A page opened under an address that is not ours would show forms that cannot work: say so at once. Behind a proxy the
   * Host header may be the proxy's own choice, so what one has passed on is let through.
   */
  function refuseOtherAddress(exchange: RequestExchange): void {
    const received = exchange.request.headers
    const host = received.get('host')
    if (host === null || ownHosts.has(host.toLowerCase()) || exchange.wantsJson) return
    if (proxyHeaders.some((name) => received.get(name) !== null)) return
    throw new AuthError('misdirected_request')
  }

  /** Where an access token decides, no cookie is looked at, so that another site has nothing to misuse. */
  const cookieIsIgnored = (exchange: RequestExchange, access: Route['access']): boolean =>
    access === 'bearer' || (access === 'either' && exchange.request.headers.get('authorization') !== null)

  function refuseCrossSite(exchange: RequestExchange): void {
    const { method, headers: received } = exchange.request
    if (isSafe(method) || isSameSite(received, deps.origins)) return
    deps.onCrossSite(exchange.client, exchange.path)
    const origin = received.get('origin')
    const host = received.get('host')
    // Our own page under another address: say so, instead of a bare 403.
    const ownPage = origin !== null && host !== null && URL.canParse(origin) && new URL(origin).host === host
    throw new AuthError(ownPage && !ownHosts.has(host) ? 'misdirected_request' : 'cross_site_request')
  }

  /**
   * The token API is for programs, which say nothing of a page. What a browser sends for a page of another site would use
   * up the limits of whoever looks at that page, and lock them out (LIM-02); only pages that are allowed to read the answer
   * may ask (CSR-06).
   */
  function refuseForeignPage(exchange: RequestExchange): void {
    const { method, headers: received } = exchange.request
    const origin = received.get('origin')
    if (isSafe(method) || (origin !== null && deps.corsOrigins.has(origin))) return
    const saysNothing = ['sec-fetch-site', 'origin', 'referer'].every((name) => received.get(name) === null)
    if (saysNothing || isSameSite(received, deps.origins)) return
    deps.onCrossSite(exchange.client, exchange.path)
    throw new AuthError('cross_site_request')
  }

  /** A personal token opens the rows that name a scope of it, and no other: what is new is closed to those that exist. */
  function refuseBeyondScope(exchange: RequestExchange, scope: string | null): void {
    const { bearer } = exchange
    if (bearer === null || 'familyId' in bearer || (scope !== null && bearer.scopes.includes(scope))) return
    const needed = scope === null ? '' : `, scope="${scope}"`
    exchange.errorHeaders = { 'www-authenticate': `Bearer error="insufficient_scope"${needed}` }
    throw new AuthError('insufficient_scope')
  }

  /** Finds out who it is; throws where the row needs somebody. */
  async function findOut(exchange: RequestExchange, access: Route['access']): Promise<void> {
    if (access === 'bearer' || access === 'either') {
      const token = bearerToken(exchange.request.headers)
      if (token !== null) {
        exchange.bearer = token === '' ? null : await deps.checkBearer(token, exchange.client.address)
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
    if (access !== 'session' && access !== 'admin') exchange.errorHeaders = { 'www-authenticate': 'Bearer' }
    throw new AuthError('not_signed_in')
  }

  /** An address that does not exist must not look as if one had been signed out. Without the store it shows no name. */
  async function recognise(exchange: RequestExchange): Promise<void> {
    const token = exchange.cookie('session')
    exchange.signedIn = token === null ? null : await deps.checkSession(token).catch(() => null)
  }

  /**
   * The page on which a form stood that was sent too late, or `/`. Only of our own origins, and without its query, which may
   * say "saved" of an earlier time.
   */
  function pageOfForm(received: Headers): string {
    const referer = received.get('referer')
    if (referer === null || !URL.canParse(referer)) return '/'
    const { origin, pathname } = new URL(referer)
    return (deps.origins.has(origin) ? localPath(pathname) : null) ?? '/'
  }

  /** The one answer to an error: a problem document for a program; for a person a page, or the way to the sign-in. */
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
    }
    const { title } = errorCodes[error.code]
    // For our own scripts too, which then go to the page that offers the account back.
    const waits =
      error.code === 'account_leaving' && error.pending
        ? { 'set-cookie': deps.pendingCookie(error.pending.token) }
        : undefined
    const forProgram = exchange.wantsJson || mediaType(exchange.request.headers) === 'application/json'
    if (forProgram || exchange.route?.access === 'bearer') {
      return problemResponse(problemOf(error, title, requestId), headers, { ...more, ...waits })
    }
    if (error.code === 'not_signed_in') {
      const { method } = exchange.request
      const back = isSafe(method) ? `${exchange.path}${exchange.search}` : pageOfForm(exchange.request.headers)
      const why = isSafe(method) ? '' : '&why=ended'
      return exchange.redirect(`/auth/login?next=${encodeURIComponent(back)}${why}`)
    }
    if (error.code === 'address_unconfirmed') return exchange.redirect('/settings/address')
    if (error.code === 'account_waiting') return exchange.redirect('/auth/waiting')
    if (error.code === 'step_up_required') {
      const { method } = exchange.request
      const back = isSafe(method)
        ? `${exchange.path}${exchange.search}`
        : `${pageOfForm(exchange.request.headers)}?${PRESS_AGAIN}=1`
      return exchange.redirect(`/settings/confirm?next=${encodeURIComponent(back)}`)
    }
    if (error.code === 'second_factor_setup_required') {
      return exchange.redirect(`/settings/second-factor${exchange.route?.access === 'admin' ? '?why=admin' : ''}`)
    }
    if (error.code === 'second_factor_enrolment_required' && error.pending) {
      return exchange.redirect('/auth/enrol', { cookies: [deps.pendingCookie(error.pending.token)] })
    }
    if (error.code === 'second_factor_required' && error.pending) {
      return exchange.redirect('/auth/second-factor', { cookies: [deps.pendingCookie(error.pending.token)] })
    }
    if (error.code === 'account_leaving' && error.pending) {
      return exchange.redirect('/auth/restore', { cookies: [deps.pendingCookie(error.pending.token)] })
    }
    if (exchange.route === null) await recognise(exchange)
    const view = deps.errorView({
      words: exchange.words,
      error,
      title,
      requestId,
      baseUrl: deps.baseUrl.origin,
      opened: openedAddress(exchange.request.headers, deps.baseUrl),
      user: exchange.user,
    })
    return exchange.page(view, { status: error.status, headers: { ...more, 'x-request-id': requestId } })
  }

  return { open, admit, refuseCrossSite, answerError }
}

/** What stands in the address bar, as far as the request tells: a form says its origin, a page only the host. */
function openedAddress(headers: Headers, baseUrl: URL): string | null {
  const host = headers.get('host')
  return headers.get('origin') ?? (host === null ? null : `${baseUrl.protocol}//${host}`)
}

/** What a proxy adds to a request that it passes on. */
const proxyHeaders = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'via', 'x-real-ip']

/** The token of `Authorization: Bearer …` (RFC 6750 section 2.1), '' for a malformed one, null where none is given. */
function bearerToken(headers: Headers): string | null {
  const authorization = headers.get('authorization')
  if (authorization === null) return null
  return /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1] ?? ''
}
