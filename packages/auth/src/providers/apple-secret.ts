import { createPrivateKey } from 'node:crypto'
import type { AppleKey } from './provider-options.ts'

/** The secret that Apple takes: signed for a client by the key of its owner, good for five minutes. */
export async function appleSecret(key: AppleKey, clientId: string, now: number): Promise<string> {
  // Loaded by the first sign-in there: a server without Apple keeps its memory.
  const { SignJWT } = await import('jose')
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: key.keyId })
    .setIssuer(key.teamId)
    .setSubject(clientId)
    .setAudience('https://appleid.apple.com')
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor(now / 1000) + 300)
    .sign(createPrivateKey(key.privateKey))
}
