import { AuthError } from '../../lib/errors.ts'
import { PERSONAL_TOKEN_PREFIX } from '../../personal-tokens/token-text.ts'
import { checkBearer } from '../../sign-in/check-bearer.ts'
import { startedNow } from '../../sign-in/finish.ts'
import { beginSecondFactor, finishWithPasskey } from '../../sign-in/passkey-second-factor.ts'
import { passwordSignIn } from '../../sign-in/password-sign-in.ts'
import { refreshTokens } from '../../sign-in/refresh-tokens.ts'
import { finishWithCode } from '../../sign-in/second-factor.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { signOutTokens } from '../../sign-in/sign-out.ts'
import type { TokenPair } from '../../tokens/tokens.ts'
import { userJson } from '../../users/user.ts'
import {
  answers,
  refreshBody,
  tokenLoginBody,
  tokenLogoutBody,
  tokenPasskeyBody,
  tokenPasskeyOptionsBody,
  tokenSecondFactorBody,
} from '../auth-schemas.ts'
import { type Route, route } from '../route.ts'
import { tokenPairJson } from './token-pair-json.ts'

export interface TokenRouteSettings {
  /** Milliseconds. */
  readonly accessLifetime: number
  /** The configured address, of which links are built. */
  readonly origin: string
}

/** The token API for programs: no cookies, so no other site can misuse one (RFC 6749, 6750, 7009, 9700). */
export function tokenRoutes(context: SignInContext, settings: TokenRouteSettings): Route[] {
  const { tokens, sessions, clock } = context

  const pairJson = (pair: TokenPair) => tokenPairJson(pair, settings.accessLifetime, clock())

  return [
    route({
      method: 'POST',
      path: '/auth/api/login',
      access: 'open',
      checkOrigin: false,
      summary: 'Signs a program in: an access token and a refresh token.',
      body: tokenLoginBody,
      answers: { 200: answers.tokenLogin },
      async handle(exchange, { username, password }) {
        const { client } = exchange
        const device = exchange.cookie('device')
        const attempt = { identifier: username, password, client, device }
        const { pair, user } = startedNow(await passwordSignIn(context, attempt, { kind: 'tokens' }))
        return exchange.json({ success: true, message: 'Signed in.', ...pairJson(pair), user: userJson(user) })
      },
    }),
    route({
      method: 'POST',
      path: '/auth/api/second-factor',
      access: 'open',
      checkOrigin: false,
      summary: 'Finishes a sign-in that answered `second_factor_required`, by a code: the tokens.',
      body: tokenSecondFactorBody,
      answers: { 200: answers.tokenLogin },
      async handle(exchange, { pending_token, code }) {
        const device = exchange.cookie('device')
        const attempt = { pending: pending_token, code, client: exchange.client, former: null, device }
        const { started } = await finishWithCode(context, attempt, 'tokens')
        const { pair, user } = started
        return exchange.json({ success: true, message: 'Signed in.', ...pairJson(pair), user: userJson(user) })
      },
    }),
    route({
      method: 'POST',
      path: '/auth/api/second-factor/passkey/options',
      access: 'open',
      checkOrigin: false,
      summary:
        'What a program needs to ask for a passkey of the account, for a sign-in that waits for its second step.',
      body: tokenPasskeyOptionsBody,
      answers: { 200: answers.passkeyOptions },
      async handle(exchange, { pending_token }) {
        // A program keeps no cookies: the challenge is bound to the sign-in that waits.
        const attempt = { pending: pending_token, browser: pending_token }
        const { options } = await beginSecondFactor(context, attempt, 'tokens')
        return exchange.json({ success: true, options })
      },
    }),
    route({
      method: 'POST',
      path: '/auth/api/second-factor/passkey',
      access: 'open',
      checkOrigin: false,
      summary: 'Finishes a sign-in that answered `second_factor_required`, by a passkey: the tokens.',
      body: tokenPasskeyBody,
      answers: { 200: answers.tokenLogin },
      async handle(exchange, { pending_token, credential }) {
        const { client } = exchange
        const device = exchange.cookie('device')
        const attempt = { pending: pending_token, browser: pending_token, credential, client, former: null, device }
        const { pair, user } = (await finishWithPasskey(context, attempt, 'tokens')).started
        return exchange.json({ success: true, message: 'Signed in.', ...pairJson(pair), user: userJson(user) })
      },
    }),
    route({
      method: 'POST',
      path: '/auth/api/refresh',
      access: 'open',
      checkOrigin: false,
      summary: 'Exchanges a refresh token, once, for a new pair of the same family.',
      body: refreshBody,
      answers: { 200: answers.refresh },
      async handle(exchange, { refresh_token }) {
        return exchange.json({
          success: true,
          ...pairJson(await refreshTokens(context, refresh_token, exchange.client)),
        })
      },
    }),
    route({
      method: 'POST',
      path: '/auth/api/logout',
      access: 'open',
      checkOrigin: false,
      summary:
        'Ends the token family of the refresh token and of the bearer token. Always 200 (RFC 7009), but for personal tokens.',
      body: tokenLogoutBody,
      answers: { 200: answers.message },
      async handle(exchange, { refresh_token }) {
        const token = /^bearer +(\S+)$/i.exec(exchange.request.headers.get('authorization') ?? '')?.[1]
        // Known or not, and before anything ends: "Signed out." would let its holder think that it opens nothing any more.
        if ([token, refresh_token].some((given) => given?.startsWith(PERSONAL_TOKEN_PREFIX))) {
          throw new AuthError('unsupported_token_type')
        }
        if (refresh_token) await signOutTokens(context, { refreshToken: refresh_token }, exchange.client)
        // Both where both are given: "Signed out." must not depend on which of them is still known.
        const bearer = token ? await tokens.check(token) : null
        if (bearer) await signOutTokens(context, bearer, exchange.client)
        return exchange.json({ success: true, message: 'Signed out.' })
      },
    }),
    route({
      method: 'GET',
      path: '/auth/api/me',
      access: 'bearer',
      scope: 'profile',
      summary: 'The person whom the access token belongs to.',
      answers: { 200: answers.me },
      handle(exchange) {
        if (!exchange.user) throw new AuthError('not_signed_in')
        return exchange.json({ success: true, user: userJson(exchange.user) })
      },
    }),
    route({
      method: 'GET',
      path: '/auth/api/check',
      access: 'open',
      summary: 'Whether the access token or the session cookie is good. Always 200.',
      answers: { 200: answers.check },
      async handle(exchange) {
        const token = /^bearer +(\S+)$/i.exec(exchange.request.headers.get('authorization') ?? '')?.[1]
        const session = exchange.cookie('session')
        const user =
          (token ? (await checkBearer(context, token, exchange.client.address))?.user : undefined) ??
          (session ? (await sessions.check(session))?.user : undefined)
        if (!user) return exchange.json({ success: true, authenticated: false })
        return exchange.json({ success: true, authenticated: true, user: userJson(user) })
      },
    }),
  ]
}
