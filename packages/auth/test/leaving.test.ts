import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days, minutes } from '@miachat/auth'
import { z } from 'zod'
import { letterBox, linkIn } from './support/letters.ts'
import { createProgram } from './support/program.ts'
import { codeOf, password, withAuthenticator } from './support/second-factor.ts'
import { count, rowsOf, write } from './support/sql.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const leavingShape = z.object({ code: z.literal('account_leaving'), pending_token: z.string() })
const codeIn = async (response: Response): Promise<unknown> => JSON.parse(await response.text()).code

describe('leaving', () => {
  let world: TestAuth
  const box = letterBox()
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000, perAddress: 1000 }, mail: box.mail })
    await write(world.auth, 'CREATE TABLE notes (user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE)')
  })
  after(() => world.close())

  const login = (username: string, path = '/auth/login', given = password) =>
    world.browser().send(path, { json: { username, password: given } })
  const idOf = async (username: string): Promise<number> => (await world.auth.admin.findUser(username))?.id ?? 0

  test('LOG-08, E2: nobody leaves by a slip, by a stale session, with a wrong password, or for another person', async () => {
    const browser = await signedUp(world, 'stays', password)
    await signedUp(world, 'other', password)
    const ask = (json: object) => browser.send('/settings/delete', { json })
    assert.equal(
      (await world.browser().send('/settings/delete', { json: { username: 'stays', password } })).status,
      401,
    )
    assert.equal((await ask({})).status, 422)
    assert.equal((await ask({ username: 'other', password })).status, 422)
    assert.equal(await codeIn(await ask({ username: 'stays', password: 'wrong one' })), 'wrong_current_password')
    world.pass(minutes(10))
    assert.equal(await codeIn(await ask({ username: 'stays' })), 'step_up_required')
    const page = await browser.get('/settings/data/delete', { accept: 'text/html' })
    assert.equal(page.headers.get('location'), '/settings/confirm?next=%2Fsettings%2Fdata%2Fdelete')
    assert.equal((await browser.get('/settings')).status, 200)
    assert.equal(await count(world.auth, 'users', 'WHERE deletes_at IS NOT NULL'), 0)
    const { browser: withFactor, secret } = await withAuthenticator(world, 'stays-too')
    world.pass(minutes(10))
    const byPassword = await withFactor.send('/settings/delete', { json: { username: 'stays-too', password } })
    assert.equal(await codeIn(byPassword), 'step_up_required', 'MFA-07: the password is not enough')
    assert.equal((await withFactor.send('/settings/confirm', { json: { code: codeOf(world, secret) } })).status, 200)
    assert.equal((await withFactor.send('/settings/delete', { json: { username: 'stays-too' } })).status, 200)
  })

  test('E4: the last administrator stays; of two, one can leave', async () => {
    const browser = await signedUp(world, 'boss', password)
    await world.auth.admin.setRole(await idOf('boss'), 'admin', 'a test')
    await browser.send('/auth/login', { json: { username: 'boss', password } })
    const json = { username: 'boss', password }
    assert.equal(await codeIn(await browser.send('/settings/delete', { json })), 'last_admin')
    await signedUp(world, 'boss-two', password)
    await world.auth.admin.setRole(await idOf('boss-two'), 'admin', 'a test')
    assert.equal((await browser.send('/settings/delete', { json })).status, 200)
  })

  test('ACC-01, SES-07: every door shuts at once: sessions, tokens, links; the name is still taken', async () => {
    const browser = await signedUp(world, 'leaves', password)
    const other = world.browser()
    await other.send('/auth/login', { json: { username: 'leaves', password } })
    const program = createProgram(world)
    const { body } = await program.login('leaves', password)
    const { url } = await world.auth.admin.resetLink(await idOf('leaves'), 'a test')
    await box.letters(world)
    const left = await browser.send('/settings/delete', { json: { username: ' LEAVES', password } })
    assert.equal(left.status, 200)
    const { deletes_at, redirect } = z.object({ deletes_at: z.string(), redirect: z.string() }).parse(await left.json())
    assert.ok(Math.abs(Date.parse(deletes_at) - world.clock() - days(7)) < 5000)
    assert.match(await (await browser.get(redirect)).text(), /In 7 days everything of it is deleted/)
    assert.ok(!browser.jar.has('mia_session'))
    assert.equal((await other.get('/settings')).status, 303)
    assert.equal((await program.me(body.access_token)).status, 401)
    assert.equal((await program.refresh(body.refresh_token)).status, 401)
    const token = new URL(url).searchParams.get('token')
    assert.equal((await other.send('/auth/reset', { json: { token, new_password: password } })).status, 422)
    const [letter] = await box.letters(world)
    assert.match(letter?.subject ?? '', /Your account is closed/)
    const taken = await world.browser().send('/auth/register', {
      json: { username: 'leaves', email: 'new@example.org', password },
    })
    assert.equal(taken.status, 409)
  })

  test('ACC-01: within the grace a wrong password is like any, a right one opens nothing but the way back, once', async () => {
    const browser = await signedUp(world, 'comes-back', password)
    await browser.send('/settings/delete', { json: { username: 'comes-back', password } })
    assert.equal(await codeIn(await login('comes-back', '/auth/login', 'wrong one')), 'invalid_credentials')
    const program = await login('comes-back', '/auth/api/login')
    assert.equal(program.status, 403)
    const first = leavingShape.parse(await program.json())
    const fresh = world.browser()
    const asked = await fresh.send('/auth/login', { form: { username: 'comes-back', password } })
    assert.equal(asked.headers.get('location'), '/auth/restore')
    assert.ok(!fresh.jar.has('mia_session'))
    assert.equal((await fresh.get('/settings')).status, 303)
    assert.match(await (await fresh.get('/auth/restore')).text(), /Keep your account\?/)
    const asCode = { pending_token: first.pending_token, code: '000000' }
    assert.equal(await codeIn(await fresh.send('/auth/second-factor', { json: asCode })), 'sign_in_expired')
    const asked2 = { json: { pending_token: first.pending_token } }
    const [one, two] = await Promise.all([
      world.browser().send('/auth/restore', asked2),
      world.browser().send('/auth/restore', asked2),
    ])
    assert.deepEqual([one.status, two.status].sort(), [200, 401])
    assert.equal((await login('comes-back')).status, 200)
    world.pass(days(8))
    await world.auth.sweep()
    assert.equal((await login('comes-back')).status, 200, 'it is not deleted')
    assert.equal((await fresh.send('/auth/restore', { form: {} })).status, 401)
  })

  test('MFA-06: the way back asks for the second step first; a pending value of one step is none of the other', async () => {
    const { browser, secret } = await withAuthenticator(world, 'two-steps-back')
    await browser.send('/settings/delete', { json: { username: 'two-steps-back' } })
    const due = await login('two-steps-back')
    assert.equal(due.status, 401)
    const { pending_token } = z.object({ pending_token: z.string() }).parse(await due.json())
    const sly = await world.browser().send('/auth/restore', { json: { pending_token } })
    assert.equal(await codeIn(sly), 'sign_in_expired')
    const json = { pending_token, code: codeOf(world, secret) }
    const second = leavingShape.parse(await (await world.browser().send('/auth/second-factor', { json })).json())
    const back = world.browser()
    assert.equal((await back.send('/auth/restore', { json: { pending_token: second.pending_token } })).status, 200)
    assert.equal((await back.get('/settings')).status, 200)
    assert.match(await (await back.get('/settings/activity')).text(), /Account kept/)
  })

  test('ACC-01, O7: after the grace everything is gone but the log, by a number; who takes the name inherits nothing', async () => {
    const browser = await signedUp(world, 'is-gone', password)
    const id = await idOf('is-gone')
    await write(world.auth, 'INSERT INTO notes (user_id) VALUES (?)', [id])
    await browser.send('/settings/delete', { json: { username: 'is-gone', password } })
    world.pass(days(7) - minutes(1))
    await world.auth.sweep()
    assert.equal(await count(world.auth, 'users', 'WHERE id = ?', [id]), 1, 'not a minute early')
    world.pass(minutes(1))
    await world.auth.sweep()
    assert.equal(await count(world.auth, 'users', 'WHERE id = ?', [id]), 0)
    assert.equal(await count(world.auth, 'notes'), 0)
    const events = await rowsOf(world.auth, 'SELECT * FROM audit_events WHERE user_id = ? ORDER BY id', [id])
    assert.deepEqual(
      events.map(({ event }) => event),
      ['register', 'step_up', 'account_leaving', 'account_deleted'],
    )
    assert.ok(!JSON.stringify(events).includes('is-gone'))
    assert.equal(await codeIn(await login('is-gone')), 'invalid_credentials')
    const heir = await signedUp(world, 'is-gone', password)
    assert.notEqual(await idOf('is-gone'), id)
    assert.doesNotMatch(await (await heir.get('/settings/activity')).text(), /closed/)
    heir.jar.set('mia_device', browser.jar.get('mia_device') ?? '')
    assert.equal((await heir.get('/settings')).status, 200)
  })

  test('ADM-02: an administrator neither disables past the owner nor is stopped from opening it again', async () => {
    const browser = await signedUp(world, 'asks-the-admin', password)
    const id = await idOf('asks-the-admin')
    await browser.send('/settings/delete', { json: { username: 'asks-the-admin', password } })
    await assert.rejects(world.auth.admin.setActive(id, false, 'a test'), { code: 'conflict' })
    await world.auth.admin.setActive(id, true, 'a test')
    assert.equal((await login('asks-the-admin')).status, 200)
    world.pass(days(8))
    await world.auth.sweep()
    assert.equal(await count(world.auth, 'users', 'WHERE id = ?', [id]), 1)
  })

  test('CHG-02: “this was not me” in the letter opens the account again that a thief has closed', async () => {
    const thief = await signedUp(world, 'robbed', password)
    await box.letters(world)
    await thief.send('/settings/delete', { json: { username: 'robbed', password } })
    const [letter] = await box.letters(world)
    const token = new URL(linkIn(letter, '/auth/undo'), baseUrl).searchParams.get('token')
    assert.equal((await world.browser().send('/auth/undo', { form: { token: token ?? '' } })).status, 303)
    world.pass(days(8))
    await world.auth.sweep()
    const id = await idOf('robbed')
    assert.notEqual(id, 0)
    const { url } = await world.auth.admin.resetLink(id, 'a test')
    const json = { token: new URL(url).searchParams.get('token'), new_password: 'a ferry to the islands' }
    assert.equal((await world.browser().send('/auth/reset', { json })).status, 200)
    assert.equal((await login('robbed', '/auth/login', 'a ferry to the islands')).status, 200)
  })

  test('E2: the page says what goes and what stays, before it asks for the name', async () => {
    const browser = await signedUp(world, 'reads', password)
    const page = await (await browser.get('/settings/data/delete')).text()
    for (const words of ['What goes', 'What stays', 'You can come back until', 'Type <bdi>reads</bdi>']) {
      assert.ok(page.includes(words), words)
    }
    const wrong = await browser.send('/settings/delete', { form: { username: 'x' } })
    assert.match(await wrong.text(), /That is not your user name/)
    const done = await browser.send('/settings/delete', { form: { username: 'reads' } })
    assert.equal(done.headers.get('location'), '/auth/left')
    assert.equal((await browser.get('/settings', { origin: baseUrl })).status, 303)
  })
})

test('E2: without a grace it is gone with the answer', async () => {
  const world = await testAuth({ leaving: { grace: 0, goes: () => ['3 notes'] } })
  try {
    const browser = await signedUp(world, 'at-once', password)
    const page = await (await browser.get('/settings/data/delete')).text()
    assert.match(page, /<li>3 notes<\/li>/)
    assert.match(page, /cannot be undone/)
    assert.equal((await browser.send('/settings/delete', { json: { username: 'at-once' } })).status, 200)
    assert.equal(await count(world.auth, 'users'), 0)
    assert.match(await (await browser.get('/auth/left')).text(), /Your account is deleted/)
  } finally {
    await world.close()
  }
})
