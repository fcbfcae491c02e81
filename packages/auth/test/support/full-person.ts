import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AuthOptions } from '@miachat/auth'
import { z } from 'zod'
import { addPasskey, addSecurityKey, SoftPasskey } from './authenticator.ts'
import type { Browser } from './browser.ts'
import { codeIn, letterBox, linkIn } from './letters.ts'
import { openIdProvider } from './openid-provider.ts'
import { addAuthenticator, codeOf, password, pendingOf } from './second-factor.ts'
import { rowsOf } from './sql.ts'
import { stored } from './stored.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './test-auth.ts'

const listed = z.array(z.looseObject({ id: z.string() }))
const idOfFirst = (rows: z.infer<typeof listed>): string => rows[0]?.id ?? assert.fail('an empty list')
const json = { accept: 'application/json' }

/** A world in which a person can have everything: mail, a provider, scopes of tokens. Always end it with `close()`. */
export async function fullWorld(options: Partial<AuthOptions> = {}) {
  const provider = await openIdProvider([`${baseUrl}/auth/providers/home/callback`])
  const { issuer, client } = provider
  const box = letterBox()
  const world = await testAuth({
    mail: box.mail,
    tokenScopes: { notes: 'Read your notes' },
    providers: [{ id: 'home', label: 'Home', issuer, clientId: client.id, clientSecret: client.secret }],
    limits: { registrations: 1000, perAddress: 1000, perAddressAndAccount: 1000 },
    ...options,
  })
  return {
    world,
    box,
    provider,
    async close() {
      await world.close()
      await provider.close()
    },
  }
}

export type FullWorld = Awaited<ReturnType<typeof fullWorld>>

/** Names of the tables of this world that have a column of this name. */
export async function tablesWith(world: Pick<TestAuth, 'auth'>, column: string): Promise<string[]> {
  const sql =
    world.auth.connection.kind === 'postgres'
      ? 'SELECT table_name AS name FROM information_schema.columns WHERE column_name = ? AND table_schema = current_schema()'
      : `SELECT t.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' AND c.name = ?`
  return (await rowsOf(world.auth, sql, [column])).map(({ name }) => String(name)).sort()
}

/** Every table of this world. */
export async function allTables(world: TestAuth): Promise<string[]> {
  const sql =
    world.auth.connection.kind === 'postgres'
      ? 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()'
      : `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`
  return (await rowsOf(world.auth, sql)).map(({ name }) => String(name)).sort()
}

/** All that a table holds as one text, bytes as the letters that they may be. */
export async function textOf(world: TestAuth, table: string): Promise<string> {
  const rows = await rowsOf(world.auth, `SELECT * FROM ${table}`)
  const plain = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value)
  return JSON.stringify(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))),
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  )
}

/**
 * Somebody who has used everything that an account can do, by the library's own routes: a row in every table that knows
 * people. Answers what of it is secret, under what it is, and the ids by which addresses name what is theirs.
 */
