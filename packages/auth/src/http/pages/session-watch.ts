import { once } from 'node:events'
import { AuthError } from '../../lib/errors.ts'
import { sessionOf } from '../exchange.ts'
import { type Route, route } from '../route.ts'

/** Tabs that a process watches at a time: they hold connections that others need more. */
const MOST_WATCHED = 1000
const MOST_OF_A_PERSON = 12

/**
 * Tells a page that is open in a browser when its session has ended elsewhere (S2). A comfort of script only: each request
 * is checked anyway.
 */
export function sessionWatch(): Route[] {
  const watched = new Map<number, number>()
  let all = 0

  function count(userId: number, by: 1 | -1): void {
    all += by
    const left = (watched.get(userId) ?? 0) + by
    if (left > 0) watched.set(userId, left)
    else watched.delete(userId)
  }

  return [
    route({
      method: 'GET',
      path: '/auth/session/events',
      summary: 'A stream of events that says `signed-out` within a second when the session has ended, and then ends.',
      answers: { 200: 'A stream of events (text/event-stream).' },
      handle(exchange) {
        const userId = sessionOf(exchange).user.id
        // One person's tabs must not take the places of everybody else's.
        if (all >= MOST_WATCHED || (watched.get(userId) ?? 0) >= MOST_OF_A_PERSON) {
          throw new AuthError('overloaded', { retryAfter: 60 })
        }
        return exchange.events(async (_, signal) => {
          count(userId, 1)
          try {
            if (!signal.aborted) await once(signal, 'abort')
          } finally {
            count(userId, -1)
          }
        })
      },
    }),
  ]
}
