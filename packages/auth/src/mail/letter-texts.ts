import { isoTime } from '../lib/clock.ts'
import type { LetterContent } from './letter.ts'

/** All words of all letters: plain and short, and none says more of an account than its owner's address tells already. */

const hello = (name: string): string => `Hello ${name},`
/** A time to the minute, for somebody whose time zone is not known. */
const minuteOf = (at: number): string => `${isoTime(at).slice(0, 16).replace('T', ' ')} UTC`
const ignore = 'If you did not ask for this, you need not do anything: nothing has changed.'

/** A forgotten password: `url` sets a new one. */
export const resetLetter = (about: { site: string; name: string; url: string }): LetterContent => ({
  subject: `Set a new password for ${about.site}`,
  greeting: hello(about.name),
  paragraphs: ['Somebody asked for a new password for your account. This link works once, for 30 minutes.'],
  action: { label: 'Set a new password', url: about.url },
  smallPrint: [ignore],
})

/** Something that opens the account was changed: `url` is where to go if it was not the owner. */
export const noticeLetter = (about: {
  site: string
  name: string
  subject: string
  sentences: readonly string[]
  how: { device: string; address: string; at: number }
  url: string
}): LetterContent => ({
  subject: `${about.subject} (${about.site})`,
  greeting: hello(about.name),
  paragraphs: [
    ...about.sentences,
    `Device: ${about.how.device}. Network address: ${about.how.address}. Time: ${minuteOf(about.how.at)}.`,
    'If it was you, you need not do anything. If it was not you, set a new password now.',
  ],
  action: { label: 'This was not me', url: about.url },
  smallPrint: ['Notices about the safety of your account cannot be turned off.'],
})
