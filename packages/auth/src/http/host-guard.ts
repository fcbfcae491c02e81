import { AuthError } from '../lib/errors.ts'
import type { User } from '../users/user.ts'
import { createGate, type GateDeps } from './gate.ts'
import { type HostRequest, headOf, peerOf } from './host-request.ts'
import { type Route, route } from './route.ts'

/**
 * Who may use a route of the host app: the holder of a session cookie, of an access token, or of either; `confirmed` is
 * the holder of a session who has shown in the last ten minutes who it is (LOG-08).
 */
export type HostAccess = 'session' | 'bearer' | 'either' | 'confirmed'

/** What a guard says: the person, or the answer to send instead. */
export type Verdict =
  | { readonly user: User; readonly refusal: null }
  | { readonly user: null; readonly refusal: Response }

/** The engine's own checks for routes of a host app. */
export function createHostGuard(deps: GateDeps) {
  const gate = createGate(deps)
  const rows: Record<HostAccess, Route> = {
    session: row('session'),
    bearer: row('bearer'),
    either: row('either'),
    confirmed: row('confirmed'),
  }

  function open(access: HostAccess, request: HostRequest, peer?: string) {
    const exchange = gate.open(headOf(request), { address: peerOf(request, peer) })
    exchange.route = rows[access]
    return exchange
  }

  return {
    /** The person, or an AuthError: for code that answers itself. */
    async admit(access: HostAccess, request: HostRequest, peer?: string): Promise<User> {
      const exchange = open(access, request, peer)
      await gate.admit(exchange, rows[access])
      if (!exchange.user) throw new AuthError('not_signed_in')
      return exchange.user
    },

    /** Throws `cross_site_request` where another site made the browser send an unsafe request. */
    refuseCrossSite(request: HostRequest, peer?: string): void {
      gate.refuseCrossSite(open('session', request, peer))
    },

    answerError: (error: unknown, request: HostRequest, peer?: string): Promise<Response> =>
      gate.answerError(open('session', request, peer), error),

    async guard(access: HostAccess, request: HostRequest, peer?: string): Promise<Verdict> {
      const exchange = open(access, request, peer)
      try {
        await gate.admit(exchange, rows[access])
        if (!exchange.user) throw new AuthError('not_signed_in')
        return { user: exchange.user, refusal: null }
      } catch (error) {
        return { user: null, refusal: await gate.answerError(exchange, error) }
      }
    },
  }
}

/** Never in a table: tells the gate and the log what is asked for. */
const row = (access: HostAccess): Route =>
  route({
    method: 'GET',
    path: `a route of the host app (${access})`,
    access: access === 'confirmed' ? 'session' : access,
    stepUp: access === 'confirmed',
    summary: 'A route of the host app.',
    handle: () => new Response(null, { status: 404 }),
  })
