/** What stands around every page, and in the pieces that every form is made of. */
export const shell = {
  skip: 'Skip to content',
  theme: 'Theme',
  light: 'Light',
  dark: 'Dark',
  system: 'System',
  language: 'Language',
  show: 'Show',
  hide: 'Hide',
  shown: 'password',
  leaveEmpty: 'Leave this empty',
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
