import { beginPasskeySignIn, passkeySignIn } from '../../sign-in/passkey-sign-in.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { userJson } from '../../users/user.ts'
import { answers, emptyBody, passkeySignInBody } from '../auth-schemas.ts'
import { localPath } from '../local-path.ts'
import { type Route, route } from '../route.ts'
import type { PageSettings } from './page-settings.ts'
import { ceremonyCookie, signInCookies } from './session-cookies.ts'

/** Signing in by passkey: what `passkeys.js` asks for the sign-in page. JSON alone, since only scripts reach passkeys. */
export function passkeySignInRoutes(context: SignInContext, settings: PageSettings): Route[] {
  return [
    route({
      method: 'POST',
      path: '/auth/passkeys/options',
      access: 'open',
      summary: 'What a browser needs to ask for a passkey; the same whoever asks, and for whichever account (PKY-04).',
      body: emptyBody,
      answers: { 200: answers.passkeyOptions },
      async handle(exchange) {
        const asks = { browser: exchange.cookie('ceremony'), client: exchange.client }
        const { options, browser } = await beginPasskeySignIn(context, asks)
        return exchange.json({ success: true, options }, { cookies: [ceremonyCookie(settings, browser)] })
      },
    }),
    route({
      method: 'POST',
      path: '/auth/passkeys/sign-in',
      access: 'open',
      summary: 'Signs in with a passkey, without a second step: a session cookie.',
      body: passkeySignInBody,
      answers: { 200: answers.signedIn },
      async handle(exchange, { credential, remember_me, shared_computer, next }) {
        const attempt = { credential, browser: exchange.cookie('ceremony'), client: exchange.client }
        const started = await passkeySignIn(context, attempt, {
          kind: 'session',
          remember: remember_me ?? false,
          shared: shared_computer ?? false,
          former: exchange.cookie('session'),
          device: exchange.cookie('device'),
          trustMark: () => exchange.cookie('trusted'),
        })
        const message = `Welcome back, ${started.user.username}.`
        const redirect = localPath(next ?? null) ?? '/'
        const cookies = signInCookies(settings, started)
        return exchange.json({ success: true, message, redirect, user: userJson(started.user) }, { cookies })
      },
    }),
  ]
}
