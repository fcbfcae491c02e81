import { plural } from '../plural.ts'

/** What stands around every page, and in the pieces that every form is made of. */
export const shell = {
  skip: 'Skip to content',
  theme: 'Theme',
  light: 'Light',
  dark: 'Dark',
  system: 'System',
  language: 'Language',
  asBrowser: 'As the browser says',
  languageOf: 'Language of the pages',
  languageHint: 'Letters speak it, too. It holds on every device on which you sign in.',
  saveLanguage: 'Save the language',
  optional: 'optional',
  show: 'Show',
  hide: 'Hide',
  shown: 'password',
  leaveEmpty: 'Leave this empty',
  administration: 'Administration',
  signOut: 'Sign out',
  undo: 'Undo',
  toDo: 'To do',
  notNow: 'Not now',
  /** For how long the step-up still counts. */
  stepUp: {
    before: 'Confirmed for',
    minutes: (count: number) => plural('en', count, { one: 'minute', other: 'minutes' }),
    end: 'End',
    what: 'the confirmation',
  },
  /** What waits to be done, above every page. */
  banners: {
    confirm: 'Your e-mail address is not confirmed yet.',
    confirmIt: 'Confirm it',
    passkey: 'Sign in with your fingerprint, face or screen lock next time, instead of a password.',
    makePasskey: 'Make a passkey',
    newcomerName: 'New sign-in',
    newcomer: 'A new device signed in to your account. Was it you?',
    seeDevices: 'See your devices',
    mine: 'It was me',
    notMine: 'Not me: sign it out',
    factorOfAdmin: 'Administrators need a second step at the sign-in.',
    factorNow: 'Nothing else opens before a second step is set up.',
    factorSoon: (days: number) =>
      `Your account needs a second step at the sign-in: ${plural('en', days, { one: 'day is', other: 'days are' })} left.`,
    setItUp: 'Set it up',
  },
  settings: 'Settings',
  /** The list of the pages of the settings. */
  sections: {
    '/settings': 'Profile',
    '/settings/security': 'Security',
    '/settings/second-factor': 'Two-step sign-in',
    '/settings/passkeys': 'Passkeys',
    '/settings/devices': 'Devices',
    '/settings/tokens': 'Tokens',
    '/settings/address': 'E-mail address',
    '/settings/access': 'Access',
    '/settings/activity': 'Activity',
    '/settings/data': 'Your data',
  },
}
