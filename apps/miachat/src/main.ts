import {
  type Auth,
  type AuthTables,
  type Connection,
  createAuth,
  type Fetch,
  type Log,
  type MailOptions,
  tables,
} from '@miachat/auth'
import type { ChatTables } from './chat-tables.ts'
import type { Config } from './config.ts'
import { serverFacts } from './config-page/server-facts.ts'
import { createConversationSweep } from './conversations/sweep-conversations.ts'
import { bringUpToDate, isUpToDate, openAppDatabase } from './database-start.ts'
import { createDoctorSight } from './doctor/doctor-sight.ts'
import { createRunningChecks } from './doctor/running-checks.ts'
import { forgotWays } from './forgot-ways.ts'
import { mailOptions } from './mail/mail-options.ts'
import { createPlaces } from './places/places.ts'
import { appRoutes } from './routes.ts'
import { findSecrets, type Secrets } from './secret-key.ts'
import { newKey } from './secret-key-file.ts'
import { checkServerKeys } from './server-keys.ts'
import { createServerKeysStore } from './server-keys-store.ts'
import { activityView } from './settings/activity-view.ts'
import { createExportParts } from './settings/export-parts.ts'
import { preferenceSections } from './settings/preference-views.ts'
import { createPreviews } from './settings/previews.ts'
import { settingsView } from './settings/settings-view.ts'
import { createWhatGoes } from './settings/what-goes.ts'
import { productVersion } from './version.ts'
import { errorView } from './views/error-view.ts'
import { createAppLayout } from './views/layout.ts'
import { inAll } from './words/words.ts'

/** MiaChat, wired and ready to answer, without a port. */
export interface MiaChat {
  readonly auth: Auth
  readonly fetch: Fetch
  readonly secrets: Secrets
  /** Stops the sweeps and the hashing threads and closes the database. */
  close(): Promise<void>
}

/**
 * The only wiring: opens the database, brings it up to date, finds the keys, builds the library and the app's own routes.
 * Throws StopWithSentence for whatever an operator has to change. Nothing listens yet; `startSweeping` is the caller's.
 */
