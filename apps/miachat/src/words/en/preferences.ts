import { plural } from '../plural.ts'

const conversations = (count: number): string => plural('en', count, { one: 'conversation', other: 'conversations' })

/** What a person chooses of how MiaChat looks, how talking works, and how long it is kept. */
export const preferences = {
  sections: {
    '/settings/appearance': 'Appearance',
    '/settings/chat': 'Chat',
    '/settings/privacy': 'Privacy',
  },
  save: 'Save',
  saving: 'Saving…',
  saved: 'Saved.',
  appearance: {
    lead: 'It holds on every device on which you sign in. The theme is chosen for each browser.',
    theme: 'Theme',
    look: 'Text and room',
    textSize: 'Size of the text',
    textSizes: {
      '90': 'Small (90 %)',
      '100': 'Usual (100 %)',
      '110': 'Larger (110 %)',
      '125': 'Large (125 %)',
      '150': 'Very large (150 %)',
    },
    density: 'Room between lines and rows',
    densities: { roomy: 'Roomy', compact: 'Compact' },
    width: 'Width of messages',
    widths: { narrow: 'Narrow', usual: 'Usual', wide: 'Wide' },
    motion: 'Movement',
    motions: { system: 'As the device says', less: 'None' },
  },
  chat: {
    lead: 'It holds on every device on which you sign in.',
    talking: 'Talking',
    sendWith: 'What sends a message',
    sendHint: 'Shift and Enter always makes a line. On a phone, Enter does.',
    sendKeys: { enter: 'Enter', 'ctrl-enter': 'Ctrl or ⌘ and Enter' },
    reading: 'What a screen reader says',
    readings: { whole: 'The reply, up to 600 characters', short: 'Only that a reply has come' },
    follow: 'Go along with new text',
    followHint: 'Only while you are at the end of the conversation.',
    times: 'Show when something was said',
  },
  privacy: {
    keeping: 'How long conversations are kept',
    keepingIntro: 'It counts from the last message. Characters and personalities stay.',
    keep: 'Keep my conversations',
    keepHint: 'A shorter time deletes what is older, an hour after you saved it at the earliest.',
    times: {
      ever: 'Until I delete them',
      '1': 'Temporary: for a day',
      '7': 'For a week',
      '30': 'For 30 days',
      '90': 'For 90 days',
      '365': 'For a year',
    },
    outdated: (count: number) =>
      `${plural('en', count, { one: 'conversation is', other: 'conversations are' })} older and will be deleted.`,
    toKeep: 'To keep what is older, choose a longer time now.',
    none: 'You have no conversations now.',
    have: (count: number) => `You have ${conversations(count)}.`,
    deleteAll: 'Delete all conversations…',
    readers: 'Who can read what',
    administrators: 'Administrators',
    administratorsSee:
      ' see in MiaChat: your name and address, when you signed in, your devices, how your account is protected, and its log. No page shows them your conversations, characters or personalities.',
    operator: 'Whoever runs the machine',
    operatorSees:
      ' can read everything in its database and in copies of it: conversations lie there unencrypted. What you delete stays in older backups for as long as those are kept.',
    nobody: 'Nobody else.',
    nobodySees: ' No AI model is connected: your words do not leave this server.',
    memory: 'Memory',
    memoryText:
      'Characters remember what was said in a conversation while it exists, and nothing from one conversation to the next. There is nothing more to turn off or delete.',
    letters: 'Letters',
    lettersCome:
      'You get a letter when something changes that opens your account: a new device, another password, a passkey. These letters cannot be turned off: they are how you notice somebody else. Besides these, only letters come that you ask for. All of it also stands in the ',
    noLetters: 'This server sends no letters. What happens to your account stands in the ',
    activity: 'activity',
  },
}
