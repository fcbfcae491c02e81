import { z } from 'zod'

const base64url = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[\w-]+$/)
/** What a browser answers of a credential; its extensions are not looked at. */
const credential = {
  id: base64url(1400),
  rawId: base64url(1400),
  type: z.literal('public-key'),
  clientExtensionResults: z.unknown().transform(() => ({})),
}
/** RegistrationResponseJSON of WebAuthn. */
export const newCredential = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(10_000),
    attestationObject: base64url(30_000),
    transports: z.array(z.string().max(40)).max(10).default([]),
  }),
})
/** AuthenticationResponseJSON of WebAuthn. */
export const usedCredential = z.object({
  ...credential,
  response: z
    .object({
      clientDataJSON: base64url(10_000),
      authenticatorData: base64url(10_000),
      signature: base64url(10_000),
      userHandle: base64url(100).nullish(),
    })
    .transform(({ userHandle, ...rest }) => (userHandle ? { ...rest, userHandle } : rest)),
})
