import assert from 'node:assert/strict'
import { after, afterEach, before, describe, mock, test } from 'node:test'
import { z } from 'zod'
import type { Browser } from './support/browser.ts'
import { allTables, textOf } from './support/full-person.ts'
import { rowsOf, write } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const html = { accept: 'text/html' }
const begunShape = z.object({ success: z.literal(true), redirect: z.url() })

/** What GitHub and Discord answer, and the tokens that they give: they speak OAuth 2.0 alone, and cannot be run here. */
const token = 'gho_a-token-that-nobody-keeps'
const refresh = 'ghr_nor-this-one'
const given = { access_token: token, refresh_token: refresh, token_type: 'bearer', expires_in: 3600 }
const services = [
  {
    kind: 'github',
    issuer: 'https://github.com/login/oauth',
    subject: '583231',
    answers: {
      'https://github.com/login/oauth/access_token': given,
      'https://api.github.com/user': { id: 583231, login: 'marie', name: null, email: null },
      'https://api.github.com/user/emails': [{ email: 'marie@example.org', primary: true, verified: true }],
    },
  },
  {
    kind: 'discord',
    issuer: 'https://discord.com',
    subject: '80351110224678912',
    answers: {
      'https://discord.com/api/oauth2/token': given,
      'https://discord.com/api/users/@me': {
        id: '80351110224678912',
        username: 'marie',
        email: 'marie@example.org',
        verified: true,
      },
    },
  },
] as const

for (const { kind, issuer, subject, answers } of services) {
  describe(`sign-in by ${kind}, from the button to the rows`, () => {
    let world: TestAuth
    before(async () => {
      world = await testAuth({
        providers: [{ kind, clientId: 'chat', clientSecret: 'a secret' }],
        limits: { registrations: 100 },
      })
    })
    after(() => world?.close())
    afterEach(() => mock.restoreAll())

    function serve(changed: Readonly<Record<string, unknown>> = {}): void {
      const known = new Map<string, unknown>(Object.entries({ ...answers, ...changed }))
      mock.method(globalThis, 'fetch', async (input: string | URL) =>
        known.has(String(input)) ? Response.json(known.get(String(input))) : new Response('', { status: 404 }),
      )
    }

    async function signIn(browser: Browser, path = `/auth/providers/${kind}`): Promise<Response> {
      const { redirect } = begunShape.parse(await (await browser.send(path, { json: {} })).json())
      const state = new URL(redirect).searchParams.get('state')
      return browser.get(
        `/auth/providers/${kind}/callback?${new URLSearchParams({ code: 'a-code', state: state ?? '' })}`,
        html,
      )
    }

    test('OAU-05: an account here that has the person’s address unconfirmed is not linked by it', async () => {
      serve()
      const owner = await signedUp(world, 'marianne')
      await write(world.auth, "UPDATE users SET email = 'marie@example.org' WHERE username = 'marianne'")
      const browser = world.browser()
      const answer = await signIn(browser)
      assert.ok(!browser.jar.has('mia_session'), answer.headers.get('location') ?? '')
      assert.deepEqual(await rowsOf(world.auth, 'SELECT subject FROM identities'), [])
      await write(world.auth, "UPDATE users SET email = 'marianne@example.org' WHERE username = 'marianne'")
      assert.equal((await owner.get('/settings')).status, 200)
    })

    test('OAU-03, OAU-07: a new person is known by issuer and id again, and no token of the service is kept anywhere', async () => {
      serve()
      const first = world.browser()
      assert.equal((await signIn(first)).headers.get('location'), '/auth/welcome')
      assert.ok(!first.jar.has('mia_session'))
      await first.send('/auth/welcome', { form: { username: 'newcomer' } })
      assert.ok(first.jar.has('mia_session'))
      const again = world.browser()
      await signIn(again)
      assert.ok(again.jar.has('mia_session'))
      assert.match(await (await again.get('/settings')).text(), /newcomer/)
      assert.deepEqual(await rowsOf(world.auth, 'SELECT issuer, subject FROM identities'), [{ issuer, subject }])
      const places = [JSON.stringify(world.lines), JSON.stringify([...first.jar, ...again.jar])]
      for (const table of await allTables(world)) places.push(await textOf(world, table))
      for (const place of places) for (const secret of [token, refresh]) assert.ok(!place.includes(secret))
    })

    test('OAU-07: an answer without an id, or none at all, signs nobody in and makes nobody', async () => {
      const [place = ''] = Object.keys(answers).slice(1)
      for (const changed of [
        { [place]: { login: 'marie' } },
        { [place]: { id: '' } },
        { [Object.keys(answers)[0] ?? '']: { error: 'bad_code' } },
      ]) {
        serve(changed)
        const browser = world.browser()
        const answer = await signIn(browser)
        assert.match(answer.headers.get('location') ?? '', /why=provider_failed/)
        assert.ok(!browser.jar.has('mia_session'))
        mock.restoreAll()
      }
      assert.equal((await rowsOf(world.auth, 'SELECT subject FROM identities')).length, 1)
    })
  })
}
