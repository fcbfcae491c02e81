/** A forgotten password, the page of a one-time link, and "this was not me". */
export const recovery = {
  forgot: {
    title: 'Forgot your password?',
    sentLead: 'We send a link to the e-mail address of your account. It sets a new password.',
    writtenLead: 'You can set a new one with a link in a letter.',
    name: 'E-mail address or user name',
    missing: 'Enter your e-mail address or user name.',
    send: 'Send the link',
    write: 'Write the letter',
    busy: 'Asking…',
    noMail: 'No access to your mail?',
    otherWays: 'Other ways',
    back: 'Back to sign-in',
    noWay: 'This server has no way to set a new password by itself. Ask the person who runs it.',
    ways: 'This server sends no mail, and nobody can read your old password. You can set a new one:',
    command: 'Command',
  },
  asked: {
    sentTitle: 'Look into your mail',
    writtenTitle: 'A letter was written',
    sentLead: 'If there is an account with that name or address, a letter with a link is on its way to it.',
    writtenLead: 'If there is an account with that name or address, a letter with a link was written.',
    once: 'The link works once, for 30 minutes. A newer one makes older ones void.',
    /** Around the link to ask again, where mail is sent. */
    sentAgain: {
      before: 'Nothing after a few minutes? Look among the unwanted mail, then ',
      label: 'ask again',
      after: '. An account gets five letters an hour at the most.',
    },
    /** The same where letters reach no mailbox. */
    writtenAgain: {
      before: 'Nothing after a few minutes? ',
      label: 'Ask again',
      after: '. An account gets five letters an hour at the most.',
    },
    noLetter: 'No letter?',
  },
  reset: {
    title: 'Set a new password',
    lead: 'You are signed out everywhere else after this.',
    leadTakesWays:
      'You are signed out everywhere else after this. Passkeys and linked services are removed: they were added before anybody had confirmed this e-mail address.',
    name: 'User name',
    password: 'New password',
    submit: 'Set password',
    busy: 'Setting your password…',
  },
  dead: {
    title: 'This link does not work any more',
    lead: 'It has been used or has expired. Ask for a new one, or try your password again.',
    leadAnew: 'It has been used or has expired. We can send a new one to the same account.',
    how: 'How to get a new link',
    send: 'Send a new link',
    busy: 'Asking…',
    signIn: 'Sign in',
  },
  undo: {
    title: 'Take your account back',
    /** Around the user name. */
    lead: { before: 'For the account ', after: '. Do this if something was changed that was not you:' },
    everybodyOut: 'Every device and every program is signed out.',
    /** Around the former user name. */
    username: { before: 'Your user name is ', after: ' again.' },
    /** Around the former address. */
    address: { before: 'Your address is ', after: ' again.' },
    waysGo: 'Passkeys and linked services that were added since are removed.',
    password: 'The password stops working, and you choose a new one on the next page.',
    factorStays: 'Two-step sign-in stays as it is. If somebody else has set it up, ask the people who run this server.',
    submit: 'This was not me: sign everybody out',
    busy: 'Signing everybody out…',
    itWasMe: 'If it was you, close this page: nothing happens.',
  },
  undoDead: {
    title: 'This link does not work any more',
    lead: 'It has been used, has ended, or your account was taken back since. If something is wrong, set a new password: that signs everybody else out.',
    submit: 'Set a new password',
    signIn: 'Sign in',
  },
}
