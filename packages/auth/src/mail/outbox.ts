import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { sealedColumns, sealFor, unsealFrom } from '../db/sealed-columns.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, hours } from '../lib/clock.ts'
import { type KeyRing, randomToken } from '../lib/secrets.ts'
import { shownEmail } from '../users/account-names.ts'
import { type HostText, textIn } from '../words/host-text.ts'
import type { Words } from '../words/words.ts'
import { type LetterContent, type LetterParts, letterParts } from './letter.ts'
import { createOutboxStore } from './outbox-store.ts'

/** A letter to an account, or to an address that has none. */
export interface AccountLetter {
  /** What it is about, for the log; holds no secret. */
  readonly kind: string
  /** Null where no account is there to go with: an invitation, a farewell. */
  readonly userId: number | null
  /** The stored address, never one that a stranger typed (RST-05). */
  readonly to: string
  readonly content: LetterContent
  /** When a link in it ends, in milliseconds since 1970: it is not sent later. A day from now where nothing is given. */
  readonly expiresAt?: number
}

/** A place of letters that is nobody's mailbox, in words for whoever waits for one. */
export interface LettersPlace {
  readonly sentence: HostText
  readonly link?: { readonly href: string; readonly label: HostText }
}

/** Where letters lie, in the language of a request; null where they are sent to mailboxes. */
export const placeIn = (mail: Pick<Mail, 'goesTo'> | null, words: Words): string | null =>
  mail?.goesTo ? textIn(mail.goesTo.sentence, words) : null

/** A row of the outbox that was opened: a letter, or work that a request left for later. */
export type Opened = { readonly letter: LetterParts } | { readonly order: string }

/** A letter that could not be sent for so long says nothing new any more. */
const WORTH_SENDING = hours(24)

export type Mail = ReturnType<typeof createMail>

/** Letters and work for later, as rows of the transaction that they belong to: no request waits for mail (RST-01). */
export function createMail(deps: {
  db: Database<AuthTables>
  keys: KeyRing
  clock: Clock
  siteName: string
  /** The configured address, of which links are built, never of a request (RST-04). */
  origin: string
  /** Null where letters reach mailboxes. */
  goesTo: LettersPlace | null
}) {
  const { db, keys, clock, siteName, origin, goesTo } = deps
  const store = createOutboxStore(db)

  async function insert(
    trx: Kysely<AuthTables>,
    row: { kind: string; userId: number | null; to: string; expiresAt: number },
    sealed: unknown,
  ): Promise<void> {
    const id = randomToken()
    const now = clock()
    const { bytes, keyId } = sealFor(keys, sealedColumns.mail, { id, to_address: row.to }, JSON.stringify(sealed))
    await store.insert(trx, {
      id,
      kind: row.kind,
      user_id: row.userId,
      to_address: row.to,
      sealed: bytes,
      key_id: keyId,
      created_at: now,
      next_try_at: now,
      expires_at: Math.min(row.expiresAt, now + WORTH_SENDING),
    })
  }

  return {
    siteName,
    /** Where letters go instead of mailboxes: a page that speaks of a letter says this too, or pretends. */
    goesTo,

    /** The address of a page of ours for a letter. */
    url(path: string, query: Readonly<Record<string, string>> = {}): string {
      const address = new URL(path, origin)
      for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
      return address.href
    },

    /** Writes a letter in the transaction of what it tells of. Does nothing for an account without an address. */
    async enqueue(trx: Kysely<AuthTables>, letter: AccountLetter): Promise<void> {
      const { kind, userId, to, content, expiresAt = Number.POSITIVE_INFINITY } = letter
      if (shownEmail(to) === null) return
      const { subject, text, html } = letterParts(siteName, content)
      await insert(trx, { kind, userId, to, expiresAt }, [subject, text, html])
    },

    /** How many letters have waited since before then (milliseconds since 1970), and what the last try met. */
    waitingSince: (before: number): Promise<{ count: number; lastError: string | null }> => store.waitingSince(before),

    /** Leaves work to the sender: `order` is what the handler of this kind is given, sealed until then. */
    order: (trx: Kysely<AuthTables>, kind: string, order: string): Promise<void> =>
      insert(trx, { kind, userId: null, to: '', expiresAt: Number.POSITIVE_INFINITY }, [order]),
  }
}

type SealedRow = { id: string; to_address: string; sealed: Uint8Array; key_id: string }

/** What a row holds, or null where no key that is given opens it. */
export function openRow(keys: KeyRing, row: SealedRow): Opened | null {
  const opened = unsealFrom(keys, sealedColumns.mail, row, { bytes: row.sealed, keyId: row.key_id })
  if (opened === null) return null
  const parts: unknown = JSON.parse(opened)
  if (!Array.isArray(parts)) return null
  const [subject, text, html]: unknown[] = parts
  if (typeof subject !== 'string') return null
  if (text === undefined) return { order: subject }
  return typeof text === 'string' && typeof html === 'string' ? { letter: { subject, text, html } } : null
}

/** How many rows older than `before` (milliseconds since 1970) wait, and what the last try met: for an operator. */
export const waitingLetters = (
  db: Database<AuthTables>,
  before: number,
): Promise<{ count: number; lastError: string | null }> => createOutboxStore(db).waitingSince(before)
