import { isoTime } from '../../lib/clock.ts'
import { limitsInForce } from '../../limits/counters.ts'
import type { Limit } from '../../limits/limit-rules.ts'
import type { Standing } from '../../limits/limits.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { adminAnswers } from '../admin-schemas.ts'
import { type Route, route } from '../route.ts'
import { adminFrame } from '../views/admin-frame.ts'
import { type LimitKind, limitsView } from '../views/limits-view.ts'

const HOME = '/admin/limits'
const MOST_SHOWN = 100

/** In the order of the page. */
const kinds: readonly LimitKind[] = [
  'pair',
  'address',
  'streak',
  'device',
  'second-factor',
  'second-factor-strangers',
  'change',
  'username',
  'register',
  'forgot',
  'forgot-account',
  'confirm-address',
  'confirm-mailbox',
  'passkey',
  'provider',
  'device-code',
  'user-code',
  'user-code-network',
  'user-codes',
]

/** What the limits are, and who stands against one (AD7). */
export function limitPages(context: SignInContext): Route[] {
  const inForce = limitsInForce(context.limitSettings)
  const shown = kinds.flatMap((kind) => {
    const limit = inForce.get(kind)
    return limit ? [{ kind, limit }] : []
  })
  const watched = new Map<string, Limit>(shown.map(({ kind, limit }) => [kind, limit]))

  async function withAccount(standing: Standing) {
    const { userId, network } = whoIn(standing)
    const account = userId === null ? undefined : await context.users.findById(userId)
    return { ...standing, userId, network, username: account?.username ?? null }
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      access: 'admin',
      summary: 'What the limits are, and who is turned away by one now.',
      answers: { 200: adminAnswers.limits },
      async handle(exchange) {
        const found = await Promise.all((await context.limits.standing(watched, MOST_SHOWN)).map(withAccount))
        if (exchange.wantsJson) {
          return exchange.json({
            success: true,
            limits: shown.map(({ kind, limit }) => ({
              kind,
              budget: limit.budget,
              period_seconds: Math.round(limit.period / 1000),
              in_a_row: limit.kind === 'streak',
            })),
            standing: found.map(({ kind, userId, username, network, until }) => ({
              kind,
              user_id: userId,
              username,
              network,
              until: isoTime(until),
            })),
          })
        }
        const { words } = exchange
        const content = limitsView({
          words,
          limits: shown,
          now: context.clock(),
          standing: found.flatMap(({ kind, subject, userId, username, network, until }) => {
            const known = kinds.find((one) => one === kind)
            const account = userId === null || username === null ? null : { id: userId, username }
            return known ? [{ kind: known, account, network, everybody: subject === '', until }] : []
          }),
        })
        return exchange.page(adminFrame({ words, active: HOME, title: words.server.limits.title, content }))
      },
    }),
  ]
}

/** Kinds whose subject is a network alone. */
const ofNetworks = new Set(['address', 'register', 'forgot', 'passkey', 'provider', 'device-code', 'user-code-network'])

/** Never more than an account and a network: a device's id and the hash of a mailbox say nothing to anybody. */
function whoIn({ kind, subject }: Standing): { userId: number | null; network: string | null } {
  if (ofNetworks.has(kind)) return { userId: null, network: subject }
  const [, id, rest] = /^user-(\d{1,15})(?:\|(.*))?$/.exec(subject) ?? []
  return { userId: id === undefined ? null : Number(id), network: kind === 'pair' ? (rest ?? null) : null }
}
