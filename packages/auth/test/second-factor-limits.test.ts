import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import type { Browser } from './support/browser.ts'
import { codeOf, password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { type TestAuth, testAuth } from './support/test-auth.ts'

const WRONG = '000000'

describe('guessing codes, and holding the owner out by it', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000, perAddress: 1000 } })
  })
  after(() => world.close())

  const ofUser = (username: string) => `user_id = (SELECT id FROM users WHERE username = '${username}')`
  const failed = (username: string) =>
    count(world.auth, 'audit_events', `WHERE event = 'second_factor' AND result = 'failed' AND ${ofUser(username)}`)
  const send = (pending_token: string, code: string, browser: Browser = world.browser()) =>
    browser.send('/auth/second-factor', { json: { pending_token, code } })
  const guessInMany = async (username: string, challenges: number, browser?: Browser) => {
    const pendings = await Promise.all(Array.from({ length: challenges }, () => pendingOf(world, username)))
    return Promise.all(pendings.flatMap((pending) => Array.from({ length: 6 }, () => send(pending, WRONG, browser))))
  }

  test('MFA-05: of 60 wrong codes at once five count for a sign-in, seven for an account in an hour', async () => {
    const { secret } = await withAuthenticator(world, 'burst')
    const one = await pendingOf(world, 'burst')
    const first = await Promise.all(Array.from({ length: 60 }, () => send(one, WRONG)))
    assert.ok(first.every(({ status }) => status === 401 || status === 429))
    assert.equal(await failed('burst'), 5)
    assert.equal((await send(one, codeOf(world, secret))).status, 401, 'it has ended')
    await guessInMany('burst', 10)
    assert.equal(await failed('burst'), 7)
    assert.equal((await send(await pendingOf(world, 'burst'), codeOf(world, secret))).status, 429)
    world.pass(minutes(61))
    assert.equal((await send(await pendingOf(world, 'burst'), codeOf(world, secret))).status, 200)
  })

  test('MFA-05: codes of authenticators and recovery codes are counted together', async () => {
    const { secret } = await withAuthenticator(world, 'mixed')
    const pending = await pendingOf(world, 'mixed')
    for (const code of [WRONG, 'aaaaa-bbbbb', WRONG, 'ccccc-ddddd', WRONG]) {
      assert.equal((await send(pending, code)).status, 401, code)
    }
    assert.equal(await failed('mixed'), 5)
    assert.equal((await send(pending, codeOf(world, secret))).status, 401, 'it has ended')
  })

  test('LIM-02: who has the password and guesses on does not hold the owner out, at a known browser or signed in', async () => {
    const { secret, browser } = await withAuthenticator(world, 'besieged')
    await guessInMany('besieged', 10)
    assert.equal((await send(await pendingOf(world, 'besieged'), codeOf(world, secret))).status, 429, 'the thief')
    const known = await send(await pendingOf(world, 'besieged'), codeOf(world, secret), browser)
    assert.equal(known.status, 200, 'the owner at a browser that has signed in before')
    world.pass(minutes(11))
    const confirm = { code: codeOf(world, secret) }
    assert.equal((await browser.send('/settings/confirm', { json: confirm })).status, 200, 'the owner in a session')
  })

  test('MFA-05, LIM-02: what is kept for known browsers and for sessions is still ten in all', async () => {
    const { secret, browser } = await withAuthenticator(world, 'in-all')
    await guessInMany('in-all', 10)
    await guessInMany('in-all', 4, browser)
    assert.equal(await failed('in-all'), 10)
    world.pass(minutes(10))
    assert.equal((await browser.send('/settings/confirm', { json: { code: WRONG } })).status, 429)
    assert.equal((await send(await pendingOf(world, 'in-all'), codeOf(world, secret), browser)).status, 429)
  })

  test('MFA-05: a right code gives nobody new guesses', async () => {
    const { secret } = await withAuthenticator(world, 'no-refill')
    for (let n = 0; n < 4; n++) await send(await pendingOf(world, 'no-refill'), WRONG)
    assert.equal((await send(await pendingOf(world, 'no-refill'), codeOf(world, secret))).status, 200)
    await guessInMany('no-refill', 3)
    assert.equal(await failed('no-refill'), 7)
  })

  test('LIM-02: the browser is known by a cookie that a finished sign-in gave, for this person only', async () => {
    const { secret } = await withAuthenticator(world, 'the-owner')
    const stranger = (await withAuthenticator(world, 'a-stranger')).browser
    const forged = world.browser()
    forged.jar.set('mia_device', 'A'.repeat(40))
    await guessInMany('the-owner', 10)
    for (const browser of [stranger, forged]) {
      assert.equal((await send(await pendingOf(world, 'the-owner'), codeOf(world, secret), browser)).status, 429)
    }
  })

  test('MFA-04: at most 50 sign-ins wait for an account, the oldest goes; none of them pushes out a known browser’s', async () => {
    const { secret, browser } = await withAuthenticator(world, 'crowded')
    const form = { username: 'crowded', password }
    await browser.send('/auth/login', { form })
    const oldest = await pendingOf(world, 'crowded')
    world.pass(1000)
    const pendings: string[] = []
    for (let n = 0; n < 50; n++) pendings.push(await pendingOf(world, 'crowded'))
    assert.equal(await count(world.auth, 'pending_sign_ins', `WHERE ${ofUser('crowded')}`), 51)
    assert.equal((await send(oldest, codeOf(world, secret))).status, 401)
    const owner = await browser.send('/auth/second-factor', { form: { code: codeOf(world, secret) } })
    assert.equal(owner.status, 303)
    world.pass(60_000)
    assert.equal((await send(pendings[0] ?? '', codeOf(world, secret))).status, 200)
  })

  test('MFA-04: forty sign-ins of one account at once all get to the second step', async () => {
    await withAuthenticator(world, 'at-once')
    await Promise.all(Array.from({ length: 40 }, () => pendingOf(world, 'at-once')))
    assert.equal(await count(world.auth, 'pending_sign_ins', `WHERE ${ofUser('at-once')}`), 40)
  })

  test('MFA-04: sign-ins that nobody finished go with the next sweep, and no others', async () => {
    await withAuthenticator(world, 'swept')
    await world.auth.sweep()
    await pendingOf(world, 'swept')
    world.pass(minutes(6))
    const young = await pendingOf(world, 'swept')
    world.pass(minutes(5))
    await world.auth.sweep()
    assert.equal(await count(world.auth, 'pending_sign_ins', `WHERE ${ofUser('swept')}`), 1)
    assert.equal((await send(young, WRONG)).status, 401)
  })
})
