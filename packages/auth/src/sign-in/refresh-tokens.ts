import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import type { TokenPair } from '../tokens/tokens.ts'
import type { SignInContext } from './sign-in-context.ts'

/**
 * Rotates a refresh token. Throws `invalid_refresh_token` for an unknown or ended one and for reuse, which also ends the
 * family and is written down (RFR-02 to RFR-05).
 */
export async function refreshTokens(context: SignInContext, token: string, client: Client): Promise<TokenPair> {
  const { changes, users, tokens, audit } = context
  const refreshed = await changes.transaction(async (trx, changed) => {
    // The account first, as in `signOut`: a sign-in that has written into its log may be about to end this very family.
    const hold = (userId: number) => users.get(trx, userId)
    const result = await tokens.refresh(trx, { changed, hold }, token)
    if (result.kind === 'rotated') {
      const { userId, familyId } = result.pair
      await audit.record(trx, { event: 'token_refresh', result: 'ok', userId, session: familyId }, client)
    }
    if (result.kind === 'reused') {
      const { userId, familyId } = result
      await audit.record(trx, { event: 'token_reuse', result: 'refused', userId, session: familyId }, client)
    }
    return result
  })
  if (refreshed.kind === 'rotated' || refreshed.kind === 'repeated') return refreshed.pair
  if (refreshed.kind === 'unknown') audit.note({ event: 'token_refresh', result: 'failed' }, client)
  throw new AuthError('invalid_refresh_token')
}
