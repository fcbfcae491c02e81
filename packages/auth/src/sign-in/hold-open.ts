import type { DoorSignal } from '../sessions/open-doors.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { Bearer } from '../tokens/tokens.ts'
import type { SignInContext } from './sign-in-context.ts'

/** By what somebody came in. */
export type CameInBy = { readonly signedIn: SignedIn } | { readonly bearer: Bearer }

/** What is long-lived hangs on this: it aborts within a second when the session or the token family ends, wherever that happens (S2). */
export function holdOpen({ doors, sessions, tokens }: SignInContext, by: CameInBy): DoorSignal {
  if ('bearer' in by) {
    const { user, familyId } = by.bearer
    return doors.hold({ userId: user.id, endsAt: () => tokens.endsAt(familyId) })
  }
  const { user, session } = by.signedIn
  return doors.hold({ userId: user.id, endsAt: () => sessions.endsAt(user.id, session.startedAs) })
}
