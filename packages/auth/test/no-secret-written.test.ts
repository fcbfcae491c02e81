import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { allTables, type FullWorld, fullPerson, fullWorld, textOf } from './support/full-person.ts'
import { write } from './support/sql.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

type Person = Awaited<ReturnType<typeof fullPerson>>

/** Where a secret stands in plain text, as it is or as an address writes it; short codes as a number of their own. */
function found(secret: string, text: string): boolean {
  if (/^\d+$/.test(secret)) return new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(text)
  return [secret, encodeURIComponent(secret), secret.toLowerCase()].some((form) => text.includes(form))
}

describe('AUD-02: no secret of any kind stands in the log or in a table', () => {
  let full: FullWorld
  let person: Person
  before(async () => {
    full = await fullWorld()
    person = await fullPerson(full, 'bella')
  })
  after(() => full?.close())

  /** Sends each secret where it does not belong: in an address, a body that cannot be read, a header, from another site. */
  async function misplace(): Promise<Map<string, number>> {
    const statuses = new Map<string, number>()
    const { world } = full
    for (const [what, secret] of Object.entries(person.secrets)) {
      const query = `?token=${encodeURIComponent(secret)}`
      const typed = { username: secret, password: `${secret}?` }
      const places: [string, Parameters<typeof person.browser.send>[1]][] = [
        [`/auth/login${query}`, {}],
        [`/auth/reset${query}`, {}],
        [`/auth/confirm-address${query}`, { form: {}, headers: { origin: 'https://evil.example' } }],
        [`/auth/undo${query}`, { headers: { referer: `http://localhost:8080/auth/undo${query}` } }],
        [`/nowhere${query}`, {}],
        ['/auth/login', { json: typed }],
        ['/auth/login', { form: typed }],
        ['/auth/login', { body: `{"password":"${secret}"`, headers: { 'content-type': 'application/json' } }],
        ['/auth/login', { body: secret, headers: { 'content-type': 'text/plain' } }],
        ['/auth/api/login', { json: typed }],
        ['/auth/forgot', { json: { email: secret } }],
        ['/auth/reset', { json: { token: `${secret}x`, new_password: secret } }],
        ['/auth/second-factor', { json: { pending_token: `${secret}x`, code: secret } }],
        ['/auth/restore', { json: { pending_token: `${secret}x` } }],
        ['/auth/enrol', { json: { pending_token: `${secret}x`, name: 'x' } }],
        ['/auth/enrol/passkey/options', { json: { pending_token: `${secret}x` } }],
        ['/auth/undo', { json: { token: `${secret}x` } }],
        ['/auth/api/refresh', { json: { refresh_token: `${secret}x` } }],
        ['/auth/api/device/token', { json: { client_id: 'Notes', device_code: `${secret}x`, grant_type: GRANT } }],
        [`/auth/device?user_code=${encodeURIComponent(secret)}`, {}],
        ['/auth/api/me', { headers: { authorization: `Bearer ${secret}x` } }],
        [`/auth/providers/home/callback?state=${encodeURIComponent(secret)}&code=${encodeURIComponent(secret)}`, {}],
      ]
      for (const [path, sent] of places) {
        const stranger = world.browser()
        stranger.jar.set('mia_session', `${secret}x`.slice(0, 200))
        const { status } = await stranger.send(path, sent)
        statuses.set(`${what}: ${path.split('?')[0]}`, status)
      }
      const confirm = { password: `${secret}x`, code: undefined }
      await person.browser.send('/settings/confirm', { json: confirm })
      await person.browser.send('/auth/device', { json: { user_code: `${secret}x` } })
      await person.browser.send('/settings/address/confirm', { json: { code: `${secret}x` } })
    }
    return statuses
  }

  async function written(): Promise<Map<string, string>> {
    const { world } = full
    await world.settled()
    const places = new Map([['the log', JSON.stringify(world.lines)]])
    for (const table of await allTables(world)) places.set(table, await textOf(world, table))
    return places
  }

  function assertNone(places: Map<string, string>): void {
    for (const [what, secret] of Object.entries(person.secrets)) {
      assert.ok(secret.length >= 6, what)
      for (const [place, text] of places) assert.ok(!found(secret, text), `${what} stands in ${place}`)
    }
  }

  test('after a life of the account, and after each secret was sent where it does not belong', async () => {
    const kinds = Object.keys(person.secrets).join()
    for (const kind of [/code of a letter/, /undo link/, /pending value/, /personal token/, /secret of the authent/]) {
      assert.match(kinds, kind)
    }
    const statuses = await misplace()
    for (const [what, status] of statuses) assert.ok(status < 500, `${what}: ${status}`)
    const places = await written()
    assert.match(places.get('the log') ?? '', /"sign_in"/, 'the search looked at something')
    for (const table of ['audit_events', 'links', 'outbox', 'authenticators', 'personal_tokens', 'pending_sign_ins']) {
      assert.ok((places.get(table) ?? '').length > 20, table)
    }
    assertNone(places)
  })

  test('while the store fails, so that faults are written with their cause', async () => {
    const { world } = full
    const moved = ['links', 'pending_sign_ins', 'personal_tokens', 'refresh_tokens', 'audit_events']
    for (const table of moved) await write(world.auth, `ALTER TABLE ${table} RENAME TO ${table}_elsewhere`)
    world.lines.length = 0
    const statuses = await misplace()
    assert.ok(
      [...statuses.values()].some((status) => status >= 500),
      'something failed',
    )
    assert.ok(world.lines.some(({ level }) => level === 'error'))
    for (const table of moved) await write(world.auth, `ALTER TABLE ${table}_elsewhere RENAME TO ${table}`)
    assertNone(await written())
  })
})
