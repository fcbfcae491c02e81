/** The page of the passkeys, and what the browser's own window comes to. */
export const passkeys = {
  /** What a page in another language says instead of an answer’s English sentence, where the general words of its code mislead. */
  refused: { conflict: 'A security key needs an authenticator first.' },
  title: 'Passkeys',
  lead: 'A passkey signs you in with your fingerprint, face or screen lock: nothing to remember, and nothing that a false site could get out of you.',
  add: 'Add a passkey',
  addAnother: 'Add another passkey',
  without: 'Adding one needs scripts and a browser that knows passkeys.',
  hindrance: (origin: string) =>
    `Passkeys need https and a name such as chat.example.org. This server’s address is ${origin}.`,
  /** Around a host name. */
  madeFor: { before: 'Works under ', after: ' only. ' },
  synced: 'Synced to your devices.',
  bound: 'On one device only.',
  /** Before a day. */
  added: 'Added',
  lastUsed: ', last used',
  notUsed: ', not used yet',
  madeHere: ', made on this device',
  usedHere: ' on this device',
  one: 'Your passkey',
  rename: 'Rename it',
  name: 'Name',
  nameHint: 'What you will know it by.',
  saveName: 'Save name',
  remove: 'Remove it',
  removeIntro:
    'It stops signing you in, and every other device is signed out. Your browser or password manager may go on to list it.',
  removeSubmit: 'Remove passkey',
  all: 'All passkeys',
  lastWayIn: 'This is your only way in. Add another first.',
  notices: {
    added: 'Your passkey is added. It signs you in from now on.',
    renamed: 'The passkey has its new name.',
    removed: 'The passkey is removed. Every other device is signed out.',
    recovered:
      'You signed in with a recovery code. If your passkey is lost, add a new one now and remove the lost one.',
  },
}
