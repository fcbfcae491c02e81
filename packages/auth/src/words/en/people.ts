import { plural } from '../plural.ts'

const dayCount = (count: number): string => plural('en', count, { one: 'day', other: 'days' })

/** The administration of accounts: the list of people, one person, and what can be done to an account. */
export const people = {
  sections: {
    '/admin/people': 'People',
    '/admin/invitations': 'Invitations',
    '/admin/log': 'Log',
    '/admin/view-as': 'View as',
    '/admin/server': 'Server',
    '/admin/health': 'Health',
    '/admin/limits': 'Limits',
  },
  list: {
    wait: (count: number) =>
      `${plural('en', count, { one: 'account waits', other: 'accounts wait' })} for your approval`,
    search: 'Name or e-mail address',
    filters: 'Filters and order',
    all: 'All',
    state: 'State',
    states: { active: 'Active', waiting: 'Waits for approval', disabled: 'Disabled' },
    role: 'Role',
    roles: { user: 'User', admin: 'Administrator' },
    factor: 'Second step',
    factors: { on: 'Set up', off: 'Not set up' },
    seen: 'Last sign-in',
    seenIn: {
      '7': 'In the last 7 days',
      '30': 'In the last 30 days',
      '90': 'In the last 90 days',
      'not-30': 'Not in the last 30 days',
      'not-90': 'Not in the last 90 days',
      'not-365': 'Not in the last year',
      never: 'Never',
    },
    order: 'Order',
    orders: { newest: 'The newest account first', name: 'By name', seen: 'The last sign-in first' },
    find: 'Search',
    nobody: 'Nobody fits.',
    pages: 'Pages',
    first: 'The first page',
    more: 'More people',
    secondStep: 'second step',
    noSecondStep: 'no second step',
    neverSignedIn: 'never signed in',
    /** Before a day. */
    lastSignedIn: 'last signed in ',
    closed: 'Closed',
  },
  person: {
    number: 'Number',
    address: 'E-mail address',
    none: 'None',
    notConfirmed: ', not confirmed',
    made: 'Account made',
    lastSignIn: 'Last sign-in',
    never: 'Never',
    password: 'Password',
    set: 'Set',
    noPassword: 'None',
    deletedUnless: 'Deleted if nobody approves it',
    deleted: 'To be deleted',
    passkeys: 'Passkeys',
    secondStep: 'Second step',
    notSetUp: 'Not set up',
    byPasskey: 'By passkey',
    authenticators: (count: number) => plural('en', count, { one: 'authenticator', other: 'authenticators' }),
    securityKeys: (count: number) => plural('en', count, { one: 'security key', other: 'security keys' }),
    codesLeft: (count: number) => `${plural('en', count, { one: 'recovery code', other: 'recovery codes' })} left`,
    /** Before a day. */
    demanded: ', demanded since ',
    holds: 'What is stored',
    acts: 'What you can do',
    actsIntro: 'Each of these stands in your log and in this person’s.',
    factors: 'Authenticators, passkeys and security keys',
    kinds: { authenticator: 'Authenticator', passkey: 'Passkey', security_key: 'Security key' },
    /** Between a kind and a day. */
    of: ' of ',
    /** Before a day, and before what follows it. */
    added: 'Added ',
    neverUsed: ', never used',
    lastUsed: ', last used ',
    remove: 'Remove',
    devices: 'Signed-in devices',
    nothing: 'None.',
    /** Around a time, before a network address. */
    lastActive: { before: 'Last active ', from: ', from ' },
    signOut: 'Sign out',
    signIns: 'Recent sign-ins',
    log: 'What happened',
    inLog: 'In the log',
    nothingOlder: 'There is nothing older.',
    older: 'Older',
    from: 'from',
  },
  act: {
    /** Before a name. */
    account: 'Account: ',
    reason: 'Reason',
    reasonHint: 'The person reads it in the log of the account and, where there is mail, in a letter.',
    reasonMissing: 'Say why; the person reads it.',
    reasonTooLong: 'Use at most 200 characters.',
    reasonInvalid: 'Leave out line ends and other control characters.',
    own: 'Your own account is changed in your settings, or by another administrator.',
    changed: 'This account has changed in the meantime, or is about to be deleted. Look at it again.',
    leave: 'Leave it as it is',
    title: (act: string, thing: string) => `${act}: ${thing}`,
  },
  link: {
    title: 'A link for a new password',
    give: (count: number) =>
      `Give it to that person alone, by a way that nobody else reads. It works once and for ${plural('en', count, { one: 'minute', other: 'minutes' })}, and is shown this once. Earlier links are void.`,
    label: 'One-time link',
    back: 'Back to the account',
  },
  /** What can be done to an account: on the link and as a title, what happens, and what is said afterwards. */
  acts: {
    approve: {
      label: 'Approve the account',
      text: 'The person can sign in from now on, and is told by mail where this server has mail.',
      done: 'The account is approved.',
    },
    decline: {
      label: 'Decline the account',
      text: 'The account is deleted at once; its name and address are free again. The person is told by mail where this server has mail.',
      done: 'The account is declined and deleted.',
      reasonHint: 'It stands in the letter to the person, and in your log.',
    },
    disable: {
      label: 'Disable the account',
      text: 'Every device and program is signed out at once, and nobody signs in with this account until you enable it.',
      done: 'The account is disabled.',
    },
    enable: {
      label: 'Enable the account',
      text: 'The person can sign in again. An account that was to be deleted is kept.',
      done: 'The account is enabled.',
    },
    endSessions: {
      label: 'Sign out everywhere',
      text: 'Every device and program of this person is signed out at once, and personal tokens end. The person can sign in again.',
      done: 'Every device is signed out.',
    },
    forgetFailures: {
      label: 'Forget failed sign-ins',
      text: 'For somebody who is turned away after too many wrong passwords or codes, and cannot wait. Whoever guesses can go on guessing, too: a link for a new password is often better. The person is told.',
      done: 'The failed sign-ins are forgotten.',
    },
    confirmAddress: {
      label: 'Mark the address as confirmed',
      text: 'Be sure that the address belongs to this person: whoever proves it at another service may be led to this account.',
      done: 'The address is marked as confirmed.',
    },
    removeSecondFactor: {
      label: 'Remove the second step',
      text: 'For somebody who has lost the authenticator. Every authenticator, recovery code and security key is removed and every device signed out; the person is told. Be sure that it is the person who asks you.',
      done: 'The second step is removed.',
    },
    demandSecondFactor: {
      label: 'Demand a second step',
      text: 'The person is told why, and has a week, or what this server grants everybody, to set one up. After that nothing else of the account opens without it.',
      done: 'A second step is demanded of that person.',
    },
    withdrawDemand: {
      label: 'Demand no second step',
      text: 'The person may go on without. What this server demands of everybody stays.',
      done: 'A second step is demanded of that person no longer.',
    },
    makeAdmin: {
      label: 'Make an administrator',
      text: 'The person can do everything that you can do here, also to you, and has to sign in again. Without a second step nothing of it opens.',
      done: 'That person is an administrator.',
    },
    removeAdmin: {
      label: 'Take the role away',
      text: 'The person is no administrator any more, from this moment on.',
      done: 'That person is no administrator any more.',
    },
    deleteAtOnce: {
      label: 'Delete the account',
      text: 'Everything of it is deleted at once, and nobody brings it back.',
      done: 'The account is deleted.',
    },
    deleteLater: {
      label: 'Delete the account',
      text: (count: number) =>
        `Every device and program is signed out at once, and in ${dayCount(count)} everything of it is deleted. Until then the person can keep it by signing in, and you by enabling it; an account that is disabled now is kept by you alone. An administrator loses the role at once.`,
      done: 'The account is closed, and will be deleted.',
    },
    resetLink: {
      label: 'Make a link for a new password',
      text: 'You get a one-time link to hand over. Whoever opens it sets a new password, which you never see; a second step is still asked for afterwards. The person is told that a link was made.',
    },
    endSession: {
      label: 'Sign out',
      text: 'This device or program is signed out at once. The person can sign in again.',
      done: 'That device is signed out.',
    },
    removeAuthenticator: {
      label: 'Remove',
      text: 'For somebody who has lost this authenticator. With the last one recovery codes and security keys go too. Every device is signed out, and the person is told. Be sure that it is the person who asks you.',
      done: 'The authenticator is removed.',
    },
    removePasskey: {
      label: 'Remove',
      text: 'For somebody who has lost this passkey. Every device is signed out, and the person is told. The only way into an account stays. Be sure that it is the person who asks you.',
      done: 'The passkey is removed.',
    },
    removeSecurityKey: {
      label: 'Remove',
      text: 'For somebody who has lost this security key. The authenticators stay. Every device is signed out, and the person is told. Be sure that it is the person who asks you.',
      done: 'The security key is removed.',
    },
  },
}
