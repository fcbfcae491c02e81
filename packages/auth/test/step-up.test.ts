import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { password } from './support/second-factor.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

/** Rows below /settings that change something without a fresh proof, each with the reason. */
const withoutProof: Readonly<Record<string, string>> = {
  'POST /settings/address/confirm': 'takes the code that the letter holds',
  'POST /settings/address/drop': 'changes nothing: the address stays',
  'POST /settings/address/send': 'sends the letter of a change that asked for the proof',
  'POST /settings/confirm': 'is the proof',
  'POST /settings/confirm/passkey': 'is the proof',
  'POST /settings/confirm/passkey/options': 'asks for the proof',
  'POST /settings/delete': 'asks itself: a fresh proof, or the password with it',
  'POST /settings/providers/:id/confirm': 'begins the proof',
  'POST /settings/confirm/drop': 'takes the proof back',
  'POST /settings/profile': 'a name opens nothing',
  'POST /settings/new-devices/:id/mine': 'answers a question on this device alone',
  'POST /settings/new-devices/:id/not-mine': 'a thief’s device must be signed out quickly',
  'POST /settings/passkeys/:id/rename': 'a name opens nothing',
  'POST /settings/passkeys/not-now': 'declines an invitation',
  'POST /settings/security-keys/:id/rename': 'a name opens nothing',
  'POST /settings/password': 'asks for the current password itself (CHG-01)',
  'POST /settings/sessions/:id/end': 'a stolen device must be signed out quickly',
  'POST /settings/trusted-devices/:id/cut': 'asks more of everybody, never less',
  'POST /settings/trusted-devices/cut-all': 'asks more of everybody, never less',
  'POST /settings/tokens/:id/revoke': 'a leaked token must be ended quickly',
  'POST /settings/sessions/:id/name': 'a name opens nothing, and it is written down',
}

describe('step-up', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
  })
  after(() => world.close())

  test('LOG-08, SES-08, X9: every row that changes the account asks for a fresh proof, but those that have a reason', () => {
    const rows = world.auth.routes.filter(
      ({ path, method, stepUp }) => path.startsWith('/settings') && method === 'POST' && !stepUp,
    )
    assert.deepEqual(rows.map(({ method, path }) => `${method} ${path}`).sort(), Object.keys(withoutProof).sort())
  })

  test('X9: the settings show how long the proof counts, in minutes without script; other pages do not; a button ends it', async () => {
    const browser = await signedUp(world, 'chip', password)
    world.pass(minutes(2) + 500)
    const page = await (await browser.get('/settings')).text()
    assert.match(page, /Confirmed for <span data-seconds-left="4\d\d">8 minutes<\/span>/)
    assert.doesNotMatch(await (await browser.get('/auth/forgot')).text(), /Confirmed for/)
    const dropped = await browser.send('/settings/confirm/drop', { form: { next: '/settings/activity' } })
    assert.equal(dropped.headers.get('location'), '/settings/activity')
    assert.doesNotMatch(await (await browser.get('/settings')).text(), /Confirmed for/)
    assert.equal((await browser.send('/settings/recovery-codes', { json: {} })).status, 403)
    const away = await browser.send('/settings/confirm/drop', { form: { next: 'https://evil.example' } })
    assert.equal(away.headers.get('location'), '/settings')
    assert.equal((await world.browser().send('/settings/confirm/drop', { json: {} })).status, 401)
  })

  test('LOG-08: it ends after ten minutes to the millisecond, is no other session’s, and not that of a copied cookie', async () => {
    const browser = await signedUp(world, 'ten-minutes', password)
    const other = world.browser()
    await other.send('/auth/login', { json: { username: 'ten-minutes', password } })
    world.pass(minutes(10))
    const ask = (from: typeof browser) => from.send('/settings/sessions/end-others', { json: {} })
    assert.equal((await ask(browser)).status, 403)
    const copied = world.browser()
    for (const [name, value] of other.jar) copied.jar.set(name, value)
    assert.equal((await other.send('/settings/confirm', { json: { password } })).status, 200)
    assert.equal((await ask(copied)).status, 401, 'SES-02: the value from before is dead')
    assert.equal((await ask(browser)).status, 403)
    assert.equal((await ask(other)).status, 200)
    assert.equal((await browser.get('/settings', { accept: 'application/json' })).status, 401)
  })

  test('X9: after a refused form one comes back to its page and is told that nothing has been done', async () => {
    const browser = await signedUp(world, 'comes-back', password)
    world.pass(minutes(10))
    const referer = `${baseUrl}/settings/second-factor`
    const refused = await browser.send('/settings/recovery-codes', { form: {}, headers: { referer } })
    const asks = refused.headers.get('location') ?? ''
    assert.equal(asks, '/settings/confirm?next=%2Fsettings%2Fsecond-factor%3Fconfirmed%3D1')
    assert.equal((await browser.get(asks)).status, 200)
    const next = new URL(asks, baseUrl).searchParams.get('next') ?? ''
    assert.doesNotMatch(await (await browser.get(next)).text(), /press the button again/, 'not yet')
    const confirmed = await browser.send('/settings/confirm', { form: { password, next } })
    assert.equal(confirmed.headers.get('location'), next)
    assert.match(await (await browser.get(next)).text(), /Nothing has been done yet: press the button again/)
  })
})
