import type { CDPSession, Page } from 'playwright-core'

/** An authenticator that Chromium plays to a page, with resident keys and user verification. */
export interface VirtualAuthenticator {
  /** Whether it recognises the person. */
  recognises(isVerified: boolean): Promise<void>
  /** The credentials that it holds. */
  credentials(): Promise<{ credentialId: string; signCount: number; isResidentCredential: boolean }[]>
  /** Turns the counter of a credential, as a copy would have it. */
  setCounter(credentialId: string, signCount: number): Promise<void>
}

/** What a page can hold: the phone or computer itself, a key with a PIN, one without, and one from before there were PINs. */
const kinds = {
  internal: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
  usb: { protocol: 'ctap2', transport: 'usb', hasResidentKey: true, hasUserVerification: true },
  noPin: { protocol: 'ctap2', transport: 'usb', hasResidentKey: false, hasUserVerification: false },
  u2f: { protocol: 'u2f', transport: 'usb', hasResidentKey: false, hasUserVerification: false },
} as const

/** Gives a page an authenticator of its own, by the DevTools protocol. */
export async function virtualAuthenticator(
  page: Page,
  kind: keyof typeof kinds = 'internal',
): Promise<VirtualAuthenticator> {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...kinds[kind],
      isUserVerified: kinds[kind].hasUserVerification,
      automaticPresenceSimulation: true,
    },
  })
  return {
    async recognises(isUserVerified) {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    credentials: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    async setCounter(credentialId, signCount) {
      const { credential } = await session.send('WebAuthn.getCredential', { authenticatorId, credentialId })
      await session.send('WebAuthn.removeCredential', { authenticatorId, credentialId })
      await session.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount } })
    },
  }
}
