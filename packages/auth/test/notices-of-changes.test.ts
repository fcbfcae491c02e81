import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { administrator, idOf } from './support/administrator.ts'
import { addSecurityKey, SoftPasskey } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { codeIn, letterBox } from './support/letters.ts'
import { type OpenIdProvider, openIdProvider } from './support/openid-provider.ts'
import { password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const SECOND = '/auth/second-factor/passkey'
const redirectIn = async (response: Response) =>
  z.object({ redirect: z.string() }).parse(await response.json()).redirect

describe('LOG-09: what other tests of notices do not come to', () => {
  const box = letterBox()
  let provider: OpenIdProvider
  let world: TestAuth
  before(async () => {
    provider = await openIdProvider([`${baseUrl}/auth/providers/home/callback`])
    const { issuer, client } = provider
    world = await testAuth({
      mail: box.mail,
      siteName: 'Chat',
      providers: [{ id: 'home', label: 'Home', issuer, clientId: client.id, clientSecret: client.secret }],
      limits: { registrations: 1000 },
    })
  })
  after(async () => {
    await world?.close()
    await provider?.close()
  })

  const subjects = async () => (await box.letters(world)).map(({ to, subject }) => `${to}: ${subject}`)
  async function linkThere(browser: Browser, sub: string): Promise<Response> {
    provider.state.person = { sub, preferred_username: sub }
    const there = await redirectIn(await browser.send('/settings/providers/home/link', { json: {} }))
    const { pathname, search } = await provider.visit(there)
    return browser.get(pathname + search)
  }

  test('a security key: added, refused as a copy, removed; none where nothing came of it', async () => {
    const { browser } = await withAuthenticator(world, 'keyed')
    const key = new SoftPasskey()
    key.counter = 5
    await box.letters(world)
    assert.notEqual((await addSecurityKey(browser, new SoftPasskey(), { userPresent: false })).status, 200)
    assert.deepEqual(await subjects(), [])
    const added = await addSecurityKey(browser, key)
    assert.equal(added.status, 200)
    assert.deepEqual(await subjects(), ['keyed@example.org: A security key was added (Chat)'])
    const guest = world.browser()
    const pending_token = await pendingOf(world, 'keyed')
    const options: unknown = await (await guest.send(`${SECOND}/options`, { json: { pending_token } })).json()
    const credential = key.use(options, { userVerified: false, userHandle: null, counter: 4 })
    assert.equal((await guest.send(SECOND, { json: { pending_token, credential } })).status, 401)
    assert.deepEqual(await subjects(), ['keyed@example.org: A security key was refused (Chat)'])
    const { id } = z.looseObject({ id: z.string() }).parse(await added.json())
    assert.equal((await browser.send(`/settings/security-keys/${id}/remove`, { json: {} })).status, 200)
    assert.deepEqual(await subjects(), ['keyed@example.org: A security key was removed (Chat)'])
  })

  test('an account elsewhere that is linked; one that is linked already is no news', async () => {
    const browser = await signedUp(world, 'linker', password)
    const code = codeIn((await box.letters(world)).at(-1))
    assert.equal((await browser.send('/settings/address/confirm', { json: { code } })).status, 200)
    await box.letters(world)
    assert.equal((await linkThere(browser, 'linker-there')).status, 303)
    assert.deepEqual(await subjects(), ['linker@example.org: An account elsewhere can now sign you in (Chat)'])
    await linkThere(browser, 'linker-there')
    assert.deepEqual(await subjects(), [])
  })

  test('an archive of everything, and an account that was to be deleted and is kept', async () => {
    const browser = await signedUp(world, 'keeper', password)
    await box.letters(world)
    assert.equal((await browser.send('/settings/export', { json: {} })).status, 200)
    assert.deepEqual(await subjects(), ['keeper@example.org: An archive of your data was made (Chat)'])
    assert.equal((await browser.send('/settings/delete', { json: { username: 'keeper', password } })).status, 200)
    assert.deepEqual(await subjects(), ['keeper@example.org: Your account is closed (Chat)'])
    const back = world.browser()
    const asked = await back.send('/auth/login', { json: { username: 'keeper', password } })
    assert.deepEqual(await subjects(), [], 'nothing is open yet')
    const { pending_token } = z.looseObject({ pending_token: z.string() }).parse(await asked.json())
    assert.equal((await back.send('/auth/restore', { json: { pending_token } })).status, 200)
    assert.ok((await subjects()).includes('keeper@example.org: Your account is open again (Chat)'))
  })

  test('ADM-02: acts of administrators that no other test reads the letter of, each with its reason and its actor', async () => {
    const { browser: chief, id: chiefId } = await administrator(world)
    await signedUp(world, 'told', password)
    const id = await idOf(world, 'told')
    await box.letters(world)
    for (const [what, subject, event] of [
      ['demand-second-factor', 'Please set up a second step', 'second_factor_demanded'],
      ['withdraw-demand', 'No second step is asked of you any more', 'second_factor_demand_withdrawn'],
      ['confirm-address', 'Your e-mail address is confirmed', 'address_confirmed'],
      ['forget-failures', 'Failed sign-ins to your account were forgotten', 'failures_forgotten'],
    ] as const) {
      const refused = await chief.send(`/admin/people/${id}/${what}`, { json: { reason: '' } })
      assert.equal(refused.status, 422, 'not without a reason')
      assert.deepEqual(await subjects(), [])
      const json = { reason: `Because of ${what}` }
      assert.equal((await chief.send(`/admin/people/${id}/${what}`, { json })).status, 200, what)
      const [letter, ...others] = await box.letters(world)
      assert.equal(others.length, 0, what)
      assert.deepEqual([letter?.to, letter?.subject], ['told@example.org', `${subject} (Chat)`])
      const [written] = await world.auth.admin.events(id, 1)
      assert.deepEqual([written?.event, written?.actor], [event, `administrator ${chiefId}`], what)
    }
  })
})
