import { plural } from '../plural.ts'

const days = (count: number): string => plural('en', count, { one: 'day', other: 'days' })

/** The sign-in page, the registration and the second step. */
export const signIn = {
  login: {
    title: 'Sign in',
    name: 'User name or e-mail address',
    password: 'Password',
    remember: (count: number) => `Stay signed in on this device for up to ${days(count)}`,
    shared: 'Others use this computer, too',
    sharedHint: (count: number) =>
      `You are signed out after ${plural('en', count, { one: 'minute', other: 'minutes' })} without use, and nothing that you type stays in this browser.`,
    submit: 'Sign in',
    busy: 'Signing in…',
    withPasskey: 'Sign in with a passkey',
    forgot: 'Forgot password?',
    newHere: 'New here?',
    create: 'Create an account',
    wrong: 'That user name or password is not right. Check both.',
    passwordSet: 'Your password is set. Sign in with it.',
    ended: 'You were signed out; what you sent was not saved. After signing in, go back in your browser to find it.',
    plainHttp: 'This page is not encrypted. Others on this network can read what you type here, your password too.',
  },
  register: {
    title: 'Create an account',
    name: 'User name',
    nameHint: '3 to 32 letters, figures, dots, hyphens or underscores.',
    email: 'E-mail address',
    password: 'Password',
    passwordHint: (length: number) =>
      `At least ${length} characters. A short sentence works best: long, and easy to remember.`,
    submit: 'Create account',
    busy: 'Creating your account…',
    withPasskey: 'Create it with a passkey',
    passkeyHint: 'Then there is no password: your fingerprint, face or screen lock signs you in.',
    after: 'You are signed in right after.',
    afterApproval: 'An administrator looks at your account before it opens.',
    invited: 'You are invited.',
    invitedAddress: 'The invitation is for this address alone.',
    already: 'Already have an account?',
    signIn: 'Sign in',
    closed: 'No new accounts here',
    closedLead: (contact: string) => `This server is private. ${contact}`,
    askOperator: 'To get an account, ask the person who runs it.',
    byInvitation: 'By invitation only',
    byInvitationLead: (contact: string) =>
      `A new account needs an invitation here: a link that the people who run this server give you. ${contact}`,
    askForInvitation: 'Ask them for one.',
    invitationInvalid: 'This invitation does not work any more',
    invitationInvalidLead:
      'It has been used, was withdrawn or has expired. Ask whoever gave it to you for another one.',
    withoutInvitation: 'Create an account without it',
    usedInvitation: 'Have you used it yourself? Then you have an account: sign in.',
  },
  waiting: {
    title: 'Your account waits for approval',
    lead: 'Nothing more is to be done by you. An administrator of this server looks at each new account before it opens.',
    kept: (count: number) =>
      `Where nobody has decided for ${days(count)}, the account is deleted, and you can register again.`,
    letter: 'You get a letter when that is decided.',
    written: 'A letter is written then.',
    noLetter: 'Try to sign in again later: you then see whether it is open.',
    back: 'Back to the sign-in',
  },
  first: {
    title: 'Administer this server',
    /** Around the user name. */
    yours: {
      before: 'Your account ',
      after: ' becomes its administrator. You then sign in again, and set up a second step if you have none.',
    },
    become: 'Become the administrator',
    leave: 'Leave it',
    lead: 'This server has no administrator yet. Make an account, which becomes its administrator, or sign in to the one that you have.',
    dead: 'This code does not work any more',
    deadLead:
      'It was used, has expired, or this server has an administrator by now. Whoever runs the server can name one on the command line: miachat user role NAME admin.',
    goOn: 'Go on',
  },
  secondFactor: {
    title: 'Enter your code',
    lead: 'Your password was right. One more step.',
    code: 'Code',
    hint: 'The 6 digits of your authenticator app, or one of your recovery codes.',
    trust: (count: number) => `Trust this device for ${days(count)}`,
    trustHint: 'It is then asked for your password only. Not for a shared computer.',
    submit: 'Sign in',
    busy: 'Signing in…',
    withPasskey: 'Use a passkey instead',
    withKey: 'Use a security key instead',
    withEither: 'Use a passkey or security key instead',
    passkeyTitle: 'Use your passkey',
    /** Beside a passkey, which the account has instead of an authenticator. */
    recovery: {
      code: 'Recovery code',
      hint: 'One of your recovery codes, where your passkey is not at hand.',
      submit: 'Use a recovery code',
    },
    passkeyWithout: 'Passkeys need scripts and a browser that knows them.',
    again: 'Start again',
    ended: 'This sign-in has ended',
    endedLead: 'It took too long, or had too many wrong codes. Sign in again with your password.',
    wrong: 'That code is not right, or was used before.',
  },
  providers: {
    group: 'Other ways to sign in',
    or: 'or',
    before: 'Continue with ',
    after: '',
  },
}
