import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days } from '@miachat/auth'
import { z } from 'zod'
import { administrator } from './support/administrator.ts'
import { SoftPasskey } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { letterBox, linkIn } from './support/letters.ts'
import { addAuthenticator, password } from './support/second-factor.ts'
import { count, rowsOf } from './support/sql.ts'
import { type TestAuth, testAuth } from './support/test-auth.ts'

const html = { accept: 'text/html' }
const codeIn = async (response: Response) => z.looseObject({ code: z.string() }).parse(await response.json()).code
const made = z.strictObject({
  success: z.literal(true),
  id: z.string(),
  url: z.string().nullable(),
  expires_at: z.string(),
})

/** What is sent to register somebody. */
const person = (username: string, more: object = {}) => ({
  username,
  email: `${username}@example.org`,
  password,
  ...more,
})
const register = (world: TestAuth, username: string, more: object = {}, browser: Browser = world.browser()) =>
  browser.send('/auth/register', { json: person(username, more) })
const tokenIn = (url: string | null): string => {
  assert.match(url ?? '', /^http:\/\/localhost:8080\/auth\/register\?invitation=[\w-]{43}$/, 'RST-04')
  return new URL(url ?? '').searchParams.get('invitation') ?? ''
}
/** An administrator with a second step, on a server where nobody registers without one. */
async function chiefOf(world: TestAuth): Promise<Browser> {
  const { url } = await world.auth.admin.invite({ email: null, days: 1 }, 'test')
  const browser = world.browser()
  assert.equal((await register(world, 'seed', { invitation: tokenIn(url) }, browser)).status, 200)
  const user = await world.auth.admin.findUser('seed')
  assert.ok(user)
  await world.auth.admin.setRole(user.id, 'admin', 'test')
  await browser.send('/auth/login', { json: { username: 'seed', password } })
  await addAuthenticator(world, browser)
  return browser
}

