import assert from 'node:assert/strict'
import {
  type AuthTables,
  authMigrations,
  createAuth,
  type Fetch,
  migrate,
  openApiDocument,
  openDatabase,
  tables,
} from '@miachat/auth'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { createBrowser } from '../../../../packages/auth/test/support/browser.ts'
import { testDatabase } from '../../../../packages/auth/test/support/test-database.ts'
import { chatMigrations } from '../../src/chat-migrations.ts'
import { chatRoutes } from '../../src/chat-routes.ts'
import type { ChatTables } from '../../src/chat-tables.ts'
import { createAppLayout } from '../../src/views/layout.ts'

/** The app's pages of talking behind real sign-in, on a database of their own. Always end it with `close()`. */
export async function chatWorld({ baseUrl = 'http://localhost:8080' } = {}) {
  const database = await testDatabase()
  const connection = await openDatabase(database.url)
  const time = { offset: 0 }
  const clock = () => Date.now() + time.offset
  await migrate(connection, [authMigrations, chatMigrations], clock())
  const db = tables<ChatTables>(connection)
  const auth = await createAuth({
    database: connection,
    migrate: false,
    secret: 'a secret of the tests, long enough to be taken',
    baseUrl,
    clock,
    passwords: { scheme: 'bcrypt', cost: 4, threads: 1 },
    layout: () => createAppLayout(),
    limits: { registrations: 1000 },
  })
  const routes = [
    ...chatRoutes({ db, clock }),
    ...auth.assets(new URL('../../src/public/', import.meta.url), '/assets/').routes,
  ]
  const documented = openApiDocument(
    [...auth.routes, ...routes],
    { title: 't', version: '1', description: 'd', serverUrl: baseUrl },
    'mia_session',
  )
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ ...documented }, 'api')
  const site = auth.site(routes)
  const paths = [...auth.routes, ...routes].map(({ path }) => path)

  /** Whatever is JSON must be what the API document says. */
  const fetch: Fetch = async (request, peer) => {
    const response = await site(request, peer)
    if (response.headers.get('content-type')?.startsWith('application/json')) {
      const { pathname } = new URL(request.url)
      const path = paths.find((one) => one === pathname) ?? paths.find((one) => fits(one, pathname)) ?? pathname
      const name = encodeURIComponent(
        path
          .replace(/:(\w+)/g, '{$1}')
          .replaceAll('~', '~0')
          .replaceAll('/', '~1'),
      )
      const place = `paths/${name}/${request.method.toLowerCase()}/responses/${response.status}`
      const validate = ajv.getSchema(`api#/${place}/content/application~1json/schema`)
      assert.ok(validate, `the API document does not know ${request.method} ${pathname} ${response.status}`)
      assert.ok(validate(await response.clone().json()), `${pathname}: ${JSON.stringify(validate.errors)}`)
    }
    return response
  }

  async function person(username: string) {
    const browser = createBrowser(fetch, baseUrl)
    const form = { username, email: `${username}@example.org`, password: 'a walk by the river' }
    const response = await browser.send('/auth/register', { json: form })
    assert.equal(response.status, 200, await response.clone().text())
    const { user }: { user: { id: number } } = await response.json()
    const make = async (path: string, json: unknown): Promise<string> => {
      const made = await browser.send(path, { json })
      assert.equal(made.status, 200, await made.clone().text())
      const { id }: { id: string } = await made.json()
      return id
    }
    const page = async (path: string, status = 200): Promise<string> => {
      const shown = await browser.get(path, { accept: 'text/html' })
      const text = await shown.text()
      assert.equal(shown.status, status, `${path}: ${text}`)
      return text
    }
    return { ...browser, id: user.id, make, page }
  }

  return {
    db,
    auth,
    routes,
    site,
    baseUrl,
    connection,
    clock,
    person,
    /** As the deletion of an account does: everything of the person goes with the row. */
    removeUser: (id: number) =>
      tables<AuthTables>(connection).transaction((trx) => trx.deleteFrom('users').where('id', '=', id).execute()),
    pass: (milliseconds: number) => {
      time.offset += milliseconds
    },
    async close() {
      await auth.close()
      await connection.close()
      await database.drop()
    },
  }
}

export type ChatWorld = Awaited<ReturnType<typeof chatWorld>>
export type Person = Awaited<ReturnType<ChatWorld['person']>>

const fits = (path: string, pathname: string): boolean =>
  new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(pathname)
