import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Connection } from '../db/connection.ts'
import { type Database, tables } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import type { Client, Log } from '../lib/log.ts'
import { networkOf } from '../limits/counters.ts'
import { deviceName } from '../sessions/device-name.ts'
import { english } from '../words/words.ts'
import { createAuditStore, type LogPlace, type LogWanted } from './audit-store.ts'
import { chainHash, createChainWalk } from './chain.ts'

/** Everything that is worth a line: the words of the log and of the account's own history. */
export const auditEventNames = [
  'register',
  'sign_in',
  'sign_out',
  'token_sign_in',
  'token_refresh',
  'token_reuse',
  'token_sign_out',
  'session_ended',
  'device_named',
  'doors_shut',
  'program_allowed',
  'program_refused',
  'personal_token_made',
  'personal_token_revoked',
  'password_changed',
  'password_reset',
  'reset_link_made',
  'profile_changed',
  'username_changed',
  'address_confirmed',
  'address_change_asked',
  'address_changed',
  'taken_back',
  'second_factor',
  'step_up',
  'authenticator_added',
  'authenticator_removed',
  'recovery_codes_made',
  'recovery_code_used',
  'device_trusted',
  'device_not_trusted',
  'passkey_added',
  'passkey_renamed',
  'passkey_removed',
  'passkey_copied',
  'security_key_added',
  'security_key_renamed',
  'security_key_removed',
  'security_key_copied',
  'provider_linked',
  'provider_unlinked',
  'account_approved',
  'account_declined',
  'invitation_made',
  'invitation_withdrawn',
  'invitation_used',
  'account_disabled',
  'account_enabled',
  'failures_forgotten',
  'admin_role_given',
  'admin_role_taken',
  'admin_act',
  'log_exported',
  'second_factor_removed',
  'second_factor_demanded',
  'second_factor_demand_withdrawn',
  'account_imported',
  'export_made',
  'account_leaving',
  'account_restored',
  'account_deleted',
  'cross_site_request',
] as const
export type AuditEventName = (typeof auditEventNames)[number]

export interface AuditEvent {
  readonly event: AuditEventName
  readonly result: 'ok' | 'failed' | 'limited' | 'refused'
  readonly userId?: number | null
  /** Who did it, where it was not the person: `command line`, `administrator 7`. */
  readonly actor?: string
  /** A keyed hash of the name that was tried, where no account was found. */
  readonly subject?: string
  /** The short id of the session, never its value. */
  readonly session?: string
  readonly detail?: Record<string, string | number | boolean>
}

/** An event as its owner sees it. */
export interface AccountEvent {
  /** Grows with time; `before` of the page of activity takes it. */
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly event: AuditEventName
  readonly result: string
  /** Who did it, where it was not the person. */
  readonly actor: string | null
  readonly address: string
  /** "Firefox on Linux". */
  readonly device: string
  /** What an administrator did, to whom and why. */
  readonly detail: Readonly<Record<string, string | number | boolean>>
}

/** An event as administrators see it, with all that is kept of it. */
export interface LoggedEvent {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** One of `auditEventNames`, or a word of another version of the program. */
  readonly event: string
  readonly result: string
  /** Whose account it concerns; null where nobody has the name that was tried. */
  readonly userId: number | null
  /** As the account is called now; null for one that is gone. */
  readonly username: string | null
  readonly actor: string | null
  /** A keyed hash of the name that was tried. */
  readonly subject: string | null
  readonly address: string
  readonly userAgent: string
  /** The short id of the session, never its value. */
  readonly session: string | null
  readonly requestId: string
  readonly detail: Readonly<Record<string, string | number | boolean>>
  /** Of the event before it of the same account, and its own, in hexadecimal. */
  readonly previousHash: string | null
  readonly hash: string | null
}

/** What tells that somebody has signed in, or has tried to. */
const signInEvents: readonly AuditEventName[] = ['register', 'sign_in', 'token_sign_in', 'second_factor', 'token_reuse']

const LONGEST_USER_AGENT = 300

/** What strangers write of themselves, short and without line ends and escape codes that forge what is printed (AUD-03). */
const printable = (text: string): string =>
  text
    .slice(0, LONGEST_USER_AGENT)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** How much of an address the log keeps. */
export const logAddresses = ['whole', 'short'] as const
export type LogAddresses = (typeof logAddresses)[number]

/** The network that an address is of: 256 addresses of IPv4, the /48 of IPv6 that one site gets. */
function shortAddress(address: string): string {
  const network = networkOf(address)
  const [, ipv4] = /^(\d+\.\d+\.\d+)\.\d+$/.exec(network) ?? []
  if (ipv4 !== undefined) return `${ipv4}.0/24`
  const [, ipv6] = /^((?:[\da-f]+:){3})/.exec(network) ?? []
  return ipv6 === undefined ? network : `${ipv6}:/48`
}

export type Audit = ReturnType<typeof createAudit>