describe('registration by invitation', () => {
  let world: TestAuth
  let chief: Browser
  before(async () => {
    world = await testAuth({ registration: 'invitation', limits: { registrations: 1000 } })
    chief = await chiefOf(world)
  })
  after(() => world.close())

  const invite = async (order: object = {}) => {
    const answer = await chief.send('/admin/invitations', { json: order })
    assert.equal(answer.status, 200, await answer.clone().text())
    return made.parse(await answer.json())
  }
  const people = () => count(world.auth, 'users')

  test('ADM-01: without an invitation nobody registers, by no way, and nothing is made', async () => {
    const before = await people()
    for (const [invitation, code] of [
      [undefined, 'invitation_required'],
      ['', 'invitation_required'],
      ['x'.repeat(43), 'link_invalid'],
      ['x', 'link_invalid'],
    ] as const) {
      const more = invitation === undefined ? {} : { invitation }
      assert.equal(await codeIn(await register(world, 'stranger', more)), code)
      const options = await world.browser().send('/auth/register/options', { json: { username: 'stranger', ...more } })
      assert.equal(await codeIn(options), code)
    }
    for (const invitation of [1, null, ['x'], { token: 'x' }]) {
      assert.equal((await register(world, 'stranger', { invitation })).status, 400, 'REG-07')
    }
    assert.equal(await people(), before)
  })

  test('the pages say that an invitation is needed, or that one does not work any more', async () => {
    const page = await world.browser().get('/auth/register', html)
    const text = await page.text()
    assert.match(text, /By invitation only/)
    assert.doesNotMatch(text, /name="username"/)
    assert.doesNotMatch(await (await world.browser().get('/auth/login', html)).text(), /Create an account/)
    const void_ = await world.browser().get('/auth/register?invitation=nonsense', html)
    assert.match(await void_.text(), /This invitation does not work any more/)
  })

  test('RST-03, RST-06: an invitation makes one account; looking at it uses nothing up; twenty at once make one', async () => {
    const { url } = await invite()
    const invitation = tokenIn(url)
    for (let i = 0; i < 3; i++) {
      const page = await (await world.browser().get(`/auth/register?invitation=${invitation}`, html)).text()
      assert.match(page, new RegExp(`name="invitation" value="${invitation}"`))
    }
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => register(world, `guest-${i}`, { invitation })))
    assert.deepEqual(all.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 19 }, () => 422)])
    assert.equal(await codeIn(await register(world, 'too-late', { invitation })), 'link_invalid')
    const used = await rowsOf(world.auth, `SELECT event FROM audit_events WHERE event = 'invitation_used'`)
    assert.equal(used.length, 2)
    assert.equal(JSON.stringify(world.lines).includes(invitation), false, 'AUD-03')
    assert.equal(JSON.stringify(await rowsOf(world.auth, 'SELECT * FROM invitations')).includes(invitation), false)
  })

  test('a registration that fails leaves the invitation as it was', async () => {
    const invitation = tokenIn((await invite()).url)
    assert.equal((await register(world, 'seed', { invitation })).status, 409)
    assert.equal((await register(world, 'short', { invitation, password: 'x' })).status, 422)
    assert.equal((await register(world, 'luckier', { invitation })).status, 200)
  })

  test('R8: with a passkey too, by the same invitation from its options on', async () => {
    const invitation = tokenIn((await invite()).url)
    const [browser, passkey] = [world.browser(), new SoftPasskey()]
    const options: unknown = await (
      await browser.send('/auth/register/options', { json: { username: 'finger', invitation } })
    ).json()
    const credential = passkey.make(options)
    const { password: _, ...json } = person('finger', { credential, invitation })
    assert.equal((await browser.send('/auth/register', { json })).status, 200)
  })

  test('one for an address makes an account with that address alone', async () => {
    const { url } = await invite({ email: 'Ines@example.org' })
    const invitation = tokenIn(url)
    const other = await register(world, 'ines', { invitation, email: 'mallory@example.org' })
    assert.deepEqual([other.status, await codeIn(other)], [422, 'invalid_fields'])
    const page = await (await world.browser().get(`/auth/register?invitation=${invitation}`, html)).text()
    assert.match(page, /value="Ines@example\.org"/)
    assert.equal((await register(world, 'ines', { invitation })).status, 200)
  })

  test('refused: an address that is none or has an account, and other times than 1 to 30 days', async () => {
    for (const json of [{ email: 'nowhere' }, { days: 0 }, { days: 31 }, { days: '7x' }, { days: 1.5 }]) {
      const answer = await chief.send('/admin/invitations', { json })
      assert.ok([400, 422].includes(answer.status), JSON.stringify(json))
    }
    const taken = await chief.send('/admin/invitations', { json: { email: 'seed@example.org' } })
    assert.equal(await codeIn(taken), 'email_taken')
    const page = await chief.send('/admin/invitations', { form: { email: 'nowhere', days: '7' } })
    assert.equal(page.status, 422)
    assert.match(await page.text(), /value="nowhere"/)
  })

  test('listed, withdrawn once, and void from then on; a stranger’s id is none', async () => {
    const { id, url } = await invite({ days: 3 })
    const list = async () => await (await chief.get('/admin/invitations', { accept: 'application/json' })).text()
    assert.ok((await list()).includes(id))
    assert.equal((await list()).includes(tokenIn(url)), false, 'shown once')
    const withdraw = () => chief.send(`/admin/invitations/${id}/withdraw`, { json: {} })
    assert.equal((await withdraw()).status, 200)
    assert.equal((await withdraw()).status, 404)
    assert.equal((await list()).includes(id), false)
    assert.equal(await codeIn(await register(world, 'unwanted', { invitation: tokenIn(url) })), 'link_invalid')
    assert.match(await (await chief.get('/settings/activity', html)).text(), /An invitation was withdrawn/, 'ADM-02')
  })

  test('RST-02: it ends after its days, and is swept', async () => {
    const invitation = tokenIn((await invite({ days: 1 })).url)
    world.pass(days(1))
    assert.equal(await codeIn(await register(world, 'sleeper', { invitation })), 'link_invalid')
    await world.auth.sweep()
    assert.deepEqual(
      (await rowsOf(world.auth, 'SELECT expires_at FROM invitations')).filter(
        (row) => Number(row['expires_at']) <= world.clock(),
      ),
      [],
    )
  })
})

describe('invitations by mail', () => {
  test('LOG-08, EML: the link goes to the address and is shown to nobody else; using it confirms the address', async () => {
    const box = letterBox()
    const world = await testAuth({ registration: 'invitation', mail: box.mail, limits: { registrations: 1000 } })
    try {
      const chief = await chiefOf(world)
      await box.letters(world)
      const answer = await chief.send('/admin/invitations', { json: { email: 'petra@example.org' } })
      assert.equal(made.parse(await answer.json()).url, null)
      const [letter, ...others] = await box.letters(world)
      assert.deepEqual([letter?.to, others.length], ['petra@example.org', 0])
      const invitation = new URL(linkIn(letter, '/auth/register'), 'http://localhost').searchParams.get('invitation')
      assert.equal((await register(world, 'petra', { invitation })).status, 200)
      assert.equal((await world.auth.admin.findUser('petra'))?.emailConfirmed, true)
      assert.deepEqual(await box.letters(world), [], 'nothing is left to confirm')
      const form = await chief.send('/admin/invitations', { form: { email: 'paul@example.org', days: '7' } })
      assert.equal(form.headers.get('location'), '/admin/invitations?done=sent')
      assert.match(await (await chief.get('/admin/invitations?done=sent', html)).text(), /on its way/)
    } finally {
      await world.close()
    }
  })
})

describe('closed registration', () => {
  test('takes no invitation, not one of before either, and makes none', async () => {
    const world = await testAuth({ registration: 'invitation' })
    const { url } = await world.auth.admin.invite({ email: null, days: 7 }, 'test')
    const closed = await testAuth({ url: world.url, registration: 'closed' })
    try {
      assert.equal(await codeIn(await register(closed, 'late', { invitation: tokenIn(url) })), 'registration_closed')
      await assert.rejects(closed.auth.admin.invite({ email: null, days: 7 }, 'test'), { code: 'registration_closed' })
      const page = await closed.browser().get(`/auth/register?invitation=${tokenIn(url)}`, html)
      assert.match(await page.text(), /No new accounts here/)
    } finally {
      await closed.close()
      await world.close()
    }
  })
})

