import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { route } from '@miachat/auth'
import { createBrowser } from './support/browser.ts'
import { cookieHeader } from './support/cookies.ts'
import { addAuthenticator } from './support/second-factor.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const ACTOR = 'command line'

describe('ADM-01: who is an administrator', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  const userOf = async (name: string) => {
    const user = await world.auth.admin.findUser(name)
    assert.ok(user)
    return user
  }
  /** A row of the host app for administrators, asked with a browser's cookies. */
  const asked = async (browser: Awaited<ReturnType<typeof signedUp>>, accept = 'application/json') => {
    const row = route({
      method: 'GET',
      path: '/secret',
      access: 'admin',
      summary: 's',
      handle: (exchange) => exchange.json({ ok: true }),
    })
    return createBrowser(world.auth.site([row]), baseUrl).get('/secret', { cookie: cookieHeader(browser), accept })
  }
  const codeOf = async (response: Response): Promise<unknown> => JSON.parse(await response.text()).code

  test('nobody is one by default, not even who came first, and no field of a registration makes one', async () => {
    const first = await signedUp(world, 'first')
    assert.equal((await userOf('first')).role, 'user')
    assert.equal((await asked(first)).status, 403)
    const json = { username: 'sly', email: 's@example.org', password: 'a walk by the river', role: 'admin' }
    const sly = world.browser()
    await sly.send('/auth/register', { json })
    assert.equal((await userOf('sly')).role, 'user')
    assert.deepEqual([(await asked(sly)).status, await codeOf(await asked(sly))], [403, 'forbidden'])
    const guest = await asked(world.browser())
    assert.equal(guest.status, 401)
  })

  test('SES-02: who is made one signs in anew; ADM-02: and opens nothing before a second step is set up', async () => {
    const former = await signedUp(world, 'ada')
    await world.auth.admin.setRole((await userOf('ada')).id, 'admin', ACTOR)
    assert.equal((await asked(former)).status, 401)
    const browser = world.browser()
    await browser.send('/auth/login', { json: { username: 'ada', password: 'a walk by the river' } })
    assert.equal(await codeOf(await asked(browser)), 'second_factor_setup_required')
    const page = await asked(browser, 'text/html')
    assert.deepEqual([page.status, page.headers.get('location')], [303, '/settings/second-factor?why=admin'])
    assert.match(
      await (await browser.get('/settings/second-factor?why=admin', { accept: 'text/html' })).text(),
      /Administrators need a second step/,
    )
    await addAuthenticator(world, browser)
    assert.equal((await asked(browser)).status, 200)
  })

  test('the role counts no more from the moment it is taken, in sessions that go on', async () => {
    const browser = await signedUp(world, 'bea')
    const { id } = await userOf('bea')
    await world.auth.admin.setRole(id, 'admin', ACTOR)
    await browser.send('/auth/login', { json: { username: 'bea', password: 'a walk by the river' } })
    await addAuthenticator(world, browser)
    assert.equal((await asked(browser)).status, 200)
    await world.auth.admin.setRole(id, 'user', ACTOR)
    assert.equal((await asked(browser)).status, 403)
    const events = await world.auth.admin.events(id, 20)
    assert.deepEqual(
      events.filter(({ event }) => event.startsWith('admin_role')).map(({ event, actor }) => [event, actor]),
      [
        ['admin_role_taken', ACTOR],
        ['admin_role_given', ACTOR],
      ],
    )
    const log = await (await browser.get('/settings/activity', { accept: 'text/html' })).text()
    assert.match(log, /Made an administrator by the people who run this server/)
  })
})

test('AD6: the last administrator is neither disabled nor demoted, also not by two at once', async () => {
  const world = await testAuth()
  try {
    const add = (username: string) => world.auth.admin.addUser({ username, email: null, password: null }, ACTOR)
    const [one, two] = [await add('one'), await add('two')]
    await world.auth.admin.setRole(one.id, 'admin', ACTOR)
    const last = { code: 'last_admin', status: 409 }
    await assert.rejects(world.auth.admin.setRole(one.id, 'user', ACTOR), last)
    await assert.rejects(world.auth.admin.setActive(one.id, false, ACTOR), last)
    for (let round = 0; round < 5; round++) {
      await world.auth.admin.setRole(one.id, 'admin', ACTOR)
      await world.auth.admin.setRole(two.id, 'admin', ACTOR)
      const done = await Promise.allSettled([
        world.auth.admin.setRole(one.id, 'user', ACTOR),
        round % 2 === 0
          ? world.auth.admin.setRole(two.id, 'user', ACTOR)
          : world.auth.admin.setActive(two.id, false, ACTOR),
      ])
      assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1)
      await world.auth.admin.setActive(two.id, true, ACTOR)
    }
    // One who is disabled administers nothing, and so does not count.
    await world.auth.admin.setRole(one.id, 'admin', ACTOR)
    await world.auth.admin.setRole(two.id, 'admin', ACTOR)
    await world.auth.admin.setActive(two.id, false, ACTOR)
    await assert.rejects(world.auth.admin.setRole(one.id, 'user', ACTOR), last)
  } finally {
    await world.close()
  }
})
