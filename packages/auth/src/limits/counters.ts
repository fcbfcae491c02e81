import { isIPv4, isIPv6 } from 'node:net'
import { days, hours, minutes } from '../lib/clock.ts'
import { shortId, tokenHash } from '../lib/secrets.ts'
import type { Limit } from './limit-rules.ts'
import type { KeysOfAccount } from './limit-store.ts'
import { type Counter, partsOf } from './limits.ts'

/** The budgets of LIM-01, LIM-02, CHG-01 and REG-10. */
export interface LimitSettings {
  /** Failures of one address with one account in 15 minutes. */
  readonly perAddressAndAccount: number
  /** Failures of one address over all names in 15 minutes. */
  readonly perAddress: number
  /** Failures of one account in a row over all addresses; then only known devices get in. */
  readonly perAccountInARow: number
  /** Failures of one known device in 15 minutes. */
  readonly perKnownDevice: number
  /** Wrong current passwords of one account in 10 minutes, at a change of the password. */
  readonly passwordChanges: number
  /** Registrations of one address in an hour. */
  readonly registrations: number
}

export const defaultLimits: LimitSettings = {
  perAddressAndAccount: 10,
  perAddress: 30,
  perAccountInARow: 100,
  perKnownDevice: 10,
  passwordChanges: 10,
  registrations: 20,
}

const window = (key: string, budget: number, period: number, forgets: boolean): Counter => ({
  key,
  limit: { kind: 'window', budget, period },
  forgets,
})

/** The key of the streak that makes an account listen to known devices only. */
export const streakKey = (account: string): string => `streak:${account}`

/** The counters of a sign-in from a browser or program that is not known for this account. */
export function strangerCounters(limits: LimitSettings, account: string, address: string): Counter[] {
  const network = networkOf(address)
  return [
    window(`pair:${account}|${network}`, limits.perAddressAndAccount, minutes(15), true),
    window(`address:${network}`, limits.perAddress, minutes(15), false),
    {
      key: streakKey(account),
      limit: { kind: 'streak', budget: limits.perAccountInARow, period: days(1) },
      forgets: true,
    },
  ]
}

/** A known device has a budget of its own, so that strangers never lock the owner out (LIM-02). */
export const deviceCounters = (limits: LimitSettings, account: string, device: string): Counter[] => [
  window(`device:${account}|${device}`, limits.perKnownDevice, minutes(15), true),
]

export const passwordChangeCounters = (limits: LimitSettings, account: string): Counter[] => [
  window(`change:${account}`, limits.passwordChanges, minutes(10), true),
]

/**
 * Wrong codes of one account in an hour over all challenges, and of one challenge (MFA-05). A right one forgets none.
 * Whoever has the password may use up seven of the ten from browsers that are not `known` for the account: the others are
 * kept for its owner, who would else be held out for as long as somebody goes on guessing (LIM-02).
 */
export const secondFactorCounters = (account: string, challenge: string, known: boolean): Counter[] => [
  window(`second-factor:${account}`, 10, hours(1), false),
  ...(known ? [] : [window(`second-factor-strangers:${account}`, 7, hours(1), false)]),
  window(`challenge:${challenge}`, 5, minutes(10), false),
]

/** Attempts that a limit turns away are told to the owner once in a while: a flood of them must write nothing (LIM-06). */
export const tellingCounters = (account: string): Counter[] => [window(`told:${account}`, 1, minutes(15), false)]

/** User names that one account may try at a change: each try tells whether somebody has it (REG-08). */
export const usernameCounters = (account: string): Counter[] => [window(`username:${account}`, 10, hours(1), false)]

export const registrationCounters = (limits: LimitSettings, address: string): Counter[] => [
  window(`register:${networkOf(address)}`, limits.registrations, hours(1), false),
]

/** Whoever asks for letters from one address, whatever for (RST-08). */
export const forgotCounters = (address: string): Counter[] => [
  window(`forgot:${networkOf(address)}`, 10, hours(1), false),
]

/** Letters with a link for a new password that one account gets in an hour (RST-08). */
export const forgotAccountCounters = (account: string): Counter[] => [
  window(`forgot-account:${account}`, 5, hours(1), false),
]

