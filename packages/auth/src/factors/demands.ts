import { days } from '../lib/clock.ts'
import { createPersonCache } from '../lib/person-cache.ts'
import type { AccountChanges } from '../users/account-changes.ts'
import type { Role, User } from '../users/user.ts'

/** For how long people of a role may go on without the second factor that is demanded of them, in milliseconds; null demands none. */
export type DemandGraces = Readonly<Record<Role, number | null>>

/** The same for one person of whom an administrator demands it, where the role has no grace of its own. */
const GRACE_OF_ONE = days(7)
/** People who are known to have a second factor, at most twice this many. */
const CACHE_SIZE = 10_000

export type Demands = ReturnType<typeof createDemands>

/** Of whom a second factor is demanded (M8), and who is known to have one, so that not every request has to look. */
export function createDemands({ changes, graces }: { changes: AccountChanges; graces: DemandGraces }) {
  const met = createPersonCache<{ readonly userId: number }>(CACHE_SIZE)
  changes.onChange(met.forget)

  return {
    /** The grace of a person in milliseconds; null where nothing is demanded. */
    graceOf: ({ role, secondFactorDemandedAt }: Pick<User, 'role' | 'secondFactorDemandedAt'>): number | null =>
      graces[role] ?? (secondFactorDemandedAt === null ? null : GRACE_OF_ONE),

    /** What `look` says of a person; a yes is remembered until anything of the account changes. */
    async isMet(userId: number, look: () => Promise<boolean>): Promise<boolean> {
      if (met.get(String(userId))) return true
      const before = changes.epoch()
      const found = await look()
      // A change that came while we looked may be newer than what was found.
      if (found && changes.epoch() === before) met.set(String(userId), { userId })
      return found
    },
  }
}
