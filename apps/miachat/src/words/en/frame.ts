/** What stands around every page of the app. */
export const frame = {
  main: 'Main',
  menu: 'Menu',
  signedInAs: 'Signed in as',
  pages: {
    '/': 'Home',
    '/chat': 'Chat',
    '/characters': 'Characters',
    '/personality': 'Personalities',
    '/settings': 'Settings',
    '/config': 'Config',
  },
}
