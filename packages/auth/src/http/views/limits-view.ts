import { days, hours, minutes } from '../../lib/clock.ts'
import type { Limit } from '../../limits/limit-rules.ts'
import type { Words } from '../../words/words.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'

/** What each counter counts, by the first word of its keys. One that is not here is not shown. */
export type LimitKind = keyof Words['server']['limits']['kinds']

/** Somebody who is turned away for now. */
export interface StandingShown {
  readonly kind: LimitKind
  /** Null where it is no account, or one that is gone. */
  readonly account: { readonly id: number; readonly username: string } | null
  readonly network: string | null
  /** All count together, and all are turned away. */
  readonly everybody: boolean
  /** Milliseconds since 1970. */
  readonly until: number
}

export interface LimitsView {
  readonly words: Words
  readonly standing: readonly StandingShown[]
  readonly limits: readonly { readonly kind: LimitKind; readonly limit: Limit }[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Who is turned away by a limit now, and what the limits are (AD7). */
export function limitsView({ words, standing, limits, now }: LimitsView): Html {
  const { limits: say } = words.server
  return html`${section({
    id: 'standing',
    title: say.standing,
    intro: say.standingIntro,
    body:
      standing.length === 0 ? html`<p>${say.nobody}</p>` : rowList(standing.map((one) => standingRow(one, now, words))),
  })}
${section({
  id: 'limits',
  title: say.limits,
  intro: say.limitsIntro,
  body: html`<dl class="facts facts-long">${limits.map(({ kind, limit }) => html`<dt>${say.kinds[kind]}</dt><dd>${budgetWords(limit, words)}</dd>`)}</dl>`,
})}`
}

function standingRow({ kind, account, network, everybody, until }: StandingShown, now: number, words: Words): Html {
  const { limits: say } = words.server
  return row({
    title: account?.username ?? network ?? (everybody ? say.everybody : say.somebody),
    ...(account && { href: `/admin/people/${account.id}` }),
    text: html`${say.kinds[kind]}${account && network !== null && html`: <bdi>${network}</bdi>`}${say.until}${relativeTime(until, now, words)}`,
    whole: true,
  })
}

const units = [
  { size: days(1), unit: 'day' },
  { size: hours(1), unit: 'hour' },
  { size: minutes(1), unit: 'minute' },
] as const

/** "10 in 15 minutes", "100 in a row, forgotten after 1 day". */
export function budgetWords({ kind, budget, period }: Limit, { server: { limits: say } }: Words): string {
  const { size, unit } = units.find((one) => period % one.size === 0) ?? { size: 1000, unit: 'second' }
  const time = say.time[unit](Math.round(period / size))
  return kind === 'streak' ? say.inARow(budget, time) : say.within(budget, time)
}
