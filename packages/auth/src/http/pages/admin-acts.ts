import { isoTime } from '../../lib/clock.ts'
import type { PasskeyKind } from '../../passkeys/passkey-store.ts'
import type { PasskeyListed } from '../../passkeys/passkeys.ts'
import {
  type Acting,
  approve,
  confirmAddressOf,
  decline,
  deleteAccount,
  demandSecondFactor,
  endOneSession,
  endSessions,
  forgetFailures,
  removeOneAuthenticator,
  removeOnePasskey,
  removeOneSecurityKey,
  removeSecondFactor,
  setAccountActive,
  setRole,
  withdrawDemand,
} from '../../sign-in/administer.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import type { PersonListed } from '../../users/people-store.ts'
import { hasToConfirm, type User } from '../../users/user.ts'
import type { Words } from '../../words/words.ts'
import type { ActWords, AdminAct } from '../views/admin-views.ts'

type DoneWords = ActWords & { readonly done: string }

/** An act as it is drawn, when it is offered, and what it does. */
export interface ActRow extends AdminAct {
  readonly words: (words: Words) => DoneWords
  /** One sentence for the API document. */
  readonly summary: string
  /** The account is gone afterwards. */
  readonly removes?: true
  readonly isOffered: (person: PersonListed, by: User) => boolean
  readonly run: (context: SignInContext, userId: number, acting: Acting) => Promise<void>
}

/** What administrators can do to an account. A new act adds its row here: page, form and API come of themselves. */
export const accountActs: readonly ActRow[] = [
  {
    path: 'approve',
    words: ({ people }) => people.acts.approve,
    danger: false,
    summary: 'Lets somebody in who has registered and waits.',
    isOffered: ({ waitsSince }) => waitsSince !== null,
    run: approve,
  },
  {
    path: 'decline',
    words: ({ people }) => people.acts.decline,
    danger: true,
    summary: 'Deletes the account of somebody who waits.',
    removes: true,
    isOffered: ({ waitsSince }) => waitsSince !== null,
    run: decline,
  },
  {
    path: 'disable',
    words: ({ people }) => people.acts.disable,
    danger: true,
    summary: 'Disables an account and ends everything that is open (SES-07).',
    isOffered: ({ user, isActive }, by) => isActive && user.id !== by.id,
    run: (context, userId, acting) => setAccountActive(context, userId, false, acting),
  },
  {
    path: 'enable',
    words: ({ people }) => people.acts.enable,
    danger: false,
    summary: 'Lets a disabled account in again.',
    isOffered: ({ isActive, waitsSince }) => !isActive && waitsSince === null,
    run: (context, userId, acting) => setAccountActive(context, userId, true, acting),
  },
  {
    path: 'end-sessions',
    words: ({ people }) => people.acts.endSessions,
    danger: false,
    summary: 'Ends every session and every token of an account.',
    isOffered: ({ isActive }) => isActive,
    run: endSessions,
  },
  {
    path: 'forget-failures',
    words: ({ people }) => people.acts.forgetFailures,
    danger: false,
    summary: 'Forgets the failed attempts with an account, so that it can be signed in to again at once.',
    isOffered: ({ isActive, user }, by) => isActive && user.id !== by.id,
    run: forgetFailures,
  },
  {
    path: 'confirm-address',
    words: ({ people }) => people.acts.confirmAddress,
    danger: false,
    summary: 'Takes the e-mail address of an account for confirmed, without a letter.',
    isOffered: ({ user }) => hasToConfirm(user),
    run: confirmAddressOf,
  },
  {
    path: 'remove-second-factor',
    words: ({ people }) => people.acts.removeSecondFactor,
    danger: true,
    summary: 'Removes every authenticator, recovery code and security key of an account; the person is told.',
    // A passkey alone is removed where it is listed.
    isOffered: ({ hasAuthenticator, user }, by) => hasAuthenticator && user.id !== by.id,
    run: removeSecondFactor,
  },
  {
    path: 'demand-second-factor',
    words: ({ people }) => people.acts.demandSecondFactor,
    danger: false,
    summary:
      'Demands a second factor of somebody, who reads why; nothing else opens without it after the days of grace.',
    isOffered: ({ isActive, user }) => isActive && user.secondFactorDemandedAt === null,
    run: demandSecondFactor,
  },
  {
    path: 'withdraw-demand',
    words: ({ people }) => people.acts.withdrawDemand,
    danger: false,
    summary: 'Demands a second factor of somebody no longer; what is demanded of everybody stays.',
    isOffered: ({ user }, by) => user.secondFactorDemandedAt !== null && user.id !== by.id,
    run: withdrawDemand,
  },
  {
    path: 'make-admin',
    words: ({ people }) => people.acts.makeAdmin,
    danger: true,
    summary: 'Makes somebody an administrator, who has to sign in again.',
    isOffered: ({ user, isActive }) => isActive && user.role !== 'admin',
    run: (context, userId, acting) => setRole(context, userId, 'admin', acting),
  },
  {
    path: 'remove-admin',
    words: ({ people }) => people.acts.removeAdmin,
    danger: true,
    summary: 'Takes the role of an administrator away. The last one keeps it.',
    isOffered: ({ user }, by) => user.role === 'admin' && user.id !== by.id,
    run: (context, userId, acting) => setRole(context, userId, 'user', acting),
  },
]

