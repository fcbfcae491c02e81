import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type AuthOptions, days } from '@miachat/auth'
import { z } from 'zod'
import { administrator, idOf } from './support/administrator.ts'
import { SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { codeIn, letterBox, linkIn } from './support/letters.ts'
import { password } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const LINK = '/auth/confirm-address'
const html = { accept: 'text/html' }
const problemCode = async (response: Response): Promise<string> =>
  z.object({ code: z.string() }).parse(await response.json()).code
const invitedShape = z.looseObject({ id: z.string(), url: z.string().nullable() })

/** A server with an administrator and a resident, who were there before only some could register. */
async function serverOf(registration: NonNullable<AuthOptions['registration']>) {
  const box = letterBox()
  const options = { mail: box.mail, siteName: 'Chat', limits: { registrations: 1000, perAddress: 1000 } }
  const open = await testAuth(options)
  const confirm = async (browser: Browser, username: string): Promise<void> => {
    const code = codeIn((await box.letters(open)).findLast(({ to }) => to === `${username}@example.org`))
    assert.equal((await browser.send('/settings/address/confirm', { json: { code } })).status, 200)
  }
  const made = await administrator(open)
  // The role has ended what waited.
  assert.equal((await made.browser.send('/settings/address/send', { json: {} })).status, 200)
  await confirm(made.browser, 'chief')
  for (const username of ['resident', 'other'])
    await confirm(await signedUp(open, username, 'a resident’s own words'), username)
  const world = await testAuth({ ...options, url: open.url, registration, unconfirmedAddresses: 'refuse' })
  const chief = world.browser()
  for (const [name, value] of made.browser.jar) chief.jar.set(name, value)
  assert.equal((await chief.get('/admin/people')).status, 200)
  await box.letters(world)
  return {
    world,
    box,
    chief,
    register: (username: string, email: string, more: object = {}, browser: Browser = world.browser()) =>
      browser.send('/auth/register', { json: { username, email, password, ...more } }),
    signIn: (username: string, browser: Browser = world.browser()) =>
      browser.send('/auth/login', { json: { username, password } }),
    act: async (username: string, what: string) =>
      chief.send(`/admin/people/${await idOf(world, username)}/${what}`, { json: { reason: 'A test' } }),
    async close() {
      await world.auth.close()
      await open.close()
    },
  }
}
type Server = Awaited<ReturnType<typeof serverOf>>

/** All of an answer that a stranger could compare. */
const shown = async (response: Response, username: string) => ({
  status: response.status,
  headers: [...response.headers].filter(([name]) => !['set-cookie', 'x-request-id', 'date'].includes(name)),
  cookies: response.headers.getSetCookie().map((cookie) => cookie.replace(/=[^;]+/, '')),
  body: (await response.text())
    .replaceAll(username, 'NAME')
    .replace(/"(id|created_at|last_login|request_id|instance)":("[^"]*"|\d+)/g, '$1'),
})
const tokenIn = (path: string, name: string): string =>
  new URL(path, 'http://localhost').searchParams.get(name) ?? assert.fail(path)
const sessionsOf = async ({ world }: Server, username: string) =>
  count(world.auth, 'sessions', 'WHERE user_id = ?', [await idOf(world, username)])

describe('REG-08: hidden addresses where administrators approve', () => {
  let server: Server
  let world: TestAuth
  before(async () => {
    server = await serverOf('approval')
    world = server.world
  })
  after(() => server.close())

  test('a taken and a free address: one answer, no session, a letter each; nobody who waits learns more', async () => {
    const { box, register, signIn } = server
    const [thief, honest] = [world.browser(), world.browser()]
    const taken = await shown(await register('thief', 'RESIDENT@example.org', {}, thief), 'thief')
    const free = await shown(await register('honest', 'free@example.org', {}, honest), 'honest')
    assert.deepEqual(taken, free)
    assert.equal(taken.status, 403)
    assert.match(taken.body, /account_waiting/)
    assert.deepEqual(
      (await box.letters(world)).map(({ to, subject }) => [to, subject]),
      [
        ['resident@example.org', 'You already have an account (Chat)'],
        ['free@example.org', 'Confirm your address for Chat'],
      ],
    )
    for (const [browser, username, email] of [
      [thief, 'thief', 'resident@example.org'],
      [honest, 'honest', 'free@example.org'],
    ] as const) {
      assert.equal(browser.jar.has('mia_session'), false)
      for (const path of ['/settings', '/settings/address']) assert.equal((await browser.get(path, html)).status, 303)
      const code = { json: { code: '00000000' } }
      assert.equal((await browser.send('/settings/address/confirm', code)).status, 401)
      assert.equal((await browser.send('/settings/address/send', { json: {} })).status, 401)
      assert.equal(await problemCode(await signIn(username)), 'account_waiting')
      assert.equal(await problemCode(await signIn(email)), 'invalid_credentials', 'the address opens nothing')
      assert.equal(await sessionsOf(server, username), 0)
    }
  })

  test('who waits and answers the letter waits still; approved, the account is whole at once', async () => {
    const { box, register, signIn, act } = server
    await register('early', 'early@example.org')
    const [letter] = await box.letters(world)
    const json = { token: tokenIn(linkIn(letter, LINK), 'token') }
    const browser = world.browser()
    assert.equal((await browser.send(LINK, { json })).status, 200)
    assert.equal(browser.jar.has('mia_session'), false, 'EML-04')
    for (const name of ['early', 'early@example.org']) {
      assert.equal(await problemCode(await signIn(name)), 'account_waiting')
    }
    assert.equal(await sessionsOf(server, 'early'), 0)
    assert.equal((await act('early', 'approve')).status, 200)
    const [told] = await box.letters(world)
    assert.deepEqual([told?.to, told?.subject], ['early@example.org', 'Your account was approved (Chat)'])
    assert.equal((await signIn('early', browser)).status, 200)
    assert.equal((await browser.get('/settings')).status, 200)
  })

  test('who is approved first gets to the page that confirms and no further, until the letter is answered', async () => {
    const { box, register, signIn, act } = server
    await register('quick', 'quick@example.org')
    const [letter] = await box.letters(world)
    assert.equal((await act('quick', 'approve')).status, 200)
    assert.deepEqual(
      (await box.letters(world)).map(({ to, subject }) => [to, subject]),
      [['quick@example.org', 'Your account was approved (Chat)']],
    )
    const browser = world.browser()
    assert.equal((await signIn('quick', browser)).status, 200)
    assert.equal(
      await problemCode(await browser.get('/settings', { accept: 'application/json' })),
      'address_unconfirmed',
    )
    assert.equal((await browser.get('/settings', html)).headers.get('location'), '/settings/address')
    assert.equal((await browser.send('/settings/sessions/end-others', { json: {} })).status, 403)
    const code = { json: { code: codeIn(letter) } }
    assert.equal((await browser.send('/settings/address/confirm', code)).status, 200)
    assert.equal((await browser.get('/settings')).status, 200)
  })

  test('an approval gives nobody an address that another has, by no way', async () => {
    const { box, register, signIn, act } = server
    await register('squatter', 'other@example.org')
    await box.letters(world)
    assert.equal((await act('squatter', 'approve')).status, 200)
    assert.deepEqual(await box.letters(world), [], 'its owner hears nothing of the newcomer')
    const browser = world.browser()
    assert.equal((await signIn('squatter', browser)).status, 200)
    const confirmed = await act('squatter', 'confirm-address')
    assert.notEqual(confirmed.status, 200, 'nor by an administrator’s word')
    assert.equal(
      await problemCode(await browser.get('/settings', { accept: 'application/json' })),
      'address_unconfirmed',
    )
    assert.equal(await count(world.auth, 'users', "WHERE email_key = 'other@example.org'"), 1)
    assert.equal((await world.auth.admin.findUser('other@example.org'))?.username, 'other')
  })

  test('of somebody who is declined the letter opens nothing, and both name and address are free', async () => {
    const { box, register, act } = server
    await register('declined', 'declined@example.org')
    const [letter] = await box.letters(world)
    assert.equal((await act('declined', 'decline')).status, 200)
    await register('refused', 'other@example.org')
    assert.equal((await act('refused', 'decline')).status, 200)
    const json = { token: tokenIn(linkIn(letter, LINK), 'token') }
    assert.equal((await world.browser().send(LINK, { json })).status, 422)
    assert.deepEqual(
      (await box.letters(world)).map(({ to, subject }) => [to, subject]),
      [
        ['declined@example.org', 'Your account was not approved (Chat)'],
        ['other@example.org', 'You already have an account (Chat)'],
      ],
      'the owner of an address hears nothing of what became of the newcomer',
    )
    await register('declined', 'declined@example.org')
    assert.equal((await box.letters(world))[0]?.subject, 'Confirm your address for Chat')
  })

  test('a passkey of who waits, or has not confirmed, opens nothing more than a password', async () => {
    const { box, act } = server
    const [browser, passkey] = [world.browser(), new SoftPasskey()]
    const options: unknown = await (
      await browser.send('/auth/register/options', { json: { username: 'keyed' } })
    ).json()
    const json = { username: 'keyed', email: 'resident@example.org', credential: passkey.make(options) }
    assert.equal(await problemCode(await browser.send('/auth/register', { json })), 'account_waiting')
    assert.equal(await problemCode(await signInBy(world.browser(), passkey)), 'account_waiting')
    assert.equal((await box.letters(world))[0]?.subject, 'You already have an account (Chat)')
    assert.equal((await act('keyed', 'approve')).status, 200)
    const inside = world.browser()
    assert.equal((await signInBy(inside, passkey)).status, 200)
    assert.equal((await inside.get('/settings', html)).headers.get('location'), '/settings/address')
  })

  // The last: it moves the clock.
  test('whoever waits and never confirms is gone after a week, the name free; who confirmed waits on', async () => {
    const { box, register, signIn } = server
    await register('silent', 'silent@example.org')
    await box.letters(world)
    await register('patient', 'patient@example.org')
    const [letter] = await box.letters(world)
    const json = { token: tokenIn(linkIn(letter, LINK), 'token') }
    assert.equal((await world.browser().send(LINK, { json })).status, 200)
    world.pass(days(7) + 60_000)
    await world.auth.sweep()
    assert.equal(await world.auth.admin.findUser('silent'), null)
    assert.equal(await problemCode(await signIn('patient')), 'account_waiting')
  })
})

describe('REG-08: hidden addresses where people are invited', () => {
  let server: Server
  let world: TestAuth
  before(async () => {
    server = await serverOf('invitation')
    world = server.world
  })
  after(() => server.close())

  const invite = async (order: object = {}) => {
    const answer = await server.chief.send('/admin/invitations', { json: order })
    assert.equal(answer.status, 200, await answer.clone().text())
    return invitedShape.parse(await answer.json())
  }
  const invitation = async () => tokenIn((await invite()).url ?? '', 'invitation')

  test('without an invitation, or by a used one, nobody hears of an address, and its owner gets no letter', async () => {
    const { box, register } = server
    const used = await invitation()
    assert.equal((await register('visitor', 'visitor@example.org', { invitation: used })).status, 200)
    await box.letters(world)
    for (const more of [{}, { invitation: 'x'.repeat(43) }, { invitation: used }]) {
      const taken = await shown(await register('stranger', 'resident@example.org', more), 'stranger')
      assert.deepEqual(taken, await shown(await register('stranger', 'nobody@example.org', more), 'stranger'))
      assert.notEqual(taken.status, 200)
    }
    assert.deepEqual(await box.letters(world), [])
    assert.equal(await world.auth.admin.findUser('stranger'), null)
  })

  test('an invitation handed over as a link proves no address: one answer for a taken and a free one, each used up', async () => {
    const { box, register } = server
    const invitations = [await invitation(), await invitation()]
    const [thief, honest] = [world.browser(), world.browser()]
    const taken = await shown(
      await register('thief', 'resident@example.org', { invitation: invitations[0] }, thief),
      'thief',
    )
    const free = await shown(
      await register('honest', 'free@example.org', { invitation: invitations[1] }, honest),
      'honest',
    )
    assert.deepEqual(taken, free)
    assert.equal(taken.status, 200)
    const [owners, theirs] = await box.letters(world)
    assert.deepEqual([owners?.to, owners?.subject], ['resident@example.org', 'You already have an account (Chat)'])
    for (const browser of [thief, honest]) {
      assert.equal((await browser.get('/settings', html)).headers.get('location'), '/settings/address')
    }
    for (const used of invitations) {
      assert.equal(
        await problemCode(await register('again', 'again@example.org', { invitation: used })),
        'link_invalid',
      )
    }
    const code = { json: { code: codeIn(theirs) } }
    assert.equal((await thief.send('/settings/address/confirm', code)).status, 422)
    assert.equal((await honest.send('/settings/address/confirm', code)).status, 200)
    assert.equal((await honest.get('/settings')).status, 200)
  })

  test('an invitation by letter opens for its own address only, and then all at once', async () => {
    const { box, register } = server
    await invite({ email: 'petra@example.org' })
    const [letter] = await box.letters(world)
    const token = tokenIn(linkIn(letter, '/auth/register'), 'invitation')
    for (const email of ['resident@example.org', 'else@example.org']) {
      const answer = await register('petra', email, { invitation: token })
      assert.deepEqual([answer.status, await problemCode(answer)], [422, 'invalid_fields'])
    }
    assert.deepEqual(await box.letters(world), [])
    const browser = world.browser()
    assert.equal((await register('petra', 'PETRA@example.org', { invitation: token }, browser)).status, 200)
    assert.equal((await browser.get('/settings')).status, 200)
    assert.deepEqual(await box.letters(world), [], 'nothing is left to confirm')
  })

  test('an invitation by letter makes no second account of an address, nor of one that was taken since', async () => {
    const { box, chief, register } = server
    const json = { email: 'other@example.org' }
    assert.equal(await problemCode(await chief.send('/admin/invitations', { json })), 'email_taken')
    await invite({ email: 'late@example.org' })
    const [letter] = await box.letters(world)
    const token = tokenIn(linkIn(letter, '/auth/register'), 'invitation')
    const sooner = world.browser()
    await register('sooner', 'late@example.org', { invitation: await invitation() }, sooner)
    const [confirmation] = await box.letters(world)
    const code = { json: { code: codeIn(confirmation) } }
    assert.equal((await sooner.send('/settings/address/confirm', code)).status, 200)
    const answer = await register('later', 'late@example.org', { invitation: token })
    assert.deepEqual([answer.status, await problemCode(answer)], [409, 'email_taken'], 'its reader has the mailbox')
    assert.equal(await world.auth.admin.findUser('later'), null)
  })
})
