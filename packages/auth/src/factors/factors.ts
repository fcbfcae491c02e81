import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { sealedColumns, sealFor, unsealFrom } from '../db/sealed-columns.ts'
import type { Database } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import type { KeyRing } from '../lib/secrets.ts'
import { createFactorStore } from './factor-store.ts'
import { newRecoveryCode, RECOVERY_CODES, recoveryCodeHash } from './recovery-codes.ts'
import { newTotpSecret, totpStep } from './totp.ts'

/** What a way in has shown: something known, something held, or something held that knows its person itself. */
export type Factor = 'knowledge' | 'possession' | 'verified possession'

/** By what a pending sign-in may be finished. */
export type FactorMethod = 'totp' | 'recovery_code'

/** An authenticator in its owner's list. */
export interface AuthenticatorListed {
  readonly id: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

/** How the second step of an account stands. */
export interface SecondFactorState {
  readonly authenticators: readonly AuthenticatorListed[]
  readonly recoveryCodesLeft: number
}

/** Typed with blanks, as apps show it and as it is pasted (M4). */
const plain = (code: string): string => code.replace(/[\s-]/g, '')

export type Factors = ReturnType<typeof createFactors>

/** Authenticator apps and recovery codes (MFA-01 to MFA-03). */
export function createFactors(deps: { db: Database<AuthTables>; clock: Clock; keys: KeyRing }) {
  const { db, clock, keys } = deps
  const store = createFactorStore(db)
  const secretOf = (row: { id: string; secret_enc: Uint8Array; key_id: string }) =>
    unsealFrom(keys, sealedColumns.authenticator, row, { bytes: row.secret_enc, keyId: row.key_id })

  async function takeTotp(
    trx: Kysely<AuthTables>,
    row: { id: string; secret_enc: Uint8Array; key_id: string },
    code: string,
  ): Promise<boolean> {
    const secret = secretOf(row)
    const step = secret === null ? null : totpStep(secret, plain(code), clock())
    return step !== null && (await store.takeStep(trx, row.id, step, clock()))
  }

  return {
    /** Whether a way in that has shown these factors needs another. */
    async isDue(trx: Kysely<AuthTables>, userId: number, shown: readonly Factor[]): Promise<boolean> {
      if (shown.includes('possession') || shown.includes('verified possession')) return false
      return store.isOn(trx, userId)
    },

    isOn: (userId: number, from: Kysely<AuthTables> = db.read): Promise<boolean> => store.isOn(from, userId),

    /** Uses up a code of an authenticator or a recovery code; null for one that is wrong or was used. */
    async use(trx: Kysely<AuthTables>, userId: number, code: string): Promise<FactorMethod | null> {
      for (const row of await store.listIn(trx, userId)) {
        if (row.confirmed_at !== null && (await takeTotp(trx, row, code))) return 'totp'
      }
      const hash = recoveryCodeHash(code)
      return hash && (await store.useCode(trx, userId, hash, clock())) ? 'recovery_code' : null
    },

    /** Begins a new authenticator, which counts for nothing before a code of it was shown; an earlier beginning is void. */
    async begin(trx: Kysely<AuthTables>, userId: number, name: string): Promise<string> {
      const id = randomBytes(12).toString('base64url')
      const sealed = sealFor(keys, sealedColumns.authenticator, { id }, newTotpSecret())
      await store.removeUnconfirmed(trx, userId)
      await store.insert(trx, {
        id,
        user_id: userId,
        kind: 'totp',
        name,
        secret_enc: sealed.bytes,
        key_id: sealed.keyId,
        created_at: clock(),
      })
      return id
    },

    /** The secret of an authenticator that was begun and does not count yet; afterwards nobody gets to see it again. */
    async begun(userId: number, id: string): Promise<{ name: string; secret: string } | null> {
      const row = (await store.list(userId)).find((one) => one.id === id && one.confirmed_at === null)
      const secret = row ? secretOf(row) : null
      return row && secret !== null ? { name: row.name, secret } : null
    },

    /** Makes an authenticator count by a code of it. */
    async confirm(
      trx: Kysely<AuthTables>,
      userId: number,
      id: string,
      code: string,
    ): Promise<'confirmed' | 'wrong' | 'unknown'> {
      const row = (await store.listIn(trx, userId)).find((one) => one.id === id && one.confirmed_at === null)
      if (!row) return 'unknown'
      if (!(await takeTotp(trx, row, code))) return 'wrong'
      await store.confirm(trx, id, clock())
      return 'confirmed'
    },

    /** Takes an authenticator away, and with the last one the recovery codes. */
    async remove(trx: Kysely<AuthTables>, userId: number, id: string): Promise<boolean> {
      if (!(await store.remove(trx, userId, id))) return false
      if (!(await store.isOn(trx, userId))) await store.replaceCodes(trx, userId, [], clock())
      return true
    },

    /** Takes all of them away, with the recovery codes; answers whether one of them counted. */
    removeAll: (trx: Kysely<AuthTables>, userId: number): Promise<boolean> => store.removeAll(trx, userId),

    /** Ten new codes in place of all earlier ones; only their hashes stay. */
    async makeCodes(trx: Kysely<AuthTables>, userId: number): Promise<string[]> {
      const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
      const hashes = codes.flatMap((code) => recoveryCodeHash(code) ?? [])
      await store.replaceCodes(trx, userId, hashes, clock())
      return codes
    },

    removeCodes: (trx: Kysely<AuthTables>, userId: number): Promise<void> =>
      store.replaceCodes(trx, userId, [], clock()),

    codesLeft: (userId: number, trx?: Kysely<AuthTables>): Promise<number> => store.codesLeft(userId, trx),

    async state(userId: number): Promise<SecondFactorState> {
      const rows = await store.list(userId)
      return {
        authenticators: rows
          .filter((row) => row.confirmed_at !== null)
          .map(({ id, name, created_at, last_used_at }) => ({
            id,
            name,
            createdAt: created_at,
            lastUsedAt: last_used_at,
          })),
        recoveryCodesLeft: await store.codesLeft(userId),
      }
    },
  }
}
