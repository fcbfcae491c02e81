import { createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits as 43 characters that fit cookies and URLs (SES-01). */
export const randomToken = (): string => randomBytes(32).toString('base64url')

const NONCE_BYTES = 16
const NONCES_AT_ONCE = 128
let nonces = Buffer.alloc(0)

/** A value of 128 random bits for one page's Content-Security-Policy: each byte is used once, many are fetched at once. */
export function pageNonce(): string {
  if (nonces.length < NONCE_BYTES) nonces = randomBytes(NONCE_BYTES * NONCES_AT_ONCE)
  const nonce = nonces.toString('base64', 0, NONCE_BYTES)
  nonces = nonces.subarray(NONCE_BYTES)
  return nonce
}

/** What is stored of a token: its SHA-256. A random token needs no salt and no slow hash. */
export const tokenHash = (token: string): Buffer => hash('sha256', token, 'buffer')

/** The first bytes of a stored hash: names a session in lists and logs, opens nothing. */
export const shortId = (tokenHash: Uint8Array): string => Buffer.from(tokenHash).subarray(0, 12).toString('base64url')

/** Compares without telling by time where the difference lies. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

/** What a key is for. Each purpose gets a key of its own, so that a weakness of one never opens another (SEC-02). */
export type KeyPurpose =
  | 'access-token'
  | 'refresh-token'
  | 'device-cookie'
  | 'tried-names'
  | 'doctor'
  | 'provider-trip'
  | 'sealed-authenticator'
  | 'sealed-mail'
  | 'address-code'
  | 'user-code'

/** One secret of SECRET_KEY and the keys derived from it. */
export interface Key {
  /** Names the key in token headers and in the database; tells nothing of the secret. */
  readonly id: string
  derive(purpose: KeyPurpose): Buffer
}

/** All secrets that are valid: the first signs, the others still verify (JWT-09, SEC-03). */
export interface KeyRing {
  readonly current: Key
  readonly all: readonly Key[]
}

/** The shortest secret that is taken, in characters (SEC-01). */
export const SHORTEST_SECRET = 32

/** Derives the keys (HKDF, RFC 5869). Throws an Error when no secret is given or one is shorter than 32 characters. */
export function createKeyRing(secrets: readonly string[]): KeyRing {
  const all = secrets.map((secret): Key => {
    if (secret.length < SHORTEST_SECRET) throw new Error(`A secret needs at least ${SHORTEST_SECRET} characters.`)
    const derived = new Map<string, Buffer>()
    const derive = (purpose: string): Buffer => {
      const known = derived.get(purpose) ?? Buffer.from(hkdfSync('sha256', secret, '', `miachat/${purpose}`, 64))
      derived.set(purpose, known)
      return known
    }
    return { id: derive('key-id').subarray(0, 9).toString('base64url'), derive }
  })
  const [current] = all
  if (!current) throw new Error('At least one secret is needed.')
  return { current, all }
}

/** HMAC-SHA-256 with a derived key. */
export const keyed = (key: Buffer, ...parts: (string | Uint8Array)[]): Buffer => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest()
}
