import { plural } from '../plural.ts'

/** What stands around every page of the app. */
export const frame = {
  main: 'Main',
  menu: 'Menu',
  signedInAs: 'Signed in as',
  /** For who forgot the password. */
  forgot: {
    title: 'Ask the person who runs this server',
    text: 'They can make a link that works once and lets you set a new password. They never see your password. They type:',
  },
  /** Where letters go that no mail server takes. */
  letters: {
    folder: 'This server sends no mail: it puts letters into a folder of its own.',
    /** After it, where others than its own machine reach the server. */
    ask: ' Ask the person who runs it.',
    page: 'Letters of this machine',
  },
  /** What a personal token may. */
  scopes: { chat: 'Begin conversations and write in them', characters: 'Make characters' },
  /** What goes with an account. */
  goes: {
    talks: (count: number) =>
      `${plural('en', count, { one: 'conversation', other: 'conversations' })} with all messages`,
    characters: (count: number) => plural('en', count, { one: 'character', other: 'characters' }),
    picture: 'Your picture',
    personalities: (count: number) => plural('en', count, { one: 'personality', other: 'personalities' }),
  },
  /** What administrators see of pages of others: made up. */
  preview: {
    tagline: 'Listens first. Asks one good question at a time.',
    talk: {
      first: 'Good evening. I am Mia. What brings you here?',
      second: 'I came home late and could not settle.',
      third: 'What did you notice first when you came home?',
    },
  },
  pages: {
    '/': 'Home',
    '/chat': 'Chat',
    '/characters': 'Characters',
    '/personality': 'Personalities',
    '/settings': 'Settings',
    '/config': 'Config',
  },
}
