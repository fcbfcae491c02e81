import { isIPv4 } from 'node:net'

/** Whom a passkey is for, as its authenticator knows it (WebAuthn section 4, "Relying Party"). */
export interface RelyingParty {
  /** The host name of the public address: a passkey of one name never answers another (PKY-02). */
  readonly id: string
  /** The one origin whose pages may ask. */
  readonly origin: string
  /** Shown by authenticators. */
  readonly name: string
}

/** Why browsers make no passkeys for an address. */
export type PasskeyHindrance = 'not_https' | 'ip_address'

/** What stands in the way of passkeys under this public address, or null: browsers want https or localhost, and a name. */
export function passkeyHindrance(baseUrl: URL): PasskeyHindrance | null {
  const { protocol, hostname } = baseUrl
  if (isIPv4(hostname) || hostname.startsWith('[')) return 'ip_address'
  const isThisMachine = hostname === 'localhost' || hostname.endsWith('.localhost')
  return protocol === 'https:' || isThisMachine ? null : 'not_https'
}

/** The same in a sentence, for pages and errors (P3). */
export const passkeyHindranceWords = (origin: string, what: 'Passkeys' | 'Security keys' = 'Passkeys'): string =>
  `${what} need https and a name such as chat.example.org. This server’s address is ${origin}.`

/** Who we are to authenticators, or null where the public address makes passkeys impossible. Never from a header. */
export const relyingPartyOf = (baseUrl: URL, name: string): RelyingParty | null =>
  passkeyHindrance(baseUrl) === null ? { id: baseUrl.hostname, origin: baseUrl.origin, name } : null
