import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { days, minutes } from '@miachat/auth'
import { z } from 'zod'
import type { Browser } from './support/browser.ts'
import { cookieHeader } from './support/cookies.ts'
import { codeOf, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { count, rowsOf } from './support/sql.ts'
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

  test('SES-06, LOG-08: a sign-out while the same session is confirmed', async () => {
    await signedUp(world, 'confirmer')
    for (let i = 0; i < 12; i++) {
      const browser = world.browser()
      assert.equal((await browser.send('/auth/login', { json: { username: 'confirmer', password } })).status, 200)
      const cookie = cookieHeader(browser)
      const send = (path: string, json: unknown) => world.browser().send(path, { json, headers: { cookie } })
      noFault(await Promise.all([send('/settings/confirm', { password }), send('/auth/logout', {})]))
    }
    assert.deepEqual(faults(), [])
  })

  test('MFA-06, SES-06: a second step while the other devices are signed out', async () => {
    const { secret } = await withAuthenticator(world, 'leaver')
    for (let i = 0; i < 6; i++) {
      const finish = async (browser: Browser) => {
        const json = { pending_token: await pendingOf(world, 'leaver'), code: codeOf(world, secret) }
        return () => browser.send('/auth/second-factor', { json })
      }
      const others: Browser[] = []
      for (let n = 0; n < 6; n++) {
        const browser = world.browser()
        assert.equal((await (await finish(browser))()).status, 200)
        others.push(browser)
        world.pass(minutes(1))
      }
      const goOn = await finish(world.browser())
      const leave = (browser: Browser) => browser.send('/auth/logout', { json: {} })
      noFault(await Promise.all([...others.slice(0, 3).map(leave), goOn(), ...others.slice(3).map(leave)]))
      world.pass(minutes(1))
    }
    assert.deepEqual(faults(), [])
  })

  test('RFR-04, MFA-06: a program’s second step, which ends the oldest family, while that one is refreshed or signed out', async () => {
    const { secret } = await withAuthenticator(world, 'programmer')
    const pair = z.looseObject({ refresh_token: z.string() })
    const begin = async () => {
      const login = await world.browser().send('/auth/api/login', { json: { username: 'programmer', password } })
      const { pending_token } = z.looseObject({ pending_token: z.string() }).parse(await login.json())
      return () =>
        world.browser().send('/auth/api/second-factor', { json: { pending_token, code: codeOf(world, secret) } })
    }
    const families: string[] = []
    for (let n = 0; n < 50; n++) {
      const answer = await (await begin())()
      assert.equal(answer.status, 200)
      families.push(pair.parse(await answer.json()).refresh_token)
      world.pass(minutes(1))
    }
    for (let i = 0; i < 16; i++) {
      const finish = await begin()
      const refresh_token = families.shift()
      const path = i % 2 === 0 ? '/auth/api/refresh' : '/auth/api/logout'
      const [finished, ...others] = await Promise.all([
        finish(),
        world.browser().send(path, { json: { refresh_token } }),
        world.browser().send(path, { json: { refresh_token } }),
      ])
      noFault([finished, ...others])
      families.push(pair.parse(await finished.json()).refresh_token)
      world.pass(minutes(1))
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

// SQLite writes one transaction after the other: nobody there holds a row that somebody else wants.
test('SES-09: a sweep waits for nobody who holds an ended row: it ends the others, and that one with the next', {
  skip: process.env['TEST_DATABASE'] !== 'postgres',
}, async () => {
  const world = await testAuth()
  try {
    for (let i = 0; i < 5; i++) {
      const username = `gone-${i}`
      await signedUp(world, username)
      await world.browser().send('/auth/api/login', { json: { username, password } })
    }
    world.pass(days(8))
    const [held] = await rowsOf(world.auth, 'SELECT token_hash FROM sessions ORDER BY token_hash LIMIT 1')
    const [family] = await rowsOf(world.auth, 'SELECT id FROM token_families ORDER BY id LIMIT 1')
    const late = setTimeout(10_000, 'late', { ref: false })
    await world.auth.connection.transaction(async (execute) => {
      const take = (sql: string, parameters: unknown[]) => execute({ sql, parameters })
      await take('UPDATE sessions SET newcomer = NULL WHERE token_hash = $1', [held?.['token_hash']])
      await take('UPDATE token_families SET name = NULL WHERE id = $1', [family?.['id']])
      assert.notEqual(await Promise.race([world.auth.sweep(), late]), 'late', 'the sweep waits')
      assert.equal(await count(world.auth, 'sessions'), 1)
      assert.equal(await count(world.auth, 'token_families'), 1)
    })
    await world.auth.sweep()
    assert.equal(await count(world.auth, 'sessions'), 0)
    assert.equal(await count(world.auth, 'token_families'), 0)
  } finally {
    await world.close()
  }
})
