import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Clock } from '../lib/clock.ts'
import { seal, unseal } from '../lib/seal.ts'
import { type KeyRing, randomToken } from '../lib/secrets.ts'
import type { OutboxStore } from './outbox-store.ts'

/** What a transport sends. */
export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** A letter to an account. `kind` is for the log: it says what the letter is about and holds no secret. */
export interface AccountLetter extends Letter {
  readonly kind: string
  readonly userId: number | null
}

/** With the address: a letter with a link does not open in a row whose address somebody replaced by their own. */
const placeOf = (id: string, to: string): string => `outbox|sealed|${id}|${to}`

export function createOutbox(deps: { store: OutboxStore; keys: KeyRing; clock: Clock }) {
  const { store, keys, clock } = deps
  return {
    /** Writes the letter in the transaction of what it tells of: no request waits for mail (RST-01). */
    async enqueue(trx: Kysely<AuthTables>, letter: AccountLetter): Promise<void> {
      const id = randomToken()
      const now = clock()
      const { kind, userId, to, subject, text, html } = letter
      const sealed = seal(keys, 'sealed-mail', placeOf(id, to), JSON.stringify([subject, text, html]))
      await store.insert(trx, {
        id,
        kind,
        user_id: userId,
        to_address: to,
        sealed: sealed.bytes,
        key_id: sealed.keyId,
        created_at: now,
        next_try_at: now,
      })
    },
  }
}

/** The letter of a row, or null where no key that is given opens it. */
export function openLetter(
  keys: KeyRing,
  row: { id: string; to_address: string; sealed: Uint8Array; key_id: string },
): Letter | null {
  const sealed = { bytes: row.sealed, keyId: row.key_id }
  const opened = unseal(keys, 'sealed-mail', placeOf(row.id, row.to_address), sealed)
  if (opened === null) return null
  const parts: unknown = JSON.parse(opened)
  if (!Array.isArray(parts)) return null
  const [subject, text, html]: unknown[] = parts
  if (typeof subject !== 'string' || typeof text !== 'string' || typeof html !== 'string') return null
  return { to: row.to_address, subject, text, html }
}
