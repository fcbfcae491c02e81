import type { Route } from '@miachat/auth'
import { type ChatRouteDeps, chatRoutes } from './chat-routes.ts'
import { type ConfigPageDeps, configPage } from './config-page/config-page.ts'
import { type OutboxPageDeps, outboxPage } from './mail/outbox-page.ts'
import { offlineRoutes } from './offline/offline-routes.ts'
import { apiDocumentRoutes } from './operator/api-document.ts'
import { faviconRoute } from './operator/favicon-route.ts'
import { type OperatorDeps, operatorRoutes } from './operator/operator-routes.ts'
import { type PicturePageDeps, picturePages } from './picture/picture-pages.ts'
import { type PreferencePageDeps, preferencePages } from './settings/preference-pages.ts'

export interface AppRouteDeps {
  readonly siteName: string
  readonly chat: ChatRouteDeps
  readonly preferences: PreferencePageDeps
  readonly picture: PicturePageDeps
  readonly config: ConfigPageDeps
  readonly operator: OperatorDeps
  readonly api: { readonly baseUrl: string; readonly sessionCookie: string; readonly libraryRows: readonly Route[] }
  /** Null where letters lie in no folder, or others than this machine reach the server. */
  readonly outbox: OutboxPageDeps | null
  /** The files of the app's pages. */
  readonly files: readonly Route[]
  /** What every file is sent with. */
  readonly fileHeaders: Readonly<Record<string, string>>
}

/**
 * Every address of the app beside the library's own: `/` and all of talking in `chat-routes.ts`, then what stands here.
 * Closed by default: a row without `access` needs a signed-in person.
 */
export function appRoutes({
  siteName,
  chat,
  preferences,
  picture,
  config,
  operator,
  api,
  outbox,
  files,
  fileHeaders,
}: AppRouteDeps): Route[] {
  const rows: Route[] = [
    ...chatRoutes(chat),
    ...preferencePages(preferences),
    ...picturePages(picture),
    ...configPage(config),
    ...operatorRoutes(operator),
    ...apiDocumentRoutes(api.baseUrl, api.sessionCookie, () => [...api.libraryRows, ...rows]),
    ...(outbox ? outboxPage(outbox) : []),
    faviconRoute,
    ...offlineRoutes(siteName, fileHeaders),
    ...files,
  ]
  return rows
}
