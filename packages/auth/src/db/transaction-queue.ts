import { AuthError } from '../lib/errors.ts'
import type { Execute } from './connection.ts'

/** What the queue needs of the one writing connection. */
export interface WritingConnection {
  exec(sql: string): Promise<unknown>
  readonly run: Execute
}

/** A transaction that has not begun after this long answers 503 (AVL-06). */
const LONGEST_WAIT_MS = 5000
const MOST_WAITING = 2000
/** One commit serves at most this many transactions, so that the first does not wait for a crowd. */
const MOST_PER_COMMIT = 64

interface Batch {
  size: number
  readonly committed: PromiseWithResolvers<void>
}

/**
 * Runs transactions one after the other on one connection. Those that wait while another runs join its commit, each under
 * a savepoint of its own: a commit costs a disk flush, and a storm of sign-ins then needs few. Nobody is answered before
 * the commit that holds the work has succeeded.
 */
export function createTransactionQueue(connection: WritingConnection) {
  const waiting: { begin: () => void }[] = []
  let busy = false
  let batch: Batch | null = null

  function turn(): Promise<void> {
    if (!busy) {
      busy = true
      return Promise.resolve()
    }
    if (waiting.length >= MOST_WAITING) return Promise.reject(new AuthError('overloaded', { retryAfter: 2 }))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const entry = { begin: resolve }
    const timer = setTimeout(() => {
      const place = waiting.indexOf(entry)
      if (place >= 0) waiting.splice(place, 1)
      reject(new AuthError('store_unavailable', { retryAfter: 2 }))
    }, LONGEST_WAIT_MS)
    waiting.push(entry)
    return promise.finally(() => clearTimeout(timer))
  }

  function passOn(): void {
    const next = waiting.shift()
    if (next) next.begin()
    else busy = false
  }

  async function begin(): Promise<Batch> {
    if (batch) {
      try {
        await connection.exec('SAVEPOINT work')
      } catch (error) {
        await abandon(batch, error)
        throw error
      }
      batch.size++
      return batch
    }
    try {
      await connection.exec('BEGIN IMMEDIATE; SAVEPOINT work')
    } catch (error) {
      // Had the first half succeeded, no transaction could begin ever after.
      await connection.exec('ROLLBACK').catch(() => {})
      throw error
    }
    const committed = Promise.withResolvers<void>()
    committed.promise.catch(() => {})
    batch = { size: 1, committed }
    return batch
  }

  /** Everything of this commit is lost: none of its transactions was answered yet, and each can be tried again. */
  async function abandon(lost: Batch, cause: unknown): Promise<void> {
    batch = null
    lost.committed.reject(new AuthError('store_unavailable', { retryAfter: 2, cause }))
    await connection.exec('ROLLBACK').catch(() => {})
  }

  async function commit(full: Batch, before: string): Promise<void> {
    try {
      await connection.exec(`${before}COMMIT`)
      batch = null
      full.committed.resolve()
    } catch (error) {
      await abandon(full, error)
    }
  }

  const isLast = (current: Batch): boolean => waiting.length === 0 || current.size >= MOST_PER_COMMIT

  return async function transaction<R>(work: (execute: Execute) => Promise<R>): Promise<R> {
    await turn()
    let current: Batch
    try {
      current = await begin()
    } catch (error) {
      passOn()
      throw error
    }
    let result: R
    try {
      result = await work(connection.run)
    } catch (error) {
      try {
        await connection.exec('ROLLBACK TO work; RELEASE work')
        if (isLast(current)) await commit(current, '')
      } catch (fault) {
        // A full disk can end the whole transaction by itself: then the savepoint is gone too.
        await abandon(current, fault)
      }
      passOn()
      throw error
    }
    if (isLast(current)) await commit(current, 'RELEASE work; ')
    else await connection.exec('RELEASE work').catch((error) => abandon(current, error))
    // Whoever was to bring the commit about may have given up waiting meanwhile.
    if (batch && isLast(batch)) await commit(batch, '')
    passOn()
    await current.committed.promise
    return result
  }
}