/** Challenges for passkeys that one network may ask for without having shown who it is: each leaves a row for minutes. */
export const challengeCounters = (address: string): Counter[] => [
  window(`passkey:${networkOf(address)}`, 200, minutes(5), false),
]

/** Ways to providers that one network may begin: each leaves a row for ten minutes. */
export const providerCounters = (address: string): Counter[] => [
  window(`provider:${networkOf(address)}`, 100, minutes(10), false),
]

/** Sign-ins of programs that one network may begin: each leaves a row for ten minutes. */
export const deviceCodeCounters = (address: string): Counter[] => [
  window(`device-code:${networkOf(address)}`, 60, minutes(10), false),
]

/**
 * Wrong codes of programs: of one account, of one network, and of everybody together, since whoever guesses hits any code
 * that waits (RFC 8628 section 5.1). Of 2.6e10 codes, 300 guesses in ten minutes find one of a thousand that wait in one of
 * 80,000 stretches of ten minutes.
 */
export const userCodeCounters = (account: string, address: string): Counter[] => [
  window(`user-code:${account}`, 10, hours(1), false),
  window(`user-code-network:${networkOf(address)}`, 30, hours(1), false),
  window('user-codes', 300, minutes(10), false),
]

/**
 * Letters by which an address is confirmed that one account asks for in an hour, and that one mailbox gets whoever asks: no
 * crowd of accounts fills the mailbox of a stranger.
 */
export const confirmationCounters = (account: string, addressKey: string): Counter[] => [
  window(`confirm-address:${account}`, 5, hours(1), false),
  ...mailboxCounters(addressKey),
]

/** The second of them alone: registrations with one address that is told to nobody (REG-08). */
export const mailboxCounters = (addressKey: string): Counter[] => [
  window(`confirm-mailbox:${shortId(tokenHash(addressKey))}`, 5, hours(1), false),
]

/**
 * Every limit in force by the first word of its keys: taken from the counters themselves, so that no page tells another budget
 * than the one that counts.
 */
export function limitsInForce(limits: LimitSettings): ReadonlyMap<string, Limit> {
  const counters = [
    ...strangerCounters(limits, '', ''),
    ...deviceCounters(limits, '', ''),
    ...secondFactorCounters('', '', false),
    ...passwordChangeCounters(limits, ''),
    ...usernameCounters(''),
    ...registrationCounters(limits, ''),
    ...forgotCounters(''),
    ...forgotAccountCounters(''),
    ...confirmationCounters('', ''),
    ...challengeCounters(''),
    ...providerCounters(''),
    ...deviceCodeCounters(''),
    ...userCodeCounters('', ''),
  ]
  return new Map(counters.map(({ key, limit }) => [partsOf(key).kind, limit]))
}

/** Under which keys the failed attempts with an account count, wherever they came from. */
export const attemptKeys = (account: string): KeysOfAccount => ({
  whole: [streakKey(account), `second-factor:${account}`, `second-factor-strangers:${account}`, `change:${account}`],
  begun: [`pair:${account}|`, `device:${account}|`],
})

/**
 * What is counted as one address: an IPv4 address, folded when it is mapped into IPv6, or the /64 of an IPv6 address, the
 * smallest network that one customer gets (LIM-07).
 */
export function networkOf(address: string): string {
  const bare = address
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .toLowerCase()
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1]
  if (mapped && isIPv4(mapped)) return mapped
  if (!bare.includes(':') || !isIPv6(bare)) return bare
  const groups = expandIPv6(bare)
  if (groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff) {
    return [groups[6] ?? 0, groups[7] ?? 0].flatMap((g) => [g >> 8, g & 255]).join('.')
  }
  return `${groups
    .slice(0, 4)
    .map((g) => g.toString(16))
    .join(':')}::/64`
}

function expandIPv6(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const hex = dotted
    ? address.slice(0, dotted.index) +
      [1, 3].map((i) => ((Number(dotted[i]) << 8) | Number(dotted[i + 1])).toString(16)).join(':')
    : address
  const [head = '', tail] = hex.split('::')
  const parse = (part: string): number[] => (part === '' ? [] : part.split(':').map((g) => Number.parseInt(g, 16)))
  const before = parse(head)
  if (tail === undefined) return before
  const after = parse(tail)
  return [...before, ...Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after]
}