/** One log line for each event (AUD-01), and a row in an append-only table that the owner can see (AUD-04). */
export function createAudit(deps: {
  db: Database<AuthTables>
  clock: Clock
  log: Log
  afterCommit: (trx: Kysely<AuthTables>, tell: () => void) => void
  addresses: LogAddresses
}) {
  const { db, clock, log, afterCommit, addresses } = deps
  const kept = (address: string): string => (addresses === 'short' ? shortAddress(address) : address)
  const store = createAuditStore(db)

  /** Writes the log line alone: for what strangers can cause in any number, such as refusals by a limit. */
  function note(event: AuditEvent, client: Client): void {
    log(event.result === 'ok' ? 'info' : 'warn', event.event, {
      result: event.result,
      user_id: event.userId ?? undefined,
      actor: event.actor,
      subject: event.subject,
      session: event.session,
      address: kept(client.address),
      user_agent: printable(client.userAgent),
      request_id: client.requestId,
      detail: event.detail,
    })
  }

  /**
   * Whom an administrator's act was done to, by the name of today. No row holds one: that of an account which is deleted would
   * stay (ACC-01).
   */
  async function withNames<Event extends AccountEvent | LoggedEvent>(events: readonly Event[]): Promise<Event[]> {
    const accountOf = ({ event, detail }: Event) =>
      event === 'admin_act' && typeof detail['account'] === 'number' ? detail['account'] : null
    const names = await store.names([...new Set(events.map(accountOf))].filter((id) => id !== null))
    return events.map((event) => {
      const name = names.get(accountOf(event) ?? -1)
      return name === undefined ? event : { ...event, detail: { ...event.detail, name } }
    })
  }

  return {
    note,

    /** Writes the row in the action's own transaction, and the log line. */
    async record(trx: Kysely<AuthTables>, event: AuditEvent, client: Client): Promise<void> {
      const row = {
        at: clock(),
        event: event.event,
        result: event.result,
        user_id: event.userId ?? null,
        actor: event.actor ?? null,
        subject: event.subject ?? null,
        address: kept(client.address),
        user_agent: printable(client.userAgent),
        request_id: client.requestId,
        session: event.session ?? null,
        detail: event.detail ? JSON.stringify(event.detail) : null,
      }
      if (row.user_id === null) await store.insert(trx, row)
      else {
        const previous = await store.lockChain(trx, row.user_id)
        const hash = chainHash(previous, row)
        await store.insert(trx, { ...row, previous_hash: previous, hash })
        await store.setChain(trx, row.user_id, hash)
      }
      // Not before the commit: the log must not tell of a sign-in that never came about.
      afterCommit(trx, () => note(event, client))
    },

    /** The newest events of an account, for its owner. */
    list: (userId: number, most: number) => store.list(userId, most),

    /** The same as the owner sees it, from before an event on, without what programs do every half hour (AUD-04, LOG-06). */
    history: async (userId: number, most: number, before?: number): Promise<AccountEvent[]> =>
      withNames((await store.history(userId, most, { before })).flatMap(accountEvent)),

    /** The newest sign-ins of an account and those that did not come about (S3). */
    signIns: async (userId: number, most: number): Promise<AccountEvent[]> =>
      (await store.history(userId, most, { only: signInEvents })).flatMap(accountEvent),

    /** A stretch of the log of all accounts, the newest first (AD4). Only for administrators. */
    stretch: async (wanted: LogWanted, before: LogPlace | null, most: number): Promise<LoggedEvent[]> => {
      const address = wanted.address === null ? null : kept(wanted.address)
      return withNames((await store.stretch({ ...wanted, address }, before, most)).map(loggedEvent))
    },

    /** Whether the log of an account fits together: nothing in it was changed, taken out or put in. Reads all of it. */
    async fits(userId: number): Promise<boolean> {
      // The end first: what happens meanwhile comes after it, and is none of this look.
      const end = (await store.endOfChain(userId)) ?? new Uint8Array()
      const walk = createChainWalk(async () => end)
      await walkChains(store, walk, userId, end)
      return (await walk.end()).length === 0
    },

    sweep: (before: number, most: number): Promise<number> => store.sweep(before, most),
  }
}

/** As the owner sees it; rows of another version of the program are left out. */
function accountEvent(
  row: Awaited<ReturnType<ReturnType<typeof createAuditStore>['history']>>[number],
): AccountEvent[] {
  const { id, at, result, actor, address, user_agent, detail } = row
  const event = auditEventNames.find((one) => one === row.event)
  if (!event) return []
  // Where an administrator sits is none of the person's business; it stands in the administrator's own log.
  const place =
    actor === null
      ? { address, device: deviceName(user_agent) }
      : { address: '-', device: english.devices.named.server }
  return [{ id, at, event, result, actor, ...place, detail: detail === null ? {} : JSON.parse(detail) }]
}

const hex = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString('hex')

const loggedEvent = (
  row: Awaited<ReturnType<ReturnType<typeof createAuditStore>['stretch']>>[number],
): LoggedEvent => ({
  id: row.id,
  at: row.at,
  event: row.event,
  result: row.result,
  userId: row.user_id,
  username: row.username,
  actor: row.actor,
  subject: row.subject,
  address: row.address,
  userAgent: row.user_agent,
  session: row.session,
  requestId: row.request_id,
  detail: row.detail === null ? {} : JSON.parse(row.detail),
  previousHash: hex(row.previous_hash),
  hash: hex(row.hash),
})

const WALKED_AT_ONCE = 500

/** Gives the walk the rows of all chains, or those of one up to `end`. */
async function walkChains(
  store: ReturnType<typeof createAuditStore>,
  walk: ReturnType<typeof createChainWalk>,
  only: number | null = null,
  end: Uint8Array | null = null,
): Promise<void> {
  let after = { user_id: only ?? 0, id: 0 }
  for (;;) {
    const rows = await store.walk(after, WALKED_AT_ONCE, only)
    for (const row of rows) {
      const { user_id, previous_hash, hash } = row
      if (user_id === null || hash === null || previous_hash === null) continue
      await walk.step({ ...row, previous_hash, hash })
      if (end !== null && Buffer.compare(hash, end) === 0) return
      after = { user_id, id: row.id }
    }
    if (rows.length < WALKED_AT_ONCE) return
  }
}

/** The accounts whose log does not fit together: somebody has changed it beside the program (AUD-04). */
export async function brokenLogs(connection: Connection): Promise<number[]> {
  const store = createAuditStore(tables<AuthTables>(connection))
  const walk = createChainWalk(store.endOfChain)
  await walkChains(store, walk)
  return walk.end()
}
