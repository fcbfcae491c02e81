import type { TokenPair } from '../../tokens/tokens.ts'

/** A pair as programs get it (RFC 6749 section 5.1). `accessLifetime` in milliseconds. */
export const tokenPairJson = (pair: TokenPair, accessLifetime: number, now: number) => ({
  access_token: pair.accessToken,
  refresh_token: pair.refreshToken,
  token_type: 'bearer' as const,
  expires_in: Math.round(Math.min(accessLifetime, pair.familyEndsAt - now) / 1000),
  refresh_expires_in: Math.max(0, Math.round((pair.familyEndsAt - now) / 1000)),
})
