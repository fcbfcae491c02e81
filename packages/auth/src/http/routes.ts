import type { SignInContext } from '../sign-in/sign-in-context.ts'
import { deviceCodeRoutes } from './api/device-code-routes.ts'
import { type TokenRouteSettings, tokenRoutes } from './api/token-routes.ts'
import { accessPages } from './pages/access-pages.ts'
import { accountRoutes } from './pages/account-pages.ts'
import { addressPages } from './pages/address-pages.ts'
import { adminPages } from './pages/admin-pages.ts'
import { dataPages } from './pages/data-pages.ts'
import { deviceCodePages } from './pages/device-code-pages.ts'
import { devicePages } from './pages/device-pages.ts'
import { enrolmentPages } from './pages/enrolment-pages.ts'
import { factorPages } from './pages/factor-pages.ts'
import { forgotPages } from './pages/forgot-pages.ts'
import { healthPages } from './pages/health-pages.ts'
import { invitationPages } from './pages/invitation-pages.ts'
import { limitPages } from './pages/limit-pages.ts'
import { logPages } from './pages/log-pages.ts'
import type { PageSettings } from './pages/page-settings.ts'
import { passkeyPages } from './pages/passkey-pages.ts'
import { passkeySignInRoutes } from './pages/passkey-sign-in-routes.ts'
import { previewPages } from './pages/preview-pages.ts'
import { providerPages } from './pages/provider-pages.ts'
import { secondFactorPages } from './pages/second-factor-pages.ts'
import { securityKeyPages } from './pages/security-key-pages.ts'
import { securityPages } from './pages/security-pages.ts'
import { serverPages } from './pages/server-pages.ts'
import { sessionWatch } from './pages/session-watch.ts'
import { signInPages } from './pages/sign-in-pages.ts'
import { tokenPages } from './pages/token-pages.ts'
import { undoPages } from './pages/undo-pages.ts'
import { usernamePages } from './pages/username-pages.ts'
import type { Route } from './route.ts'

