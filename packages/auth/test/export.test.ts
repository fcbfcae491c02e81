import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { hours, minutes } from '@miachat/auth'
import { strFromU8, unzipSync } from 'fflate'
import { z } from 'zod'
import type { Browser } from './support/browser.ts'
import { password, withAuthenticator } from './support/second-factor.ts'
import { count, rowsOf, write } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const stateShape = z.object({ state: z.string(), download: z.string().optional(), total: z.number().optional() })

describe('the archive of one’s own data', () => {
  let world: TestAuth
  let gate = Promise.withResolvers<void>()
  before(async () => {
    gate.resolve()
    world = await testAuth({
      limits: { registrations: 1000 },
      tokenScopes: { notes: 'Read your notes' },
      exportParts: ({ username }) => [
        async () => {
          await gate.promise
          if (username === 'fails') throw new Error('a broken part')
          return [{ name: 'notes/0001.txt', content: `of ${username}` }]
        },
      ],
    })
  })
  after(() => world.close())

  const state = async (browser: Browser) => stateShape.parse(await (await browser.get('/settings/export')).json())

  /** The files of the archive, once it is ready. */
  async function archive(browser: Browser): Promise<Map<string, string>> {
    for (let left = 200; left > 0; left--) {
      const { download } = await state(browser)
      if (download !== undefined) {
        const response = await browser.get(download)
        assert.equal(response.status, 200)
        assert.equal(response.headers.get('content-type'), 'application/zip')
        assert.match(response.headers.get('content-disposition') ?? '', /^attachment; filename="account-\d+\.zip"$/)
        assert.equal(response.headers.get('cache-control'), 'no-store')
        const bytes = new Uint8Array(await response.arrayBuffer())
        assert.equal(response.headers.get('content-length'), String(bytes.length))
        return new Map(Object.entries(unzipSync(bytes)).map(([name, file]) => [name, strFromU8(file)]))
      }
      await sleep(20)
    }
    throw new Error('The archive is not ready.')
  }

  test('LOG-08, ACC-03: begun and fetched only with a fresh proof, and only by its owner', async () => {
    const browser = await signedUp(world, 'has-one', password)
    assert.equal((await world.browser().send('/settings/export', { json: {} })).status, 401)
    assert.equal((await state(browser)).state, 'none')
    assert.equal((await browser.get('/settings/export/x', { accept: 'application/json' })).status, 404)
    assert.equal((await browser.send('/settings/export', { json: {} })).status, 200)
    await archive(browser)
    const { download = '' } = await state(browser)
    const other = await signedUp(world, 'other', password)
    assert.equal((await other.get(download, { accept: 'application/json' })).status, 404)
    assert.equal((await world.browser().get(download, { accept: 'application/json' })).status, 401)
    world.pass(minutes(10))
    assert.equal((await browser.get(download, { accept: 'application/json' })).status, 403)
    assert.equal((await browser.send('/settings/export', { json: {} })).status, 403)
  })

  test('E1, ACC-02: account, devices, log and the host’s files are in it; no hash, token or secret is', async () => {
    const { browser, secret, codes } = await withAuthenticator(world, 'full')
    await browser.send('/settings/export', { json: {} })
    const files = await archive(browser)
    assert.deepEqual(
      [...files.keys()],
      ['manifest.json', 'account.json', 'sessions.json', 'activity.json', 'notes/0001.txt'],
    )
    const read = (name: string): unknown => JSON.parse(files.get(name) ?? '')
    const account = z
      .looseObject({
        username: z.string(),
        email: z.string(),
        authenticators: z.array(z.looseObject({ name: z.string() })),
      })
      .parse(read('account.json'))
    assert.deepEqual([account.username, account.email], ['full', 'full@example.org'])
    assert.equal(account.authenticators[0]?.name, 'My phone')
    assert.equal(z.array(z.unknown()).parse(read('sessions.json')).length, 1)
    assert.match(files.get('activity.json') ?? '', /"event": "authenticator_added"/)
    assert.equal(files.get('notes/0001.txt'), 'of full')
    const text = [...files.values()].join('\n')
    const [row] = await rowsOf(world.auth, 'SELECT password_hash FROM users WHERE username = ?', ['full'])
    for (const told of [
      secret,
      ...codes,
      browser.jar.get('mia_session'),
      browser.jar.get('mia_device'),
      row?.['password_hash'],
    ]) {
      assert.ok(typeof told === 'string' && !text.includes(told))
    }
    assert.doesNotMatch(text.replaceAll('"personal_tokens"', ''), /hash|secret|key_id|token/i)
  })

  test('E1: what every table keeps of a person is in the archive, or stands here with the reason why not', async () => {
    const kept = new Map([
      ['sessions', 'sessions.json'],
      ['token_families', 'sessions.json'],
      ['audit_events', 'activity.json'],
      ...['authenticators', 'passkeys', 'personal_tokens', 'trusted_devices'].map((table) => [table, table] as const),
      ['identities', 'linked_accounts'],
      ['former_usernames', 'former_usernames'],
      ['recovery_codes', 'recovery_codes_left'],
    ])
    const leftOut = new Map([
      ['links', 'hashes of one-time links, for some days at the most'],
      ['outbox', 'letters on their way to the person'],
      ['pending_sign_ins', 'hashes, for minutes'],
      ['passkey_challenges', 'hashes, for minutes'],
      ['provider_trips', 'hashes, for minutes'],
      ['device_codes', 'hashes, for minutes'],
      ['exports', 'the archive itself'],
      ['audit_chains', 'a sum over the log'],
      ['account_changes', 'tells other processes to forget what they hold'],
      ['imported_users', 'a hash by which a second import knows a person'],
    ])
    const columns =
      world.auth.connection.kind === 'postgres'
        ? `SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'user_id' AND table_schema = current_schema()`
        : `SELECT t.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' AND c.name = 'user_id'`
    const tables = (await rowsOf(world.auth, columns)).map(({ name }) => String(name)).sort()
    assert.deepEqual(tables, [...kept.keys(), ...leftOut.keys()].sort())
    const browser = await signedUp(world, 'keeps', password)
    const made = { name: 'Night run', scopes: ['notes'], days: 30 }
    const { token } = z
      .looseObject({ token: z.string() })
      .parse(await (await browser.send('/settings/tokens', { json: made })).json())
    await browser.send('/settings/export', { json: {} })
    const files = await archive(browser)
    const account = z.record(z.string(), z.unknown()).parse(JSON.parse(files.get('account.json') ?? ''))
    for (const place of kept.values()) assert.ok(files.has(place) || place in account, place)
    assert.match(files.get('account.json') ?? '', /"name": "Night run"/)
    assert.ok(![...files.values()].join('\n').includes(token), 'ACC-02')
  })

  test('E1: its progress is told while it is made; one that was interrupted can be made again; a new one takes the place', async () => {
    const browser = await signedUp(world, 'waits', password)
    gate = Promise.withResolvers()
    await browser.send('/settings/export', { form: {} })
    const making = await state(browser)
    assert.deepEqual([making.state, making.total], ['making', 5])
    assert.match(await (await browser.get('/settings/data')).text(), /<progress max="5" value="\d"/)
    world.pass(minutes(2) + 1000)
    assert.equal((await state(browser)).state, 'interrupted')
    assert.match(await (await browser.get('/settings/data')).text(), /interrupted/)
    await browser.send('/settings/export', { json: {} })
    gate.resolve()
    assert.equal((await archive(browser)).get('notes/0001.txt'), 'of waits')
    assert.equal(
      await count(world.auth, 'exports', 'WHERE user_id = (SELECT id FROM users WHERE username = ?)', ['waits']),
      1,
    )
    const broken = await signedUp(world, 'fails', password)
    await broken.send('/settings/export', { json: {} })
    for (let left = 200; left > 0 && (await state(broken)).state === 'making'; left--) await sleep(20)
    assert.equal((await state(broken)).state, 'interrupted')
    assert.ok(world.lines.some(({ message }) => message === 'export_failed'))
  })

  test('E1: after a day it is gone, and with the account at once', async () => {
    const browser = await signedUp(world, 'a-day', password)
    await browser.send('/settings/export', { json: {} })
    await archive(browser)
    const { download = '' } = await state(browser)
    world.pass(hours(24))
    await browser.send('/auth/login', { json: { username: 'a-day', password } })
    assert.equal((await browser.get(download, { accept: 'application/json' })).status, 404)
    await world.auth.sweep()
    assert.equal(await count(world.auth, 'export_chunks'), 0)
    await browser.send('/settings/export', { json: {} })
    await archive(browser)
    assert.ok((await count(world.auth, 'export_chunks')) > 0)
    await write(world.auth, 'DELETE FROM users WHERE username = ?', ['a-day'])
    assert.equal(await count(world.auth, 'export_chunks'), 0)
  })
})

test('E1: an archive of many large files stays whole, in pieces', async () => {
  const content = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 7919) % 251))
  const world = await testAuth({
    exportParts: () =>
      Array.from({ length: 4 }, (_, index) => async () => [
        {
          name: `big/${index}`,
          content: Buffer.concat([content, Buffer.from(crypto.getRandomValues(new Uint8Array(60_000)))]),
        },
      ]),
  })
  try {
    const browser = await signedUp(world, 'large', password)
    await browser.send('/settings/export', { json: {} })
    for (
      let left = 200;
      left > 0 && (await stateShape.parse(await (await browser.get('/settings/export')).json())).state !== 'ready';
      left--
    ) {
      await sleep(20)
    }
    const { download = '' } = stateShape.parse(await (await browser.get('/settings/export')).json())
    const files = unzipSync(new Uint8Array(await (await browser.get(download)).arrayBuffer()))
    assert.equal(files['big/3']?.length, 760_000)
    assert.deepEqual(Buffer.from(files['big/0'] ?? []).subarray(0, 700_000), content)
  } finally {
    await world.close()
  }
})
