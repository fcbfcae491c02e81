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
import type { AdminAct } from '../views/admin-views.ts'
import { plural } from '../views/html.ts'

/** An act as it is drawn, when it is offered, and what it does. */
export interface ActRow extends AdminAct {
  /** One sentence for the API document. */
  readonly summary: string
  readonly done: string
  /** The account is gone afterwards. */
  readonly removes?: true
  readonly isOffered: (person: PersonListed, by: User) => boolean
  readonly run: (context: SignInContext, userId: number, acting: Acting) => Promise<void>
}

/** What administrators can do to an account. A new act adds its row here: page, form and API come of themselves. */
export const accountActs: readonly ActRow[] = [
  {
    path: 'approve',
    label: 'Approve the account',
    words: 'The person can sign in from now on, and is told by mail where this server has mail.',
    danger: false,
    summary: 'Lets somebody in who has registered and waits.',
    done: 'The account is approved.',
    isOffered: ({ waitsSince }) => waitsSince !== null,
    run: approve,
  },
  {
    path: 'decline',
    label: 'Decline the account',
    words:
      'The account is deleted at once; its name and address are free again. The person is told by mail where this server has mail.',
    danger: true,
    reasonHint: 'It stands in the letter to the person, and in your log.',
    summary: 'Deletes the account of somebody who waits.',
    done: 'The account is declined and deleted.',
    removes: true,
    isOffered: ({ waitsSince }) => waitsSince !== null,
    run: decline,
  },
  {
    path: 'disable',
    label: 'Disable the account',
    words: 'Every device and program is signed out at once, and nobody signs in with this account until you enable it.',
    danger: true,
    summary: 'Disables an account and ends everything that is open (SES-07).',
    done: 'The account is disabled.',
    isOffered: ({ user, isActive }, by) => isActive && user.id !== by.id,
    run: (context, userId, acting) => setAccountActive(context, userId, false, acting),
  },
  {
    path: 'enable',
    label: 'Enable the account',
    words: 'The person can sign in again. An account that was to be deleted is kept.',
    danger: false,
    summary: 'Lets a disabled account in again.',
    done: 'The account is enabled.',
    isOffered: ({ isActive, waitsSince }) => !isActive && waitsSince === null,
    run: (context, userId, acting) => setAccountActive(context, userId, true, acting),
  },
  {
    path: 'end-sessions',
    label: 'Sign out everywhere',
    words:
      'Every device and program of this person is signed out at once, and personal tokens end. The person can sign in again.',
    danger: false,
    summary: 'Ends every session and every token of an account.',
    done: 'Every device is signed out.',
    isOffered: ({ isActive }) => isActive,
    run: endSessions,
  },
  {
    path: 'forget-failures',
    label: 'Forget failed sign-ins',
    words:
      'For somebody who is turned away after too many wrong passwords or codes, and cannot wait. Whoever guesses can go on guessing, too: a link for a new password is often better. The person is told.',
    danger: false,
    summary: 'Forgets the failed attempts with an account, so that it can be signed in to again at once.',
    done: 'The failed sign-ins are forgotten.',
    isOffered: ({ isActive, user }, by) => isActive && user.id !== by.id,
    run: forgetFailures,
  },
  {
    path: 'confirm-address',
    label: 'Mark the address as confirmed',
    words:
      'Be sure that the address belongs to this person: whoever proves it at another service may be led to this account.',
    danger: false,
    summary: 'Takes the e-mail address of an account for confirmed, without a letter.',
    done: 'The address is marked as confirmed.',
    isOffered: ({ user }) => hasToConfirm(user),
    run: confirmAddressOf,
  },
  {
    path: 'remove-second-factor',
    label: 'Remove the second step',
    words:
      'For somebody who has lost the authenticator. Every authenticator, recovery code and security key is removed and every device signed out; the person is told. Be sure that it is the person who asks you.',
    danger: true,
    summary: 'Removes every authenticator, recovery code and security key of an account; the person is told.',
    done: 'The second step is removed.',
    isOffered: ({ hasSecondFactor, user }, by) => hasSecondFactor && user.id !== by.id,
    run: removeSecondFactor,
  },
  {
    path: 'demand-second-factor',
    label: 'Demand a second step',
    words:
      'The person is told why, and has a week, or what this server grants everybody, to set one up. After that nothing else of the account opens without it.',
    danger: false,
    summary:
      'Demands a second factor of somebody, who reads why; nothing else opens without it after the days of grace.',
    done: 'A second step is demanded of that person.',
    isOffered: ({ isActive, user }) => isActive && user.secondFactorDemandedAt === null,
    run: demandSecondFactor,
  },
  {
    path: 'withdraw-demand',
    label: 'Demand no second step',
    words: 'The person may go on without. What this server demands of everybody stays.',
    danger: false,
    summary: 'Demands a second factor of somebody no longer; what is demanded of everybody stays.',
    done: 'A second step is demanded of that person no longer.',
    isOffered: ({ user }, by) => user.secondFactorDemandedAt !== null && user.id !== by.id,
    run: withdrawDemand,
  },
  {
    path: 'make-admin',
    label: 'Make an administrator',
    words:
      'The person can do everything that you can do here, also to you, and has to sign in again. Without a second step nothing of it opens.',
    danger: true,
    summary: 'Makes somebody an administrator, who has to sign in again.',
    done: 'That person is an administrator.',
    isOffered: ({ user, isActive }) => isActive && user.role !== 'admin',
    run: (context, userId, acting) => setRole(context, userId, 'admin', acting),
  },
  {
    path: 'remove-admin',
    label: 'Take the role away',
    words: 'The person is no administrator any more, from this moment on.',
    danger: true,
    summary: 'Takes the role of an administrator away. The last one keeps it.',
    done: 'That person is no administrator any more.',
    isOffered: ({ user }, by) => user.role === 'admin' && user.id !== by.id,
    run: (context, userId, acting) => setRole(context, userId, 'user', acting),
  },
]