describe('ADM-01: the first administrator', () => {
  const codeOf = (url: string | null) => {
    assert.match(url ?? '', /^http:\/\/localhost:8080\/auth\/first-administrator\?token=[\w-]{43}$/)
    return new URL(url ?? '').searchParams.get('token') ?? ''
  }
  const roleOf = async (world: TestAuth, name: string) => (await world.auth.admin.findUser(name))?.role

  for (const registration of ['open', 'invitation', 'approval', 'closed'] as const) {
    test(`with ${registration} registration the code makes an account that administers, once`, async () => {
      const world = await testAuth({ registration })
      try {
        const token = codeOf(await world.auth.admin.firstAdministratorUrl())
        assert.equal(await world.auth.admin.firstAdministratorUrl(), null, 'no second one while it works')
        const page = await world.browser().get(`/auth/first-administrator?token=${token}`, html)
        assert.match(await page.text(), /Create an account/)
        const browser = world.browser()
        assert.equal((await register(world, 'chief', { invitation: token }, browser)).status, 200)
        assert.equal(await roleOf(world, 'chief'), 'admin')
        const refused = await browser.get('/admin/people', { accept: 'application/json' })
        assert.equal(await codeIn(refused), 'second_factor_setup_required', 'ADM-02')
        const again = await register(world, 'second', { invitation: token })
        assert.notEqual(again.status, 200)
        assert.equal(await world.auth.admin.firstAdministratorUrl(), null)
      } finally {
        await world.close()
      }
    })
  }

  test('SES-02: an account that is there becomes it at the page, after the step-up, and signs in anew', async () => {
    const world = await testAuth()
    try {
      const browser = world.browser()
      await register(world, 'anna', {}, browser)
      const token = codeOf(await world.auth.admin.firstAdministratorUrl())
      const claim = (by: Browser, value = token) => by.send('/auth/first-administrator', { json: { token: value } })
      assert.equal((await claim(world.browser())).status, 401)
      assert.equal(await codeIn(await claim(browser, 'x'.repeat(43))), 'link_invalid')
      world.pass(11 * 60_000)
      assert.equal(await codeIn(await claim(browser)), 'step_up_required', 'LOG-08')
      const asked = await browser.get(`/auth/first-administrator?token=${token}`, html)
      assert.match(asked.headers.get('location') ?? '', /^\/settings\/confirm\?next=/)
      await browser.send('/settings/confirm', { json: { password } })
      assert.match(
        await (await browser.get(`/auth/first-administrator?token=${token}`, html)).text(),
        /Become the administrator/,
      )
      assert.equal((await claim(browser)).status, 200)
      assert.equal((await browser.get('/settings', html)).status, 303)
      assert.equal(await roleOf(world, 'anna'), 'admin')
      const other = world.browser()
      await register(world, 'otto', {}, other)
      assert.equal(await codeIn(await claim(other)), 'link_invalid')
      assert.equal(await roleOf(world, 'otto'), 'user')
    } finally {
      await world.close()
    }
  })

  test('the code is void once there is an administrator, after a day, and is no invitation of /admin', async () => {
    const world = await testAuth({ limits: { registrations: 1000 } })
    try {
      const token = codeOf(await world.auth.admin.firstAdministratorUrl())
      const { browser: chief } = await administrator(world)
      assert.equal(await codeIn(await register(world, 'thief', { invitation: token })), 'link_invalid')
      assert.equal(await world.auth.admin.findUser('thief'), null)
      const page = await world.browser().get(`/auth/first-administrator?token=${token}`, html)
      assert.match(await page.text(), /does not work any more/)
      const list = await (await chief.get('/admin/invitations', { accept: 'application/json' })).text()
      assert.match(list, /"invitations":\[\]/)
    } finally {
      await world.close()
    }
    const late = await testAuth()
    try {
      const token = codeOf(await late.auth.admin.firstAdministratorUrl())
      late.pass(days(1))
      assert.equal(await codeIn(await register(late, 'late', { invitation: token })), 'link_invalid')
      codeOf(await late.auth.admin.firstAdministratorUrl())
    } finally {
      await late.close()
    }
  })

  test('of ten who use the code at once, one becomes it', async () => {
    const world = await testAuth({ limits: { registrations: 1000 } })
    try {
      const invitation = codeOf(await world.auth.admin.firstAdministratorUrl())
      const all = await Promise.all(Array.from({ length: 10 }, (_, i) => register(world, `one-${i}`, { invitation })))
      assert.equal(all.filter(({ status }) => status === 200).length, 1)
      assert.equal(await count(world.auth, 'users', `WHERE role = 'admin'`), 1)
    } finally {
      await world.close()
    }
  })
})
