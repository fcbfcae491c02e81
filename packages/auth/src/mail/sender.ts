import { type Clock, hours, minutes, seconds } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { KeyRing } from '../lib/secrets.ts'
import { type Letter, openLetter } from './outbox.ts'
import type { OutboxStore } from './outbox-store.ts'

/** How letters leave. Rejects when the letter was not taken; the sender tries again. */
export interface MailTransport {
  send(letter: Letter): Promise<void>
}

const LOOK_EVERY = seconds(1)
const BATCH = 20
/** Longer than SEND_WITHIN: a letter comes free only after the transport has been given up. */
const LEASE = minutes(5)
const SEND_WITHIN = minutes(2)
const GIVE_UP_AFTER = hours(24)
const LONGEST_REST = hours(4)

/** 30 seconds, then twice as long each time, up to four hours. */
export const restAfter = (tries: number): number => Math.min(LONGEST_REST, seconds(30) * 2 ** Math.max(0, tries - 1))

interface SenderDeps {
  readonly store: OutboxStore
  readonly keys: KeyRing
  readonly clock: Clock
  readonly log: Log
  readonly transport: MailTransport
}

/** Sends what is due, each letter once however many processes do this. Answers how many were sent. */
export async function sendDue(deps: SenderDeps, stopped: () => boolean = () => false): Promise<number> {
  let sent = 0
  for (const id of await deps.store.due(deps.clock(), BATCH)) {
    if (stopped()) break
    if (await sendOne(deps, id)) sent++
  }
  return sent
}

async function sendOne({ store, keys, clock, log, transport }: SenderDeps, id: string): Promise<boolean> {
  const now = clock()
  const lease = now + LEASE
  const row = await store.lease(id, now, lease)
  if (!row) return false
  const letter = openLetter(keys, row)
  if (letter === null) {
    log('error', 'mail_given_up', { kind: row.kind, tries: row.tries, cause: 'no key opens this letter' })
    await store.remove(id, lease)
    return false
  }
  try {
    await within(SEND_WITHIN, transport.send(letter))
  } catch (error) {
    const failedAt = clock()
    if (failedAt - row.created_at >= GIVE_UP_AFTER) {
      log('error', 'mail_given_up', { kind: row.kind, tries: row.tries, cause: nameOf(error) })
      await store.remove(id, lease)
    } else {
      log('warn', 'mail_not_sent', { kind: row.kind, tries: row.tries, cause: nameOf(error) })
      await store.putBack(id, lease, failedAt + restAfter(row.tries), nameOf(error))
    }
    return false
  }
  await store.remove(id, lease)
  return true
}

/** Name and code only: a mail server's sentence can repeat the letter, and with it the link. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new DOMException('The mail server took too long.', 'TimeoutError')), ms)
  try {
    await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Looks every second for letters until it is stopped; `stop` waits for the one that is being sent. */
export function startSender(deps: SenderDeps): { stop(): Promise<void> } {
  let stopped = false
  let running: Promise<void> | null = null
  const run = () => {
    running ??= sendDue(deps, () => stopped)
      .then(
        () => {},
        (error: unknown) => deps.log('warn', 'mail_sender_failed', { cause: nameOf(error) }),
      )
      .finally(() => {
        running = null
      })
  }
  run()
  const timer = setInterval(run, LOOK_EVERY)
  timer.unref()
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}
