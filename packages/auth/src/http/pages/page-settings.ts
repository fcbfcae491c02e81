import type { AccountEvent } from '../../audit/audit.ts'
import type { SessionSettings } from '../../sessions/session-rules.ts'
import type { DeviceListed } from '../../sign-in/sign-out.ts'
import type { User } from '../../users/user.ts'
import type { CookieNames, CookieSettings } from '../cookies.ts'
import type { PageView } from '../exchange.ts'
import type { RecoveryWay } from '../views/forgot-view.ts'
import type { FormError } from '../views/forms.ts'
import type { Html } from '../views/html.ts'
import type { Notice } from '../views/layout.ts'
import type { ShownFields } from '../views/register-view.ts'

/** What the settings page is drawn from. */
export interface SettingsData {
  readonly user: User
  readonly devices: readonly DeviceListed[]
  /** What happened to the account, the newest first. */
  readonly events: readonly AccountEvent[]
  readonly passwordMinLength: number
  readonly errors: readonly FormError[]
  /** Milliseconds since 1970. */
  readonly now: number
  readonly notice: Notice | null
}

export interface PageSettings {
  readonly cookieSettings: CookieSettings
  readonly cookies: CookieNames
  readonly sessionSettings: SessionSettings
  readonly passwordMinLength: number
  readonly forgotWays: readonly RecoveryWay[]
  readonly operator: string | null
  readonly httpWarning: boolean
  readonly registrationFields: ((shown: ShownFields) => Html) | null
  readonly settingsView: (data: SettingsData) => PageView | Promise<PageView>
}
