import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { password } from './support/second-factor.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

describe('devices', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  const page = async (browser: ReturnType<TestAuth['browser']>) => (await browser.get('/settings/devices')).text()
  async function signIn(username: string, userAgent = firefox) {
    const browser = world.browser({ userAgent })
    assert.equal((await browser.send('/auth/login', { json: { username, password } })).status, 200)
    return browser
  }
  /** The ids of the devices that can be ended from here: all but this one. */
  const others = (text: string) => [...text.matchAll(/sessions\/([\w-]+)\/end"/g)].map(([, id = '']) => id)
  const all = (text: string) => [...text.matchAll(/sessions\/([\w-]+)\/name"/g)].map(([, id = '']) => id)

  test('SES-08: ending all others needs a step-up: a session older than ten minutes is asked to confirm, and ends nothing', async () => {
    const browser = await signedUp(world, 'stepper', password)
    const other = await signIn('stepper')
    world.pass(11 * 60_000)
    const refused = await browser.send('/settings/sessions/end-others', { json: {} })
    assert.equal(refused.status, 403)
    assert.equal(JSON.parse(await refused.text()).code, 'step_up_required')
    const form = await browser.send('/settings/sessions/end-others', {
      form: {},
      headers: { referer: 'http://localhost:8080/settings/devices' },
    })
    assert.equal(form.headers.get('location'), '/settings/confirm?next=%2Fsettings%2Fdevices%3Fconfirmed%3D1')
    assert.equal((await other.get('/settings')).status, 200)
    assert.equal((await browser.send('/settings/confirm', { json: { password } })).status, 200)
    assert.equal((await browser.send('/settings/sessions/end-others', { json: {} })).status, 200)
    assert.equal((await other.get('/settings')).status, 303)
    assert.equal((await browser.get('/settings')).status, 200)
  })

  test('S5, ACC-03: nobody names a device of somebody else; a name is plain text of forty characters', async () => {
    const browser = await signedUp(world, 'namer', password)
    const thief = await signedUp(world, 'name-thief', password)
    const [own = ''] = all(await page(browser))
    const send = (by: typeof browser, id: string, name: unknown) =>
      by.send(`/settings/sessions/${id}/name`, { json: { name } })
    assert.equal((await send(thief, own, 'mine now')).status, 404)
    assert.equal((await send(browser, 'nothing', 'x')).status, 404)
    for (const wrong of ['x'.repeat(41), 'line\nend', 'turned\u202earound', 'nul\u0000']) {
      assert.equal((await send(browser, own, wrong)).status, 422, wrong)
    }
    assert.equal((await send(browser, own, ['a'])).status, 400)
    assert.equal((await send(browser, own, '<b>Küche</b> 💻')).status, 200)
    const named = await page(browser)
    assert.match(named, /&lt;b&gt;Küche&lt;\/b&gt; 💻/)
    assert.match(named, /Firefox on Linux/, 'what the browser says of itself stands beside the name')
    assert.match(await (await browser.get('/settings/activity')).text(), /A device was given a name/)
    const form = await browser.send(`/settings/sessions/${own}/name`, { form: { name: 'y'.repeat(41) } })
    assert.equal(form.status, 422)
    assert.match(await form.text(), /<title>Error: Devices.*Use at most 40 characters.*value="y{41}"/s)
    assert.equal((await send(browser, own, '')).status, 200)
    assert.doesNotMatch(await page(browser), /Küche/)
  })

  test('S5: the name of a program’s family; names stay through a step-up, a change of the password and a new sign-in of the same browser', async () => {
    const browser = await signedUp(world, 'keeper', password)
    await world.browser({ userAgent: 'curl/8.9' }).send('/auth/api/login', { json: { username: 'keeper', password } })
    for (const [index, id] of all(await page(browser)).entries()) {
      const json = { name: ['Desk', 'Nightly backup'][index] }
      assert.equal((await browser.send(`/settings/sessions/${id}/name`, { json })).status, 200)
    }
    assert.match(await page(browser), /Nightly backup.*curl, a program/s)
    assert.equal((await browser.send('/settings/confirm', { json: { password } })).status, 200)
    assert.match(await page(browser), /Desk/)
    const json = { current_password: password, new_password: password }
    assert.equal((await browser.send('/settings/password', { json })).status, 200)
    const changed = await page(browser)
    assert.match(changed, /Desk/)
    assert.doesNotMatch(changed, /Nightly/, 'CHG-02: the family has ended')
    assert.equal((await browser.send('/auth/login', { json: { username: 'keeper', password } })).status, 200)
    assert.match(await page(browser), /Desk/)
    const stranger = await signedUp(world, 'keeper-two', password)
    assert.doesNotMatch(await page(stranger), /Desk/)
  })

  test('S1: this device is marked and comes first; first and last use and the way in are said', async () => {
    const browser = await signedUp(world, 'lister', password)
    const phone = await signIn(
      'lister',
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36',
    )
    const text = await page(browser)
    assert.ok(text.indexOf('This device') < text.indexOf('Chrome on Android'))
    assert.match(text, /First seen <time [^>]+>just now<\/time>, signed in when the account was made/)
    assert.match(text, /Last active <time [^>]+>just now<\/time>, from 127\.0\.0\.1/)
    assert.match(text, /signed in by password/)
    const [id] = others(text)
    assert.equal((await browser.send(`/settings/sessions/${id}/end`, { form: {} })).status, 303)
    assert.equal((await phone.get('/settings')).status, 303)
    assert.match(await page(browser), /This is your only signed-in device/)
  })

  test('S3: recent sign-ins, with what failed and what was turned away, in words', async () => {
    const limited = await testAuth({ limits: { perAddressAndAccount: 2 } })
    try {
      const browser = await signedUp(limited, 'watcher', password)
      const guest = limited.browser({ address: '203.0.113.9' })
      const statuses = []
      for (let n = 0; n < 5; n++) {
        const json = { username: 'watcher', password: 'wrong wrong' }
        statuses.push((await guest.send('/auth/login', { json })).status)
      }
      assert.deepEqual(statuses, [401, 401, 429, 429, 429])
      // Told beside the answer: a moment later at the latest.
      let text = ''
      for (let n = 0; n < 100 && !text.includes('turned away'); n++) {
        await sleep(20)
        text = await (await browser.get('/settings/devices')).text()
      }
      assert.equal(text.match(/Somebody tried a wrong password/g)?.length, 2)
      assert.equal(
        text.match(/A sign-in was turned away: too many wrong passwords/g)?.length,
        1,
        'a flood writes one line',
      )
      assert.match(text, /<strong>Turned away<\/strong>.*from 203\.0\.113\.9/s)
      assert.match(text, /Account made/)
    } finally {
      await limited.close()
    }
  })
})
