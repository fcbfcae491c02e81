import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { rowsOf, write } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'
const better = 'two walks by the river'

describe('accounts without a password', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  /** Somebody signed in whose account no password opens, as sign-up with a passkey leaves it. */
  async function withoutPassword(username: string) {
    const browser = await signedUp(world, username, password)
    await write(world.auth, `UPDATE users SET password_hash = '!' WHERE username = '${username}'`)
    return browser
  }
  const signIn = async (username: string, word: string) =>
    (await world.browser().send('/auth/login', { json: { username, password: word } })).status

  test('LOG-02: no password opens it, its placeholder neither', async () => {
    await withoutPassword('nobody-knows')
    for (const word of ['!', password, ' ', '""']) assert.equal(await signIn('nobody-knows', word), 401)
  })

  test('LOG-08: its owner sets the first one after a step-up, without a current one', async () => {
    const browser = await withoutPassword('first-one')
    const page = await (await browser.get('/settings/security')).text()
    assert.match(page, /Set a password/)
    assert.doesNotMatch(page, /current_password/)
    world.pass(minutes(11))
    const late = await browser.send('/settings/password', { json: { new_password: better } })
    assert.equal(late.status, 403)
    assert.match(await late.text(), /step_up_required/)
    const form = await browser.send('/settings/password', {
      form: { new_password: better },
      headers: { referer: 'http://localhost:8080/settings/security' },
    })
    assert.equal(form.headers.get('location'), '/settings/confirm?next=%2Fsettings%2Fsecurity%3Fconfirmed%3D1')
    assert.equal(await signIn('first-one', better), 401)
    const fresh = await withoutPassword('first-two')
    assert.equal((await fresh.send('/settings/password', { json: { new_password: 'short' } })).status, 422)
    assert.equal((await fresh.send('/settings/password', { json: { new_password: better } })).status, 200)
    assert.equal(await signIn('first-two', better), 200)
    const again = await fresh.send('/settings/password', { json: { new_password: password } })
    assert.equal(again.status, 422, 'from then on the current one is asked for')
    assert.match(await again.text(), /"field":"current_password","code":"required"/)
  })

  test('RST-02: a reset link sets one', async () => {
    await withoutPassword('by-link')
    const [row] = await rowsOf(world.auth, `SELECT id FROM users WHERE username = 'by-link'`)
    const { url } = await world.auth.admin.resetLink(Number(row?.['id']), 'a test')
    const token = new URL(url).searchParams.get('token')
    const reset = await world.browser().send('/auth/reset', { json: { token, new_password: better } })
    assert.equal(reset.status, 200)
    assert.equal(await signIn('by-link', better), 200)
  })
})
