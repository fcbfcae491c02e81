import type { PersonalBearer } from '../personal-tokens/personal-tokens.ts'
import { PERSONAL_TOKEN_PREFIX } from '../personal-tokens/token-text.ts'
import type { FamilyBearer } from '../tokens/tokens.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Whom the token of a request belongs to: a program's that has signed in, or one that a person has made. */
export type Bearer = FamilyBearer | PersonalBearer

/** Whom a token belongs to, or null. `address` is written down as the last use of a personal one. */
export const checkBearer = (context: SignInContext, token: string, address: string): Promise<Bearer | null> =>
  token.startsWith(PERSONAL_TOKEN_PREFIX) ? context.personalTokens.check(token, address) : context.tokens.check(token)
