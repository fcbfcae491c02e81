import { isoTime } from '../lib/clock.ts'
import { deviceWords } from '../words/device-words.ts'
import type { NoticeWords } from '../words/en/notices.ts'
import type { Words } from '../words/words.ts'
import type { LetterContent } from './letter.ts'

/** What every letter needs: the words of its language, and where it comes from. */
interface About {
  readonly words: Words
  readonly site: string
}

/** The same to somebody who has a name here. */
interface AboutSomebody extends About {
  readonly name: string
}

/** A time to the minute, for somebody whose time zone is not known. */
const minuteOf = (at: number): string => `${isoTime(at).slice(0, 16).replace('T', ' ')} UTC`

/** A forgotten password: `url` sets a new one. */
export function resetLetter({ words, site, name, url }: AboutSomebody & { url: string }): LetterContent {
  const { hello, reset: say } = words.letters
  return {
    language: words.language,
    subject: say.subject(site),
    greeting: hello(name),
    paragraphs: [say.text],
    action: { label: say.action, url, orOpen: words.letters.openAddress },
    smallPrint: [say.ignore],
  }
}

/** Something that opens the account was changed: `url` takes the account back. */
export function noticeLetter(
  about: AboutSomebody & {
    what: NoticeWords
    reason: string | undefined
    at: number
    /** From where; null where it was done at the server. */
    from: { device: string; address: string } | null
    url: string
    /** When the link ends, in milliseconds since 1970. */
    until: number
  },
): LetterContent {
  const { words, site, name, what, reason, at, from, url, until } = about
  const { letters: say } = words
  return {
    language: words.language,
    subject: say.subject(what.subject, site),
    greeting: say.hello(name),
    paragraphs: [
      ...what.sentences,
      ...(reason ? [say.reason(reason)] : []),
      from ? say.how(deviceWords(from.device, words), from.address, minuteOf(at)) : say.atServer(minuteOf(at)),
      say.notice.what,
    ],
    action: { label: say.notice.action, url, orOpen: words.letters.openAddress },
    smallPrint: [say.notice.until(minuteOf(until)), say.always],
  }
}

/** An administrator did something to the account that nobody takes back by a link. */
export function administeredLetter(
  about: AboutSomebody & { what: NoticeWords; reason: string | undefined; at: number },
): LetterContent {
  const { words, site, name, what, reason, at } = about
  const { letters: say } = words
  return {
    language: words.language,
    subject: say.subject(what.subject, site),
    greeting: say.hello(name),
    paragraphs: [...what.sentences, ...(reason ? [say.reason(reason)] : []), say.time(minuteOf(at)), say.mistake],
    smallPrint: [say.always],
  }
}

/**
 * An administrator deletes the account: `deletesAt` is null where it is gone already, `keeps` is where its owner keeps it by
 * signing in, null where that is not offered.
 */
export function accountDeletedLetter(
  about: AboutSomebody & { reason: string | undefined; deletesAt: number | null; keeps: string | null },
): LetterContent {
  const { words, site, name, reason, deletesAt, keeps } = about
  const { letters: say } = words
  const { deleted } = say
  return {
    language: words.language,
    subject: say.subject(deleted.subject, site),
    greeting: say.hello(name),
    paragraphs: [
      deleted.text,
      ...(reason ? [say.reason(reason)] : []),
      deletesAt === null ? deleted.gone : deleted.goes(minuteOf(deletesAt)),
      ...(keeps === null ? [] : [deleted.keep]),
      say.mistake,
    ],
    ...(keeps !== null && { action: { label: say.signIn, url: keeps, orOpen: words.letters.openAddress } }),
    smallPrint: [say.always],
  }
}

/** An address that somebody says is theirs: the link or the code shows it. */
export function confirmLetter(about: AboutSomebody & { username: string; code: string; url: string }): LetterContent {
  const { words, site, name, username, code, url } = about
  const { hello, confirm: say } = words.letters
  return {
    language: words.language,
    subject: say.subject(site),
    greeting: hello(name),
    paragraphs: [say.text(username)],
    code,
    action: { label: say.action, url, orOpen: words.letters.openAddress },
    smallPrint: [say.ignore],
  }
}

/** To the owner of an address that somebody wanted for another account: nobody else is told that it is in use. */
export function addressTakenLetter(about: AboutSomebody & { username: string; url: string }): LetterContent {
  const { words, site, name, username, url } = about
  const { subject, hello, reset, taken: say } = words.letters
  return {
    language: words.language,
    subject: subject(say.subject, site),
    greeting: hello(name),
    paragraphs: [say.text(username), say.lost],
    action: { label: reset.action, url, orOpen: words.letters.openAddress },
    smallPrint: [say.ignore],
  }
}

/** To an address that was taken away again, by whoever had the one before it. */
export function addressPutBackLetter({ words, site, name }: AboutSomebody): LetterContent {
  const { subject, hello, putBack: say } = words.letters
  return {
    language: words.language,
    subject: subject(say.subject, site),
    greeting: hello(name),
    paragraphs: [say.text],
    smallPrint: [say.ask],
  }
}

/** To an address that an account had without ever confirming it: no link, it may be a stranger's. */
export function addressLeftLetter({ words, site, name }: AboutSomebody): LetterContent {
  const { subject, hello, left: say } = words.letters
  return {
    language: words.language,
    subject: subject(say.subject, site),
    greeting: hello(name),
    paragraphs: [say.text],
    smallPrint: [say.ask],
  }
}

/** To somebody who may make an account here. `until` is milliseconds since 1970. */
export function invitationLetter({ words, site, url, until }: About & { url: string; until: number }): LetterContent {
  const { helloNobody, invitation: say } = words.letters
  return {
    language: words.language,
    subject: say.subject(site),
    greeting: helloNobody,
    paragraphs: [say.text(site, minuteOf(until))],
    action: { label: say.action, url, orOpen: words.letters.openAddress },
    smallPrint: [say.ignore],
  }
}

/** An administrator has let somebody in who registered. */
export function approvedLetter({ words, site, name, url }: AboutSomebody & { url: string }): LetterContent {
  const { subject, hello, signIn, approved: say } = words.letters
  return {
    language: words.language,
    subject: subject(say.subject, site),
    greeting: hello(name),
    paragraphs: [say.text],
    action: { label: signIn, url, orOpen: words.letters.openAddress },
    smallPrint: [say.ignore],
  }
}

/** The opposite. The account is gone, and so are its log and every link. */
export function declinedLetter({ words, site, name, reason }: AboutSomebody & { reason: string }): LetterContent {
  const { subject, hello, declined: say } = words.letters
  return {
    language: words.language,
    subject: subject(say.subject, site),
    greeting: hello(name),
    paragraphs: [say.text, ...(reason === '' ? [] : [say.reason(reason)])],
    smallPrint: [say.ask],
  }
}

/** To an administrator who wants to see whether letters arrive. */
export function testLetter({ words, site, name }: AboutSomebody): LetterContent {
  const { hello, test: say } = words.letters
  return {
    language: words.language,
    subject: say.subject(site),
    greeting: hello(name),
    paragraphs: [say.text],
    smallPrint: [say.nothing],
  }
}
