import assert from 'node:assert/strict'
import { type Auth, type AuthOptions, type Connection, createAuth, openApiDocument } from '@miachat/auth'
import { createBrowser } from './browser.ts'
import { checkedFetch } from './check-answers.ts'
import { testDatabase } from './test-database.ts'

/** What the log was told. */
export interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: Record<string, unknown>
}

export const secret = 'a secret of the tests, long enough to be taken'
export const baseUrl = 'http://localhost:8080'

/**
 * A whole authentication in one line: a database of its own, a clock that tests set, a cheap hash, the log in memory.
 * Every JSON answer is checked against the OpenAPI document. Always end it with `close()`.
 */
export async function testAuth({ url, ...options }: Partial<AuthOptions> & { url?: string } = {}) {
  const database = url ? { url, drop: async () => {} } : await testDatabase()
  const lines: LogLine[] = []
  const time = { offset: 0 }
  const clock = () => Date.now() + time.offset
  const auth: Auth = await createAuth({
    database: database.url,
    secret,
    baseUrl,
    clock,
    passwords: { scheme: 'bcrypt', cost: 4, threads: 1 },
    log: (level, message, fields = {}) => lines.push({ level, message, fields }),
    ...options,
  })
  const running = new Set<Promise<unknown>>()
  const begin = auth.connection.transaction
  // Of PostgreSQL's several connections a later transaction can be done before an earlier one.
  Object.assign(auth.connection, {
    transaction<R>(work: (execute: Connection['read']) => Promise<R>): Promise<R> {
      const run = begin(work)
      running.add(run)
      const over = () => running.delete(run)
      run.then(over, over)
      return run
    },
  })
  const checked = checkedFetch(auth.fetch, () =>
    openApiDocument(auth.routes, { title: 't', version: '1', description: 'd', serverUrl: baseUrl }, 'mia_session'),
  )
  const origin = options.baseUrl ?? baseUrl
  return {
    auth,
    clock,
    lines,
    url: database.url,
    fetch: checked,
    /** Moves the clock on by milliseconds. */
    pass: (milliseconds: number) => {
      time.offset += milliseconds
    },
    /** Waits until what was begun in the background, such as the renewal of a session, is written. */
    async settled() {
      while (running.size > 0) await Promise.allSettled(running)
    },
    browser: (client: { address?: string; userAgent?: string } = {}) => createBrowser(checked, origin, client),
    async close() {
      await auth.close()
      await database.drop()
    },
  }
}

export type TestAuth = Awaited<ReturnType<typeof testAuth>>

/** Registers a person and answers the signed-in browser. */
export async function signedUp(world: TestAuth, username = 'anna', password = 'a walk by the river') {
  const browser = world.browser()
  const response = await browser.send('/auth/register', {
    json: { username, email: `${username}@example.org`, password },
  })
  assert.equal(response.status, 200, await response.clone().text())
  return browser
}
