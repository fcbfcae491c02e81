import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { administrator } from './support/administrator.ts'
import type { Browser } from './support/browser.ts'
import { type FullWorld, fullPerson, fullWorld, tablesWith, textOf } from './support/full-person.ts'
import { password } from './support/second-factor.ts'
import { signedUp, testAuth } from './support/test-auth.ts'

type Person = Awaited<ReturnType<typeof fullPerson>>
type IdKind = keyof Person['ids']

/** Which ids belong into a row’s address: those of everything that it could be taken for. */
const idsOf: Readonly<Record<string, readonly IdKind[]>> = {
  'GET /auth/device/:id': ['program'],
  'POST /auth/device/:id/allow': ['program'],
  'POST /auth/device/:id/refuse': ['program'],
  'POST /settings/sessions/:id/name': ['session'],
  'POST /settings/sessions/:id/end': ['session'],
  'POST /settings/new-devices/:id/not-mine': ['newcomer', 'session'],
  'POST /settings/tokens/:id/revoke': ['token'],
  'GET /settings/authenticators/:id': ['begunAuthenticator', 'authenticator'],
  'POST /settings/authenticators/:id/confirm': ['begunAuthenticator', 'authenticator'],
  'POST /settings/authenticators/:id/remove': ['authenticator', 'begunAuthenticator'],
  'POST /settings/trusted-devices/:id/cut': ['trustedDevice'],
  'GET /settings/passkeys/:id': ['passkey'],
  'POST /settings/passkeys/:id/rename': ['passkey', 'securityKey'],
  'POST /settings/passkeys/:id/remove': ['passkey', 'securityKey'],
  'GET /settings/security-keys/:id': ['securityKey', 'passkey'],
  'POST /settings/security-keys/:id/rename': ['securityKey', 'passkey'],
  'POST /settings/security-keys/:id/remove': ['securityKey', 'passkey'],
  'GET /settings/export/:id': ['export'],
  'POST /settings/providers/:id/unlink': ['identity'],
}

/** Rows with a parameter that names nothing of a person, or that is looked at elsewhere, each with the reason. */
const others: Readonly<Record<string, string>> = {
  'GET /auth/enrol/:id': 'before the sign-in: below',
  'POST /auth/enrol/:id/confirm': 'before the sign-in: below',
  'POST /settings/new-devices/:id/mine': 'answers 200 for every id, without effect: below',
  'POST /auth/providers/:id': 'a provider',
  'GET /auth/providers/:id/callback': 'a provider',
  'POST /auth/providers/:id/callback': 'a provider',
  'POST /settings/providers/:id/link': 'a provider',
  'POST /settings/providers/:id/confirm': 'a provider',
  'POST /admin/invitations/:id/withdraw': 'an invitation, of no person yet; administrators only (admin-people.test.ts)',
}

const bodies: Readonly<Record<string, unknown>> = {
  'POST /settings/sessions/:id/name': { name: 'Mine now' },
  'POST /settings/authenticators/:id/confirm': { code: '123456' },
  'POST /settings/passkeys/:id/rename': { name: 'Mine now' },
  'POST /settings/security-keys/:id/rename': { name: 'Mine now' },
}

/** What is different in every answer: the number of the request, and the address itself. */
const same = (text: string, id: string): string => text.replaceAll(id, '').replace(/"request_id":"[^"]*"/g, '')

