import { plural } from '../plural.ts'

const days = (count: number): string => plural('en', count, { one: 'day', other: 'days' })

/** One's own data: the user name, the archive, the deletion of the account and the way back. */
export const data = {
  username: {
    title: 'Change your user name',
    /** Around the user name. */
    lead: { before: 'Now it is ', after: '. You sign in by it, or by your e-mail address.' },
    label: 'New user name',
    hint: '3 to 32 letters, digits, dots, hyphens and underscores.',
    rules:
      'The former name stays yours for 90 days: nobody else gets it, and you can go back to it. You can change the name three times in that time. Devices stay signed in; a password manager or passkey may go on showing the former name.',
    submit: 'Change user name',
    busy: 'Changing…',
    leave: 'Leave it',
  },
  title: 'Your data',
  take: 'Take your data with you',
  takeIntro: 'A ZIP archive of everything that this server keeps of you. It holds no password, key or token.',
  remove: 'Delete your account',
  removeIntro: 'It signs you out everywhere and deletes what is yours.',
  atOnce: 'This happens at once.',
  comeBack: (count: number) => `You can come back for ${days(count)}.`,
  archive: {
    make: 'Make an archive',
    interrupted: 'It was interrupted before it was ready.',
    makeAgain: 'Make it again',
    making: (done: number, total: number) =>
      `It is being made: ${done} of ${plural('en', total, { one: 'part', other: 'parts' })}. You can leave this page.`,
    progress: 'Parts of the archive that are ready',
    look: 'Look again',
    /** Before the day on which it ends. */
    ready: (kilobytes: number) => `It is ready: ${kilobytes} kB. You can fetch it for a day, until `,
    download: 'Download the archive',
    makeNew: 'Make a new one',
  },
  deletion: {
    finally: 'This happens at once and cannot be undone.',
    /** Around a day. */
    lead: {
      before: 'You are signed out everywhere at once. You can come back until ',
      after: ': sign in, and keep it.',
    },
    goes: 'What goes',
    name: 'Your name, address, password and everything else that signs you in',
    devices: 'Every signed-in device and program',
    stays: 'What stays',
    log: 'Lines of this server’s log about signing in, with network addresses and a number in place of your name, for at most 90 days',
    backups: 'Backups that the people who run this server have made',
    free: 'Afterwards your user name is free. Who takes it gets nothing of yours.',
    label: 'Your user name',
    /** Around the user name. */
    hint: { before: 'Type ', after: ', so that this does not happen by a slip.' },
    notYours: 'That is not your user name.',
    submit: 'Delete my account',
    busy: 'Deleting…',
    keep: 'Keep it',
  },
  left: {
    page: 'Good bye',
    deleted: 'Your account is deleted',
    deletedLead: 'Nobody is signed in with it any more.',
    closed: 'Your account is closed',
    closedLead: (count: number) =>
      `Every device is signed out. In ${days(count)} everything of it is deleted. To keep it, sign in before.`,
    signIn: 'To the sign-in',
  },
  restore: {
    title: 'Keep your account?',
    /** Around a day. */
    lead: { before: 'You have asked to delete it. On ', after: ' everything of it is gone.' },
    submit: 'Keep my account',
    busy: 'Opening it again…',
    leave: 'Leave it closed',
  },
}