export const deletion = (graceDays: number): ActRow => ({
  path: 'delete',
  words: ({ people: { acts } }) =>
    graceDays === 0 ? acts.deleteAtOnce : { ...acts.deleteLater, text: acts.deleteLater.text(graceDays) },
  danger: true,
  summary: 'Closes an account, which is deleted after the grace as on its owner’s word (ACC-01).',
  isOffered: ({ user, deletesAt, waitsSince }, by) => deletesAt === null && waitsSince === null && user.id !== by.id,
  run: deleteAccount,
})

/** What can be done to one thing of a person; it is offered where the thing is listed. */
export interface PartAct extends AdminAct {
  readonly words: (words: Words) => DoneWords
  readonly summary: string
  /** What the thing is called; undefined for one that is not there. */
  readonly thing: (context: SignInContext, userId: number, part: string, words: Words) => Promise<string | undefined>
  readonly run: (context: SignInContext, userId: number, part: string, acting: Acting) => Promise<void>
}

/** Not by the name that its owner has given it: administrators see nothing that people write. */
function factorName(
  kind: keyof Words['people']['person']['kinds'],
  all: readonly { id: string; createdAt: number }[],
  part: string,
  { people: { person: say } }: Words,
): string | undefined {
  const found = all.find(({ id }) => id === part)
  return found && `${say.kinds[kind]}${say.of}${isoTime(found.createdAt).slice(0, 10)}`
}

const ofKind = (wanted: PasskeyKind, all: readonly PasskeyListed[]): PasskeyListed[] =>
  all.filter(({ kind }) => kind === wanted)

export const partActs: readonly PartAct[] = [
  {
    path: 'sessions/:part/end',
    words: ({ people }) => people.acts.endSession,
    danger: false,
    summary: 'Ends one session or token family of an account.',
    thing: async ({ sessions, tokens }, userId, part) =>
      [...(await sessions.list(userId)), ...(await tokens.list(userId))].find(({ id }) => id === part)?.device,
    run: endOneSession,
  },
  {
    path: 'authenticators/:part/remove',
    words: ({ people }) => people.acts.removeAuthenticator,
    danger: true,
    summary: 'Removes one authenticator of an account; the person is told.',
    thing: async ({ factors }, userId, part, words) =>
      factorName('authenticator', (await factors.state(userId)).authenticators, part, words),
    run: removeOneAuthenticator,
  },
  {
    path: 'passkeys/:part/remove',
    words: ({ people }) => people.acts.removePasskey,
    danger: true,
    summary: 'Removes one passkey of an account, never the last way in; the person is told.',
    thing: async ({ passkeys }, userId, part, words) =>
      factorName('passkey', ofKind('passkey', (await passkeys.list(userId)).passkeys), part, words),
    run: removeOnePasskey,
  },
  {
    path: 'security-keys/:part/remove',
    words: ({ people }) => people.acts.removeSecurityKey,
    danger: true,
    summary: 'Removes one security key of an account; the person is told.',
    thing: async ({ passkeys }, userId, part, words) =>
      factorName('security_key', ofKind('security_key', (await passkeys.list(userId)).passkeys), part, words),
    run: removeOneSecurityKey,
  },
]

export const resetLink: AdminAct = {
  path: 'reset-link',
  words: ({ people }) => people.acts.resetLink,
  danger: false,
}
