import { connect } from 'node:tls'
import { createKeyRing, days, type KeyRing } from '@miachat/auth'
import { z } from 'zod'
import type { Config } from '../config.ts'
import type { Secrets } from '../secret-key.ts'
import { DOCTOR_HEADER, type DoctorSight, doctorSight, makeDoctorToken } from './doctor-token.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { cookieFindings, headerFindings, proxyFindings } from './live-findings.ts'

/** An address of the documentation network (RFC 5737): nobody has it, so who is seen with it was believed a lie. */
export const SPOOFED = '203.0.113.77'
const PATIENCE = 5000
const alive = z.object({ status: z.literal('alive'), doctor: doctorSight.optional() })

/** Asks the running server as strangers do, and what it sees of the doctor itself. */
export async function liveChecks(
  config: Config,
  secrets: Secrets | null,
  asked: string | undefined,
): Promise<Finding[]> {
  const keys = secrets ? createKeyRing(secrets.keys) : null
  const local = `http://${hostForUrl(config.host)}:${config.port}`
  const addresses = asked === undefined ? [...new Set([config.baseUrl, local])] : [asked]
  const failures: string[] = []
  for (const address of addresses) {
    const first = await look(address, keys)
    if (typeof first === 'string') {
      failures.push(`${address}: ${first}`)
      continue
    }
    const notReached = failures.map((text) => warning('address', `It is not reached from here at ${text}.`))
    return [...notReached, ...(await serverChecks(config, keys, address, first))]
  }
  return [
    warning('server', `No MiaChat answers (${failures.join('; ')}). What only a running server shows was left out.`),
  ]
}

const hostForUrl = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host

/** What a request found: the answer, or why there is none. */
async function look(address: string, keys: KeyRing | null, headers: Record<string, string> = {}) {
  const token: Record<string, string> = keys ? { [DOCTOR_HEADER]: makeDoctorToken(keys, Date.now()) } : {}
  const response = await ask(`${address}/healthz`, { headers: { accept: 'application/json', ...token, ...headers } })
  if (typeof response === 'string') return response
  const body = alive.safeParse(await jsonOf(response))
  if (!body.success) return `something answers with ${response.status}, but it is no MiaChat`
  return { response, sight: body.data.doctor ?? null }
}

async function ask(url: string, init: RequestInit): Promise<Response | string> {
  try {
    return await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) })
  } catch (error) {
    return reasonOf(error)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${PATIENCE / 1000} s`
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
  return error.message
}

const jsonOf = async (response: Response): Promise<unknown> => response.json().catch(() => null)

async function serverChecks(
  config: Config,
  keys: KeyRing | null,
  address: string,
  first: { response: Response; sight: DoctorSight | null },
): Promise<Finding[]> {
  const https = address.startsWith('https:')
  const [ready, page, signOut, spoofed] = await Promise.all([
    ask(`${address}/readyz`, {}),
    ask(`${address}/auth/login`, { headers: { accept: 'text/html' } }),
    // Without a cookie it ends nobody's session; it shows with which flags the server sets its cookie.
    ask(`${address}/auth/logout`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
    look(address, keys, { 'x-forwarded-for': SPOOFED }),
  ])
  const isReady = typeof ready !== 'string' && ready.status === 200
  return [
    isReady
      ? ok('server', `${address} is up and ready.`)
      : problem(
          'server',
          `${address} is up, but not ready: its database does not answer or is not up to date. See its log.`,
        ),
    ...clockChecks(first.response),
    ...(typeof page === 'string'
      ? [problem('server', `Its sign-in page does not answer: ${page}.`)]
      : headerFindings(page, https)),
    ...(typeof signOut === 'string' ? [] : cookieFindings(signOut.headers.getSetCookie(), https)),
    ...sightChecks(config, keys, first.sight, typeof spoofed === 'string' ? null : spoofed.sight),
    ...(https ? await certificateChecks(address) : []),
  ]
}

function sightChecks(
  config: Config,
  keys: KeyRing | null,
  sight: DoctorSight | null,
  spoofed: DoctorSight | null,
): Finding[] {
  if (!keys) return [warning('proxies', 'Without the key the server does not tell which address it sees.')]
  if (!sight) {
    return [
      warning(
        'proxies',
        'The server does not know the key that is given here, so it does not tell which address it sees. Run the doctor with the settings of the server; restart the server if its key was rotated.',
      ),
    ]
  }
  const address =
    sight.base_url === config.baseUrl
      ? ok('address', `BASE_URL is ${sight.base_url}, there and here.`)
      : problem(
          'address',
          `The server runs with BASE_URL ${sight.base_url}; the settings here say ${config.baseUrl}. Restart it, or run the doctor with its settings.`,
        )
  return [address, ...proxyFindings(sight, spoofed?.client_address === SPOOFED)]
}

/** The Date header has whole seconds. */
function clockChecks(response: Response): Finding[] {
  const there = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(there)) return []
  const seconds = Math.round((there - Date.now()) / 1000)
  if (Math.abs(seconds) <= 5) return [ok('clock', "The server's clock and this one agree.")]
  return [
    warning(
      'clock',
      `The server's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this one. Let both follow a time server.`,
    ),
  ]
}

async function certificateChecks(address: string): Promise<Finding[]> {
  const { hostname, port } = new URL(address)
  const until = await new Promise<number | null>((resolve) => {
    const socket = connect(
      { host: hostname, port: Number(port || 443), servername: hostname, timeout: PATIENCE },
      () => {
        resolve(Date.parse(socket.getPeerCertificate().valid_to))
        socket.end()
      },
    )
    socket.on('error', () => resolve(null))
    socket.on('timeout', () => {
      resolve(null)
      socket.destroy()
    })
  })
  if (until === null || Number.isNaN(until)) return []
  const left = Math.floor((until - Date.now()) / days(1))
  if (left > 14) return [ok('https', `The certificate is good for ${left} more days.`)]
  return [warning('https', `The certificate ends in ${left} days: see that it is renewed.`)]
}
