import assert from 'node:assert/strict'
import { type Auth, type AuthOptions, createAuth, openApiDocument } from '@miachat/auth'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { createBrowser } from './browser.ts'
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
  const checked = checkAnswers(auth)
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
    settled: () => auth.connection.transaction(async () => {}),
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

/** Wraps `fetch`: whatever is JSON must be what the API document says. */
function checkAnswers(auth: Auth): Auth['fetch'] {
  const document: Record<string, unknown> = {
    ...openApiDocument(auth.routes, { title: 't', version: '1', description: 'd', serverUrl: baseUrl }, 'mia_session'),
  }
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema(document, 'api')
  return async (request, peer) => {
    const response = await auth.fetch(request, peer)
    const type = response.headers.get('content-type') ?? ''
    if (!/json/.test(type) || request.method === 'HEAD') return response
    const body: unknown = await response.clone().json()
    const pointer = type.startsWith('application/problem+json')
      ? 'api#/components/schemas/Problem'
      : `api#/paths/${escapePointer(pathOf(auth, request))}/${request.method.toLowerCase()}/responses/${response.status}/content/application~1json/schema`
    const validate = ajv.getSchema(pointer)
    assert.ok(validate, `the API document does not know ${request.method} ${request.url} ${response.status}`)
    assert.ok(validate(body), `${request.url}: ${JSON.stringify(validate.errors)} ${JSON.stringify(body)}`)
    return response
  }
}

const escapePointer = (path: string): string => encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'))

function pathOf(auth: Auth, request: Request): string {
  const { pathname } = new URL(request.url)
  const row = auth.routes.find((route) => new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(pathname))
  return (row?.path ?? pathname).replace(/:(\w+)/g, '{$1}')
}
