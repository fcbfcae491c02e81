import type { Audit } from '../audit/audit.ts'
import type { DatabaseState } from '../db/database-state.ts'
import type { DeviceCodes } from '../device-codes/device-codes.ts'
import type { Exports } from '../exports/exports.ts'
import type { Demands } from '../factors/demands.ts'
import type { Factors } from '../factors/factors.ts'
import type { Pending } from '../factors/pending.ts'
import type { TrustedDevices } from '../factors/trusted-devices.ts'
import type { Invitations } from '../invitations/invitations.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { KeyRing } from '../lib/secrets.ts'
import type { LimitSettings } from '../limits/counters.ts'
import type { FairShare } from '../limits/fair-share.ts'
import type { Limits } from '../limits/limits.ts'
import type { Links } from '../links/links.ts'
import type { Mail } from '../mail/outbox.ts'
import type { Passkeys } from '../passkeys/passkeys.ts'
import type { Hasher } from '../passwords/hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { PersonalTokens } from '../personal-tokens/personal-tokens.ts'
import type { Providers } from '../providers/providers.ts'
import type { OpenDoors } from '../sessions/open-doors.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { AccountChanges } from '../users/account-changes.ts'
import type { FormerNameStore } from '../users/former-name-store.ts'
import type { createPeopleStore } from '../users/people-store.ts'
import type { User } from '../users/user.ts'
import type { createUserStore } from '../users/user-store.ts'
import type { OfferedLanguages } from '../words/words.ts'
import type { Registration } from './admission.ts'
import type { createKnownDevices } from './known-device.ts'

/** What the host app is told, after the commit. A hook that throws is logged and stops nothing. */
export interface SignInHooks {
  readonly onSignUp?: (user: User) => void | Promise<void>
  readonly onSignIn?: (user: User, how: { method: string }) => void | Promise<void>
}

/** Checks the host app's own fields of a new person; throws AuthError('invalid_fields') or answers what to keep. */
export type FieldsCheck = (fields: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>

/** Everything that the ways in need. They are the only ones that may call all features. */
export interface SignInContext {
  readonly changes: AccountChanges
  readonly users: ReturnType<typeof createUserStore>
  readonly formerNames: FormerNameStore
  readonly people: ReturnType<typeof createPeopleStore>
  readonly sessions: Sessions
  readonly tokens: Tokens
  readonly personalTokens: PersonalTokens
  readonly doors: OpenDoors
  readonly links: Links
  readonly factors: Factors
  readonly demands: Demands
  /** Null where this server has no mail: then nothing may say that something was sent. */
  readonly mail: Mail | null
  readonly pending: Pending
  readonly deviceCodes: DeviceCodes
  readonly trusted: TrustedDevices
  readonly exports: Exports
  readonly passkeys: Passkeys
  readonly providers: Providers
  readonly limits: Limits
  readonly limitSettings: LimitSettings
  /** Hashing for one network within its share of the queue. */
  readonly inTurn: FairShare
  readonly hasher: Hasher
  readonly passwordPolicy: PasswordPolicy
  readonly audit: Audit
  readonly devices: ReturnType<typeof createKnownDevices>
  readonly keys: KeyRing
  readonly clock: Clock
  readonly log: Log
  readonly hooks: SignInHooks
  readonly checkFields: FieldsCheck
  /** An account gets its address once it is confirmed, and nobody hears whether another has it (REG-08). */
  readonly hidesAddresses: boolean
  readonly registration: Registration
  /** What pages and letters can speak. */
  readonly languages: OfferedLanguages
  readonly invitations: Invitations
  /** How long an account can be kept after its owner has left it, in milliseconds. */
  readonly leavingGrace: number
  /** About where an address is, by the host's word; null where nobody knows. */
  readonly placeOf: (address: string) => Promise<string | null>
  /** Deletes what has ended of the host's; answers how many rows, `most` at a time. */
  readonly sweepHost: (most: number, now: number) => Promise<number>
  /** How the database stands, for administrators. */
  readonly databaseState: () => Promise<DatabaseState>
}