export async function fullPerson({ world, box, provider }: FullWorld, name: string) {
  const secrets: Record<string, string> = { password }
  const tokenIn = (link: string) => new URL(link, baseUrl).searchParams.get('token') ?? assert.fail(link)
  const ask = async (browser: Browser, path: string, sent: object = {}): Promise<unknown> => {
    const response = await browser.send(path, { json: sent })
    const text = await response.text()
    assert.equal(response.status, 200, `${path}: ${text}`)
    return JSON.parse(text)
  }
  const read = async (browser: Browser, path: string): Promise<unknown> => (await browser.get(path, json)).json()
  const field = (value: unknown, key: string): string =>
    z.string().parse(z.record(z.string(), z.unknown()).parse(value)[key])

  const browser = await signedUp(world, name, password)
  const { id: userId } = (await world.auth.admin.findUser(name)) ?? assert.fail(name)
  const hello = (await box.letters(world)).find(({ to }) => to === `${name}@example.org`)
  secrets['code of a letter'] = codeIn(hello)
  secrets['link that confirms the address'] = tokenIn(linkIn(hello, '/auth/confirm-address'))
  await ask(browser, '/settings/address/confirm', { code: secrets['code of a letter'] })
  await ask(browser, '/settings/profile', { display_name: `${name} Displayed` })
  const username = `${name}-now`
  await ask(browser, '/settings/username', { username })

  const authenticator = await addAuthenticator(world, browser, `Phone of ${name}`)
  secrets['secret of the authenticator'] = authenticator.secret
  for (const [index, code] of authenticator.codes.entries()) secrets[`recovery code ${index}`] = code
  const begun = await ask(browser, '/settings/authenticators', { name: `Begun by ${name}` })
  secrets['secret of an authenticator that was begun'] = field(begun, 'secret')
  const keyAdded = await addSecurityKey(browser, new SoftPasskey())
  assert.equal(keyAdded.status, 200, await keyAdded.clone().text())
  const securityKey = field(await keyAdded.json(), 'id')
  const passkey = new SoftPasskey()
  const added = await addPasskey(browser, passkey)
  assert.equal(added.status, 200, await added.text())

  const trip = async () => {
    const { pathname, search } = await provider.visit(
      field(await ask(browser, '/settings/providers/home/link'), 'redirect'),
    )
    secrets['state of a way to a provider'] = browser.jar.get('mia_provider') ?? assert.fail('no cookie')
    secrets['code of a provider'] = new URL(`${pathname}${search}`, baseUrl).searchParams.get('code') ?? ''
    return `${pathname}${search}`
  }
  provider.state.person = { sub: `subject-${name}`, email: `${name}@provider.example`, email_verified: true }
  const back = await browser.get(await trip(), { accept: 'text/html' })
  assert.equal(back.headers.get('location'), '/settings/providers?done=linked')
  await trip()

  /** A second step by the next code. */
  const second = async (to: Browser, path: string, more: object = {}) => {
    world.pass(60_000)
    const pending_token = await pendingOf(world, username, path.replace('second-factor', 'login'))
    const code = codeOf(world, authenticator.secret)
    secrets[`code of the authenticator for ${path}`] = code
    secrets[`pending value for ${path}`] = pending_token
    return ask(to, path, { pending_token, code, ...more })
  }
  const program = world.browser({ userAgent: 'backup-program/1' })
  const pair = await second(program, '/auth/api/second-factor')
  secrets['access token'] = field(pair, 'access_token')
  secrets['refresh token'] = field(pair, 'refresh_token')
  secrets['another refresh token'] = field(
    await ask(program, '/auth/api/refresh', { refresh_token: secrets['refresh token'] }),
    'refresh_token',
  )
  const trusting = world.browser({ userAgent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0' })
  await second(trusting, '/auth/second-factor', { trust_device: true })
  secrets['pending value that waits'] = await pendingOf(world, username)
  await ask(browser, '/settings/confirm', { code: authenticator.codes[9] ?? '' })

  const sessions = [
    ...(await (await browser.get('/settings/devices')).text()).matchAll(/sessions\/([\w-]+)\/name"/g),
  ].map(([, id = '']) => id)
  assert.equal(sessions.length, 3)
  for (const id of sessions) await ask(browser, `/settings/sessions/${id}/name`, { name: `Desk of ${name}` })
  const { url } = await world.auth.admin.resetLink(userId, 'a test')
  secrets['link that sets a password'] = tokenIn(url)
  await ask(browser, '/settings/export')
  let download: string | undefined
  for (let left = 200; left > 0 && download === undefined; left--) {
    await sleep(20)
    download = z
      .looseObject({ download: z.string().optional() })
      .parse(await read(browser, '/settings/export')).download
  }
  assert.ok(download, 'the archive')
  const asked = z
    .object({ options: z.object({ challenge: z.string() }) })
    .parse(await ask(browser, '/settings/passkeys/options'))
  secrets['challenge of a passkey'] = asked.options.challenge
  secrets['cookie of a passkey’s challenge'] = browser.jar.get('mia_passkey') ?? assert.fail('no cookie')

  await ask(browser, '/settings/address', { email: `${name}-new@example.org` })
  const letters = await box.letters(world)
  const change = letters.find(({ to }) => to === `${name}-new@example.org`)
  secrets['code of a change of the address'] = codeIn(change)
  secrets['link of a change of the address'] = tokenIn(linkIn(change, '/auth/confirm-address'))
  const notices = letters.filter(({ text }) => text.includes('/auth/undo'))
  assert.ok(notices.length > 3)
  for (const [index, notice] of notices.entries()) secrets[`undo link ${index}`] = tokenIn(linkIn(notice, '/auth/undo'))
  // The letters of these wait still.
  const made = { name: `Night run of ${name}`, days: 30, scopes: ['notes'] }
  secrets['personal token'] = field(await ask(browser, '/settings/tokens', made), 'token')
  await stored(world).transaction((trx) =>
    trx
      .insertInto('imported_users')
      .values({ source_key: crypto.getRandomValues(new Uint8Array(32)), user_id: userId, at: 1 })
      .execute(),
  )

  const asks = await ask(program, '/auth/api/device/code', { client_id: `Notes of ${name}` })
  secrets['device code of a program'] = field(asks, 'device_code')
  secrets['user code of a program'] = field(asks, 'user_code')
  const entered = await ask(browser, '/auth/device', { user_code: secrets['user code of a program'] })

  for (const [kind, one] of Object.entries({ 'first browser': browser, 'trusted browser': trusting })) {
    secrets[`session of the ${kind}`] = one.jar.get('mia_session') ?? assert.fail(kind)
    secrets[`known device of the ${kind}`] = one.jar.get('mia_device') ?? assert.fail(kind)
  }
  secrets['trusted device'] = trusting.jar.get('mia_trusted') ?? assert.fail('no trusted device')

  const lists = z.looseObject({ authenticators: listed, trusted_devices: listed })
  const factors = lists.parse(await read(browser, '/settings/second-factor'))
  const newcomer = (await (await browser.get('/settings')).text()).match(/new-devices\/([\w-]+)\/mine/)?.[1]
  const ids = {
    session: sessions[1] ?? assert.fail('no session'),
    newcomer: newcomer ?? assert.fail('nobody new'),
    authenticator: idOfFirst(factors.authenticators),
    begunAuthenticator: field(begun, 'id'),
    trustedDevice: idOfFirst(factors.trusted_devices),
    securityKey,
    passkey: idOfFirst(
      z
        .object({ passkeys: listed })
        .loose()
        .parse(await read(browser, '/settings/passkeys')).passkeys,
    ),
    identity: idOfFirst(
      z
        .object({ identities: listed })
        .loose()
        .parse(await read(browser, '/settings/providers')).identities,
    ),
    token: idOfFirst(
      z
        .object({ tokens: listed })
        .loose()
        .parse(await read(browser, '/settings/tokens')).tokens,
    ),
    program: field(entered, 'id'),
    export: download.split('/').at(-1) ?? assert.fail(download),
  }
  return { browser, userId, username, secrets, ids, authenticator }
}
