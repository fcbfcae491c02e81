import { createAudit } from './audit/audit.ts'
import { authApi } from './auth-api.ts'
import { type AuthOptions, checkOptions, languagesOf } from './auth-options.ts'
import { authMigrations } from './db/auth-migrations.ts'
import type { AuthTables } from './db/auth-tables.ts'
import { databaseState } from './db/database-state.ts'
import { migrate } from './db/migrate.ts'
import { openDatabase } from './db/open-database.ts'
import { tables } from './db/tables.ts'
import { createDeviceCodes } from './device-codes/device-codes.ts'
import { createExports } from './exports/exports.ts'
import { createDemands, type DemandGraces } from './factors/demands.ts'
import { createFactors } from './factors/factors.ts'
import { createPending } from './factors/pending.ts'
import { createTrustedDevices } from './factors/trusted-devices.ts'
import { createAssets } from './http/assets.ts'
import { createAddressOf } from './http/client-address.ts'
import { cookieNames } from './http/cookies.ts'
import { ownOrigins } from './http/csrf.ts'
import { createHeaderSets } from './http/headers.ts'
import { defaultActivityView, defaultSettingsView } from './http/pages/default-settings-view.ts'
import { defaultErrorView } from './http/pages/error-page.ts'
import type { PageSettings } from './http/pages/page-settings.ts'
import { pendingCookie } from './http/pages/session-cookies.ts'
import type { Route } from './http/route.ts'
import { createRouteTable } from './http/route-table.ts'
import { authRoutes } from './http/routes.ts'
import { createSite, type Fetch, type SiteDeps } from './http/site.ts'
import { createDefaultLayout } from './http/views/layout.ts'
import { createInvitations } from './invitations/invitations.ts'
import { days, minutes, steadyClock } from './lib/clock.ts'
import { AuthError } from './lib/errors.ts'
import { silent, unfailing } from './lib/log.ts'
import { createKeyRing } from './lib/secrets.ts'
import { fieldOf } from './lib/standard-schema.ts'
import { defaultLimits } from './limits/counters.ts'
import { createFairShare } from './limits/fair-share.ts'
import { createLimits } from './limits/limits.ts'
import { createLinks } from './links/links.ts'
import { createMail } from './mail/outbox.ts'
import { createSender } from './mail/sender.ts'
import { createPasskeys } from './passkeys/passkeys.ts'
import { passkeyHindranceWords, relyingPartyOf } from './passkeys/relying-party.ts'
import { createHasher } from './passwords/hasher.ts'
import { createPersonalTokens } from './personal-tokens/personal-tokens.ts'
import { createProviders } from './providers/providers.ts'
import { createOpenDoors } from './sessions/open-doors.ts'
import { defaultSessionSettings } from './sessions/session-rules.ts'
import { createSessions } from './sessions/sessions.ts'
import { checkBearer } from './sign-in/check-bearer.ts'
import { factorMissing } from './sign-in/demanded-factor.ts'
import { resetOrders } from './sign-in/forgot-password.ts'
import { holdOpen } from './sign-in/hold-open.ts'
import { createKnownDevices } from './sign-in/known-device.ts'
import { createPlaceOf } from './sign-in/place-of.ts'
import type { SignInContext } from './sign-in/sign-in-context.ts'
import { hasSecondFactor } from './sign-in/ways-in.ts'
import { createAccessTokens } from './tokens/access-token.ts'
import { createTokens, defaultTokenSettings } from './tokens/tokens.ts'
import { createAccountChanges } from './users/account-changes.ts'
import { createFormerNameStore } from './users/former-name-store.ts'
import { createPeopleStore } from './users/people-store.ts'
import { roles } from './users/user.ts'
import { createUserStore } from './users/user-store.ts'
import { hostText } from './words/host-text.ts'

export type Auth = Awaited<ReturnType<typeof createAuth>>

/** Passwords that one network may have in the queue of hashes at a time, of the 128 that fit by default. */
const HASHES_PER_NETWORK = 30

/**
 * Builds the authentication of a site: opens the database, brings it up to date, and answers functions, guards and a
 * `fetch(Request)` with all routes and pages. Throws an Error with a sentence for options that cannot work.
 */
