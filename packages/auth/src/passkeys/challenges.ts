import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, minutes } from '../lib/clock.ts'
import { randomToken, tokenHash } from '../lib/secrets.ts'
import { createChallengeStore } from './challenge-store.ts'

/** How long somebody has for the browser's window (PKY-01). */
export const CHALLENGE_LIFETIME = minutes(5)
/** Challenges of one browser that wait at a time: several tabs of the sign-in page. */
const MOST_PER_BROWSER = 10

/** What an answer to a challenge is for; one for another purpose is worth nothing. */
export type Ceremony = 'sign_in' | 'add' | 'add_key' | 'sign_up' | 'enrol' | 'second_factor' | 'step_up'

/** Whose challenge it is: the browser's own cookie value, the purpose, and the account where one is known. */
export interface ChallengeFor {
  /** The value of the browser's cookie; null where it has none. */
  readonly browser: string | null
  readonly ceremony: Ceremony
  readonly userId: number | null
}

export interface ChallengeMade {
  /** 32 random bytes as base64url (WebAuthn section 13.4.3). */
  readonly challenge: string
  /** The value of the browser's cookie. */
  readonly browser: string
}

export interface ChallengeTaken {
  /** The random name under which the authenticator is to know, or knows, the account. */
  readonly handle: string | null
}

/** Challenges on the server: used once, for one browser, purpose and account, and for some minutes (PKY-01). */
export function createChallenges({ db, clock }: { db: Database<AuthTables>; clock: Clock }) {
  const store = createChallengeStore(db)
  return {
    async make({ browser, ceremony, userId }: ChallengeFor, handle: string | null = null): Promise<ChallengeMade> {
      const made = { challenge: randomToken(), browser: browser ?? randomToken() }
      const now = clock()
      await store.insert(
        {
          challenge_hash: tokenHash(made.challenge),
          browser_hash: tokenHash(made.browser),
          ceremony,
          user_id: userId,
          handle,
          created_at: now,
          expires_at: now + CHALLENGE_LIFETIME,
        },
        MOST_PER_BROWSER,
      )
      return made
    },

    /** Uses the challenge up; null for one that was used, has expired, or is another's. */
    async take(challenge: string, { browser, ceremony, userId }: ChallengeFor): Promise<ChallengeTaken | null> {
      if (browser === null) return null
      const row = await store.take(tokenHash(challenge), tokenHash(browser))
      const fits = row !== undefined && row.ceremony === ceremony && row.user_id === userId
      return fits && clock() < row.expires_at ? { handle: row.handle } : null
    },

    sweep: (most: number): Promise<number> => store.sweep(clock(), most),
  }
}
