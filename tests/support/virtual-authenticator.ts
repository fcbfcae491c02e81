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

/** Gives a page an authenticator of its own, by the DevTools protocol. `transport`: `usb` for a security key. */
export async function virtualAuthenticator(
  page: Page,
  transport: 'internal' | 'usb' = 'internal',
): Promise<VirtualAuthenticator> {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
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
