import { setTimeout as sleep } from 'node:timers/promises'
import { days, hours } from './lib/clock.ts'
import { FORMER_NAME_KEPT } from './sign-in/change-username.ts'
import { sweepLeft, sweepUnfinished, sweepWaiting } from './sign-in/leave.ts'
import type { SignInContext } from './sign-in/sign-in-context.ts'

const EVERY = hours(1)
const BATCH = 500
const REST_MS = 20
/** How long the account's history is kept (AUD-04). */
const AUDIT_KEPT = days(90)

export interface Sweeper {
  stop(): Promise<void>
}

/** Deletes everything that has ended, in small transactions with a rest between. Answers how many rows. */
export async function sweepOnce(context: SignInContext, stopped: () => boolean = () => false): Promise<number> {
  const {
    sessions,
    tokens,
    personalTokens,
    links,
    invitations,
    pending,
    deviceCodes,
    passkeys,
    trusted,
    exports,
    providers,
    limits,
    audit,
    changes,
    clock,
  } = context
  const rest = async () => {
    await sleep(REST_MS, undefined, { ref: false })
  }
  let count = await sessions.sweep(rest, stopped)
  const batches = [
    tokens.sweep,
    personalTokens.sweep,
    links.sweep,
    invitations.sweep,
    pending.sweep,
    deviceCodes.sweep,
    passkeys.sweep,
    trusted.sweep,
    providers.trips.sweep,
    exports.sweep,
    limits.sweep,
    changes.sweep,
    sweepAudit,
    sweepAccounts,
    sweepFormerNames,
    sweepHost,
    sweepRegistrations,
    sweepUnapproved,
  ]
  for (const batch of batches) {
    for (let deleted = BATCH; deleted >= BATCH && !stopped(); ) {
      deleted = await batch(BATCH)
      count += deleted
      await rest()
    }
  }
  return count

  function sweepAccounts(most: number): Promise<number> {
    return sweepLeft(context, most)
  }

  function sweepFormerNames(most: number): Promise<number> {
    return context.formerNames.sweep(clock() - FORMER_NAME_KEPT, most)
  }

  function sweepHost(most: number): Promise<number> {
    return context.sweepHost(most, clock())
  }

  function sweepRegistrations(most: number): Promise<number> {
    return sweepUnfinished(context, most)
  }

  function sweepUnapproved(most: number): Promise<number> {
    return sweepWaiting(context, most)
  }

  function sweepAudit(most: number): Promise<number> {
    return audit.sweep(clock() - AUDIT_KEPT, most)
  }
}

/** Sweeps now and every hour until it is stopped. */
export function startSweeper(context: SignInContext): Sweeper {
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    running = sweepOnce(context, () => stopped).then(
      (count) => context.log('debug', 'swept', { rows: count }),
      (error: unknown) => context.log('warn', 'sweep_failed', { cause: String(error) }),
    )
  }
  run()
  const timer = setInterval(run, EVERY)
  timer.unref()
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}
