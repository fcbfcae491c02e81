import { createHash } from 'node:crypto'

/** What of an event is bound into the chain: everything that its row tells. */
export interface ChainedEvent {
  readonly at: number
  readonly event: string
  readonly result: string
  readonly user_id: number | null
  readonly actor: string | null
  readonly subject: string | null
  readonly address: string
  readonly user_agent: string
  readonly request_id: string
  readonly session: string | null
  readonly detail: string | null
}

/** A row as it is stored: with its own hash and that of the row before it of the same account. */
export interface ChainLink extends ChainedEvent {
  readonly id: number
  readonly previous_hash: Uint8Array
  readonly hash: Uint8Array
}

/**
 * The hash of an event and all before it. Whoever changes, adds or takes out a row of an account's log has to write every
 * later row anew, and what `audit_chains` keeps of the end; `miachat doctor` notices anything less.
 */
export function chainHash(previous: Uint8Array, event: ChainedEvent): Buffer {
  const { at, event: name, result, user_id, actor, subject, address, user_agent, request_id, session, detail } = event
  const text = JSON.stringify([
    at,
    name,
    result,
    user_id,
    actor,
    subject,
    address,
    user_agent,
    request_id,
    session,
    detail,
  ])
  return createHash('sha256').update(previous).update(text).digest()
}

/** Follows the chains of accounts, row after row in the order of account and number. `endOf` is what is kept of an end. */
export function createChainWalk(endOf: (userId: number) => Promise<Uint8Array | null>) {
  const broken = new Set<number>()
  let account: number | null = null
  let last: Uint8Array = new Uint8Array()

  /** The account that was walked must end with the row that was written last. */
  async function finishAccount(): Promise<void> {
    if (account === null) return
    const end = await endOf(account)
    if (end === null || Buffer.compare(end, last) !== 0) broken.add(account)
  }

  return {
    async step(row: ChainLink): Promise<void> {
      if (row.user_id === null) return
      if (row.user_id !== account) {
        await finishAccount()
        account = row.user_id
        // The oldest row is taken at its word: those before it were swept.
        last = row.previous_hash
      }
      const fits = Buffer.compare(row.previous_hash, last) === 0
      if (!fits || Buffer.compare(chainHash(row.previous_hash, row), row.hash) !== 0) broken.add(row.user_id)
      last = row.hash
    },
    /** The accounts whose log was changed. */
    async end(): Promise<number[]> {
      await finishAccount()
      return [...broken]
    },
  }
}
