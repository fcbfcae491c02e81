import { plural } from '../plural.ts'

const conversations = (count: number): string => plural('en', count, { one: 'conversation', other: 'conversations' })

/** Conversations: the list, the talk itself, and what is done with them. */
export const talk = {
  title: 'Chat',
  list: 'Conversations',
  conversation: 'Conversation',
  new: 'New',
  today: 'Today',
  yesterday: 'Yesterday',
  untitled: (name: string) => `New talk with ${name}`,
  choose: 'Choose a character',
  none: 'No conversations yet. Pick someone to talk to.',
  pick: 'Pick a conversation, or begin a new one.',
  noOlder: 'There are no older conversations.',
  newest: 'The newest',
  older: 'Older conversations',
  all: 'All conversations',
  practice: 'Practice — scripted, no AI model is connected',
  practiceReply: 'Practice reply — scripted, no AI model is connected',
  you: 'You',
  with: (name: string) => `Conversation with ${name}`,
  earlier: 'Show earlier',
  backToNewest: 'Back to the newest',
  nothingSaid: 'Nothing was said yet. The first word is yours.',
  newBelow: 'New text below',
  messageTo: (name: string) => `Message to ${name}`,
  writeTo: (name: string) => `Write to ${name}`,
  send: 'Send',
  /** After a name. */
  fictional: ' is a fictional character. Nobody here is a person but you.',
  menu: {
    label: 'About this conversation',
    /** After a name. */
    about:
      ' is a fictional character. Replies here are scripted for practice: no AI model is connected, and your words stay on this server.',
    earlierVersion: 'This talk began with an earlier version of the character and keeps it.',
    characterDeleted: 'The character was deleted; this talk keeps it as it was.',
    character: 'Open character',
    rename: 'Rename',
    delete: 'Delete…',
  },
  rename: { title: 'Rename conversation', label: 'Title', save: 'Save', saving: 'Saving…', leave: 'Leave it' },
  remove: {
    title: 'Delete conversation',
    ask: 'Delete this conversation?',
    /** Around a title and a name. */
    before: '“',
    with: '” with ',
    after: ' and all its messages are deleted. For a minute you can take it back, then they are gone for good.',
    submit: 'Delete conversation',
    /** In the place of its title. */
    titleOfMany: 'Delete conversations',
    nothing: 'Nothing to delete',
    noneAtAll: 'You have no conversations.',
    /** Around a name. */
    noneWith: { before: 'You have no conversations with ', after: '.' },
    back: 'Back',
    askAll: 'Delete all conversations?',
    /** Around a name. */
    askAllWith: { before: 'Delete all conversations with ', after: '?' },
    /** What goes; with one character, around its name. */
    all: (count: number) =>
      `${conversations(count)} and all messages in ${count === 1 ? 'it' : 'them'} are deleted. For a minute you can take it back, then they are gone for good. Your characters stay.`,
    allWith: {
      before: (count: number) => `${conversations(count)} with `,
      after: (count: number) =>
        ` and all messages in ${count === 1 ? 'it' : 'them'} are deleted. For a minute you can take it back, then they are gone for good. The character stays.`,
    },
    submitAll: (count: number) => `Delete ${conversations(count)}`,
    deleting: 'Deleting…',
    keep: (count: number): string => (count === 1 ? 'Keep it' : 'Keep them'),
  },
  who: {
    title: 'New conversation',
    ask: 'Who do you want to talk to?',
    /** Around a link. */
    begin: 'Begin with an example: you get a copy of your own. Or ',
    make: 'make a character',
    end: '.',
    all: 'All characters and examples',
  },
  notices: {
    restored: 'It is back.',
    late: 'It was too late: what was deleted is gone.',
    deleted: 'Deleted. For a minute you can take it back.',
  },
  /** What is wrong with a message or title, by the code of its field or of the whole. */
  problems: {
    'text.required': 'Write something first.',
    'title.required': 'Give it a title.',
    full: 'This conversation is full. Start a new one; this one stays readable.',
    again: 'Please try again.',
  },
  /** What the browser says without a new page. */
  script: {
    most: (most: string) => `Use at most ${most} characters.`,
    noAnswer: 'The server did not answer. Your message is kept: send it again in a moment.',
    failed: 'That did not work. Your message is kept: send it again in a moment.',
    full: 'This conversation is full. Start a new one; this one stays readable. Your message is kept.',
    gone: 'This conversation is not there any more. Your message is kept.',
    busy: 'This server is busy. Your message is kept: send it again in a moment.',
    tooOften: 'You send a lot at once. Your message is kept: send it again in a minute.',
    otherServer:
      'Something else answered than this server. Your message is kept: see whether your network wants you to sign in, then send it again.',
    longReply: 'A long reply has come.',
    reply: 'A reply has come.',
    justNow: 'just now',
    /** Around a link. */
    signedOut: 'You were signed out. ',
    signIn: 'Sign in here',
    kept: '; your message is kept.',
  },
}
