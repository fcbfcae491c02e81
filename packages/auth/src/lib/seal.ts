import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Key, KeyPurpose, KeyRing } from './secrets.ts'

/** What has to be read again is sealed under a key of its purpose. */
export type SealPurpose = Extract<KeyPurpose, `sealed-${string}`>

/** A sealed value as it is stored: the bytes, and which key opens them. */
export interface Sealed {
  readonly bytes: Buffer
  readonly keyId: string
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

const keyFor = (key: Key, purpose: SealPurpose): Buffer => key.derive(purpose).subarray(0, 32)

/**
 * Seals a text with AES-256-GCM (NIST SP 800-38D) under the current key. `place` names table, column and row: a value that
 * somebody with access to the database moved to another row does not open there (MFA-02). The nonce is random: a key may
 * seal about 2^32 values.
 */
export function seal(keys: KeyRing, purpose: SealPurpose, place: string, text: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyFor(keys.current, purpose), nonce).setAAD(Buffer.from(place))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return { bytes: Buffer.concat([nonce, body, cipher.getAuthTag()]), keyId: keys.current.id }
}

/** The text, or null where no key that is given opens it: it was changed, moved, or sealed under a key that is gone. */
export function unseal(
  keys: KeyRing,
  purpose: SealPurpose,
  place: string,
  sealed: { readonly bytes: Uint8Array; readonly keyId: string },
): string | null {
  const key = keys.all.find(({ id }) => id === sealed.keyId)
  const bytes = Buffer.from(sealed.bytes)
  if (!key || bytes.length < NONCE_BYTES + TAG_BYTES) return null
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', keyFor(key, purpose), nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    return Buffer.concat([body, decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
