import { randomBytes } from 'node:crypto'
import { equalBytes, type KeyRing, keyed } from '../lib/secrets.ts'

/** Accounts that a browser is remembered for, the oldest goes. */
const MOST_ACCOUNTS = 5
const NONCE_BYTES = 12
const MAC_BYTES = 18

/** Whom a browser is known for: an account and its present password. */
export interface DeviceOwner {
  readonly id: number
  readonly password_changed_at: number | null
}

/**
 * The device cookie (OWASP, "Device cookies"): a random number with an HMAC over it and the account's id. It opens
 * nothing; it gives a browser in which this person has signed in before a budget of its own, so that strangers who guess
 * passwords never lock the owner out (LIM-02). The account's id does not stand in it (COO-03). A change of the password
 * voids it: who gathered such cookies while the password was known must not get a budget for each of them afterwards.
 */
export function createKnownDevices(keys: KeyRing) {
  const sign = (nonce: Buffer, owner: DeviceOwner, key = keys.current): Buffer =>
    keyed(key.derive('device-cookie'), nonce, `|${owner.id}|${owner.password_changed_at ?? ''}`).subarray(0, MAC_BYTES)

  const entriesOf = (cookie: string | null): Buffer[] =>
    (cookie ?? '')
      .split('.')
      .slice(0, MOST_ACCOUNTS)
      .map((part) => Buffer.from(part, 'base64url'))
      .filter((entry) => entry.length === NONCE_BYTES + MAC_BYTES)

  const nonceOf = (entry: Buffer): Buffer => entry.subarray(0, NONCE_BYTES)

  const isFor = (entry: Buffer, owner: DeviceOwner): boolean =>
    keys.all.some((key) => equalBytes(entry.subarray(NONCE_BYTES), sign(nonceOf(entry), owner, key)))

  return {
    /** The name of this browser if this person has signed in with it, else null. */
    find(cookie: string | null, owner: DeviceOwner): string | null {
      const entry = entriesOf(cookie).find((candidate) => isFor(candidate, owner))
      return entry ? nonceOf(entry).toString('base64url') : null
    },

    /** The cookie's new value after a sign-in: a known browser keeps its name, signed with the current key (SEC-03). */
    remember(cookie: string | null, owner: DeviceOwner): string {
      const entries = entriesOf(cookie)
      const known = entries.find((entry) => isFor(entry, owner))
      const nonce = known ? nonceOf(known) : randomBytes(NONCE_BYTES)
      const others = entries.filter((entry) => !isFor(entry, owner)).slice(0, MOST_ACCOUNTS - 1)
      return [Buffer.concat([nonce, sign(nonce, owner)]), ...others].map((e) => e.toString('base64url')).join('.')
    },
  }
}
