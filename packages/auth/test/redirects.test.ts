import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'
const hostile = [
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  '/%2fevil.example',
  '/%5cevil.example',
  '/x/..//evil.example',
  'javascript:alert(1)',
  'evil.example',
  ' //evil.example',
  '/\r\nset-cookie: a=b',
]

describe('RED-01: where a sign-in leads', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
    await signedUp(world, 'anna')
  })
  after(() => world.close())

  /** The Location is checked as a browser reads it. */
  function assertOwn(response: Response, expected?: string) {
    const location = response.headers.get('location')
    assert.equal(response.status, 303)
    assert.ok(location)
    assert.match(location, /^\/(?![/\\])/)
    assert.equal(new URL(location, `${baseUrl}/auth/login`).origin, baseUrl)
    if (expected !== undefined) assert.equal(location, expected)
  }

  for (const next of hostile) {
    test(`${JSON.stringify(next)} leads nowhere but to the start page, in every place`, async () => {
      const query = `?next=${encodeURIComponent(next)}`
      const signedIn = world.browser()
      assertOwn(await signedIn.send('/auth/login', { form: { username: 'anna', password, next } }), '/')
      for (const path of ['/auth/login', '/auth/register']) assertOwn(await signedIn.get(`${path}${query}`), '/')
      assertOwn(await signedIn.send('/auth/theme', { form: { theme: 'dark', next } }), '/')
      assertOwn(await signedIn.send('/auth/language', { form: { language: 'de', next } }), '/')
      const posted = await world.browser().send(`/auth/login${query}`, { form: { username: 'anna', password } })
      assertOwn(posted, '/')
      const program = await world.browser().send('/auth/login', { json: { username: 'anna', password, next } })
      assert.equal(JSON.parse(await program.text()).redirect, '/')
      const username = `red${hostile.indexOf(next)}`
      const registered = await world
        .browser()
        .send('/auth/register', { form: { username, email: `${username}@example.org`, password, next } })
      assertOwn(registered, '/')
      for (const path of ['/auth/login', '/auth/register']) {
        const page = await (await world.browser().get(`${path}${query}`)).text()
        const addresses = [...page.matchAll(/(?:href|action|src|name="next" value)="([^"]*)"/g)].map(([, a = '']) => a)
        assert.ok(addresses.length > 3)
        for (const address of addresses) assert.equal(new URL(address, `${baseUrl}${path}`).origin, baseUrl, address)
      }
    })
  }

  test('X3, O29: a local path is kept through page, form and redirect', async () => {
    const next = '/chat?to=mia&x=1#last'
    const browser = world.browser()
    const page = await (await browser.get(`/auth/login?next=${encodeURIComponent(next)}`)).text()
    assert.match(page, /name="next" value="\/chat\?to=mia&amp;x=1#last"/)
    assert.match(page, /href="\/auth\/register\?next=%2Fchat%3Fto%3Dmia%26x%3D1%23last"/)
    assertOwn(await browser.send('/auth/login', { form: { username: 'anna', password, next } }), next)
    assertOwn(await browser.get(`/auth/login?next=${encodeURIComponent(next)}`), next)
  })

  test('ERR-06: the body’s "next" is never overridden by the query, and the first of two in the query counts', async () => {
    const form = { username: 'anna', password, next: '/chat' }
    assertOwn(await world.browser().send('/auth/login?next=/settings', { form }), '/chat')
    assertOwn(await world.browser().send('/auth/login?next=/settings', { form: { ...form, next: '//evil' } }), '/')
    const signedIn = world.browser()
    await signedIn.send('/auth/login', { form })
    assertOwn(await signedIn.get('/auth/login?next=/chat&next=//evil.example'), '/chat')
  })

  test('X3, SES-12: a guest comes back to the very page, whatever its query', async () => {
    for (const path of ['/settings', '/settings?done=profile&x=%2F%2Fevil', `/settings?x=${'y'.repeat(3000)}`]) {
      const response = await world.browser().get(path)
      assertOwn(response)
      const location = new URL(response.headers.get('location') ?? '', baseUrl)
      if (path.length < 1000) assert.equal(location.searchParams.get('next'), path)
    }
  })

  test('X3: a form that is sent after the session has ended leads back to its page, and the sign-in page says so', async () => {
    const sendFrom = async (referer: string) => {
      const response = await world
        .browser()
        .send('/settings/profile', { form: { username: 'x' }, headers: { referer } })
      assertOwn(response)
      return response.headers.get('location')
    }
    const to = (next: string) => `/auth/login?next=${encodeURIComponent(next)}&why=ended`
    const location = await sendFrom(`${baseUrl}/settings?done=profile`)
    assert.equal(location, to('/settings'), 'without what an earlier save had said')
    const page = await (await world.browser().get(location ?? '')).text()
    assert.match(page, /You were signed out; what you sent was not saved\. After signing in, go back in your browser/)
    assert.match(page, /name="next" value="\/settings"/)
    for (const referer of [
      '',
      'nothing',
      'about:blank',
      'javascript:alert(1)',
      'https://evil.example/settings',
      `${baseUrl}.evil.example/settings`,
      `${baseUrl}//evil.example/`,
      `${baseUrl}/%2fevil.example`,
      `${baseUrl}/\\evil.example`,
      `http://evil@evil.example/`,
    ]) {
      assert.equal(await sendFrom(referer), to('/'), referer)
    }
    const other = await (await world.browser().get('/auth/login?why=%3Cb%3Eended&done=x')).text()
    assert.doesNotMatch(other, /were signed out|<b>/)
  })

  test('RED-02: after a POST it is 303, for programs no redirect at all', async () => {
    const browser = world.browser()
    const form = await browser.send('/auth/login', { form: { username: 'anna', password } })
    assert.equal(form.status, 303)
    const json = await browser.send('/auth/login', { json: { username: 'anna', password } })
    assert.deepEqual([json.status, json.headers.get('location')], [200, null])
    const asked = await browser.send('/auth/login', {
      form: { username: 'anna', password },
      headers: { accept: 'application/json' },
    })
    assert.deepEqual([asked.status, asked.headers.get('location')], [200, null])
  })
})

test('RED-01: what is too long for a local path is ignored, and refuses nobody', async () => {
  const world = await testAuth()
  await signedUp(world, 'long')
  const next = `/${'x'.repeat(3000)}`
  const form = { username: 'long', password: 'a walk by the river', next }
  const signedIn = await world.browser().send('/auth/login', { form })
  assert.equal(signedIn.status, 303)
  assert.equal(signedIn.headers.get('location'), '/')
  assert.equal((await world.browser().send('/auth/theme', { form: { theme: 'dark', next } })).status, 303)
  await world.close()
})
