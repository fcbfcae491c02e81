import type { DoorSignal } from '../sessions/open-doors.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { Bearer } from './check-bearer.ts'
import type { SignInContext } from './sign-in-context.ts'

/** By what somebody came in. */
export type CameInBy = { readonly signedIn: SignedIn } | { readonly bearer: Bearer }

/** What is long-lived hangs on this: it aborts within a second when the session or the token family ends, wherever that happens (S2). */
export function holdOpen({ doors, sessions, tokens, personalTokens }: SignInContext, by: CameInBy): DoorSignal {
  if ('bearer' in by) {
    const { bearer } = by
    const endsAt = () =>
      'familyId' in bearer ? tokens.endsAt(bearer.familyId) : personalTokens.endsAt(bearer.personalTokenId)
    return doors.hold({ userId: bearer.user.id, endsAt })
  }
  const { user, session } = by.signedIn
  return doors.hold({ userId: user.id, endsAt: () => sessions.endsAt(user.id, session.startedAs) })
}
