import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, hours, minutes, seconds } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { KeyRing } from '../lib/secrets.ts'
import type { LetterParts } from './letter.ts'
import { openRow } from './outbox.ts'
import { createOutboxStore, type OutboxStore } from './outbox-store.ts'

/** A message as the transport sends it. */
export interface Letter extends LetterParts {
  /** As in the option `mail.from`: `MiaChat <chat@example.org>`. */
  readonly from: string
  readonly to: string
  /** The same at every try: a mail program shows a letter that was sent twice once (RFC 5322, 3.6.4). */
  readonly messageId: string
}

/** How letters leave. Rejects when the letter was not taken; the sender tries again. */
export interface MailTransport {
  send(letter: Letter): Promise<void>
}

/**
 * Does the work of an order. `take` belongs into its transaction: false says that another process has done the work, and
 * then nothing may be written.
 */
export type OrderHandler = (order: string, take: (trx: Kysely<AuthTables>) => Promise<boolean>) => Promise<void>

interface SenderDeps {
  readonly db: Database<AuthTables>
  readonly keys: KeyRing
  readonly clock: Clock
  readonly log: Log
  readonly transport: MailTransport
  readonly from: string
  /** What does the work that requests left for later, by the kind of the row. */
  readonly orders: ReadonlyMap<string, OrderHandler>
}

const LOOK_EVERY = seconds(1)
/** Letters on their way at a time: one that a server hangs on to does not hold up the others. */
const AT_ONCE = 4
const SEND_WITHIN = minutes(1)
/** Longer than SEND_WITHIN: a letter comes free only after the transport has been given up. */
const LEASE = minutes(2)
const STOP_WITHIN = seconds(3)
const LONGEST_REST = hours(4)

/** 30 seconds, then twice as long each time, up to four hours. */
export const restAfter = (tries: number): number => Math.min(LONGEST_REST, seconds(30) * 2 ** Math.max(0, tries - 1))

export type Sender = ReturnType<typeof createSender>

/** Takes due rows of the outbox and sends them, each once however many processes do this. */
export function createSender(deps: SenderDeps) {
  const { db, clock, log } = deps
  const store = createOutboxStore(db)
  const flying = new Set<Promise<void>>()
  let looking: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  let sent = 0

  /** Begins what is due, as far as there is room. */
  async function look(): Promise<void> {
    const room = AT_ONCE - flying.size
    for (const id of room > 0 ? await store.due(clock(), room) : []) {
      if (stopped) return
      const now = clock()
      const row = await store.lease(id, now, now + LEASE)
      if (!row) continue
      const flight = sendRow({ ...deps, store }, row, now + LEASE)
        .then((done) => {
          if (done) sent++
        }, failed)
        .finally(() => {
          flying.delete(flight)
          if (timer !== null) soon()
        })
      flying.add(flight)
    }
  }

  function failed(error: unknown): void {
    log('warn', 'mail_sender_failed', { cause: nameOf(error) })
  }

  function soon(): void {
    if (stopped) return
    looking ??= look()
      .catch(failed)
      .finally(() => {
        looking = null
      })
  }

  return {
    /** Looks every second from now on. */
    start(): void {
      if (timer !== null || stopped) return
      timer = setInterval(soon, LOOK_EVERY)
      timer.unref()
    },

    /** Sends everything that is due now and waits for it; for tests, and for a host that calls it by a clock of its own. */
    async sendDue(): Promise<number> {
      const before = sent
      for (;;) {
        await looking
        await look()
        if (flying.size === 0) return sent - before
        await Promise.race(flying)
      }
    },

    /** Begins nothing more, and waits a few seconds for what is on its way; the next process takes what is left. */
    async stop(): Promise<void> {
      stopped = true
      if (timer !== null) clearInterval(timer)
      await looking
      await Promise.race([Promise.all(flying), sleep(STOP_WITHIN, undefined, { ref: false })])
    },
  }
}

type Row = NonNullable<Awaited<ReturnType<OutboxStore['lease']>>>

/** Answers whether a letter went out. */
async function sendRow(deps: SenderDeps & { store: OutboxStore }, row: Row, lease: number): Promise<boolean> {
  const { db, store, keys, clock, log, transport, from, orders } = deps
  const { id, kind, tries } = row
  const remove = () => db.transaction((trx) => store.remove(trx, id, lease))
  const giveUp = async (cause: string) => {
    log('error', 'mail_given_up', { kind, tries, cause })
    await remove()
  }
  const opened = openRow(keys, row)
  if (clock() >= row.expires_at) {
    await giveUp(row.last_error ?? 'nobody sent it in time')
    return false
  }
  // A key that is not ours may be a newer one, of the process that takes over while this one still runs.
  if (opened === null && keys.all.some((key) => key.id === row.key_id)) {
    await giveUp('it does not open')
    return false
  }
  try {
    if (opened === null) throw new TypeError('No key that is given opens it.')
    if ('order' in opened) {
      const handler = orders.get(kind)
      if (!handler) throw new TypeError('No handler for this kind of order.')
      await handler(opened.order, (trx) => store.remove(trx, id, lease))
      return false
    }
    const domain = /@([^\s>]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
    const letter = { ...opened.letter, from, to: row.to_address, messageId: `<${id}@${domain}>` }
    await within(SEND_WITHIN, transport.send(letter))
  } catch (error) {
    log('warn', 'mail_not_sent', { kind, tries, cause: nameOf(error) })
    await store.putBack(id, lease, clock() + restAfter(tries), nameOf(error))
    return false
  }
  await remove()
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
  timer.unref()
  try {
    await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
