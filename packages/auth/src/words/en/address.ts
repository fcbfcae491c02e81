/** The e-mail address of an account: how it stands, its confirmation, the way to another. */
export const address = {
  title: 'E-mail address',
  /** Before a moment in UTC. */
  due: 'Your account gets its e-mail address once you have confirmed it, and opens then. Until then you sign in with your user name. Without it the account is deleted at ',
  none: 'Your account has no e-mail address.',
  yours: 'Your address is ',
  confirmed: ' It is confirmed.',
  unconfirmed: ' It is not confirmed yet.',
  noMail:
    'This server cannot send e-mail, so it confirms no addresses and changes none. To have it changed, ask the people who run it.',
  add: 'Add an address',
  addIntro: 'By a letter to it you can get back in when you have lost your password.',
  change: 'Change the address',
  useAnother: 'Use another address',
  another: 'Another address',
  slip: 'If this one has a slip, or its letter does not come.',
  changeIntro: 'It counts once you have confirmed it. The address that you have now is told.',
  changeUndo:
    'It counts once you have confirmed it. The address that you have now is told, and can undo the change for 7 days.',
  confirm: {
    title: 'Confirm your address',
    titleNew: 'Confirm your new address',
    /** Around the address. */
    letter: 'A letter to ',
    has: ' has a code and a link for it.',
    onItsWay: ' is on its way.',
    written: ' was written. ',
    /** Around a moment in UTC. */
    linkUntil: ' Its link works until ',
    codeWorks: ', its code for 10 minutes.',
    codeEnded: '; its code has ended.',
    code: 'Code',
    codeHint: 'The 8 digits of the letter.',
    submit: 'Confirm',
    busy: 'Confirming…',
    send: 'Send the letter',
    sendAgain: 'Send another letter',
    write: 'Write the letter',
    writeAgain: 'Write another letter',
    moment: 'One moment…',
    /** Around a number of seconds that a script counts down. */
    wait: { before: 'You can ask for another one in ', after: ' seconds.' },
    keep: 'Keep the address that I have',
    wrong: 'That code is not right. Look at the letter again.',
    expired: 'That code has ended. Have another letter sent.',
  },
  form: {
    addTitle: 'Add an e-mail address',
    addLead: 'It counts once you have confirmed it by a letter to it.',
    changeTitle: 'Change your e-mail address',
    /** Around the address. */
    lead: {
      before: 'It counts once you have confirmed it by a letter to it. Until then your account keeps ',
      after: '.',
    },
    label: 'New e-mail address',
    submit: 'Go on',
    back: 'Back',
    missing: 'Enter an e-mail address.',
  },
  link: {
    title: 'Confirm your e-mail address',
    /** Around the address and the user name. */
    lead: { before: 'Does ', between: ' belong to you, and is the account ', after: ' yours?' },
    submit: 'Yes, confirm it',
    not: 'If it is not yours, close this page: nothing happens.',
    done: 'Your address is confirmed',
    doneLead: 'Nobody was signed in or out by this.',
    goOn: 'Go on',
    dead: 'This link does not work any more',
    deadLead:
      'It has been used or has ended, or a newer letter was sent. You can have another one sent from your settings.',
    settings: 'Go to your settings',
  },
  notices: {
    /** After what has become of the letter. */
    asked: ' The new address counts once you have confirmed it.',
    sent: 'A letter is on its way.',
    written: 'A letter was written.',
    confirmed: 'Your address is confirmed.',
    dropped: 'Your address stays as it was.',
  },
}
