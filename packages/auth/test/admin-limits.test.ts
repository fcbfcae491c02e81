import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import { administrator, idOf } from './support/administrator.ts'
import type { Browser } from './support/browser.ts'
import { letterBox } from './support/letters.ts'
import { password } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const html = { accept: 'text/html' }
const json = { accept: 'application/json' }
const answer = z.looseObject({
  limits: z.array(z.looseObject({ kind: z.string(), budget: z.int(), period_seconds: z.int(), in_a_row: z.boolean() })),
  standing: z.array(
    z.looseObject({ kind: z.string(), username: z.string().nullable(), network: z.string().nullable() }),
  ),
})

describe('AD7: the limits and who stands against one', () => {
  let world: TestAuth
  let chief: Browser
  let chiefId: number
  const box = letterBox()
  before(async () => {
    world = await testAuth({ mail: box.mail, limits: { registrations: 1000, perAddressAndAccount: 3, perAddress: 8 } })
    const made = await administrator(world)
    chief = made.browser
    chiefId = made.id
    for (const name of ['ulla', 'viktor']) await signedUp(world, name, password)
    await box.letters(world)
  })
  after(() => world.close())

  const signIn = (username: string, given: string, address: string) =>
    world.browser({ address }).send('/auth/login', { json: { username, password: given } })
  const fail = async (times: number, username: string, address: string) => {
    for (let n = 0; n < times; n++) await signIn(username, 'wrong', address)
  }
  const state = async () => answer.parse(await (await chief.get('/admin/limits', json)).json())
  const page = async () => (await chief.get('/admin/limits', html)).text()
  const forget = (browser: Browser, id: number, reason: string) =>
    browser.send(`/admin/people/${id}/forget-failures`, { json: { reason } })

  test('ADM-01: nobody but an administrator looks, and forgets', async () => {
    const plain = await signedUp(world, 'plain', password)
    assert.equal((await plain.get('/admin/limits', html)).status, 403)
    assert.equal((await forget(plain, await idOf(world, 'ulla'), 'Asked by phone')).status, 403)
    assert.equal((await forget(chief, await idOf(world, 'ulla'), '')).status, 422)
    assert.equal((await forget(chief, 999_999, 'Asked by phone')).status, 404)
    assert.equal((await forget(chief, chiefId, 'Asked by myself')).status, 403, 'not for oneself')
  })

  test('the budgets are those that count, and nobody stands against one at first', async () => {
    const { limits, standing } = await state()
    const pair = limits.find(({ kind }) => kind === 'pair')
    assert.deepEqual([pair?.budget, pair?.period_seconds, pair?.in_a_row], [3, 900, false])
    const streak = limits.find(({ kind }) => kind === 'streak')
    assert.deepEqual([streak?.budget, streak?.in_a_row], [100, true])
    assert.deepEqual(standing, [])
    const text = await page()
    assert.match(text, /Nobody\./)
    assert.match(text, /3 in 15 minutes/)
    assert.match(text, /100 in a row, forgotten after 1 day/)
  })

  test('who is turned away is listed with account and network, names that nobody has are not, and it passes', async () => {
    await fail(3, 'ulla', '203.0.113.10')
    await fail(3, 'nobody-at-all', '203.0.113.11')
    await fail(2, 'viktor', '203.0.113.12')
    const { standing } = await state()
    assert.deepEqual(
      standing.map(({ kind, username, network }) => [kind, username, network]),
      [['pair', 'ulla', '203.0.113.10']],
    )
    const text = await page()
    assert.match(text, new RegExp(`href="/admin/people/${await idOf(world, 'ulla')}"`))
    assert.match(text, /203\.0\.113\.10/)
    assert.doesNotMatch(text, /nobody-at-all|203\.0\.113\.1[12]/)
    await fail(8, 'nobody-else', '203.0.113.13')
    for (let n = 0; n < 8; n++) await signIn(`nobody-${n}`, 'wrong', '203.0.113.14')
    assert.ok((await state()).standing.some(({ kind, network }) => kind === 'address' && network === '203.0.113.14'))
    world.pass(minutes(16))
    assert.deepEqual((await state()).standing, [])
  })

  test('wrong codes of programs are listed with the account that typed them', async () => {
    const browser = world.browser({ address: '203.0.113.30' })
    await browser.send('/auth/login', { json: { username: 'ulla', password } })
    for (let n = 0; n < 10; n++) await browser.send('/auth/device', { json: { user_code: 'BBBB-BBBB' } })
    const { limits, standing } = await state()
    assert.equal(limits.find(({ kind }) => kind === 'user-codes')?.budget, 300)
    assert.deepEqual(
      standing.map(({ kind, username, network }) => [kind, username, network]),
      [['user-code', 'ulla', null]],
    )
    assert.match(await page(), /Wrong codes of programs, typed in one account/)
  })

  test('LIM-02: an administrator frees an account; the address stays counted, the log and a letter tell of it', async () => {
    // A quarter of an hour has passed since the proof of before.
    const fresh = await administrator(world, 'deputy')
    const id = await idOf(world, 'viktor')
    await fail(3, 'viktor', '203.0.113.20')
    await fail(3, 'ulla', '203.0.113.20')
    assert.equal((await signIn('viktor', password, '203.0.113.20')).status, 429)
    await box.letters(world)
    assert.equal((await forget(fresh.browser, id, 'Asked by phone')).status, 200)
    assert.equal((await signIn('viktor', password, '203.0.113.20')).status, 200)
    assert.equal((await signIn('ulla', password, '203.0.113.20')).status, 429, 'the other account is not freed')
    assert.ok((await count(world.auth, 'limits', "WHERE key LIKE 'address:203.0.113.20'")) > 0, 'LIM-05')
    const events = await world.auth.admin.events(id, 20)
    assert.ok(
      events.some(({ event, actor }) => event === 'failures_forgotten' && actor === `administrator ${fresh.id}`),
    )
    const letters = await box.letters(world)
    assert.ok(letters.some(({ to, subject }) => to === 'viktor@example.org' && /were forgotten/.test(subject)))
  })
})
