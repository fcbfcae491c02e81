import { hours, minutes, seconds } from '../lib/clock.ts'
import type { SignInContext } from './sign-in-context.ts'

/** One line about how a server stands (AD8). It never holds a secret, and nothing of what people write. */
export interface HealthLine {
  /** `ok`; `warning` for what should be changed some day soon; `problem` for what is wrong now. */
  readonly level: 'ok' | 'warning' | 'problem'
  /** One word or two: what was looked at. */
  readonly topic: string
  /** What is so and, where it should be otherwise, what to do. */
  readonly text: string
}

const line =
  (level: HealthLine['level']) =>
  (topic: string, text: string): HealthLine => ({ level, topic, text })
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

/** What the library knows of itself at this moment. Reads little and changes nothing. */
export async function accountsHealth(context: SignInContext): Promise<HealthLine[]> {
  const { clock, people, limits, hasher, keys, databaseState } = context
  const [database, administrators, leftOver, mail] = await Promise.all([
    databaseState(),
    people.admins(),
    limits.endedBefore(clock() - LEFT_OVER),
    mailLine(context),
  ])
  return [
    ok('key', keyWords(keys.all.length - 1)),
    ok(
      'database',
      `${database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'} answers and holds ${megabytes(database.bytes)}.`,
    ),
    ...(database.migratedAt === null
      ? []
      : [ok('tables', `Last brought up to date on ${new Date(database.migratedAt).toISOString().slice(0, 10)}.`)]),
    ...(database.clock === null ? [] : [clockLine(database.clock - Date.now())]),
    mail,
    leftOver === 0
      ? ok('cleaning up', 'No counter of attempts is left that ended more than three hours ago.')
      : warning(
          'cleaning up',
          'Counters of attempts that ended hours ago are still there: nothing deletes what has ended. Look for sweep_failed in the log, and start the server again.',
        ),
    queueLine(hasher.waiting),
    administrators > 1
      ? ok('administrators', `There are ${administrators}.`)
      : warning('administrators', 'There is one. Make a second, who can help when the first has lost the second step.'),
  ]
}

const keyWords = (former: number): string =>
  former === 0
    ? 'It is long enough, and the only one.'
    : `It is long enough. ${former === 1 ? 'A former one is' : `${former} former ones are`} still taken.`

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`

/** `difference` in milliseconds. Sessions, links and codes end by the clock: two that differ end them at two times. */
export function clockLine(difference: number): HealthLine {
  if (Math.abs(difference) <= CLOCK_SLACK) return ok('clock', 'The clock and that of the database agree.')
  return warning(
    'clock',
    `The clock of the database is ${Math.round(Math.abs(difference) / 1000)} s ${difference > 0 ? 'ahead of' : 'behind'} the server’s. Let both follow a time server.`,
  )
}

/** `waiting` passwords, in the process that was asked. */
export const queueLine = (waiting: number): HealthLine =>
  waiting < LONG_QUEUE
    ? ok('sign-ins', waiting === 0 ? 'No password waits to be checked.' : 'Few passwords wait to be checked.')
    : warning(
        'sign-ins',
        `${waiting} passwords wait to be checked, so sign-ins take long. If that stays so, look at the log: somebody may be guessing.`,
      )

async function mailLine({ mail, clock }: SignInContext): Promise<HealthLine> {
  if (!mail)
    return ok('mail', 'There is none. Links for new passwords and invitations are shown to you, to be handed on.')
  const { count, lastError } = await mail.waitingSince(clock() - LATE_LETTER)
  if (count === 0) return ok('mail', mail.goesTo?.sentence ?? 'No letter waits for more than five minutes.')
  const cause = lastError === null ? 'Nothing has tried to send them.' : `A try met: ${lastError}.`
  return problem(
    'mail',
    `${count === 1 ? 'A letter waits' : `${count} letters wait`} for more than five minutes. ${cause} Send yourself a test letter at “Server”.`,
  )
}
