import { days, hours, minutes } from '../lib/clock.ts'

/** How long a session lasts, in milliseconds: without use, and at most (SES-04). */
export interface Lifetimes {
  readonly idle: number
  readonly absolute: number
}

export interface SessionSettings {
  /** A sign-in without "stay signed in". */
  readonly short: Lifetimes
  /** A sign-in with "stay signed in". */
  readonly remembered: Lifetimes
  /** Open sessions a person may have; the oldest goes (SES-10). */
  readonly mostPerUser: number
}

export const defaultSessionSettings: SessionSettings = {
  short: { idle: hours(1), absolute: hours(24) },
  remembered: { idle: days(7), absolute: days(30) },
  mostPerUser: 50,
}

/** Renewal is written once this part of the idle time has passed since the last write (SES-05). */
const RENEWAL_PART = 20

/** How long somebody wants to stay: `shared` on a computer that others use, too (S7), which wins. */
export interface Stay {
  readonly remember: boolean
  readonly shared: boolean
}

/** On a computer that others use: whoever comes next sits down soon. Never longer than the operator's short sessions. */
export const SHARED: Lifetimes = { idle: minutes(15), absolute: hours(2) }

export function lifetimesOf({ short, remembered }: SessionSettings, { remember, shared }: Stay): Lifetimes {
  if (!shared) return remember ? remembered : short
  return { idle: Math.min(SHARED.idle, short.idle), absolute: Math.min(SHARED.absolute, short.absolute) }
}

/** When the session ends if it is not used again. */
export const endsAt = (lifetimes: Lifetimes, session: { createdAt: number; lastSeenAt: number }): number =>
  Math.min(session.lastSeenAt + lifetimes.idle, session.createdAt + lifetimes.absolute)

/** From when on a use of the session is written down. */
export const renewsAt = (lifetimes: Lifetimes, lastSeenAt: number): number => lastSeenAt + lifetimes.idle / RENEWAL_PART
