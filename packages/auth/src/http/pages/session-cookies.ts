import { PENDING_LIFETIME } from '../../factors/pending.ts'
import { days } from '../../lib/clock.ts'
import { CHALLENGE_LIFETIME } from '../../passkeys/challenges.ts'
import { TRIP_LIFETIME } from '../../providers/trips.ts'
import type { SessionStarted } from '../../sign-in/finish.ts'
import { clearCookie, writeCookie } from '../cookies.ts'
import type { PageSettings } from './page-settings.ts'

/** How long a browser is known for a person: half of what browsers keep at most. */
const DEVICE_LIFETIME = days(180)

/**
 * The cookies of a sign-in: the session, for as long as it can last, and the known device (COO-02, LIM-02). A computer that
 * others use gets to know nobody: whoever sits there next must not have a budget of this person's own (S7).
 */
export function signInCookies(settings: PageSettings, started: SessionStarted): string[] {
  const { cookieSettings, cookies, sessionSettings } = settings
  const maxAge = started.remember ? sessionSettings.remembered.absolute / 1000 : undefined
  const session = writeCookie(cookieSettings, cookies.session, started.token, maxAge)
  if (started.shared) return [session]
  return [session, writeCookie(cookieSettings, cookies.device, started.device, DEVICE_LIFETIME / 1000)]
}

/** The session under a new value, after a step-up. */
export const renewedCookie = (settings: PageSettings, token: string, remember: boolean): string =>
  writeCookie(
    settings.cookieSettings,
    settings.cookies.session,
    token,
    remember ? settings.sessionSettings.remembered.absolute / 1000 : undefined,
  )

const PENDING_PATH = '/auth'

/** The pending sign-in: it opens nothing, and goes nowhere but to the pages of the sign-in (MFA-04). */
export const pendingCookie = (settings: Pick<PageSettings, 'cookieSettings' | 'cookies'>, token: string): string =>
  writeCookie(settings.cookieSettings, settings.cookies.pending, token, PENDING_LIFETIME / 1000, PENDING_PATH)

export const noPendingCookie = (settings: PageSettings): string =>
  writeCookie(settings.cookieSettings, settings.cookies.pending, '', 0, PENDING_PATH)

/** A browser that is trusted, for as long as the longest. */
export const trustedCookie = (settings: PageSettings, value: string): string =>
  writeCookie(settings.cookieSettings, settings.cookies.trusted, value, settings.trustLifetime / 1000)

/** What binds a passkey's challenge to this browser; it opens nothing (PKY-01). */
export const ceremonyCookie = (settings: PageSettings, browser: string): string =>
  writeCookie(settings.cookieSettings, settings.cookies.ceremony, browser, CHALLENGE_LIFETIME / 1000)
/** The state of a way to a provider, in the browser that began it (OAU-01). */
export const providerCookie = (settings: PageSettings, state: string): string =>
  writeCookie(settings.cookieSettings, settings.cookies.provider, state, TRIP_LIFETIME / 1000)

export const noProviderCookie = (settings: PageSettings): string =>
  clearCookie(settings.cookieSettings, settings.cookies.provider)

/** Takes the session away and leaves the known device: its owner keeps a budget of its own (HDR-03). */
export const signOutCookies = (settings: PageSettings): string[] => [
  clearCookie(settings.cookieSettings, settings.cookies.session),
]
