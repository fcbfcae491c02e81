import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days, hours, minutes } from '@miachat/auth'
import { z } from 'zod'
import { letterBox } from './support/letters.ts'
import { password } from './support/second-factor.ts'
import { setUser } from './support/stored.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const problem = z.object({ code: z.string(), errors: z.array(z.object({ code: z.string() })).optional() })

type Browser = Awaited<ReturnType<typeof signedUp>>

describe('another user name (A1)', () => {
  const box = letterBox()
  let world: TestAuth
  before(async () => {
    world = await testAuth({ mail: box.mail, siteName: 'Chat', limits: { registrations: 1000 } })
  })
  after(() => world.close())

  const change = (browser: Browser, username: string) => browser.send('/settings/username', { json: { username } })
  const codeOf = async (response: Response): Promise<string> => {
    return problem.parse(await response.json()).code
  }
  const signIn = (username: string) => world.browser().send('/auth/login', { json: { username, password } })
  const register = (username: string) =>
    world.browser().send('/auth/register', { json: { username, email: `${username}-2@example.org`, password } })

  test('LOG-08: it asks for a fresh proof', async () => {
    const browser = await signedUp(world, 'stale', password)
    world.pass(minutes(11))
    const refused = await change(browser, 'fresh-one')
    assert.equal(refused.status, 403)
    assert.equal(await codeOf(refused), 'step_up_required')
    assert.equal((await browser.get('/settings/username')).status, 303)
    assert.equal((await world.browser().get('/settings/username')).status, 303)
    assert.equal((await signIn('fresh-one')).status, 401)
  })

  test('REG-01, REG-02, REG-09: the rules of registration hold, and nothing of a refused change is kept', async () => {
    await signedUp(world, 'holder', password)
    const browser = await signedUp(world, 'ruled', password)
    const refused: [string, number, string][] = [
      ['ab', 422, 'username_length'],
      ['a name', 422, 'username_characters'],
      ['ruled@example.org', 422, 'username_characters'],
      ['ａｄｍｉｎ', 422, 'username_characters'],
      ['admin', 422, 'username_reserved'],
      ['ruled', 422, 'username_same'],
      ['holder', 409, 'username_taken'],
      ['HOLDER', 409, 'username_taken'],
    ]
    await box.letters(world)
    for (const [username, status, code] of refused) {
      const response = await change(browser, username)
      const { errors } = problem.parse(await response.json())
      assert.deepEqual([response.status, errors?.[0]?.code], [status, code], username)
    }
    assert.deepEqual(await box.letters(world), [])
    const form = await browser.send('/settings/username', { form: { username: 'holder' } })
    assert.equal(form.status, 409)
    const page = await form.text()
    assert.match(page, /<title>Error: Change your user name/)
    assert.match(page, /value="holder"/)
    assert.equal((await signIn('ruled')).status, 200)
  })

  test('REG-08: names are tried ten times in an hour', async () => {
    const browser = await signedUp(world, 'curious', password)
    await signedUp(world, 'sought', password)
    for (let n = 0; n < 10; n++) assert.equal((await change(browser, 'sought')).status, 409)
    assert.equal((await change(browser, 'free-name')).status, 429)
    world.pass(hours(1) + 1)
    await browser.send('/auth/login', { json: { username: 'curious', password } })
    assert.equal((await change(browser, 'free-name')).status, 200)
  })

  test('A1, CHG-02: it counts at once for every sign-in, is written down and told; devices stay', async () => {
    const browser = await signedUp(world, 'before', password)
    const other = world.browser()
    await other.send('/auth/login', { json: { username: 'before', password } })
    await box.letters(world)
    const form = await browser.send('/settings/username', { form: { username: 'After.Now' } })
    assert.equal(form.headers.get('location'), '/settings?done=username')
    assert.match(await (await browser.get('/settings?done=username')).text(), /After\.Now.*User name changed/s)
    assert.match(await (await other.get('/settings')).text(), /After\.Now/)
    assert.equal((await signIn('before')).status, 401)
    assert.equal((await signIn('after.now')).status, 200)
    assert.equal((await signIn('before@example.org')).status, 200)
    const letters = await box.letters(world)
    const [letter] = letters.filter(({ subject }) => subject === 'Your user name was changed (Chat)')
    assert.equal(letter?.to, 'before@example.org')
    assert.match(letter?.text ?? '', /\/auth\/undo\?token=/)
  })

  test('ACC-01: a released name is kept for its owner, who can go back; later it inherits nothing', async () => {
    const browser = await signedUp(world, 'given-up', password)
    const token = await browser.send('/settings/tokens', { json: { name: 't', days: 300, scopes: ['profile'] } })
    const made = z.object({ token: z.string() }).parse(await token.json())
    assert.equal((await change(browser, 'taken-up')).status, 200)
    const other = await signedUp(world, 'waiting', password)
    for (const username of ['given-up', 'GIVEN-UP']) {
      assert.equal(await codeOf(await change(other, username)), 'username_taken')
      assert.equal(await codeOf(await register(username)), 'username_taken')
    }
    assert.equal((await change(browser, 'given-up')).status, 200, 'the owner goes back')
    assert.equal(await codeOf(await register('taken-up')), 'username_taken')
    assert.equal((await change(browser, 'gone-on')).status, 200)
    world.pass(days(91))
    await world.auth.sweep()
    assert.equal((await register('given-up')).status, 200)
    const heir = world.browser()
    await heir.send('/auth/login', { json: { username: 'given-up', password } })
    assert.doesNotMatch(await (await heir.get('/settings/activity')).text(), /User name changed|token for programs/)
    const me = await world.browser().get('/auth/api/me', { authorization: `Bearer ${made.token}` })
    const { user } = z.object({ user: z.object({ username: z.string() }) }).parse(await me.json())
    assert.equal(user.username, 'gone-on', 'what the account has hangs on its number')
  })

  test('A1: three changes in 90 days; capital letters alone are none', async () => {
    const browser = await signedUp(world, 'restless', password)
    for (const username of ['Restless', 'restless-1', 'restless-2', 'restless-3']) {
      assert.equal((await change(browser, username)).status, 200, username)
    }
    const refused = await change(browser, 'restless-4')
    assert.equal(refused.status, 409)
    assert.match(await refused.text(), /three times|3 times/)
    assert.equal((await change(browser, 'RESTLESS-3')).status, 200)
  })

  test('REG-02: two who take one name at once: one has it', async () => {
    const people = await Promise.all(['first', 'second', 'third'].map((name) => signedUp(world, name, password)))
    const statuses = await Promise.all(people.map(async (browser) => (await change(browser, 'wanted')).status))
    assert.deepEqual(statuses.sort(), [200, 409, 409])
  })

  test('REG-02: somebody takes a name at the moment in which it is given up: it is kept', async () => {
    for (let n = 0; n < 5; n++) {
      const browser = await signedUp(world, `leaving-${n}`, password)
      const [left, taken] = await Promise.all([change(browser, `left-${n}`), register(`leaving-${n}`)])
      assert.equal(left.status, 200)
      assert.equal(taken.status, 409)
    }
  })

  test('DAT: an imported twin that gives its name up takes nothing from the other', async () => {
    const one = await signedUp(world, 'twin-one', password)
    await signedUp(world, 'twin-two', password)
    await setUser(world, 'twin-one', { username: 'Twin-Two', username_key: '#1' })
    assert.equal((await change(one, 'twin-one-again')).status, 200)
    assert.equal((await signIn('twin-two')).status, 200)
    assert.equal((await change(await signedUp(world, 'bystander', password), 'TWIN-TWO')).status, 409)
  })
})
