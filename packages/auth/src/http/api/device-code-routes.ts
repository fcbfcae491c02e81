import { shownUserCode } from '../../device-codes/user-code.ts'
import { AuthError } from '../../lib/errors.ts'
import { askWithDeviceCode, beginDeviceCode, type DeviceCodeRefusal } from '../../sign-in/device-code-sign-in.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { userJson } from '../../users/user.ts'
import { answers } from '../auth-schemas.ts'
import { deviceCodeAnswers, deviceCodeBody, deviceTokenBody } from '../device-code-schemas.ts'
import type { Exchange } from '../exchange.ts'
import { type Route, route } from '../route.ts'
import { tokenPairJson } from './token-pair-json.ts'
import type { TokenRouteSettings } from './token-routes.ts'

/** The grant of RFC 8628 section 3.4. */
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
/** Where a person enters a code: short, since people type it off a terminal. */
const PAGE = '/auth/device'

type OauthError = DeviceCodeRefusal | 'invalid_request' | 'unsupported_grant_type'

const descriptions: Readonly<Record<Exclude<OauthError, 'invalid_request'>, string>> = {
  authorization_pending: 'The person has not decided yet. Ask again after the interval.',
  slow_down: 'This came too early. Wait five seconds more between two questions from now on.',
  access_denied: 'The sign-in was refused, or the account is not open. Do not ask again.',
  expired_token: 'This device code is not known, was used or has expired. Begin anew.',
  unsupported_grant_type: `The grant type here is ${GRANT}.`,
}

/** RFC 6749 section 5.2: what programs of that protocol read, instead of a problem document. */
const refused = (exchange: Exchange, error: OauthError, description: string): Response =>
  exchange.json({ success: false, error, error_description: description }, { status: 400 })

/** A row whose body may be wrong in the words of OAuth. Limits and faults stay problem documents, with Retry-After. */
function routeOfGrant(row: Route): Route {
  return {
    ...row,
    async run(exchange, raw) {
      try {
        return await row.run(exchange, raw)
      } catch (error) {
        if (!(error instanceof AuthError) || (error.status !== 400 && error.status !== 422)) throw error
        const names = error.fields.map(({ field }) => field).join(', ')
        return refused(exchange, 'invalid_request', `Missing, or not as it has to be: ${names || 'the body'}.`)
      }
    },
  }
}

/** Sign-in of programs without a browser: a person lets them in by a code, on another device (RFC 8628). */
export function deviceCodeRoutes(context: SignInContext, { accessLifetime, origin }: TokenRouteSettings): Route[] {
  return [
    routeOfGrant(
      route({
        method: 'POST',
        path: '/auth/api/device/code',
        access: 'open',
        checkOrigin: false,
        summary: `Begins the sign-in of a program without a browser: a code that a person enters at \`${PAGE}\` (RFC 8628).`,
        body: deviceCodeBody,
        answers: { 200: deviceCodeAnswers.deviceCode, 400: deviceCodeAnswers.oauthError },
        async handle(exchange, { client_id }) {
          const { deviceCode, userCode, expiresIn, pause } = await beginDeviceCode(context, client_id, exchange.client)
          const code = shownUserCode(userCode)
          return exchange.json({
            success: true,
            device_code: deviceCode,
            user_code: code,
            verification_uri: `${origin}${PAGE}`,
            verification_uri_complete: `${origin}${PAGE}?user_code=${code}`,
            expires_in: expiresIn / 1000,
            interval: pause / 1000,
          })
        },
      }),
    ),
    routeOfGrant(
      route({
        method: 'POST',
        path: '/auth/api/device/token',
        access: 'open',
        checkOrigin: false,
        summary: 'The tokens, once the person has let the program in; until then why not (RFC 8628 section 3.5).',
        body: deviceTokenBody,
        answers: { 200: answers.tokenLogin, 400: deviceCodeAnswers.oauthError },
        async handle(exchange, { grant_type, device_code, client_id }) {
          if (grant_type !== GRANT) {
            return refused(exchange, 'unsupported_grant_type', descriptions.unsupported_grant_type)
          }
          const asked = { deviceCode: device_code, program: client_id }
          const answer = await askWithDeviceCode(context, asked, exchange.client)
          if (typeof answer === 'string') return refused(exchange, answer, descriptions[answer])
          const { pair, user } = answer
          const json = tokenPairJson(pair, accessLifetime, context.clock())
          return exchange.json({ success: true, message: 'Signed in.', ...json, user: userJson(user) })
        },
      }),
    ),
  ]
}
