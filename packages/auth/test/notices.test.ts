import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { letterBox, linkIn } from './support/letters.ts'
import { addAuthenticator, codeOf, password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const newPassword = 'another walk, along the sea'

describe('notices of changed credentials', () => {
  const box = letterBox()
  let world: TestAuth
  before(async () => {
    world = await testAuth({ mail: box.mail, siteName: 'Chat', limits: { registrations: 1000 } })
  })
  after(() => world.close())
  const subjects = async () => (await box.letters(world)).map(({ to, subject }) => `${to}: ${subject}`)

  test('CHG-02, LOG-09: a changed password is told to the stored address, with device, address and time', async () => {
    const browser = await signedUp(world, 'changer', password)
    await box.letters(world)
    const json = { current_password: password, new_password: newPassword }
    assert.equal((await browser.send('/settings/password', { json })).status, 200)
    const [letter, ...others] = await box.letters(world)
    assert.equal(others.length, 0)
    assert.equal(letter?.to, 'changer@example.org')
    assert.equal(letter?.subject, 'Your password was changed (Chat)')
    assert.match(letter?.text ?? '', /Device: Firefox on Linux\. Network address: 127\.0\.0\.1\. Time: \d{4}-\d\d-\d\d/)
    assert.ok(!letter?.text.includes(newPassword))
  })

  test('LOG-09: a change that was refused is told to nobody', async () => {
    const browser = await signedUp(world, 'refused', password)
    await box.letters(world)
    const json = { current_password: 'a wrong one', new_password: newPassword }
    assert.equal((await browser.send('/settings/password', { json })).status, 403)
    assert.deepEqual(await subjects(), [])
  })

  test('LOG-09: authenticators and recovery codes: added, made anew, used, removed', async () => {
    const { browser, id, codes } = await withAuthenticator(world, 'factors')
    assert.ok((await subjects()).includes('factors@example.org: An authenticator was added (Chat)'))
    await browser.send('/settings/recovery-codes', { json: {} })
    assert.deepEqual(await subjects(), ['factors@example.org: New recovery codes were made (Chat)'])
    assert.equal((await browser.send(`/settings/authenticators/${id}/remove`, { json: {} })).status, 200)
    assert.deepEqual(await subjects(), ['factors@example.org: An authenticator was removed (Chat)'])
    const added = await addAuthenticator(world, browser, 'Another')
    await box.letters(world)
    const pending_token = await pendingOf(world, 'factors')
    const code = added.codes[0] ?? ''
    assert.notEqual(code, codes[0])
    const json = { pending_token, code }
    assert.equal((await world.browser().send('/auth/second-factor', { json })).status, 200)
    assert.ok((await subjects()).includes('factors@example.org: A recovery code was used (Chat)'))
    world.pass(11 * 60_000)
    const confirm = await browser.send('/settings/confirm', { json: { code: added.codes[1] ?? '' } })
    assert.equal(confirm.status, 200)
    assert.deepEqual(await subjects(), ['factors@example.org: A recovery code was used (Chat)'])
    const again = await browser.send('/settings/confirm', { json: { code: codeOf(world, added.secret) } })
    assert.equal(again.status, 200)
    assert.deepEqual(await subjects(), [])
  })

  test('LOG-09: ten wrong passwords in a row are told, once, until the next sign-in; nine are not', async () => {
    const owner = await signedUp(world, 'guessed', password)
    await box.letters(world)
    let network = 0
    const guess = async (times: number) => {
      for (let n = 0; n < times; n++) {
        network += 1
        const json = { username: 'guessed', password: 'a wrong one' }
        const stranger = world.browser({ address: `198.51.100.${network}` })
        assert.equal((await stranger.send('/auth/login', { json })).status, 401)
      }
    }
    const told = async (failures: number) => {
      // Counted beside the answer.
      const where = "WHERE username = 'guessed' AND failures = ?"
      for (let n = 0; n < 400 && (await count(world.auth, 'users', where, [failures])) === 0; n++) await sleep(5)
      assert.equal(await count(world.auth, 'users', where, [failures]), 1)
      return subjects()
    }
    await guess(9)
    assert.deepEqual(await told(9), [])
    await guess(1)
    assert.deepEqual(await told(10), ['guessed@example.org: Many wrong passwords for your account (Chat)'])
    await guess(2)
    assert.deepEqual(await told(12), [])
    assert.equal((await owner.send('/auth/login', { json: { username: 'guessed', password } })).status, 200)
    await guess(9)
    assert.deepEqual(await told(9), [])
    await guess(1)
    assert.equal((await told(10)).length, 1)
  })

  test('LOG-09: a sign-in from a new browser is told, once; none from one that is known, none that failed', async () => {
    const first = await signedUp(world, 'wanders', password)
    await box.letters(world)
    const login = { json: { username: 'wanders', password } }
    const other = world.browser({ address: '203.0.113.9' })
    assert.equal(
      (await other.send('/auth/login', { json: { username: 'wanders', password: 'wrong word' } })).status,
      401,
    )
    await first.send('/auth/logout', { json: {} })
    assert.equal((await first.send('/auth/login', login)).status, 200)
    assert.deepEqual(await subjects(), [])
    assert.equal((await other.send('/auth/login', login)).status, 200)
    const [letter, ...others] = await box.letters(world)
    assert.equal(others.length, 0)
    assert.deepEqual([letter?.to, letter?.subject], ['wanders@example.org', 'A sign-in from a new browser (Chat)'])
    assert.match(letter?.text ?? '', /Network address: 203\.0\.113\.9/)
    linkIn(letter, '/auth/undo')
    await other.send('/auth/logout', { json: {} })
    assert.equal((await other.send('/auth/login', login)).status, 200)
    assert.deepEqual(await subjects(), [])
  })

  test('RST-*: a password set by a one-time link is told', async () => {
    const browser = await signedUp(world, 'resetter', password)
    await box.letters(world)
    const { id } = (await world.auth.admin.findUser('resetter')) ?? assert.fail('nobody')
    const { url } = await world.auth.admin.resetLink(id, 'command line')
    const token = new URL(url).searchParams.get('token') ?? ''
    const json = { token, new_password: newPassword }
    assert.equal((await browser.send('/auth/reset', { json })).status, 200)
    assert.deepEqual(await subjects(), ['resetter@example.org: Your password was set by a one-time link (Chat)'])
  })
})

test('V5: without mail nothing is written for it', async () => {
  const world = await testAuth()
  try {
    const browser = await signedUp(world, 'no-mail', password)
    const json = { current_password: password, new_password: newPassword }
    assert.equal((await browser.send('/settings/password', { json })).status, 200)
    assert.equal(await count(world.auth, 'outbox'), 0)
  } finally {
    await world.close()
  }
})
