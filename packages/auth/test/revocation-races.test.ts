import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { cookieHeader } from './support/cookies.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'

/** Everything that can happen to one account at the same moment. None of it may fail, whatever comes first. */
describe('revocations that meet each other and what they revoke', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { perAddressAndAccount: 1000, perAddress: 10_000, registrations: 1000 } })
  })
  after(() => world.close())

  const tokensOf = async (username: string) => {
    const login = await world.browser().send('/auth/api/login', { json: { username, password } })
    const { access_token, refresh_token } = JSON.parse(await login.text())
    return { access_token, refresh_token }
  }
  const noFault = (answers: readonly Response[]) => {
    for (const { status, url } of answers) assert.ok(status < 500, `${status} ${url}`)
  }
  const faults = () => world.lines.filter(({ message }) => message === 'request_failed')

  test('RFR-04, RFR-06: a refresh and a sign-out of the same family', async () => {
    await signedUp(world, 'refresher')
    for (let i = 0; i < 12; i++) {
      const { access_token, refresh_token } = await tokensOf('refresher')
      const program = world.browser()
      const [refreshed, out, again] = await Promise.all([
        program.send('/auth/api/refresh', { json: { refresh_token } }),
        program.send('/auth/api/logout', { json: { refresh_token } }),
        program.send('/auth/api/refresh', { json: { refresh_token } }),
      ])
      noFault([refreshed, out, again])
      assert.equal(out.status, 200)
      const bearer = { authorization: `Bearer ${access_token}` }
      assert.equal((await program.get('/auth/api/me', bearer)).status, 401)
      if (refreshed.status === 200) {
        const next = JSON.parse(await refreshed.text())
        assert.equal((await program.get('/auth/api/me', { authorization: `Bearer ${next.access_token}` })).status, 401)
        assert.equal(
          (await program.send('/auth/api/refresh', { json: { refresh_token: next.refresh_token } })).status,
          401,
        )
      }
    }
    assert.deepEqual(faults(), [])
  })

  test('SES-07, CHG-02: sign-ins, refreshes, sign-outs and a disabling of one account', async () => {
    const browser = await signedUp(world, 'crowded')
    const user = await world.auth.admin.findUser('crowded')
    assert.ok(user)
    for (let i = 0; i < 6; i++) {
      const { refresh_token } = await tokensOf('crowded')
      const cookie = cookieHeader(browser)
      const send = (path: string, json: unknown) => world.browser().send(path, { json, headers: { cookie } })
      const [, ...answers] = await Promise.all([
        world.auth.admin.setActive(user.id, false, 'a test'),
        send('/auth/login', { username: 'crowded', password }),
        send('/auth/api/refresh', { refresh_token }),
        send('/auth/api/login', { username: 'crowded', password }),
        send('/settings/sessions/end-others', {}),
        send('/settings/profile', { display_name: `Name ${i}` }),
        send('/auth/logout', {}),
        send('/settings/password', { current_password: password, new_password: password }),
      ])
      noFault(answers)
      assert.equal(await count(world.auth, 'sessions', 'WHERE user_id = ?', [user.id]), 0)
      assert.equal(await count(world.auth, 'token_families', 'WHERE user_id = ?', [user.id]), 0)
      await world.auth.admin.setActive(user.id, true, 'a test')
      await browser.send('/auth/login', { json: { username: 'crowded', password } })
    }
    assert.deepEqual(faults(), [])
  })

  test('CHG-02, RST-03: a reset, a change and sign-ins of one account', async () => {
    for (let i = 0; i < 5; i++) {
      const username = `reset-race-${i}`
      const browser = await signedUp(world, username)
      const user = await world.auth.admin.findUser(username)
      assert.ok(user)
      const link = new URL((await world.auth.admin.resetLink(user.id, 'a test')).url)
      const cookie = cookieHeader(browser)
      const send = (path: string, json: unknown) => world.browser().send(path, { json, headers: { cookie } })
      const answers = await Promise.all([
        send('/auth/login', { username, password }),
        send('/auth/reset', { token: link.searchParams.get('token'), new_password: 'set by the link' }),
        send('/settings/password', { current_password: password, new_password: 'set by the form' }),
        send('/auth/login', { username, password }),
        send('/auth/api/login', { username, password }),
      ])
      noFault(answers)
      const opens = async (word: string) =>
        (await world.browser().send('/auth/login', { json: { username, password: word } })).status === 200
      assert.equal(await opens(password), false, 'the old password opens nothing')
      assert.equal(Number(await opens('set by the link')) + Number(await opens('set by the form')), 1)
    }
    assert.deepEqual(faults(), [])
  })

  test('SES-10: sign-ins at once, each ending the oldest', async () => {
    await signedUp(world, 'at-once')
    const user = await world.auth.admin.findUser('at-once')
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        world.browser().send('/auth/login', { json: { username: 'at-once', password } }),
      ),
    )
    noFault(answers)
    assert.ok(
      answers.every(({ status }) => status === 200),
      'LOG-05',
    )
    assert.equal(await count(world.auth, 'sessions', 'WHERE user_id = ?', [user?.id]), 50)
    assert.deepEqual(faults(), [])
  })
})
