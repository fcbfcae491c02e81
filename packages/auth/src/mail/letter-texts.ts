import type { LetterContent } from './letter.ts'

/** All words of all letters: plain and short, and none says more of an account than its owner's address tells already. */

const hello = (name: string): string => `Hello ${name},`
const ignore = 'If you did not ask for this, you need not do anything: nothing has changed.'

/** A forgotten password: `url` sets a new one. */
export const resetLetter = (about: { site: string; name: string; url: string }): LetterContent => ({
  subject: `Set a new password for ${about.site}`,
  greeting: hello(about.name),
  paragraphs: ['Somebody asked for a new password for your account. This link works once, for 30 minutes.'],
  action: { label: 'Set a new password', url: about.url },
  smallPrint: [ignore],
})
