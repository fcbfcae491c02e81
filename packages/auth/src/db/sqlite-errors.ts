import { AuthError } from '../lib/errors.ts'
import { UniqueViolation } from './connection.ts'

export const SQLITE_ABORT = 4
const SQLITE_READONLY = 8
/** Primary result codes of SQLite that mean "not now": the caller answers 503 and tries again later. */
const unavailable = new Map([
  [3, 'no permission'],
  [SQLITE_ABORT, 'transaction lost'],
  [5, 'locked by another process'],
  [6, 'locked'],
  [SQLITE_READONLY, 'read-only'],
  [10, 'read or write failed'],
  [11, 'damaged'],
  [13, 'disk full'],
  [14, 'cannot be opened'],
  [26, 'not a database'],
])
const CONSTRAINT_UNIQUE = 2067
const CONSTRAINT_PRIMARY_KEY = 1555

/** What crosses from the writer thread: an error as data. */
export interface SqliteFault {
  readonly message: string
  readonly errcode: number | undefined
}

export function sqliteFault(error: unknown): SqliteFault {
  const message = error instanceof Error ? error.message : String(error)
  const errcode =
    typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number'
      ? error.errcode
      : undefined
  return { message, errcode }
}

/** A file that could only be opened for reading stays so for its connection, even when its owner may write again. */
export const isReadOnly = (fault: SqliteFault): boolean =>
  fault.errcode !== undefined && (fault.errcode & 0xff) === SQLITE_READONLY

/** The busy codes, after which trying again a moment later can help. */
export const isBusy = (fault: SqliteFault): boolean =>
  fault.errcode !== undefined && [5, 6].includes(fault.errcode & 0xff)

/** The error to throw for a fault: 503 when the store is unavailable, UniqueViolation, or the fault as it is. */
export function sqliteError(fault: SqliteFault): Error {
  const { message, errcode } = fault
  const cause = new Error(message)
  if (errcode === CONSTRAINT_UNIQUE || errcode === CONSTRAINT_PRIMARY_KEY) {
    return new UniqueViolation(/\.(\w+)/.exec(message)?.[1] ?? '', cause)
  }
  if (errcode !== undefined && unavailable.has(errcode & 0xff)) {
    return new AuthError('store_unavailable', { retryAfter: 2, cause })
  }
  return cause
}
