import type { AccountEvent } from '../../audit/audit.ts'
import type { ExportPart } from '../../exports/exports.ts'
import type { SessionSettings } from '../../sessions/session-rules.ts'
import type { HealthLine } from '../../sign-in/health.ts'
import type { User } from '../../users/user.ts'
import type { HostText } from '../../words/host-text.ts'
import type { Language, Words } from '../../words/words.ts'
import type { CookieNames, CookieSettings } from '../cookies.ts'
import type { PageView } from '../exchange.ts'
import type { RecoveryWay } from '../views/forgot-view.ts'
import type { FormError } from '../views/forms.ts'
import type { Html } from '../views/html.ts'
import type { Notice } from '../views/layout.ts'
import type { ShownFields } from '../views/register-view.ts'
import type { Preview } from './preview-samples.ts'

/** What the settings page is drawn from. */
export interface SettingsData {
  /** The words of the request. */
  readonly words: Words
  /** Those that a person can choose from. */
  readonly languages: readonly Language[]
  readonly user: User
  /** What happened to the account, the newest first. */
  readonly events: readonly AccountEvent[]
  readonly errors: readonly FormError[]
  /** Milliseconds since 1970. */
  readonly now: number
  readonly notice: Notice | null
}

/** What the page of the account's history is drawn from. */
export interface ActivityData {
  /** The words of the request. */
  readonly words: Words
  readonly user: User
  /** The newest first. */
  readonly events: readonly AccountEvent[]
  /** Address of the page before this one in time, or null. */
  readonly olderHref: string | null
  /** This page does not begin with the newest. */
  readonly isOlder: boolean
  readonly now: number
}

export interface PageSettings {
  /** The configured address, of which links are built. */
  readonly origin: string
  /** Names the account in an authenticator app. */
  readonly siteName: string
  readonly cookieSettings: CookieSettings
  readonly cookies: CookieNames
  readonly sessionSettings: SessionSettings
  readonly passwordMinLength: number
  /** For how long a browser is asked for no second step, in milliseconds; 0 for never. */
  readonly trustLifetime: number
  /** What the host app adds to the archive of a person. */
  readonly exportParts: (user: User) => readonly ExportPart[] | Promise<readonly ExportPart[]>
  /** What a file of a person is sent with. */
  readonly downloadHeaders: Readonly<Record<string, string>>
  /** What a personal token may be allowed, each with words for people. */
  readonly tokenScopes: Readonly<Record<string, HostText>>
  /** What the host app deletes with an account, in words, a line each. */
  readonly goesWith: (user: User) => readonly HostText[] | Promise<readonly HostText[]>
  /** The host's pages that administrators can look at as others see them, drawn with made-up data. */
  readonly previews: (person: User, now: number, words: Words) => readonly Preview[]
  /** What the host app says of how it stands. */
  readonly health: () => readonly HealthLine[] | Promise<readonly HealthLine[]>
  readonly forgotWays: readonly RecoveryWay[]
  readonly operator: string | null
  readonly httpWarning: boolean
  readonly registrationFields: ((shown: ShownFields) => Html) | null
  readonly activityView: (data: ActivityData) => PageView | Promise<PageView>
  readonly settingsView: (data: SettingsData) => PageView | Promise<PageView>
}
