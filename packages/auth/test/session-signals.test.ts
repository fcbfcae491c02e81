import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { AuthError, route } from '@miachat/auth'
import { createBrowser } from './support/browser.ts'
import { heldDatabase } from './support/held-database.ts'
import { password } from './support/second-factor.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const STREAM = '/auth/session/events'

describe('what is long-lived ends with its session', () => {
  let world: TestAuth
  let held: Awaited<ReturnType<typeof heldDatabase>>
  /** A second process on the same database. */
  let other: TestAuth
  before(async () => {
    world = await testAuth()
    held = await heldDatabase(world.url)
    other = await testAuth({ url: world.url, database: held.connection, clock: world.clock })
  })
  after(async () => {
    await other.close()
    await held.connection.close()
    await world.close()
  })

  /** The same browser at the other process. */
  const atOther = (jar: Map<string, string>) => {
    const browser = createBrowser(other.fetch, baseUrl)
    for (const [name, value] of jar) browser.jar.set(name, value)
    return browser
  }
  async function signIn(username: string) {
    const browser = world.browser()
    assert.equal((await browser.send('/auth/login', { json: { username, password } })).status, 200)
    return browser
  }
  async function open(browser: ReturnType<typeof atOther>, path = STREAM, headers = {}) {
    const response = await browser.send(path, { headers: { accept: 'text/event-stream', ...headers } })
    assert.equal(response.status, 200)
    return reading(response)
  }
  /** Reads a stream beside the test: what it has said so far, and when it ended. */
  function reading(response: Response) {
    const state = { text: '', ended: false }
    const done = (async () => {
      const decoder = new TextDecoder()
      for await (const chunk of response.body ?? []) state.text += decoder.decode(chunk, { stream: true })
    })().finally(() => {
      state.ended = true
    })
    return { state, done }
  }
  async function endsWithinASecond({ state, done }: ReturnType<typeof reading>): Promise<void> {
    await Promise.race([done, sleep(1000)])
    assert.ok(state.ended, 'S2: still open after a second')
    assert.match(state.text, /event: signed-out\ndata: \n\n$/)
  }

  test('SES-12: nobody who is not signed in gets a stream; a token opens no page’s stream', async () => {
    const guest = await world.browser().send(STREAM, { headers: { accept: 'application/json' } })
    assert.equal(guest.status, 401)
    assert.equal((await world.browser().get(STREAM, { accept: 'text/event-stream' })).status, 401)
    await assert.rejects(world.auth.sessionSignal(new Request(`${baseUrl}/`)), { code: 'not_signed_in' })
  })

  test('S2, SES-06: signed out in one process, its streams in both are told and end within a second; others stay', async () => {
    const browser = await signedUp(world, 'streamer', password)
    const second = await signIn('streamer')
    const stranger = await signedUp(world, 'stranger', password)
    const here = await open(browser)
    const there = await open(atOther(browser.jar))
    const stays = [await open(atOther(second.jar)), await open(stranger)]
    const signal = await other.auth.sessionSignal(
      new Request(`${baseUrl}/`, { headers: { cookie: cookies(browser.jar) } }),
    )
    assert.equal(signal.signal.aborted, false)
    assert.equal((await browser.send('/auth/logout', { form: {} })).status, 303)
    await Promise.all([endsWithinASecond(here), endsWithinASecond(there)])
    await sleep(50)
    assert.equal(signal.signal.aborted, true)
    assert.ok(signal.signal.reason instanceof AuthError && signal.signal.reason.code === 'not_signed_in')
    await sleep(500)
    for (const { state } of stays) assert.equal(state.ended, false)
    await second.send('/auth/logout', { form: {} })
    await stranger.send('/auth/logout', { form: {} })
    await Promise.all(stays.map(endsWithinASecond))
    assert.equal(world.auth.load().openStreams + other.auth.load().openStreams, 0)
  })

  test('S2: ended from another device, all others at once, by a disabled account, by a changed password', async () => {
    const browser = await signedUp(world, 'holder', password)
    const first = await signIn('holder')
    let there = await open(atOther(first.jar))
    const page = await (await browser.get('/settings/devices')).text()
    const [, id] = /sessions\/([\w-]+)\/end"/.exec(page) ?? []
    assert.equal((await browser.send(`/settings/sessions/${id}/end`, { json: {} })).status, 200)
    await endsWithinASecond(there)
    there = await open(atOther((await signIn('holder')).jar))
    assert.equal((await browser.send('/settings/sessions/end-others', { json: {} })).status, 200)
    await endsWithinASecond(there)
    there = await open(atOther((await signIn('holder')).jar))
    const own = await open(atOther(browser.jar))
    const json = { current_password: password, new_password: 'a walk by another river' }
    assert.equal((await browser.send('/settings/password', { json })).status, 200)
    await Promise.all([there, own].map(endsWithinASecond))
    there = await open(atOther(browser.jar))
    const user = await world.auth.admin.findUser('holder')
    assert.ok(user)
    await world.auth.admin.setActive(user.id, false, 'test')
    await endsWithinASecond(there)
  })

  test('SES-02: a step-up gives the session a new value, and its streams go on', async () => {
    const browser = await signedUp(world, 'confirmer', password)
    const there = await open(atOther(browser.jar))
    assert.equal((await browser.send('/settings/confirm', { json: { password } })).status, 200)
    await sleep(700)
    assert.equal(there.state.ended, false)
    await browser.send('/auth/logout', { form: {} })
    await endsWithinASecond(there)
  })

  test('SES-04: an open stream renews nothing: the idle limit ends the session and the stream', async () => {
    const browser = await signedUp(world, 'idler', password)
    const there = await open(atOther(browser.jar))
    world.pass(59 * 60_000)
    await sleep(400)
    assert.equal(there.state.ended, false)
    world.pass(2 * 60_000)
    await endsWithinASecond(there)
  })

  test('RFR-05: a program’s stream ends with its family', async () => {
    const rows = [
      route({
        method: 'GET',
        path: '/ticks',
        access: 'either',
        summary: 'Ticks.',
        handle: (exchange) =>
          exchange.events(async (send, signal) => {
            for (let n = 0; !signal.aborted; n++) {
              send({ event: 'tick', data: `${n}\nof many` })
              await sleep(100)
            }
          }),
      }),
    ]
    const site = other.auth.site(rows)
    await signedUp(world, 'program', password)
    const login = await world.browser().send('/auth/api/login', { json: { username: 'program', password } })
    const { access_token, refresh_token } = JSON.parse(await login.text())
    const headers = { authorization: `Bearer ${access_token}` }
    const stream = reading(await site(new Request(`${baseUrl}/ticks`, { headers })))
    await sleep(150)
    assert.match(stream.state.text, /event: tick\ndata: 1\ndata: of many\n\n/)
    await world.browser().send('/auth/api/logout', { json: { refresh_token } })
    await endsWithinASecond(stream)
  })

  test('AVL-02: one person’s tabs do not take everybody’s places; a tab that goes away gives its place back', async () => {
    const browser = await signedUp(world, 'many-tabs', password)
    const responses = []
    for (let n = 0; n < 12; n++) responses.push(await browser.send(STREAM))
    const refused = await browser.send(STREAM, { headers: { accept: 'application/json' } })
    assert.equal(refused.status, 503)
    assert.equal(JSON.parse(await refused.text()).code, 'overloaded')
    assert.equal((await browser.send(STREAM, { method: 'HEAD' })).status, 503)
    await responses[0]?.body?.cancel()
    await sleep(20)
    const again = await browser.send(STREAM)
    assert.equal(again.status, 200)
    await again.body?.cancel()
    for (const response of responses.slice(1)) await response.body?.cancel()
    await sleep(20)
    assert.equal((await browser.send(STREAM, { method: 'HEAD' })).status, 200)
    assert.equal(world.auth.load().openStreams, 0, 'HEAD opens none')
  })

  test('AVL-04: a server that stops ends its streams without a word of a sign-out, and opens no more', async () => {
    const stopping = await testAuth({ url: world.url })
    const browser = await signedUp(stopping, 'restarted', password)
    const stream = await open(browser)
    stopping.auth.endStreams()
    await Promise.race([stream.done, sleep(200)])
    assert.equal(stream.state.ended, true)
    assert.doesNotMatch(stream.state.text, /signed-out/)
    const late = await open(browser)
    await Promise.race([late.done, sleep(200)])
    assert.equal(late.state.ended, true)
    await stopping.close()
  })

  test('AVL-06: where the changes cannot be read for five seconds, what is open is closed', async () => {
    const browser = await signedUp(world, 'blind', password)
    const there = await open(atOther(browser.jar))
    held.fail(new AuthError('store_unavailable', { retryAfter: 2 }))
    await sleep(3000)
    assert.equal(there.state.ended, false, 'a short fault ends nothing')
    await Promise.race([there.done, sleep(4000)])
    held.fail(null)
    assert.equal(there.state.ended, true)
    assert.doesNotMatch(there.state.text, /signed-out/)
  })
})

const cookies = (jar: Map<string, string>) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
