import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { createKeyRing, days, type KeyRing } from '@miachat/auth'
import { z } from 'zod'
import type { Config } from '../config.ts'
import type { Secrets } from '../secret-key.ts'
import { DOCTOR_HEADER, type DoctorSight, doctorSight, makeDoctorToken } from './doctor-token.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import {
  clockFindings,
  cookieFindings,
  headerFindings,
  proxyFindings,
  SPOOFED,
  type SpoofTest,
} from './live-findings.ts'
import { tlsWords } from './tls-words.ts'

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
  const failures: { readonly address: string; readonly reason: string }[] = []
  for (const address of addresses) {
    const first = await look(address, keys)
    if (!('reason' in first)) {
      const checks = failures.length === 0 ? serverChecks : innerChecks
      return [...failures.map(notReached), ...(await checks(config, keys, address, first))]
    }
    failures.push({ address, reason: first.reason })
  }
  const problems = failures.map(notReached).filter(({ level }) => level === 'problem')
  const told = failures
    .filter(({ address, reason }) => tlsWords(reason, address) === null)
    .map(({ address, reason }) => `${address}: ${reason}`)
  const silence = told.length === 0 ? '' : `No MiaChat answers (${told.join('; ')}). `
  return [...problems, warning('server', `${silence}What only a running server shows was left out.`)]
}

function notReached({ address, reason }: { readonly address: string; readonly reason: string }): Finding {
  const words = tlsWords(reason, address)
  return words === null
    ? warning('address', `It is not reached from here at ${address}: ${reason}.`)
    : problem('https', words)
}

const hostForUrl = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host

/** The first answer of a server. */
interface Look {
  readonly response: Response
  /** When it arrived: what the doctor waits for later must not look like a clock that is behind. */
  readonly arrivedAt: number
  readonly sight: DoctorSight | null
}

/** What a request found, or why there is no answer. */
async function look(
  address: string,
  keys: KeyRing | null,
  headers: Record<string, string> = {},
): Promise<Look | { readonly reason: string }> {
  const token: Record<string, string> = keys ? { [DOCTOR_HEADER]: makeDoctorToken(keys, Date.now()) } : {}
  const response = await ask(`${address}/healthz`, { headers: { accept: 'application/json', ...token, ...headers } })
  const arrivedAt = Date.now()
  if (typeof response === 'string') return { reason: response }
  const body = alive.safeParse(await jsonOf(response))
  if (!body.success) return { reason: `something answers with ${response.status}, but it is no MiaChat` }
  return { response, arrivedAt, sight: body.data.doctor ?? null }
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

/** What people meet at the address that they open. */
async function serverChecks(config: Config, keys: KeyRing | null, address: string, first: Look): Promise<Finding[]> {
  const https = address.startsWith('https:')
  const [ready, page, signOut, spoofed] = await Promise.all([
    readyCheck(address),
    ask(`${address}/auth/login`, { headers: { accept: 'text/html' } }),
    // Without a cookie it ends nobody's session; it shows with which flags the server sets its cookie.
    ask(`${address}/auth/logout`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
    look(address, keys, { 'x-forwarded-for': SPOOFED }),
  ])
  const spoof = { sight: 'reason' in spoofed ? null : spoofed.sight, direct: isDirect(address, config) }
  return [
    ready,
    ...clockFindings(first.response.headers.get('date'), first.arrivedAt),
    ...pageFindings(page, address, config),
    ...(typeof signOut === 'string' ? [] : cookieFindings(signOut.headers.getSetCookie(), https)),
    ...sightChecks(config, keys, first.sight, spoof),
    ...(https ? await certificateChecks(address) : []),
  ]
}

/** What can be said of a server that is reached by its own port only: its pages are shown under BASE_URL, by the proxy. */
async function innerChecks(config: Config, keys: KeyRing | null, address: string, first: Look): Promise<Finding[]> {
  return [
    await readyCheck(address),
    ...clockFindings(first.response.headers.get('date'), first.arrivedAt),
    ...sightChecks(config, keys, first.sight, null),
    warning(
      'server',
      `Headers, cookies and proxies show only under ${config.baseUrl}, so they were left out. Run the doctor where that opens.`,
    ),
  ]
}

async function readyCheck(address: string): Promise<Finding> {
  const ready = await ask(`${address}/readyz`, {})
  if (typeof ready !== 'string' && ready.status === 200) return ok('server', `${address} is up and ready.`)
  return problem(
    'server',
    `${address} is up, but not ready: its database does not answer or is not up to date. See its log.`,
  )
}

function pageFindings(page: Response | string, address: string, config: Config): Finding[] {
  if (typeof page === 'string') return [problem('server', `Its sign-in page does not answer: ${page}.`)]
  const misdirected = page.status === 421 && address !== config.baseUrl
  if (!misdirected) return headerFindings(page, address.startsWith('https:'))
  return [warning('headers', `The pages are shown under ${config.baseUrl} only, so their headers were not looked at.`)]
}

/** By http at the port of the settings the server itself may have answered, with no proxy between. */
const isDirect = (address: string, config: Config): boolean =>
  address.startsWith('http:') && Number(new URL(address).port || 80) === config.port

function sightChecks(
  config: Config,
  keys: KeyRing | null,
  sight: DoctorSight | null,
  spoof: SpoofTest | null,
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
  return [address, ...(spoof ? proxyFindings(sight, spoof) : [])]
}

async function certificateChecks(address: string): Promise<Finding[]> {
  const { hostname, port } = new URL(address)
  const host = hostname.replace(/^\[|\]$/g, '')
  // An address of numbers is no server name (RFC 6066), and Node warns of one.
  const name = isIP(host) === 0 ? { servername: host } : {}
  const until = await new Promise<number | null>((resolve) => {
    const socket = connect({ host, port: Number(port || 443), ...name, timeout: PATIENCE }, () => {
      resolve(Date.parse(socket.getPeerCertificate().valid_to))
      socket.end()
    })
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
