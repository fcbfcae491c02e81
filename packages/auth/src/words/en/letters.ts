/** What letters say, plain and short; none says more of an account than its owner's address tells already. */
export const letters = {
  hello: (name: string) => `Hello ${name},`,
  helloNobody: 'Hello,',
  subject: (subject: string, site: string) => `${subject} (${site})`,
  reason: (reason: string) => `Reason: ${reason}`,
  how: (device: string, address: string, time: string) =>
    `Device: ${device}. Network address: ${address}. Time: ${time}.`,
  atServer: (time: string) => `By the people who run this server. Time: ${time}.`,
  time: (time: string) => `Time: ${time}.`,
  always: 'Notices about the safety of your account cannot be turned off.',
  mistake: 'If you think that this is a mistake, ask the people who run this server.',
  openAddress: 'Or open this address:',
  signIn: 'Sign in',
  reset: {
    subject: (site: string) => `Set a new password for ${site}`,
    text: 'Somebody asked for a new password for your account. This link works once, for 30 minutes.',
    action: 'Set a new password',
    ignore: 'If you did not ask for this, you need not do anything: nothing has changed.',
  },
  notice: {
    what: 'If it was you, you need not do anything. If it was not you, take your account back with this button: it signs out every device, and you choose a new password.',
    action: 'This was not me',
    until: (time: string) => `The button works once, until ${time}.`,
  },
  deleted: {
    subject: 'Your account is closed',
    text: 'An administrator of this server closed your account. Every device was signed out.',
    gone: 'Everything in it is deleted.',
    goes: (time: string) => `Everything in it is deleted after ${time}.`,
    keep: 'To keep it, sign in before.',
  },
  confirm: {
    subject: (site: string) => `Confirm your address for ${site}`,
    text: (username: string) =>
      `Show that this address belongs to you and to the account “${username}”. Type this code where you are signed in, within 10 minutes, or use the button within a day.`,
    action: 'Confirm this address',
    ignore: 'If you have no such account, do nothing: without this your address is not confirmed.',
  },
  taken: {
    subject: 'You already have an account',
    text: (username: string) =>
      `Somebody, perhaps you, wanted to use this address for another account. It belongs to your account “${username}” already, and nothing has changed.`,
    lost: 'If you have lost your password, you can set a new one.',
    ignore: 'If this was not you, you need not do anything.',
  },
  putBack: {
    subject: 'Your address was taken out of an account',
    text: 'The owner of the address that the account had before said that the change to this address was not theirs. The former address is back, and every device was signed out.',
    ask: 'If the account is yours, ask the people who run this server.',
  },
  left: {
    subject: 'Your e-mail address was changed',
    text: 'Your account has another e-mail address now, which was confirmed. No more letters come to this one.',
    ask: 'This address was never confirmed, so nothing can be undone from here. If it was not you, ask the people who run this server.',
  },
  invitation: {
    subject: (site: string) => `You are invited to ${site}`,
    text: (site: string, time: string) =>
      `You may make an account at ${site}. The link is for you alone: it works once, until ${time}.`,
    action: 'Make an account',
    ignore: 'If you do not want one, you need not do anything.',
  },
  approved: {
    subject: 'Your account was approved',
    text: 'The people who run this server have approved your account. You can sign in now.',
    ignore: 'If you have no such account, you need not do anything.',
  },
  declined: {
    subject: 'Your account was not approved',
    text: 'The people who run this server have not approved your account. It is deleted, with everything that you had entered.',
    reason: (reason: string) => `Their reason: ${reason}`,
    ask: 'If you have questions, ask the people who run this server.',
  },
  test: {
    subject: (site: string) => `A test letter of ${site}`,
    text: 'You asked for this letter on the page of the server. It has arrived: this server can send mail.',
    nothing: 'Nothing else is to be done.',
  },
}
