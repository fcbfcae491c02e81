import { randomBytes } from 'node:crypto'
import { equalBytes, type KeyRing, keyed } from '../lib/secrets.ts'

/** Accounts that a browser is remembered for, the oldest goes. */
const MOST_ACCOUNTS = 5
const NONCE_BYTES = 12
const MAC_BYTES = 18

export interface DeviceCheck {
  /** Names the device in limits; null for a stranger. */
  readonly device: string | null
}

/**
 * The device cookie (OWASP, "Device cookies"): a random number with an HMAC over it and the account's id. It opens
 * nothing; it gives a browser in which this person has signed in before a budget of its own, so that strangers who guess
 * passwords never lock the owner out (LIM-02). The account's id does not stand in it (COO-03).
 */
export function createKnownDevices(keys: KeyRing) {
  const sign = (nonce: Buffer, userId: number, key = keys.current): Buffer =>
    keyed(key.derive('device-cookie'), nonce, `|${userId}`).subarray(0, MAC_BYTES)

  const entriesOf = (cookie: string | null): Buffer[] =>
    (cookie ?? '')
      .split('.')
      .slice(0, MOST_ACCOUNTS)
      .map((part) => Buffer.from(part, 'base64url'))
      .filter((entry) => entry.length === NONCE_BYTES + MAC_BYTES)

  const isFor = (entry: Buffer, userId: number): boolean => {
    const nonce = entry.subarray(0, NONCE_BYTES)
    const mac = entry.subarray(NONCE_BYTES)
    return keys.all.some((key) => equalBytes(mac, sign(nonce, userId, key)))
  }

  return {
    /** The name of this browser if this person has signed in with it, else null. */
    find(cookie: string | null, userId: number): string | null {
      const entry = entriesOf(cookie).find((candidate) => isFor(candidate, userId))
      return entry ? entry.subarray(0, NONCE_BYTES).toString('base64url') : null
    },

    /** The cookie's new value after a sign-in. */
    remember(cookie: string | null, userId: number): string {
      const others = entriesOf(cookie).filter((entry) => !isFor(entry, userId))
      const nonce = randomBytes(NONCE_BYTES)
      const entry = Buffer.concat([nonce, sign(nonce, userId)])
      return [entry, ...others.slice(0, MOST_ACCOUNTS - 1)].map((e) => e.toString('base64url')).join('.')
    },
  }
}
