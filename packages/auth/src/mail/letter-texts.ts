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

/** Something that opens the account was changed: `url` takes the account back. */
export const noticeLetter = (about: {
  site: string
  name: string
  subject: string
  sentences: readonly string[]
  how: { device: string; address: string; at: number }
  url: string
  /** When the link ends, in milliseconds since 1970. */
  until: number
}): LetterContent => ({
  subject: `${about.subject} (${about.site})`,
  greeting: hello(about.name),
  paragraphs: [
    ...about.sentences,
    `Device: ${about.how.device}. Network address: ${about.how.address}. Time: ${minuteOf(about.how.at)}.`,
    'If it was you, you need not do anything. If it was not you, take your account back with this button: it signs out every device, and you choose a new password.',
  ],
  action: { label: 'This was not me', url: about.url },
  smallPrint: [
    `The button works once, until ${minuteOf(about.until)}.`,
    'Notices about the safety of your account cannot be turned off.',
  ],
})

/** An administrator did something to the account that nobody takes back by a link. */
export const administeredLetter = (about: {
  site: string
  name: string
  subject: string
  sentences: readonly string[]
  reason: string | undefined
  at: number
}): LetterContent => ({
  subject: `${about.subject} (${about.site})`,
  greeting: hello(about.name),
  paragraphs: [
    ...about.sentences,
    ...(about.reason ? [`Reason: ${about.reason}`] : []),
    `Time: ${minuteOf(about.at)}.`,
    'If you think that this is a mistake, ask the people who run this server.',
  ],
  smallPrint: ['Notices about the safety of your account cannot be turned off.'],
})

/**
 * An administrator deletes the account: `deletesAt` is null where it is gone already, `keeps` is where its owner keeps it by
 * signing in, null where that is not offered.
 */
export const accountDeletedLetter = (about: {
  site: string
  name: string
  reason: string | undefined
  deletesAt: number | null
  keeps: string | null
}): LetterContent => ({
  subject: `Your account is closed (${about.site})`,
  greeting: hello(about.name),
  paragraphs: [
    'An administrator of this server closed your account. Every device was signed out.',
    ...(about.reason ? [`Reason: ${about.reason}`] : []),
    about.deletesAt === null
      ? 'Everything in it is deleted.'
      : `Everything in it is deleted after ${minuteOf(about.deletesAt)}.`,
    ...(about.keeps === null ? [] : ['To keep it, sign in before.']),
    'If you think that this is a mistake, ask the people who run this server.',
  ],
  ...(about.keeps !== null && { action: { label: 'Sign in', url: about.keeps } }),
  smallPrint: ['Notices about the safety of your account cannot be turned off.'],
})

/** An address that somebody says is theirs: the link or the code shows it. */
export const confirmLetter = (about: {
  site: string
  name: string
  username: string
  code: string
  url: string
}): LetterContent => ({
  subject: `Confirm your address for ${about.site}`,
  greeting: hello(about.name),
  paragraphs: [
    `Show that this address belongs to you and to the account “${about.username}”. Type this code where you are signed in, within 10 minutes, or use the button within a day.`,
  ],
  code: about.code,
  action: { label: 'Confirm this address', url: about.url },
  smallPrint: ['If you have no such account, do nothing: without this your address is not confirmed.'],
})

/** To the owner of an address that somebody wanted for another account: nobody else is told that it is in use. */
export const addressTakenLetter = (about: {
  site: string
  name: string
  username: string
  url: string
}): LetterContent => ({
  subject: `You already have an account (${about.site})`,
  greeting: hello(about.name),
  paragraphs: [
    `Somebody, perhaps you, wanted to use this address for another account. It belongs to your account “${about.username}” already, and nothing has changed.`,
    'If you have lost your password, you can set a new one.',
  ],
  action: { label: 'Set a new password', url: about.url },
  smallPrint: ['If this was not you, you need not do anything.'],
})

/** To an address that was taken away again, by whoever had the one before it. */
export const addressPutBackLetter = (about: { site: string; name: string }): LetterContent => ({
  subject: `Your address was taken out of an account (${about.site})`,
  greeting: hello(about.name),
  paragraphs: [
    'The owner of the address that the account had before said that the change to this address was not theirs. The former address is back, and every device was signed out.',
  ],
  smallPrint: ['If the account is yours, ask the people who run this server.'],
})

/** To an address that an account had without ever confirming it: no link, it may be a stranger's. */
export const addressLeftLetter = (about: { site: string; name: string }): LetterContent => ({
  subject: `Your e-mail address was changed (${about.site})`,
  greeting: hello(about.name),
  paragraphs: ['Your account has another e-mail address now, which was confirmed. No more letters come to this one.'],
  smallPrint: [
    'This address was never confirmed, so nothing can be undone from here. If it was not you, ask the people who run this server.',
  ],
})

/** To somebody who may make an account here. `until` is milliseconds since 1970. */
export const invitationLetter = (about: { site: string; url: string; until: number }): LetterContent => ({
  subject: `You are invited to ${about.site}`,
  greeting: 'Hello,',
  paragraphs: [
    `You may make an account at ${about.site}. The link is for you alone: it works once, until ${minuteOf(about.until)}.`,
  ],
  action: { label: 'Make an account', url: about.url },
  smallPrint: ['If you do not want one, you need not do anything.'],
})

/** An administrator has let somebody in who registered. */
export const approvedLetter = (about: { site: string; name: string; url: string }): LetterContent => ({
  subject: `Your account was approved (${about.site})`,
  greeting: hello(about.name),
  paragraphs: ['The people who run this server have approved your account. You can sign in now.'],
  action: { label: 'Sign in', url: about.url },
  smallPrint: ['If you have no such account, you need not do anything.'],
})

/** The opposite. The account is gone, and so are its log and every link. */
export const declinedLetter = (about: { site: string; name: string; reason: string }): LetterContent => ({
  subject: `Your account was not approved (${about.site})`,
  greeting: hello(about.name),
  paragraphs: [
    'The people who run this server have not approved your account. It is deleted, with everything that you had entered.',
    ...(about.reason === '' ? [] : [`Their reason: ${about.reason}`]),
  ],
  smallPrint: ['If you have questions, ask the people who run this server.'],
})

/** To an administrator who wants to see whether letters arrive. */
export const testLetter = (about: { site: string; name: string }): LetterContent => ({
  subject: `A test letter of ${about.site}`,
  greeting: hello(about.name),
  paragraphs: ['You asked for this letter on the page of the server. It has arrived: this server can send mail.'],
  smallPrint: ['Nothing else is to be done.'],
})
