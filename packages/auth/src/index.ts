/** The door of `@miachat/auth`. Views come from `@miachat/auth/views`, adapters from `/hono`, `/express`, `/fastify`, `/node`. */

export { type AccountEvent, type AuditEvent, type AuditEventName, brokenLogs } from './audit/audit.ts'
export type { AuthenticatedUser } from './auth-api.ts'
export type { AuthOptions, MailOptions } from './auth-options.ts'
export { type Auth, createAuth } from './create-auth.ts'
export { authMigrations } from './db/auth-migrations.ts'
export type { AuthTables } from './db/auth-tables.ts'
export { type Connection, type DatabaseKind, UniqueViolation } from './db/connection.ts'
export {
  type Dialect,
  type Migration,
  MigrationRefused,
  type MigrationSet,
  type MigrationState,
  migrate,
  migrationState,
} from './db/migrate.ts'
export { type DatabaseSource, openDatabase } from './db/open-database.ts'
export type { PostgresPool } from './db/postgres-connection.ts'
export { giveUpKeys, sealAnew, sealingKeys } from './db/sealed-columns.ts'
export { byLimit, type Database, type Param, type Statement, tables } from './db/tables.ts'
export type { Assets } from './http/assets.ts'
export { createIsTrusted } from './http/client-address.ts'
export type { EventSource, ServerEvent } from './http/event-stream.ts'
export { type AnswerOptions, type Exchange, type PageView, sessionOf } from './http/exchange.ts'
export type { ErrorView, Peer } from './http/gate.ts'
export type { HostAccess, Verdict } from './http/host-guard.ts'
export type { HostRequest, NodeRequest } from './http/host-request.ts'
export { localPath } from './http/local-path.ts'
export { openApiDocument } from './http/openapi.ts'
export { formErrors, isForm, showAgain } from './http/pages/form-answers.ts'
export type { ActivityData, SettingsData } from './http/pages/page-settings.ts'
export { type Access, type Answers, type Route, route, routeOfForm } from './http/route.ts'
export type { Fetch } from './http/site.ts'
export { type Clock, days, hours, isoTime, minutes, seconds, steadyClock } from './lib/clock.ts'
export { AuthError, type AuthErrorOptions, type ErrorCode, errorCodes, type FieldError } from './lib/errors.ts'
export type { Client, Log } from './lib/log.ts'
export { makePrivateFolder } from './lib/private-folder.ts'
export { createKeyRing, type Key, type KeyRing, SHORTEST_SECRET } from './lib/secrets.ts'
export type { StandardSchema } from './lib/standard-schema.ts'
export { defaultLimits, type LimitSettings } from './limits/counters.ts'
export type { Letter, MailTransport } from './mail/sender.ts'
export { costs as passwordCosts } from './passwords/hash-setting.ts'
export type { DoorSignal } from './sessions/open-doors.ts'
export { defaultSessionSettings, type SessionSettings } from './sessions/session-rules.ts'
export type { Session, SignedIn } from './sessions/sessions.ts'
export type { DeviceListed } from './sign-in/devices.ts'
export type { NewPerson } from './sign-in/register.ts'
export { type Algorithm, algorithms } from './tokens/access-token.ts'
export { defaultTokenSettings, type TokenSettings } from './tokens/tokens.ts'
export { previewImport } from './users/import-people.ts'
export type { ImportDecision, PersonImported, PersonToImport } from './users/imported-person.ts'
export { type Role, type User, type UserJson, userJson } from './users/user.ts'
