import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AuthError } from '@miachat/auth'
import { z } from 'zod'
import { codeOnly } from '../../../tests/support/source-text.ts'
import { addPasskey, SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { type HostileProvider, hostileProvider } from './support/hostile-provider.ts'
import { codeOf, password, withAuthenticator } from './support/second-factor.ts'
import { count, rowsOf, write } from './support/sql.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

/** Whose account it is, by the time somebody goes this way. */
interface Owner {
  readonly name: string
  readonly id: number
  readonly browser: Browser
}

/** One address or function that says who somebody is, and what it does for an account with and without a second factor. */
interface Way {
  /** The file of `src/` that hands this way to finish(); null where none does, since the way opens nothing. */
  readonly through: string | null
  /** As finish() is told. */
  readonly method: 'password' | 'passkey' | 'provider' | 'registration' | 'password_change' | 'device_code' | null
  readonly opens: 'a session' | 'tokens' | 'nothing'
  /**
   * With an authenticator: asks for it, or opens nothing as without, or stands behind a session that has shown it, or shows
   * two factors by itself.
   */
  readonly withFactor: 'asks' | 'opens nothing' | 'is past it' | 'shows both'
  /** Null where it asks for a session: its own tests walk it. */
  readonly go: ((world: TestAuth, owner: Owner) => Promise<string>) | null
}

const post = async (world: TestAuth, path: string, json: object): Promise<string> =>
  (await world.browser().send(path, { json })).text()

const byHost = async (world: TestAuth, { name }: Owner): Promise<string> => {
  const request = new Request(`${baseUrl}/of-the-host`, { method: 'POST', headers: { origin: baseUrl } })
  const checked = await world.auth.authenticateUser(name, password, request, '127.0.0.1')
  try {
    return (await world.auth.loginUserSession(checked, request, { peer: '127.0.0.1' })).join('\n')
  } catch (error) {
    assert.ok(error instanceof AuthError)
    return (await world.auth.answerError(error, request, '127.0.0.1')).headers.getSetCookie().join('\n')
  }
}

let provider: HostileProvider

/** By an account at a provider that is linked to the owner's. */
const byProvider = async (world: TestAuth, { name, id }: Owner): Promise<string> => {
  provider.misdeeds.claims = { sub: name }
  const linked = [name, id, 'home', provider.issuer, name, name, 0]
  await write(
    world.auth,
    'INSERT INTO identities (id, user_id, provider, issuer, subject, name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    linked,
  )
  const browser = world.browser()
  const begun = await browser.send('/auth/providers/home', { json: {} })
  const { redirect } = z.object({ redirect: z.url() }).parse(await begun.json())
  const back = await browser.get(`/auth/providers/home/callback?code=x&state=${provider.ask(redirect)}`)
  return back.headers.getSetCookie().join('\n')
}

const resetLink = async (world: TestAuth, { id }: Owner): Promise<string | null> =>
  new URL((await world.auth.admin.resetLink(id, 'a test')).url).searchParams.get('token')

const byPasskey = async (world: TestAuth, { browser }: Owner): Promise<string> => {
  const passkey = new SoftPasskey()
  assert.equal((await addPasskey(browser, passkey)).status, 200)
  return (await signInBy(world.browser(), passkey)).text()
}

/** By a program whose code its owner enters and allows. */
const byDeviceCode = async (world: TestAuth, { browser }: Owner): Promise<string> => {
  const shape = z.object({ device_code: z.string(), user_code: z.string() })
  const { device_code, user_code } = shape.parse(
    JSON.parse(await post(world, '/auth/api/device/code', { client_id: 'a test' })),
  )
  const entered = await browser.send('/auth/device', { json: { user_code } })
  const { id } = z.object({ id: z.string().optional() }).parse(await entered.json())
  await browser.send(`/auth/device/${id}/allow`, { json: {} })
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  return post(world, '/auth/api/device/token', { grant_type, device_code, client_id: 'a test' })
}

/** All ways in. A new one has to be written down here, with what it does where a second factor is due. */
const ways: Readonly<Record<string, Way>> = {
  'POST /auth/login': {
    through: 'sign-in/password-sign-in.ts',
    method: 'password',
    opens: 'a session',
    withFactor: 'asks',
    go: (world, { name }) => post(world, '/auth/login', { username: name, password }),
  },
  'POST /auth/api/login': {
    through: 'sign-in/password-sign-in.ts',
    method: 'password',
    opens: 'tokens',
    withFactor: 'asks',
    go: (world, { name }) => post(world, '/auth/api/login', { username: name, password }),
  },
  'loginUserSession()': {
    through: 'auth-api.ts',
    method: 'password',
    opens: 'a session',
    withFactor: 'asks',
    go: byHost,
  },
  'POST /auth/passkeys/sign-in': {
    through: 'sign-in/passkey-sign-in.ts',
    method: 'passkey',
    opens: 'a session',
    withFactor: 'shows both',
    go: byPasskey,
  },
  'POST /auth/register': {
    through: 'sign-in/register.ts',
    method: 'registration',
    // A new account has no factor; for one that is there it answers as for a name that is taken.
    opens: 'nothing',
    withFactor: 'opens nothing',
    go: (world, { name }) => post(world, '/auth/register', { username: name, email: `${name}@example.org`, password }),
  },
  'GET /auth/providers/:id/callback': {
    through: 'sign-in/provider-sign-in.ts',
    method: 'provider',
    opens: 'a session',
    withFactor: 'asks',
    go: byProvider,
  },
  'POST /auth/welcome': {
    through: 'sign-in/provider-sign-in.ts',
    method: 'registration',
    // Only for whom no account knows.
    opens: 'nothing',
    withFactor: 'opens nothing',
    go: (world, { name }) => post(world, '/auth/welcome', { username: name }),
  },
  'POST /auth/reset': {
    through: null,
    method: null,
    opens: 'nothing',
    withFactor: 'opens nothing',
    go: async (world, owner) =>
      post(world, '/auth/reset', { token: await resetLink(world, owner), new_password: password }),
  },
  'POST /settings/password': {
    through: 'sign-in/change-password.ts',
    method: 'password_change',
    opens: 'a session',
    withFactor: 'is past it',
    go: null,
  },
  'POST /auth/second-factor': {
    through: 'sign-in/second-factor.ts',
    method: 'password',
    opens: 'nothing',
    withFactor: 'opens nothing',
    go: (world) => post(world, '/auth/second-factor', { code: '000000' }),
  },
  'POST /auth/second-factor/passkey': {
    through: 'sign-in/passkey-second-factor.ts',
    method: 'password',
    opens: 'nothing',
    withFactor: 'opens nothing',
    go: async (world) => {
      const challenge = 'A'.repeat(43)
      const credential = new SoftPasskey().use({ options: { challenge, rpId: 'localhost' } })
      return post(world, '/auth/second-factor/passkey', { credential, pending_token: 'x' })
    },
  },
  'POST /auth/enrol/:id/confirm': {
    through: 'sign-in/enrol.ts',
    method: 'password',
    opens: 'nothing',
    withFactor: 'opens nothing',
    go: (world) => post(world, '/auth/enrol/x/confirm', { code: '000000', pending_token: 'x' }),
  },
  'POST /auth/enrol/passkey': {
    through: 'sign-in/enrol.ts',
    method: 'password',
    opens: 'nothing',
    withFactor: 'opens nothing',
    go: async (world) => {
      const user = { id: 'A'.repeat(43), name: 'x', displayName: 'x' }
      const rp = { id: 'localhost', name: 'x' }
      const options = { challenge: 'A'.repeat(43), rp, user, excludeCredentials: [] }
      const credential = new SoftPasskey().make({ options })
      return post(world, '/auth/enrol/passkey', { credential, pending_token: 'x' })
    },
  },
  'POST /auth/api/second-factor': {
    through: 'sign-in/second-factor.ts',
    method: 'password',
    opens: 'nothing',
    withFactor: 'opens nothing',
    go: (world) => post(world, '/auth/api/second-factor', { code: '000000', pending_token: 'x' }),
  },
  'POST /auth/api/second-factor/passkey': {
    through: 'sign-in/passkey-second-factor.ts',
    method: 'password',
    opens: 'nothing',
    withFactor: 'opens nothing',
    go: async (world) => {
      const credential = new SoftPasskey().use({ options: { challenge: 'A'.repeat(43), rpId: 'localhost' } })
      return post(world, '/auth/api/second-factor/passkey', { credential, pending_token: 'x' })
    },
  },
  'POST /auth/api/device/token': {
    through: 'sign-in/device-code-sign-in.ts',
    method: 'device_code',
    opens: 'tokens',
    // Whoever says yes is signed in and has just shown all that the account asks for.
    withFactor: 'shows both',
    go: byDeviceCode,
  },
  'POST /auth/restore': {
    through: 'sign-in/leave.ts',
    method: 'password',
    opens: 'nothing',
    withFactor: 'opens nothing',
    go: (world) => post(world, '/auth/restore', { pending_token: 'x' }),
  },
}

/** Open to strangers, and no way in: they say nothing of who somebody is. */
const noWays = [
  'GET /auth/api/check',
  // A code that opens nothing before somebody who is signed in has allowed it.
  'POST /auth/api/device/code',
  'GET /auth/assets/*',
  'GET /auth/confirm-address',
  'GET /auth/enrol',
  'GET /auth/enrol/:id',
  'GET /auth/forgot',
  'GET /auth/left',
  'GET /auth/login',
  'GET /auth/restore',
  'GET /auth/register',
  'GET /auth/reset',
  'GET /auth/second-factor',
  'GET /auth/welcome',
  'POST /auth/api/logout',
  // Leads to a provider, and hands on what one has posted: the callback alone opens anything.
  'POST /auth/providers/:id',
  'POST /auth/providers/:id/callback',
  'GET /auth/undo',
  // Pages: one says that an account waits, the other what a code leads to.
  'GET /auth/waiting',
  'GET /auth/first-administrator',
  'POST /auth/api/logout',
  'POST /auth/confirm-address',
  // Begins an authenticator for whoever has shown what the account asks for so far.
  'POST /auth/enrol',
  // Answers the same to everybody; what follows is a letter (RST-01).
  'POST /auth/forgot',
  // Goes on with a family that one of the ways has started.
  'POST /auth/api/refresh',
  'POST /auth/logout',
  // A challenge for whoever asks.
  'POST /auth/register/options',
  'POST /auth/passkeys/options',
  // A challenge for whoever has given the password.
  'POST /auth/enrol/passkey/options',
  'POST /auth/second-factor/passkey/options',
  'POST /auth/api/second-factor/passkey/options',
  'POST /auth/theme',
  'POST /auth/language',
  // Ends what is open and answers a link for a new password, which signs nobody in (RST-07).
  'POST /auth/undo',
]

const source = join(import.meta.dirname, '../src')
const read = (path: string) => readFileSync(join(source, path), 'utf8')
const unique = (list: readonly (string | null)[]) => [...new Set(list.filter((one) => one !== null))].sort()

describe('every way in is on the list', () => {
  test('every file that calls finish() is, with as many methods as finish() knows', () => {
    const files = globSync('**/*.ts', { cwd: source }).map((path) => path.replaceAll('\\', '/'))
    const callers = files.filter(
      (path) => !path.endsWith('.test.ts') && /(?<!function )\bfinish\s*(?:<[^()]*>)?\(/.test(codeOnly(read(path))),
    )
    assert.deepEqual(callers.sort(), unique(Object.values(ways).map(({ through }) => through)))
    // Under another name the pattern above would not see it.
    const renamed = files.filter((path) => /\bfinish as\b|\* as \w+ from '[^']*finish\.ts'/.test(read(path)))
    assert.deepEqual(renamed, [])
    const [, union = ''] = /type Method =([^\n]*(?:\n +\|[^\n]*)*)/.exec(read('sign-in/finish.ts')) ?? []
    const methods = [...union.matchAll(/'(\w+)'/g)].map(([, name = '']) => name)
    assert.ok(methods.length >= 3)
    assert.deepEqual(methods.sort(), unique(Object.values(ways).map(({ method }) => method)))
  })

  test('every address that strangers may use is a way in, or known to be none', async () => {
    const world = await testAuth()
    const open = world.auth.routes
      .filter(({ access }) => access === 'open' || access === 'guest')
      .map(({ method, path }) => `${method} ${path.replace(/\/assets\/.*/, '/assets/*')}`)
    await world.close()
    const addresses = Object.keys(ways).filter((name) => /^(GET|POST) \/auth\//.test(name))
    assert.deepEqual(unique(open), unique([...addresses, ...noWays]))
  })
})

describe('MFA-06, RST-07: what each way in opens, without a second factor and with one', () => {
  let world: TestAuth
  before(async () => {
    provider = await hostileProvider()
    world = await testAuth({
      limits: { registrations: 1000, perAddress: 1000 },
      providers: [{ id: 'home', label: 'Home', issuer: provider.issuer, clientId: 'chat' }],
    })
  })
  after(async () => {
    await world.close()
    await provider.close()
  })

  const idOf = async (name: string): Promise<number> => (await world.auth.admin.findUser(name))?.id ?? assert.fail()
  const rows = async ({ id }: Owner) => ({
    sessions: await count(world.auth, 'sessions', 'WHERE user_id = ?', [id]),
    families: await count(world.auth, 'token_families', 'WHERE user_id = ?', [id]),
    pending: await count(world.auth, 'pending_sign_ins', 'WHERE user_id = ?', [id]),
    authenticators: await count(world.auth, 'authenticators', 'WHERE user_id = ?', [id]),
  })
  let people = 0

  for (const [name, way] of Object.entries(ways)) {
    const { go } = way
    if (go === null) continue

    test(`${name} without`, async () => {
      const owner = `plain-${++people}`
      const browser = await signedUp(world, owner, password)
      const person = { name: owner, id: await idOf(owner), browser }
      const former = await rows(person)
      const answer = await go(world, person)
      const now = await rows(person)
      // A reset ends what was open (CHG-02): nothing more than that.
      if (way.opens === 'nothing') assert.ok(now.sessions <= former.sessions && now.families <= former.families)
      else if (way.opens === 'a session') assert.equal(now.sessions, former.sessions + 1)
      else assert.equal(now.families, former.families + 1)
      assert.equal(now.pending, 0)
      assert.equal(answer.includes('"access_token"'), way.opens === 'tokens')
    })

    test(`${name} with`, async () => {
      const owner = `factor-${++people}`
      const { browser, secret } = await withAuthenticator(world, owner)
      const person = { name: owner, id: await idOf(owner), browser }
      const former = await rows(person)
      const answer = await go(world, person)
      const now = await rows(person)
      const opened = way.withFactor === 'shows both' ? 1 : 0
      const tokens = way.opens === 'tokens' ? opened : 0
      assert.ok(now.sessions <= former.sessions + opened, 'no session')
      assert.equal(now.families, former.families + tokens, 'no tokens')
      assert.equal(now.authenticators, 1, 'the factor stays on')
      assert.ok(answer.includes('access_token') === (tokens === 1) && !answer.includes('mia_session='), answer)
      assert.equal(now.pending, way.withFactor === 'asks' ? 1 : 0)
      if (way.withFactor !== 'asks') return
      const pending = /"pending_token":"([\w-]+)"|mia_pending=([\w-]+)/.exec(answer)
      const json = { pending_token: pending?.[1] ?? pending?.[2], code: codeOf(world, secret) }
      const path = way.opens === 'tokens' ? '/auth/api/second-factor' : '/auth/second-factor'
      assert.equal((await world.browser().send(path, { json })).status, 200, 'the code finishes it')
      const [event] = await rowsOf(
        world.auth,
        `SELECT event FROM audit_events WHERE user_id = ? AND result = 'ok' ORDER BY id DESC LIMIT 1`,
        [person.id],
      )
      assert.equal(event?.['event'], way.opens === 'tokens' ? 'token_sign_in' : 'sign_in', 'AUD-01')
    })
  }
})

describe('M8: what each way in opens where a second factor is demanded and none is there', () => {
  let world: TestAuth
  before(async () => {
    provider = await hostileProvider()
    world = await testAuth({
      limits: { registrations: 1000, perAddress: 1000 },
      providers: [{ id: 'home', label: 'Home', issuer: provider.issuer, clientId: 'chat' }],
      secondFactor: { user: { grace: 0 } },
    })
  })
  after(async () => {
    await world.close()
    await provider.close()
  })

  for (const [index, [name, { go, opens, withFactor }]] of Object.entries(ways).entries()) {
    if (go === null) continue

    test(name, async () => {
      const owner = `bare-${index}`
      const browser = await signedUp(world, owner, password)
      const user = (await world.auth.admin.findUser(owner)) ?? assert.fail()
      const where = 'WHERE user_id = ?'
      const sessions = await count(world.auth, 'sessions', where, [user.id])
      const answer = await go(world, { name: owner, id: user.id, browser })
      const opened = withFactor === 'shows both' ? 1 : 0
      assert.ok((await count(world.auth, 'sessions', where, [user.id])) <= sessions + opened, 'no session')
      assert.equal(await count(world.auth, 'token_families', where, [user.id]), 0, 'no tokens')
      assert.ok(!answer.includes('access_token') && !answer.includes('mia_session='), answer)
      const waits = opens === 'a session' && withFactor === 'asks'
      const enrolments = await count(world.auth, 'pending_sign_ins', `${where} AND wanted = 'enrol'`, [user.id])
      assert.equal(enrolments, waits ? 1 : 0)
    })
  }
})
