import type { LoggedEvent } from '../audit/audit.ts'
import type { LogPlace } from '../audit/audit-store.ts'
import { isoTime } from '../lib/clock.ts'

/** How the log of all accounts is written into a file. */
export const logFormats = ['csv', 'jsonl'] as const
export type LogFormat = (typeof logFormats)[number]

export const logTypes: Readonly<Record<LogFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
}

/** An event on the wire: everything that is kept of it. */
export const loggedJson = (event: LoggedEvent) => ({
  id: event.id,
  at: isoTime(event.at),
  event: event.event,
  result: event.result,
  user_id: event.userId,
  username: event.username,
  actor: event.actor,
  subject: event.subject,
  address: event.address,
  user_agent: event.userAgent,
  session: event.session,
  request_id: event.requestId,
  detail: event.detail,
  previous_hash: event.previousHash,
  hash: event.hash,
})

const columns = [
  'id',
  'at',
  'event',
  'result',
  'user_id',
  'username',
  'actor',
  'subject',
  'address',
  'user_agent',
  'session',
  'request_id',
  'detail',
  'previous_hash',
  'hash',
] as const satisfies readonly (keyof ReturnType<typeof loggedJson>)[]

const ROWS_AT_ONCE = 500

/**
 * The log as a file, the newest first, read and sent some rows at a time and no faster than they are taken. `read` answers the
 * events from before a place on; what happens meanwhile is not among them.
 */
export function logFile(
  format: LogFormat,
  read: (before: LogPlace | null, most: number) => Promise<LoggedEvent[]>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let before: LogPlace | null = null
  let head = format === 'csv' ? `${columns.join(',')}\r\n` : ''
  return new ReadableStream({
    async pull(controller) {
      const events = await read(before, ROWS_AT_ONCE)
      const text = head + events.map(format === 'csv' ? csvLine : jsonLine).join('')
      head = ''
      before = events.at(-1) ?? before
      if (text !== '') controller.enqueue(encoder.encode(text))
      if (events.length < ROWS_AT_ONCE) controller.close()
    },
  })
}

/** JSON leaves some signs as they are that end lines or speak to terminals (AUD-03). */
const jsonLine = (event: LoggedEvent): string => `${JSON.stringify(loggedJson(event)).replace(odd, escaped)}\n`

/** A line of RFC 4180: every field in quotes. */
export function csvLine(event: LoggedEvent): string {
  const json = loggedJson(event)
  return `${columns.map((column) => csvField(json[column])).join(',')}\r\n`
}

function csvField(value: unknown): string {
  if (value === null) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  // A table program takes what begins so for a formula: a user agent or a name could make it run one.
  const harmless = /^\s*[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text
  return `"${harmless.replace(odd, escaped).replaceAll('"', '""')}"`
}

const odd = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu
const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
