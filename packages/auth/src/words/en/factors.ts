import { plural } from '../plural.ts'

const codes = (count: number): string => plural('en', count, { one: 'code', other: 'codes' })
const recoveryCodes = (count: number): string => plural('en', count, { one: 'recovery code', other: 'recovery codes' })

/** Step-up, authenticators and recovery codes, and the page of security. */
export const factors = {
  stepUp: {
    title: 'Confirm that it is you',
    lead: 'What comes next is about the safety of your account. This counts for 10 minutes.',
    password: 'Current password',
    submit: 'Confirm',
    busy: 'Confirming…',
    withPasskey: 'Confirm with a passkey',
    withKey: 'Confirm with a security key',
    withEither: 'Confirm with a passkey or security key',
    /** Around the name of a provider. */
    provider: { before: 'Confirm at ', after: '' },
    signInAgain: 'Sign out, and in again: what comes next is then open for 10 minutes.',
    signOut: 'Sign out',
    back: 'Back to the settings',
  },
  state: {
    off: 'Off. One step alone signs you in.',
    byPasskey: (left: number) => `On. After your password you are asked for your passkey. ${recoveryCodes(left)} left.`,
    apps: (count: number) => plural('en', count, { one: 'authenticator', other: 'authenticators' }),
    keys: (count: number) => plural('en', count, { one: 'security key', other: 'security keys' }),
    /** Before what the person has, of the two above, and after it. */
    on: 'On, with ',
    codes: (left: number) => ` and ${recoveryCodes(left)} left.`,
  },
  page: {
    title: 'Two-step sign-in',
    authenticators: 'Authenticators',
    removing: 'Removing one signs out every other device. With the last one recovery codes and security keys go, too.',
    remove: 'Remove',
    recoveryCodes: 'Recovery codes',
    few: (count: number) => `Only ${plural('en', count, { one: 'code is', other: 'codes are' })} left. Make new ones.`,
    each: (count: number) =>
      `Each signs you in once where your authenticator or passkey is not at hand. ${codes(count)} left.`,
    makeNew: 'Make new recovery codes',
    formerStop: 'The former ones stop working.',
    add: 'Add an authenticator',
  },
  demanded: {
    /** Before the day, between it and the link to the passkeys, the link, and the end. */
    soon: 'Your account needs a second step by ',
    after: '; after that nothing else opens before it is set up. An authenticator does, and so does ',
    now: 'Nothing else opens before a second step is set up. An authenticator does, and so does ',
    passkey: 'a passkey',
    end: '.',
    /** Before the reason that an administrator gave. */
    reason: 'An administrator asks for it: ',
  },
  enrol: {
    title: 'Set up a second step',
    /** Three sentences: the middle one is one of two. */
    lead: 'This server asks for a second step at the sign-in, and your account has none yet.',
    authenticator: 'You need an authenticator app on your phone or computer.',
    either: 'An authenticator app on your phone or computer does, or a passkey.',
    waits: 'This sign-in waits ten minutes.',
    submit: 'Set up an authenticator',
    passkey: 'Make a passkey instead',
    passkeyHint: 'By the fingerprint, face or screen lock of your device.',
    again: 'Start again',
  },
  name: {
    label: 'Name',
    hint: 'What you will know it by, such as “My phone”.',
    value: 'My phone',
    missing: 'Give it a name.',
    tooLong: 'Use at most 40 characters.',
    most: 'Ten authenticators are the most. Remove one first.',
    invalid: 'Leave out line ends and other control characters.',
  },
  keys: {
    title: 'Security keys',
    intro: 'A key for the USB port, or to hold against the phone. It does instead of a code, after your password.',
    badge: 'Second step only',
    add: 'Add a security key',
    addAnother: 'Add another security key',
    without: 'Adding one needs scripts and a browser that knows security keys.',
    hindrance: (origin: string) =>
      `Security keys need https and a name such as chat.example.org. This server’s address is ${origin}.`,
    /** Around a host name. */
    madeFor: { before: 'Works under ', after: ' only. ' },
    /** Before a day. */
    added: 'Added ',
    lastUsed: ', last used ',
    notUsed: ', not used yet',
    one: 'Your security key',
    rename: 'Rename it',
    nameHint: 'What you will know it by, such as “On my key ring”.',
    saveName: 'Save name',
    remove: 'Remove it',
    removeIntro: 'It stops doing for the second step, and every other device is signed out. Your authenticator stays.',
    removeSubmit: 'Remove security key',
  },
  trusted: {
    title: 'Trusted devices',
    intro: 'They are asked for your password only. A new password, and any change of the second step, ends that.',
    current: 'This device',
    /** Between a network address and three days. */
    since: ', since ',
    lastUsed: ', last used ',
    until: ', until ',
    stop: 'Stop trusting',
    /** After the name of the device, before a day. */
    stopSince: ', trusted since ',
    stopAll: 'Stop trusting all of them',
  },
  setUp: {
    title: 'Set up your authenticator',
    /** Around the name of the authenticator. */
    lead: { before: 'Scan this with the authenticator app that you call ', after: '.' },
    qrCode: 'QR code of the key that stands below',
    noCamera: 'No camera at hand? Type this key into the app:',
    openApp: 'Open it in the app on this device',
    code: 'Code',
    codeHint: 'The 6 digits that the app shows now.',
    wrong: 'That code is not right. Wait for the next one, and see that your device’s clock is right.',
    submit: 'Turn it on',
    notNow: 'Not now',
  },
  codes: {
    title: 'Your recovery codes',
    lead: 'Keep them where you find them without your phone. They are shown this once. Each signs you in one time.',
    /** Before the user name. */
    ofWhom: (site: string) => `${site}, recovery codes of `,
    file: (site: string, username: string) => `${site}, recovery codes of ${username}. Each works once.`,
    fileName: 'recovery-codes.txt',
    list: 'Recovery codes',
    save: 'Save as a file',
    copy: 'Copy',
    print: 'Print',
    saved: 'I have saved them',
    submit: 'Go on',
  },
  notices: {
    // What has been done does not keep out whoever knows the password (S4).
    notMine:
      'That device is signed out. Whoever was there can come back by what let it in: set another password now, and look through the rest.',
    added: 'Your authenticator is on.',
    keyAdded: 'Your security key is added. It does for the second step.',
    keyRenamed: 'The security key has its new name.',
    keyRemoved: 'The security key is removed. Every other device is signed out.',
    cut: 'That device is asked for a code again.',
    allCut: 'Every device is asked for a code again.',
    removed: 'The authenticator is removed. Every other device is signed out.',
    recovered:
      'You signed in with a recovery code. If your authenticator is lost, add a new one now and remove the lost one.',
    admin: 'Administrators need a second step at the sign-in. Set it up here, then go on to the administration.',
    password: 'Your password is set. Every other device is signed out.',
  },
  security: {
    title: 'Security',
    overview: 'How you sign in',
    change: 'Change your password',
    set: 'Set a password',
    intro: 'It signs out every other device.',
    current: 'Current password',
    next: 'New password',
    submitChange: 'Change password',
    submitSet: 'Set password',
    busy: 'Saving your password…',
    /** Of several rows: what is to be done. */
    changeIt: 'Change it',
    setUp: 'Set it up',
    addOne: 'Add one',
    password: 'Password',
    noPassword: 'None. Nobody can guess it.',
    setOne: 'Set one',
    /** Around a day. */
    passwordSet: { before: 'Set on ', after: '.' },
    passwordOld: { before: 'Not changed since ', after: '.' },
    secondFactor: 'Two-step sign-in',
    recoveryCodes: 'Recovery codes',
    codesLeft: (count: number) => `${codes(count)} left, for when your authenticator or passkey is not at hand.`,
    makeNew: 'Make new ones',
    passkeys: 'Passkeys',
    noPasskey: 'None. One signs you in without a password.',
    passkeyCount: (count: number) => `${plural('en', count, { one: 'passkey', other: 'passkeys' })}.`,
    changeThem: 'Change them',
    providers: 'Other services',
    noProvider: 'None can sign you in.',
    /** After the names of services. */
    providersDo: ' can sign you in.',
    linkOne: 'Link one',
    address: 'E-mail address',
    noAddress: 'None. A lost password cannot be set anew by mail.',
    confirmed: (address: string) => `${address}, confirmed.`,
    unconfirmed: (address: string) => `${address}, not confirmed yet.`,
    confirmIt: 'Confirm it',
  },
}
