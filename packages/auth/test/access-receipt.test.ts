import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { password } from './support/second-factor.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const HOME = '/settings/access'
const json = { accept: 'application/json' }

describe('the access receipt', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
  })
  after(() => world.close())

  type Browser = ReturnType<TestAuth['browser']>
  const receipt = async (browser: Browser) => {
    const { doors } = JSON.parse(await (await browser.get(HOME, json)).text())
    return doors.map(({ kind, name, current }: { kind: string; name: string; current: boolean }) => [
      kind,
      name,
      current,
    ])
  }
  const isIn = async (browser: Browser) => (await browser.get('/settings', json)).status === 200

  /** A person with a door of each kind, and what came in by them. */
  async function withDoors(username: string) {
    const browser = await signedUp(world, username, password)
    const other = world.browser({ userAgent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0' })
    assert.equal((await other.send('/auth/login', { json: { username, password } })).status, 200)
    const program = world.browser({ userAgent: 'curl/8.9' })
    const login = await program.send('/auth/api/login', { json: { username, password } })
    const { access_token } = JSON.parse(await login.text())
    const user = await world.auth.admin.findUser(username)
    assert.ok(user)
    const { url } = await world.auth.admin.resetLink(user.id, 'test')
    return { browser, other, program, access_token, token: new URL(url).searchParams.get('token') ?? '', user }
  }

  test('LOG-08: the button asks for a fresh proof, is refused to guests and other sites, and shuts nothing then', async () => {
    const { browser, other } = await withDoors('receipt-stale')
    assert.equal((await world.browser().send(`${HOME}/shut`, { json: {} })).status, 401)
    const foreign = { json: {}, headers: { origin: 'https://evil.example' } }
    assert.equal((await browser.send(`${HOME}/shut`, foreign)).status, 403)
    world.pass(11 * 60_000)
    const refused = await browser.send(`${HOME}/shut`, { json: {} })
    assert.equal(refused.status, 403)
    assert.equal(JSON.parse(await refused.text()).code, 'step_up_required')
    assert.ok(await isIn(other))
  })

  test('A9, ACC-03: every open door of one’s own stands on the page, and nobody else’s', async () => {
    const { browser } = await withDoors('receipt-all')
    await withDoors('receipt-other')
    assert.deepEqual(await receipt(browser), [
      ['sessions', 'Firefox on Linux', true],
      ['sessions', 'Chrome on Windows', false],
      ['programs', 'curl', false],
      ['links', 'reset_password', false],
      ['password', 'password', false],
    ])
    const page = await (await browser.get(HOME)).text()
    assert.match(page, /<strong>3 other things are open\.<\/strong>/)
    assert.match(page, /This browser/)
    assert.match(page, /A link to set a new password/)
    assert.doesNotMatch(page, /reset_password|token=/)
  })

  test('A9, SES-08: one button shuts all but this browser and the owner’s ways in, and is written down', async () => {
    const { browser, other, program, access_token, token } = await withDoors('receipt-shut')
    assert.equal((await browser.send(`${HOME}/shut`, { form: {} })).headers.get('location'), `${HOME}?done=shut`)
    assert.ok(await isIn(browser))
    assert.equal(await isIn(other), false)
    const headers = { authorization: `Bearer ${access_token}` }
    assert.equal((await program.send('/auth/api/me', { headers })).status, 401)
    const reset = { token, new_password: 'a walk by another river' }
    assert.equal((await world.browser().send('/auth/reset', { json: reset })).status, 422)
    assert.deepEqual(await receipt(browser), [
      ['sessions', 'Firefox on Linux', true],
      ['password', 'password', false],
    ])
    const page = await (await browser.get(`${HOME}?done=shut`)).text()
    assert.match(page, /Everything but this browser is shut\..*Nothing is open but this browser/s)
    assert.match(await (await browser.get('/settings/activity')).text(), /Everything but one browser was shut/)
    assert.equal(
      (await world.browser().send('/auth/login', { json: { username: 'receipt-shut', password } })).status,
      200,
    )
  })

  test('CHG-02, RST-07: a reset of the password shuts every door on the receipt that can be shut', async () => {
    const { browser, other, token } = await withDoors('receipt-reset')
    const reset = { token, new_password: 'a walk by another river' }
    assert.equal((await world.browser().send('/auth/reset', { json: reset })).status, 200)
    assert.equal(await isIn(other), false)
    assert.equal(await isIn(browser), false)
    const again = { username: 'receipt-reset', password: reset.new_password }
    assert.equal((await browser.send('/auth/login', { json: again })).status, 200)
    assert.deepEqual(await receipt(browser), [
      ['sessions', 'Firefox on Linux', true],
      ['password', 'password', false],
    ])
  })
})
