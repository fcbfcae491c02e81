import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hours } from '@miachat/auth'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

describe('signing in', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  test('LOG-02: an unknown name and a wrong password get the same answer', async () => {
    await signedUp(world, 'carla')
    const answers = await Promise.all(
      ['carla', 'nobody-has-this'].map(async (username) => {
        const response = await world.browser().send('/auth/login', { json: { username, password: 'wrong wrong' } })
        const { request_id, ...problem } = JSON.parse(await response.text())
        return { status: response.status, problem, headers: [...response.headers.keys()] }
      }),
    )
    assert.equal(answers[0]?.status, 401)
    assert.deepEqual(answers[0], answers[1])
  })

  test('SES-04: a session ends after its idle time, and is kept alive by use', async () => {
    const browser = await signedUp(world, 'idle')
    for (let i = 0; i < 3; i++) {
      world.pass(hours(0.8))
      assert.equal((await browser.get('/settings')).status, 200)
      await world.settled()
    }
    world.pass(hours(1.01))
    const gone = await browser.get('/settings')
    assert.equal(gone.status, 303)
    assert.equal(gone.headers.get('location'), '/auth/login?next=%2Fsettings')
  })

  test('SES-06: a sign-out ends the session on the server, and only that one', async () => {
    const browser = await signedUp(world, 'dora')
    const other = world.browser()
    await other.send('/auth/login', { form: { username: 'DORA@example.org', password: 'a walk by the river' } })
    const cookie = [...browser.jar].map((pair) => pair.join('=')).join('; ')
    const out = await browser.send('/auth/logout', { form: {} })
    assert.equal(out.status, 303)
    assert.equal((await world.browser().get('/settings', { cookie })).status, 303)
    assert.equal((await other.get('/settings')).status, 200)
  })

  test('RFR-03: a refresh token used again after its successor ends the family', async () => {
    await signedUp(world, 'emil')
    const program = world.browser()
    const post = async (path: string, json: unknown) => {
      const response = await program.send(path, { json })
      return { status: response.status, body: JSON.parse(await response.text()) }
    }
    const first = await post('/auth/api/login', { username: 'emil', password: 'a walk by the river' })
    const second = await post('/auth/api/refresh', { refresh_token: first.body.refresh_token })
    const again = await post('/auth/api/refresh', { refresh_token: first.body.refresh_token })
    assert.equal(again.body.refresh_token, second.body.refresh_token)
    const third = await post('/auth/api/refresh', { refresh_token: second.body.refresh_token })
    const bearer = { authorization: `Bearer ${third.body.access_token}` }
    assert.equal((await program.get('/auth/api/me', bearer)).status, 200)
    assert.equal((await post('/auth/api/refresh', { refresh_token: first.body.refresh_token })).status, 401)
    assert.equal((await program.get('/auth/api/me', bearer)).status, 401)
  })
})