/**
 * Every address of the library:
 *
 *     GET  /auth/login  /auth/register                                   pages/sign-in-pages.ts
 *     POST /auth/login  /auth/register  /auth/register/options  /auth/logout  /auth/theme  /auth/language
 *     GET  /auth/forgot  /auth/reset                                     pages/forgot-pages.ts
 *     POST /auth/forgot  /auth/reset
 *     GET  /auth/second-factor                                           pages/second-factor-pages.ts
 *     POST /auth/second-factor  /auth/second-factor/passkey/options  /auth/second-factor/passkey
 *     GET  /auth/enrol  /auth/enrol/:id                                  pages/enrolment-pages.ts
 *     POST /auth/enrol  /auth/enrol/:id/confirm  /auth/enrol/passkey/options  /auth/enrol/passkey
 *     POST /auth/passkeys/options  /auth/passkeys/sign-in                pages/passkey-sign-in-routes.ts
 *     POST /auth/api/login  /auth/api/second-factor  /auth/api/refresh  /auth/api/logout   api/token-routes.ts
 *     POST /auth/api/second-factor/passkey  /auth/api/second-factor/passkey/options
 *     GET  /auth/api/me  /auth/api/check
 *     POST /auth/api/device/code  /auth/api/device/token                 api/device-code-routes.ts
 *     GET  /auth/device  /auth/device/:id                                pages/device-code-pages.ts
 *     POST /auth/device  /auth/device/:id/allow  /auth/device/:id/refuse
 *     GET  /settings  /settings/activity                                 pages/account-pages.ts
 *     POST /settings/profile
 *     GET  /settings/username                                            pages/username-pages.ts
 *     POST /settings/username
 *     GET  /settings/devices                                             pages/device-pages.ts
 *     POST /settings/sessions/:id/name  /settings/sessions/:id/end  /settings/sessions/end-others
 *     POST /settings/new-devices/:id/mine  /settings/new-devices/:id/not-mine
 *     GET  /settings/access                                              pages/access-pages.ts
 *     POST /settings/access/shut
 *     GET  /settings/tokens                                              pages/token-pages.ts
 *     POST /settings/tokens  /settings/tokens/:id/revoke
 *     GET  /auth/session/events                                          pages/session-watch.ts
 *     GET  /settings/security                                            pages/security-pages.ts
 *     POST /settings/password
 *     GET  /settings/confirm  /settings/second-factor                    pages/factor-pages.ts
 *     GET  /settings/authenticators/:id
 *     POST /settings/confirm  /settings/confirm/passkey/options  /settings/confirm/passkey  /settings/confirm/drop
 *     POST /settings/authenticators  /settings/authenticators/:id/confirm
 *     POST /settings/authenticators/:id/remove  /settings/recovery-codes
 *     POST /settings/trusted-devices/:id/cut  /settings/trusted-devices/cut-all
 *     GET  /settings/passkeys  /settings/passkeys/:id                    pages/passkey-pages.ts
 *     POST /settings/passkeys/options  /settings/passkeys  /settings/passkeys/:id/rename  /settings/passkeys/:id/remove
 *     POST /settings/passkeys/not-now
 *     GET  /settings/security-keys/:id                                   pages/security-key-pages.ts
 *     POST /settings/security-keys/options  /settings/security-keys  /settings/security-keys/:id/rename
 *     POST /settings/security-keys/:id/remove
 *     GET  /settings/data  /settings/data/delete  /auth/left  /auth/restore   pages/data-pages.ts
 *     GET  /settings/export  /settings/export/:id
 *     POST /settings/export  /settings/delete  /auth/restore
 *     GET  /auth/providers/:id/callback  /auth/welcome  /settings/providers   pages/provider-pages.ts
 *     POST /auth/providers/:id  /auth/providers/:id/callback  /auth/welcome
 *     POST /settings/providers/:id/link  /settings/providers/:id/confirm  /settings/providers/:id/unlink
 *     GET  /settings/address  /settings/address/change                   pages/address-pages.ts
 *     POST /settings/address  /settings/address/send  /settings/address/confirm  /settings/address/drop
 *     GET  /auth/confirm-address
 *     POST /auth/confirm-address
 *     GET  /auth/undo                                                    pages/undo-pages.ts
 *     POST /auth/undo
 *     GET  /admin  /admin/people  /admin/people/:id                      pages/admin-pages.ts
 *     GET  /admin/people/:id/approve  /admin/people/:id/decline
 *     GET  /admin/people/:id/disable  /admin/people/:id/enable  /admin/people/:id/end-sessions
 *     GET  /admin/people/:id/remove-second-factor  /admin/people/:id/make-admin  /admin/people/:id/remove-admin
 *     GET  /admin/people/:id/demand-second-factor  /admin/people/:id/withdraw-demand  /admin/people/:id/forget-failures
 *     GET  /admin/people/:id/reset-link  /admin/people/:id/confirm-address  /admin/people/:id/delete
 *     GET  /admin/people/:id/sessions/:part/end  /admin/people/:id/authenticators/:part/remove
 *     GET  /admin/people/:id/passkeys/:part/remove  /admin/people/:id/security-keys/:part/remove
 *     POST /admin/people/:id/approve  /admin/people/:id/decline
 *     POST /admin/people/:id/disable  /admin/people/:id/enable  /admin/people/:id/end-sessions
 *     POST /admin/people/:id/remove-second-factor  /admin/people/:id/make-admin  /admin/people/:id/remove-admin
 *     POST /admin/people/:id/demand-second-factor  /admin/people/:id/withdraw-demand  /admin/people/:id/forget-failures
 *     POST /admin/people/:id/reset-link  /admin/people/:id/confirm-address  /admin/people/:id/delete
 *     POST /admin/people/:id/sessions/:part/end  /admin/people/:id/authenticators/:part/remove
 *     POST /admin/people/:id/passkeys/:part/remove  /admin/people/:id/security-keys/:part/remove
 *     GET  /admin/log  /admin/log/export                                 pages/log-pages.ts
 *     POST /admin/log/export
 *     GET  /admin/view-as                                                pages/preview-pages.ts
 *     GET  /admin/invitations  /auth/waiting  /auth/first-administrator   pages/invitation-pages.ts
 *     POST /admin/invitations  /admin/invitations/:id/withdraw  /auth/first-administrator
 *     GET  /admin/server                                                 pages/server-pages.ts
 *     POST /admin/server/mail-test
 *     GET  /admin/health                                                 pages/health-pages.ts
 *     GET  /admin/limits                                                 pages/limit-pages.ts
 *     GET  /auth/assets/…                                                the files of public/
 */
export function authRoutes(
  context: SignInContext,
  pages: PageSettings,
  tokens: TokenRouteSettings,
  files: readonly Route[],
): Route[] {
  return [
    ...signInPages(context, pages),
    ...forgotPages(context, pages),
    ...secondFactorPages(context, pages),
    ...enrolmentPages(context, pages),
    ...passkeySignInRoutes(context, pages),
    ...tokenRoutes(context, tokens),
    ...deviceCodeRoutes(context, tokens),
    ...deviceCodePages(context),
    ...accountRoutes(context, pages),
    ...usernamePages(context),
    ...devicePages(context),
    ...sessionWatch(),
    ...accessPages(context),
    ...tokenPages(context, pages.tokenScopes),
    ...securityPages(context, pages),
    ...factorPages(context, pages),
    ...passkeyPages(context, pages),
    ...securityKeyPages(context, pages),
    ...dataPages(context, pages),
    ...providerPages(context, pages),
    ...addressPages(context),
    ...undoPages(context, pages),
    ...adminPages(context, pages),
    ...logPages(context, pages),
    ...previewPages(context, pages),
    ...invitationPages(context, pages),
    ...serverPages(context, pages),
    ...healthPages(context, pages),
    ...limitPages(context),
    ...files,
  ]
}