export async function startMiaChat(
  config: Config,
  log: Log,
  secrets = findSecrets(config),
  sendsMail = true,
): Promise<MiaChat> {
  const connection = await openAppDatabase(config)
  try {
    await bringUpToDate(connection, config.dataDir, Date.now())
    const app = await wire(config, log, secrets, connection, mailOptions(config.mail, config.onThisMachine, sendsMail))
    await checkServerKeys(connection, app.auth.keys, Date.now(), config.accessLifetime)
    return app
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** For a command beside a running server: needs no key and makes none; nothing that it does is signed. */
export async function openMiaChat(config: Config, log: Log): Promise<MiaChat> {
  const connection = await openAppDatabase(config)
  try {
    await bringUpToDate(connection, config.dataDir, Date.now())
    // Without mail: a letter that is sealed with this key would open nowhere.
    return await wire(config, log, { keys: [newKey()], file: null, made: false, warnings: [] }, connection, undefined)
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** What has to be done once before several processes start: the key, the migrations, the first administrator's address. */
export async function prepareData(
  config: Config,
): Promise<{ readonly secrets: Secrets; readonly firstAdministrator: string | null }> {
  const app = await startMiaChat(config, silent, undefined, false)
  try {
    return { secrets: app.secrets, firstAdministrator: await app.auth.admin.firstAdministratorUrl() }
  } finally {
    await app.close()
  }
}

const silent: Log = () => {}

async function wire(
  config: Config,
  log: Log,
  secrets: Secrets,
  connection: Connection,
  mail: MailOptions | undefined,
): Promise<MiaChat> {
  const metrics = config.metricsToken === null ? null : (await import('./operator/metrics.ts')).createMetrics()
  const chatTables = tables<ChatTables>(connection)
  const publicFolder = new URL('./public/', import.meta.url)
  const auth = await createAuth({
    database: connection,
    migrate: false,
    secret: secrets.keys,
    baseUrl: config.baseUrl,
    siteName: config.siteName,
    languages: config.languages,
    registration: config.registration,
    providers: config.providers,
    passwords: config.passwords,
    sessions: config.sessions,
    tokens: {
      algorithm: config.algorithm,
      accessLifetime: config.accessLifetime,
      familyLifetime: config.refreshLifetime,
      grace: config.refreshGrace,
    },
    secondFactor: config.secondFactor,
    unconfirmedAddresses: config.unconfirmedAddresses,
    exportParts: createExportParts(chatTables),
    sweep: createConversationSweep(chatTables),
    health: createRunningChecks(config, secrets, createServerKeysStore(tables<AuthTables>(connection))),
    previews: (person, now, words) => createPreviews(assetUrl)(person, now, words),
    leaving: { grace: config.deletionGrace, goes: createWhatGoes(chatTables) },
    limits: config.limits,
    logAddresses: config.logAddresses,
    ...(config.geoDatabase === null ? {} : { placeOf: createPlaces(config.geoDatabase, log) }),
    trustedProxies: config.trustedProxies,
    corsOrigins: config.corsOrigins,
    hstsSubdomains: config.hstsSubdomains,
    ownAddressOnly: true,
    tokenScopes: {
      chat: inAll(({ frame }) => frame.scopes.chat),
      characters: inAll(({ frame }) => frame.scopes.characters),
    },
    forgotWays,
    ...(mail ? { mail } : {}),
    ...(config.operator === null ? {} : { operator: config.operator }),
    layout: (libraryUrl) =>
      createAppLayout({
        siteName: config.siteName,
        assetUrl: (path) => (path.startsWith('/assets/') ? assetUrl(path) : libraryUrl(path)),
        version: productVersion,
        offlineWorker: '/offline-worker.js',
        ...(config.operator === null ? {} : { help: config.operator }),
      }),
    log: metrics ? metrics.counting(log) : log,
    ...(metrics ? { onAnswer: metrics.onAnswer } : {}),
    errorView,
    settingsView,
    activityView,
    settingsSections: preferenceSections,
  })
  metrics?.watch(auth.load)
  const assets = auth.assets(publicFolder, '/assets/')
  function assetUrl(path: string): string {
    return assets.url(path)
  }
  const rows = appRoutes({
    siteName: config.siteName,
    chat: { db: chatTables, clock: auth.clock, assetUrl },
    preferences: {
      db: chatTables,
      clock: auth.clock,
      changeFields: auth.changeFields,
      hasMail: mail !== undefined,
    },
    picture: {
      db: chatTables,
      clock: auth.clock,
      changeFields: auth.changeFields,
      assetUrl,
      textHeaders: auth.headers.text,
    },
    config: {
      groups: (say) =>
        serverFacts(
          config,
          secrets.file,
          {
            product: productVersion,
            node: process.versions.node,
            database: connection.kind === 'sqlite' ? `SQLite ${process.versions.sqlite}` : 'PostgreSQL',
          },
          say,
        ),
      onThisMachine: config.onThisMachine,
    },
    operator: {
      checkReady: () => isUpToDate(connection),
      metrics: metrics && config.metricsToken !== null ? { token: config.metricsToken, read: metrics.read } : null,
      textHeaders: auth.headers.text,
      doctorSees: createDoctorSight(auth, config),
    },
    api: { baseUrl: config.baseUrl, sessionCookie: auth.cookies.session, libraryRows: auth.routes },
    outbox:
      config.mail.kind === 'outbox' && config.onThisMachine
        ? {
            folder: config.mail.folder,
            baseUrl: config.baseUrl,
            textHeaders: auth.headers.text,
            clock: auth.clock,
          }
        : null,
    files: assets.routes,
    fileHeaders: auth.headers.asset,
  })
  return {
    auth,
    fetch: auth.site(rows),
    secrets,
    async close() {
      await auth.close()
      await connection.close()
    },
  }
}
