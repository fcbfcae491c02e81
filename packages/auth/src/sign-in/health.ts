import { hours, minutes, seconds } from '../lib/clock.ts'
import { type HostText, hostText, textIn } from '../words/host-text.ts'
import type { Words } from '../words/words.ts'
import type { SignInContext } from './sign-in-context.ts'

/** One line about how a server stands (AD8). It never holds a secret, and nothing of what people write. */
export interface HealthLine {
  /** `ok`; `warning` for what should be changed some day soon; `problem` for what is wrong now. */
  readonly level: 'ok' | 'warning' | 'problem'
  /** One word or two: what was looked at. */
  readonly topic: HostText
  /** What is so and, where it should be otherwise, what to do. */
  readonly text: HostText
}

const line =
  (level: HealthLine['level']) =>
  (topic: HostText, text: HostText): HealthLine => ({ level, topic, text })
export const ok = line('ok')
export const warning = line('warning')
export const problem = line('problem')

/** A letter that waits longer is not on its way. */
export const LATE_LETTER = minutes(5)
/** The sweep comes every hour: what is left after three has met none. */
const LEFT_OVER = hours(3)
const CLOCK_SLACK = seconds(5)
/** So many waiting hashes are seconds of waiting at a sign-in. */
const LONG_QUEUE = 32

type Say = Words['server']['health']

/** A text of this page in every language. */
export const said = (text: (say: Say, words: Words) => string): HostText =>
  hostText((words) => text(words.server.health, words))

/** What was looked at, in every language. */
export const topic = (name: keyof Say['topics']): HostText => said(({ topics }) => topics[name])

/** What the library knows of itself at this moment. Reads little and changes nothing. */
export async function accountsHealth(context: SignInContext): Promise<HealthLine[]> {
  const { clock, people, limits, hasher, keys, databaseState } = context
  const [database, administrators, leftOver, mail] = await Promise.all([
    databaseState(),
    people.admins(),
    limits.endedBefore(clock() - LEFT_OVER),
    mailLine(context),
  ])
  const { kind, bytes, migratedAt } = database
  const former = keys.all.length - 1
  return [
    ok(
      topic('key'),
      said((say) => (former === 0 ? say.onlyKey : say.formerKeys(former))),
    ),
    ok(
      topic('database'),
      said((say, words) => say.holds(kind === 'sqlite' ? 'SQLite' : 'PostgreSQL', megabytes(bytes, words))),
    ),
    ...(migratedAt === null ? [] : [migratedLine(new Date(migratedAt).toISOString().slice(0, 10))]),
    ...(database.clock === null ? [] : [clockLine(database.clock - Date.now())]),
    mail,
    leftOver === 0
      ? ok(
          topic('cleaning'),
          said((say) => say.noLeftOvers),
        )
      : warning(
          topic('cleaning'),
          said((say) => say.leftOvers),
        ),
    queueLine(hasher.waiting),
    administrators > 1
      ? ok(
          topic('administrators'),
          said((say) => say.someAdministrators(administrators)),
        )
      : warning(
          topic('administrators'),
          said((say) => say.oneAdministrator),
        ),
  ]
}

const migratedLine = (day: string): HealthLine =>
  ok(
    topic('tables'),
    said((say) => say.migrated(day)),
  )

const megabytes = (bytes: number, { time }: Words): string =>
  `${(bytes / 1_000_000).toLocaleString(time.locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 })} MB`

/** `difference` in milliseconds. Sessions, links and codes end by the clock: two that differ end them at two times. */
export function clockLine(difference: number): HealthLine {
  if (Math.abs(difference) <= CLOCK_SLACK) {
    return ok(
      topic('clock'),
      said((say) => say.clocksAgree),
    )
  }
  const seconds = Math.round(Math.abs(difference) / 1000)
  return warning(
    topic('clock'),
    said((say) => (difference > 0 ? say.ahead(seconds) : say.behind(seconds))),
  )
}

/** `waiting` passwords, in the process that was asked. */
export const queueLine = (waiting: number): HealthLine =>
  waiting < LONG_QUEUE
    ? ok(
        topic('signIns'),
        said((say) => (waiting === 0 ? say.noQueue : say.shortQueue)),
      )
    : warning(
        topic('signIns'),
        said((say) => say.longQueue(waiting)),
      )

async function mailLine({ mail, clock }: SignInContext): Promise<HealthLine> {
  if (!mail) {
    return ok(
      topic('mail'),
      said((say) => say.noMail),
    )
  }
  const { count, lastError } = await mail.waitingSince(clock() - LATE_LETTER)
  const place = mail.goesTo?.sentence
  if (count === 0) {
    return ok(
      topic('mail'),
      said((say, words) => (place === undefined ? say.noneLate : textIn(place, words))),
    )
  }
  return problem(
    topic('mail'),
    said((say) => say.late(count, lastError === null ? say.notTried : say.tryMet(lastError))),
  )
}
