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
}
