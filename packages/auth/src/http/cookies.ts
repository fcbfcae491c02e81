/** Where cookies are set for: the public address decides, never a header (PRX-02). */
export interface CookieSettings {
  readonly secure: boolean
  /** The start of the names: several apps on one host keep apart. */
  readonly prefix: string
}

export interface CookieNames {
  readonly session: string
  readonly device: string
  readonly theme: string
  readonly language: string
  /** The sign-in that waits for its second step: goes to the pages of the sign-in only. */
  readonly pending: string
  /** A browser in which a person is asked for no second step. */
  readonly trusted: string
  /** Binds the challenges of passkeys to this browser. */
  readonly ceremony: string
  /** The state of a way to a provider and back, bound to this browser (OAU-01). */
  readonly provider: string
}

/** `__Host-` binds a cookie to this very host over https (COO-01); plain http cannot have it. */
export function cookieNames(settings: CookieSettings): CookieNames {
  const host = settings.secure ? '__Host-' : ''
  const { prefix } = settings
  return {
    session: `${host}${prefix}_session`,
    device: `${host}${prefix}_device`,
    theme: `${host}${prefix}_theme`,
    language: `${host}${prefix}_language`,
    ceremony: `${host}${prefix}_passkey`,
    pending: `${settings.secure ? '__Secure-' : ''}${prefix}_pending`,
    trusted: `${host}${prefix}_trusted`,
    provider: `${host}${prefix}_provider`,
  }
}

/**
 * The value of a cookie, or null. Two cookies of the name count as none: one of them was tossed in by a sibling host or
 * over plain http, and nobody can say which (COO-04). Values are ours and need no decoding (COO-05).
 */
export function readCookie(header: string | null, name: string): string | null {
  if (header === null) return null
  const start = findCookie(header, name, 0)
  if (start < 0) return null
  const end = header.indexOf(';', start)
  if (end >= 0 && findCookie(header, name, end) >= 0) return null
  return (end < 0 ? header.slice(start) : header.slice(start, end)).trim()
}

function findCookie(header: string, name: string, from: number): number {
  for (let at = header.indexOf(`${name}=`, from); at >= 0; at = header.indexOf(`${name}=`, at + 1)) {
    let before = at - 1
    while (before >= 0 && (header[before] === ' ' || header[before] === '\t')) before--
    if (before < 0 || header[before] === ';') return at + name.length + 1
  }
  return -1
}

/** Browsers keep no cookie longer (COO-02). */
const LONGEST_AGE = 400 * 86_400

/** A cookie for the whole host. Without `maxAge` (seconds) it ends with the browser's session. */
export function writeCookie(
  settings: CookieSettings,
  name: string,
  value: string,
  maxAge?: number,
  path = '/',
): string {
  const age = maxAge === undefined ? '' : `; Max-Age=${Math.min(LONGEST_AGE, Math.floor(maxAge))}`
  return `${name}=${value}; Path=${path}; HttpOnly; SameSite=Lax${settings.secure ? '; Secure' : ''}${age}`
}

/** Takes a cookie away, with the same flags as it was set with (COO-02). */
export const clearCookie = (settings: CookieSettings, name: string): string => writeCookie(settings, name, '', 0)