export async function createAuth(options: AuthOptions) {
  checkOptions(options)
  const baseUrl = new URL(options.baseUrl)
  const secure = baseUrl.protocol === 'https:'
  const clock = options.clock ?? steadyClock()
  const log = unfailing(options.log ?? silent)
  const keys = createKeyRing(typeof options.secret === 'string' ? [options.secret] : options.secret)
  const addressOf = createAddressOf(options.trustedProxies ?? [])
  const hasher = createHasher({ scheme: 'bcrypt', ...options.passwords })
  const given = typeof options.database === 'object' && 'transaction' in options.database
  const connection =
    typeof options.database === 'object' && 'transaction' in options.database
      ? options.database
      : await openDatabase(options.database)
  try {
    if (options.migrate !== false) await migrate(connection, [authMigrations], clock())
  } catch (error) {
    if (!given) await connection.close()
    throw error
  }

  const db = tables<AuthTables>(connection)
  const changes = createAccountChanges({ db, clock })
  const audit = createAudit({
    db,
    clock,
    log,
    afterCommit: changes.afterCommit,
    addresses: options.logAddresses ?? 'whole',
  })
  const sessionSettings = { ...defaultSessionSettings, ...options.sessions }
  const tokenSettings = { ...defaultTokenSettings, ...options.tokens }
  const accessLifetime = options.tokens?.accessLifetime ?? minutes(30)
  const accessTokens = createAccessTokens({
    keys,
    clock,
    settings: {
      algorithm: options.tokens?.algorithm ?? 'HS256',
      issuer: baseUrl.origin,
      audience: baseUrl.origin,
      lifetime: accessLifetime,
    },
  })
  const relyingParty = relyingPartyOf(baseUrl, options.siteName ?? baseUrl.hostname)
  const graces: DemandGraces = {
    user: options.secondFactor?.user?.grace ?? null,
    // Whoever may do more is asked for no less.
    admin: (options.secondFactor?.admin ?? options.secondFactor?.user)?.grace ?? null,
  }
  const context: SignInContext = {
    changes,
    languages: languagesOf(options),
    users: createUserStore(db),
    formerNames: createFormerNameStore(db),
    people: createPeopleStore(db, {
      rpId: relyingParty?.id ?? null,
      demanded: roles.filter((role) => graces[role] !== null),
    }),
    sessions: createSessions({ db, changes, clock, log, settings: sessionSettings }),
    tokens: createTokens({ db, changes, accessTokens, keys, clock, settings: tokenSettings }),
    personalTokens: createPersonalTokens({ db, changes, clock, log }),
    doors: createOpenDoors({ changes, clock, log }),
    links: createLinks({ db, clock }),
    factors: createFactors({ db, clock, keys }),
    demands: createDemands({ changes, graces }),
    mail: options.mail
      ? createMail({
          db,
          keys,
          clock,
          siteName: options.siteName ?? baseUrl.hostname,
          origin: baseUrl.origin,
          goesTo: options.mail.goesTo ?? null,
        })
      : null,
    pending: createPending({ db, clock }),
    deviceCodes: createDeviceCodes({ db, clock, keys }),
    exports: createExports({ db, clock, log }),
    trusted: createTrustedDevices({ db, clock, lifetime: options.secondFactor?.trustedFor ?? days(30) }),
    passkeys: createPasskeys({
      db,
      clock,
      relyingParty,
      hindrance: {
        passkey: passkeyHindranceWords(baseUrl.origin),
        security_key: passkeyHindranceWords(baseUrl.origin, 'Security keys'),
      },
    }),
    providers: createProviders({ db, clock, keys, log, origin: baseUrl.origin, options: options.providers ?? [] }),
    limits: createLimits({ db, clock }),
    limitSettings: { ...defaultLimits, ...options.limits },
    inTurn: createFairShare(HASHES_PER_NETWORK),
    hasher,
    passwordPolicy: { minLength: options.passwords?.minLength ?? 8 },
    audit,
    devices: createKnownDevices(keys),
    keys,
    clock,
    log,
    hooks: options,
    checkFields: (fields) => checkFields(options.userFields, fields),
    hidesAddresses: options.unconfirmedAddresses === 'refuse',
    registration: options.registration ?? 'open',
    invitations: createInvitations({ db, clock }),
    leavingGrace: options.leaving?.grace ?? days(7),
    placeOf: createPlaceOf(options.placeOf, log),
    sweepHost: options.sweep ?? (async () => 0),
    databaseState: () => databaseState(connection),
  }
  const { mail } = options
  const sender =
    mail && context.mail && createSender({ ...mail, db, keys, clock, log, orders: resetOrders(context, context.mail) })
  if (mail?.sends !== false) sender?.start()

  const trustworthy = secure || ['localhost', '127.0.0.1', '[::1]'].includes(baseUrl.hostname)
  const headers = createHeaderSets({ https: secure, trustworthy, hstsSubdomains: options.hstsSubdomains ?? false })
  const cookieSettings = { secure, prefix: options.cookiePrefix ?? 'mia' }
  const assets = createAssets(new URL('./http/public/', import.meta.url), '/auth/assets/', headers)
  const layout =
    options.layout?.(assets.url) ??
    createDefaultLayout({ siteName: options.siteName ?? 'Sign-in', assetUrl: assets.url })
  const pageSettings: PageSettings = {
    origin: baseUrl.origin,
    cookieSettings,
    cookies: cookieNames(cookieSettings),
    siteName: options.siteName ?? baseUrl.hostname,
    sessionSettings,
    passwordMinLength: context.passwordPolicy.minLength,
    trustLifetime: context.trusted.lifetime,
    exportParts: options.exportParts ?? (() => []),
    downloadHeaders: headers.text,
    tokenScopes: { profile: hostText(({ devices }) => devices.tokens.profile), ...options.tokenScopes },
    previews: options.previews ?? (() => []),
    health: options.health ?? (() => []),
    goesWith: options.leaving?.goes ?? (() => []),
    forgotWays: options.forgotWays ?? [],
    operator: options.operator ?? null,
    registrationFields: options.registrationFields ?? null,
    // Others on the network can read along, but on this machine itself (COO-01).
    httpWarning: !trustworthy,
    settingsView: options.settingsView ?? defaultSettingsView,
    activityView: options.activityView ?? defaultActivityView,
  }
  const routes = authRoutes(context, pageSettings, { accessLifetime, origin: baseUrl.origin }, assets.routes)

  const lookup = createRouteTable(routes)
  const siteDeps: SiteDeps = {
    checkSession: context.sessions.check,
    confirmedFor: (signedIn) => context.sessions.confirmedFor(signedIn.session),
    hasSecondFactor: (user) => hasSecondFactor(context, user),
    factorMissing: (user) => factorMissing(context, user),
    pendingCookie: (token) => pendingCookie(pageSettings, token),
    checkBearer: (token, address) => checkBearer(context, token, address),
    holdOpen: (by) => holdOpen(context, by),
    clock,
    addressOf,
    baseUrl,
    origins: ownOrigins(baseUrl),
    ownAddressOnly: options.ownAddressOnly ?? false,
    languages: context.languages,
    settingsSections: options.settingsSections ?? [],
    asksToConfirm: context.mail !== null,
    hasPasskeys: context.passkeys.hindrance === null,
    refusesUnconfirmed: options.unconfirmedAddresses === 'refuse',
    corsOrigins: new Set(options.corsOrigins ?? []),
    cookies: pageSettings.cookies,
    headers,
    layout,
    errorView: options.errorView ?? defaultErrorView,
    onCrossSite: (client, path) =>
      audit.note({ event: 'cross_site_request', result: 'refused', detail: { path } }, client),
    log,
    ...(options.onAnswer ? { onAnswer: options.onAnswer } : {}),
  }
  /** One `fetch` for the library's routes and the host's own rows, under the same rules. */
  const site = (rows: readonly Route[] = []): Fetch => createSite(siteDeps, [...routes, ...rows])

  return {
    ...authApi(context, { siteDeps, pageSettings, connection, closesConnection: !given, sender: sender ?? null }),
    routes,
    site,
    fetch: site(),
    /** Whether an address (a path without query) is one of the library's, under whatever method. */
    handles: (path: string): boolean => lookup('GET', path) !== null,
    headers,
    cookies: pageSettings.cookies,
    connection,
    keys,
    clock,
    /** Makes the routes of a folder of files, with the same headers. */
    assets: (folder: URL, prefix: string) => createAssets(folder, prefix, headers),
  }
}

async function checkFields(schema: AuthOptions['userFields'], fields: Readonly<Record<string, unknown>>) {
  if (!schema) return {}
  const result = await schema['~standard'].validate(fields)
  if (result.issues === undefined) return result.value
  throw new AuthError('invalid_fields', {
    fields: result.issues.map((issue) => ({ field: fieldOf(issue), code: 'invalid', message: issue.message })),
  })
}
