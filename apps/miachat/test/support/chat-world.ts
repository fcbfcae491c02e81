import assert from 'node:assert/strict'
import {
  type AuthTables,
  authMigrations,
  createAuth,
  migrate,
  openApiDocument,
  openDatabase,
  tables,
} from '@miachat/auth'
import { z } from 'zod'
import { createBrowser } from '../../../../packages/auth/test/support/browser.ts'
import { checkedFetch } from '../../../../packages/auth/test/support/check-answers.ts'
import { testDatabase } from '../../../../packages/auth/test/support/test-database.ts'
import { chatMigrations } from '../../src/chat-migrations.ts'
import { chatRoutes } from '../../src/chat-routes.ts'
import type { ChatTables } from '../../src/chat-tables.ts'
import { TAKEN_BACK_FOR } from '../../src/conversations/conversations.ts'
import { createConversationSweep } from '../../src/conversations/sweep-conversations.ts'
import { picturePages } from '../../src/picture/picture-pages.ts'
import { preferencePages } from '../../src/settings/preference-pages.ts'
import { preferenceSections } from '../../src/settings/preference-views.ts'
import { errorView } from '../../src/views/error-view.ts'
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
    errorView,
    languages: ['en', 'de'],
    limits: { registrations: 1000 },
    settingsSections: preferenceSections,
    sweep: createConversationSweep(db),
  })
  const routes = [
    ...chatRoutes({ db, clock }),
    ...preferencePages({ db, clock, changeFields: auth.changeFields, hasMail: true }),
    ...picturePages({
      db,
      clock,
      changeFields: auth.changeFields,
      assetUrl: (path) => path,
      textHeaders: auth.headers.text,
    }),
    ...auth.assets(new URL('../../src/public/', import.meta.url), '/assets/').routes,
  ]
  const site = auth.site(routes)
  const fetch = checkedFetch(site, () =>
    openApiDocument(
      [...auth.routes, ...routes],
      { title: 't', version: '1', description: 'd', serverUrl: baseUrl },
      'mia_session',
    ),
  )

  async function person(username: string) {
    const browser = createBrowser(fetch, baseUrl)
    const form = { username, email: `${username}@example.org`, password: 'a walk by the river' }
    const response = await browser.send('/auth/register', { json: form })
    assert.equal(response.status, 200, await response.clone().text())
    const { user } = z.object({ user: z.object({ id: z.int() }) }).parse(await response.json())
    const make = async (path: string, json: unknown): Promise<string> => {
      const made = await browser.send(path, { json })
      assert.equal(made.status, 200, await made.clone().text())
      return z.object({ id: z.string() }).parse(await made.json()).id
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
    site: fetch,
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
    /** As each hour: what was deleted is gone. */
    async sweepDeleted() {
      time.offset += TAKEN_BACK_FOR + 1
      await auth.sweep()
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
