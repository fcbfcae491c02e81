import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBrowser } from '../../../../packages/auth/test/support/browser.ts'
import { checkedFetch } from '../../../../packages/auth/test/support/check-answers.ts'
import { testDatabase } from '../../../../packages/auth/test/support/test-database.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { startMiaChat } from '../../src/main.ts'

export interface LogLine {
  readonly level: string
  readonly event: string
  readonly fields: Record<string, unknown>
}

/** Settings for a MiaChat of a test, on a database and a folder of its own. Always end it with `drop()`. */
export async function appSettings(variables: Record<string, string> = {}) {
  const database = await testDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'app-test-'))
  const dataDir = join(folder, 'data')
  const config: Config = readConfig(
    { PASSWORD_COST: '4', PASSWORD_THREADS: '1', DATABASE_URL: database.url, DATA_DIR: dataDir, ...variables },
    null,
    folder,
  )
  return {
    config,
    folder,
    async drop() {
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * The whole MiaChat as it is wired for people, without a port. Every JSON answer is checked against its own API document.
 * Always end it with `close()`.
 */
export async function appWorld(variables: Record<string, string> = {}) {
  const { config, drop } = await appSettings(variables)
  const lines: LogLine[] = []
  const app = await startMiaChat(config, (level, event, fields = {}) => lines.push({ level, event, fields }))
  const fetch = checkedFetch(app.fetch, async () => {
    const response = await app.fetch(new Request(new URL('/openapi.json', config.baseUrl)))
    return response.json()
  })
  return {
    app,
    config,
    lines,
    browser: () => createBrowser(fetch, config.baseUrl),
    async close() {
      await app.close()
      await drop()
    },
  }
}
