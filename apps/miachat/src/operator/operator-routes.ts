import { timingSafeEqual } from 'node:crypto'
import { AuthError, type Exchange, type Route, route } from '@miachat/auth'
import { z } from 'zod'
import { type DoctorSight, doctorSight } from '../doctor/doctor-token.ts'

export interface OperatorDeps {
  /** Rejects or answers false while this server cannot work. */
  readonly checkReady: () => Promise<boolean>
  /** Null when metrics are off. */
  readonly metrics: { readonly token: string; readonly read: () => Promise<string> } | null
  readonly textHeaders: Readonly<Record<string, string>>
  /** What `miachat doctor` is told of its own request; null for everybody else, who gets "alive" and no more. */
  readonly doctorSees?: (exchange: Exchange) => DoctorSight | null
}

const status = z.object({ status: z.string() })
/** Longer than any healthy answer, shorter than the patience of what asks. */
const LONGEST_CHECK_MS = 2000

/** What operators and their programs ask. Nothing here tells a stranger anything but "up" or "not up" (ADM-03). */
export function operatorRoutes({ checkReady, metrics, textHeaders, doctorSees }: OperatorDeps): Route[] {
  const text = (body: string, more: Readonly<Record<string, string>> = {}) =>
    new Response(body, { headers: { ...textHeaders, ...more } })

  return [
    route({
      method: 'GET',
      path: '/healthz',
      access: 'open',
      summary: 'Says that the process is alive.',
      answers: { 200: status.extend({ doctor: doctorSight.optional() }) },
      handle(exchange) {
        const doctor = doctorSees?.(exchange) ?? null
        return exchange.json({ status: 'alive', ...(doctor ? { doctor } : {}) })
      },
    }),
    route({
      method: 'GET',
      path: '/readyz',
      access: 'open',
      summary: 'Says whether this server can serve: its database answers and is up to date.',
      answers: { 200: status, 503: status },
      async handle(exchange) {
        const ready = await within(LONGEST_CHECK_MS, checkReady())
        if (ready) return exchange.json({ status: 'ready' })
        return exchange.json({ status: 'not ready' }, { status: 503, headers: { 'retry-after': '2' } })
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      access: 'open',
      summary: 'Counts for Prometheus; not there unless METRICS_TOKEN is set, and asks for that token.',
      answers: { 200: 'Prometheus text.', 401: 'Without the token.', 404: 'Metrics are off.' },
      async handle(exchange) {
        if (!metrics) throw new AuthError('not_found')
        if (!hasToken(exchange, metrics.token)) return unauthorized(exchange)
        return text(await metrics.read(), { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
      },
    }),
    route({
      method: 'GET',
      path: '/robots.txt',
      access: 'open',
      summary: 'Asks search engines to stay away.',
      answers: { 200: 'Plain text.' },
      handle: () => text('User-agent: *\nDisallow: /\n'),
    }),
  ]
}

function hasToken(exchange: Exchange, token: string): boolean {
  const given = /^bearer +(\S+)$/i.exec(exchange.request.headers.get('authorization') ?? '')?.[1] ?? ''
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** A problem document (RFC 9457): whoever scrapes is a program, whatever its Accept says. */
const unauthorized = (exchange: Exchange): Response =>
  exchange.json(
    {
      type: 'about:blank',
      title: 'Not signed in',
      status: 401,
      detail: 'Send the token of METRICS_TOKEN as "Authorization: Bearer".',
      code: 'not_signed_in',
      request_id: exchange.client.requestId,
      success: false,
    },
    {
      status: 401,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'www-authenticate': 'Bearer',
        'x-request-id': exchange.client.requestId,
      },
    },
  )

/** False when the work fails or takes too long. */
async function within(milliseconds: number, work: Promise<boolean>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), milliseconds)
  try {
    return await Promise.race([work.catch(() => false), late])
  } finally {
    clearTimeout(timer)
  }
}
