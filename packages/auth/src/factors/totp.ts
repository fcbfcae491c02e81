import { Secret, TOTP } from 'otpauth'

const PERIOD_MS = 30_000
const SECRET_BYTES = 20

const totpOf = (secret: string, issuer = '', label = 'account') =>
  new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: 30, secret: Secret.fromBase32(secret) })

/** A new secret of 160 bits as base32 (MFA-01). */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32

/** What an authenticator app reads from the QR code. */
export const totpUri = (secret: string, issuer: string, label: string): string =>
  totpOf(secret, issuer, label).toString()

/** The step of 30 s that this code belongs to, one before and one after `now` included, or null (RFC 6238). */
export function totpStep(secret: string, code: string, now: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const delta = totpOf(secret).validate({ token: code, window: 1, timestamp: now })
  return delta === null ? null : Math.floor(now / PERIOD_MS) + delta
}