export const deletion = (graceDays: number): ActRow => ({
  path: 'delete',
  label: 'Delete the account',
  words:
    graceDays === 0
      ? 'Everything of it is deleted at once, and nobody brings it back.'
      : `Every device and program is signed out at once, and in ${plural(graceDays, 'day', 'days')} everything of it is deleted. Until then the person can keep it by signing in, and you by enabling it; an account that is disabled now is kept by you alone. An administrator loses the role at once.`,
  danger: true,
  summary: 'Closes an account, which is deleted after the grace as on its owner’s word (ACC-01).',
  done: graceDays === 0 ? 'The account is deleted.' : 'The account is closed, and will be deleted.',
  isOffered: ({ user, deletesAt, waitsSince }, by) => deletesAt === null && waitsSince === null && user.id !== by.id,
  run: deleteAccount,
})

/** What can be done to one thing of a person; it is offered where the thing is listed. */
export interface PartAct extends AdminAct {
  readonly summary: string
  readonly done: string
  /** What the thing is called; undefined for one that is not there. */
  readonly thing: (context: SignInContext, userId: number, part: string) => Promise<string | undefined>
  readonly run: (context: SignInContext, userId: number, part: string, acting: Acting) => Promise<void>
}

/** Not by the name that its owner has given it: administrators see nothing that people write. */
function factorName(kind: string, all: readonly { id: string; createdAt: number }[], part: string): string | undefined {
  const found = all.find(({ id }) => id === part)
  return found && `${kind} of ${isoTime(found.createdAt).slice(0, 10)}`
}

const ofKind = (wanted: PasskeyKind, all: readonly PasskeyListed[]): PasskeyListed[] =>
  all.filter(({ kind }) => kind === wanted)

export const partActs: readonly PartAct[] = [
  {
    path: 'sessions/:part/end',
    label: 'Sign out',
    words: 'This device or program is signed out at once. The person can sign in again.',
    danger: false,
    summary: 'Ends one session or token family of an account.',
    done: 'That device is signed out.',
    thing: async ({ sessions, tokens }, userId, part) =>
      [...(await sessions.list(userId)), ...(await tokens.list(userId))].find(({ id }) => id === part)?.device,
    run: endOneSession,
  },
  {
    path: 'authenticators/:part/remove',
    label: 'Remove',
    words:
      'For somebody who has lost this authenticator. With the last one recovery codes and security keys go too. Every device is signed out, and the person is told. Be sure that it is the person who asks you.',
    danger: true,
    summary: 'Removes one authenticator of an account; the person is told.',
    done: 'The authenticator is removed.',
    thing: async ({ factors }, userId, part) =>
      factorName('Authenticator', (await factors.state(userId)).authenticators, part),
    run: removeOneAuthenticator,
  },
  {
    path: 'passkeys/:part/remove',
    label: 'Remove',
    words:
      'For somebody who has lost this passkey. Every device is signed out, and the person is told. The only way into an account stays. Be sure that it is the person who asks you.',
    danger: true,
    summary: 'Removes one passkey of an account, never the last way in; the person is told.',
    done: 'The passkey is removed.',
    thing: async ({ passkeys }, userId, part) =>
      factorName('Passkey', ofKind('passkey', (await passkeys.list(userId)).passkeys), part),
    run: removeOnePasskey,
  },
  {
    path: 'security-keys/:part/remove',
    label: 'Remove',
    words:
      'For somebody who has lost this security key. The authenticators stay. Every device is signed out, and the person is told. Be sure that it is the person who asks you.',
    danger: true,
    summary: 'Removes one security key of an account; the person is told.',
    done: 'The security key is removed.',
    thing: async ({ passkeys }, userId, part) =>
      factorName('Security key', ofKind('security_key', (await passkeys.list(userId)).passkeys), part),
    run: removeOneSecurityKey,
  },
]

export const resetLink: AdminAct = {
  path: 'reset-link',
  label: 'Make a link for a new password',
  words:
    'You get a one-time link to hand over. Whoever opens it sets a new password, which you never see; a second step is still asked for afterwards. The person is told that a link was made.',
  danger: false,
}