describe('ACC-03: somebody else’s id, in every address that takes one', () => {
  let full: FullWorld
  let owner: Person
  let thief: Person
  before(async () => {
    full = await fullWorld()
    owner = await fullPerson(full, 'olga')
    thief = await fullPerson(full, 'theo')
  })
  after(() => full?.close())

  /** Everything that the tables hold of the owner. */
  async function ownersRows(): Promise<string> {
    const { world } = full
    await world.settled()
    // Whose letters went out when the other person was made, and what the library forgets by itself after seconds.
    const passing = ['outbox', 'account_changes']
    const tables = [...(await tablesWith(world, 'user_id')), 'users'].filter((table) => !passing.includes(table))
    const texts = await Promise.all(
      tables.map(async (table) => {
        const rows = z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(await textOf(world, table)))
        const own = rows.filter(({ user_id, id }) => Number(table === 'users' ? id : user_id) === owner.userId)
        assert.ok(own.length > 0, `${table} has nothing of the owner: fullPerson() has to fill it`)
        return [table, own]
      }),
    )
    return JSON.stringify(texts)
  }

  test('the table of addresses is complete', () => {
    const rows = full.world.auth.routes
      .filter(({ path }) => path.includes(':') && !path.startsWith('/admin/people/'))
      .map(({ method, path }) => `${method} ${path}`)
    assert.deepEqual(rows.sort(), [...Object.keys(idsOf), ...Object.keys(others)].sort())
  })

  test('with each a thief gets what an unknown id gets, and the owner has all of it still', async () => {
    const before = await ownersRows()
    const { browser } = thief
    await browser.send('/settings/confirm', { json: { code: thief.authenticator.codes[8] } })
    for (const [row, kinds] of Object.entries(idsOf)) {
      const [method = '', path = ''] = row.split(' ')
      const send = async (id: string) => {
        const sent = method === 'POST' ? { json: bodies[row] ?? {} } : { headers: { accept: 'application/json' } }
        const response = await browser.send(path.replace(':id', id), { method, ...sent })
        return [response.status, same(await response.text(), id)]
      }
      const unknown = await send('AAAAAAAAAAAAAAAA')
      assert.equal(unknown[0], 404, `${row}: ${unknown[1]}`)
      for (const kind of kinds) {
        assert.notEqual(owner.ids[kind], thief.ids[kind])
        assert.deepEqual(await send(owner.ids[kind]), unknown, `${row} with the ${kind} of somebody else`)
      }
    }
    assert.equal(await ownersRows(), before)
    assert.equal((await owner.browser.get('/settings')).status, 200)
  })

  test('what answers 200 for every id does nothing to somebody else', async () => {
    const before = await ownersRows()
    const path = `/settings/new-devices/${owner.ids.newcomer}/mine`
    assert.equal((await thief.browser.send(path, { json: {} })).status, 200)
    assert.equal(await ownersRows(), before)
  })

  test('an administrator names a thing of one person below the address of another: like an unknown one', async () => {
    const { world } = full
    const { browser: chief } = await administrator(world)
    const before = await ownersRows()
    const parts: Readonly<Record<string, IdKind>> = {
      '/admin/people/:id/sessions/:part/end': 'session',
      '/admin/people/:id/authenticators/:part/remove': 'authenticator',
      '/admin/people/:id/passkeys/:part/remove': 'passkey',
      '/admin/people/:id/security-keys/:part/remove': 'securityKey',
    }
    const rows = world.auth.routes.filter(({ path }) => path.includes(':part'))
    assert.deepEqual([...new Set(rows.map(({ path }) => path))].sort(), Object.keys(parts).sort())
    for (const { method, path } of rows) {
      const kind = parts[path] ?? assert.fail(path)
      const send = async (part: string, of = thief.userId) => {
        const sent = method === 'POST' ? { json: { reason: 'A slip' } } : { headers: { accept: 'application/json' } }
        const response = await chief.send(path.replace(':id', String(of)).replace(':part', part), { method, ...sent })
        return [response.status, same(await response.text(), part)]
      }
      const unknown = await send('AAAAAAAAAAAAAAAA')
      assert.equal(unknown[0], 404)
      assert.deepEqual(await send(owner.ids[kind]), unknown, `${method} ${path}`)
      if (method === 'GET') assert.equal((await send(thief.ids[kind]))[0], 200, 'and its own is found')
    }
    assert.equal(await ownersRows(), before)
  })
})

test('ACC-03, M8: an authenticator that another person has begun before the sign-in is like none', async () => {
  const world = await testAuth({ limits: { registrations: 1000 }, secondFactor: { user: { grace: 0 } } })
  try {
    const begun = z.object({ id: z.string(), secret: z.string() })
    const stopped = async (username: string): Promise<Browser> => {
      await signedUp(world, username, password)
      const browser = world.browser()
      const asked = await browser.send('/auth/login', { form: { username, password } })
      assert.equal(asked.headers.get('location'), '/auth/enrol')
      return browser
    }
    const [owner, thief] = [await stopped('enrols'), await stopped('enrols-too')]
    const started = await owner.send('/auth/enrol', { json: { name: 'My phone' } })
    const { id, secret } = begun.parse(await started.json())
    const answers = async (tried: string) => {
      const page = await thief.get(`/auth/enrol/${tried}`, { accept: 'application/json' })
      const confirm = await thief.send(`/auth/enrol/${tried}/confirm`, { json: { code: '123456' } })
      return [page.status, same(await page.text(), tried), confirm.status, same(await confirm.text(), tried)]
    }
    const unknown = await answers('AAAAAAAAAAAAAAAA')
    assert.deepEqual(await answers(id), unknown)
    assert.ok(!JSON.stringify(unknown).includes(secret))
    assert.equal((await owner.get(`/auth/enrol/${id}`, { accept: 'text/html' })).status, 200)
  } finally {
    await world.close()
  }
})
