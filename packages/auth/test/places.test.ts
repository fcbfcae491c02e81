import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, idOf } from './support/administrator.ts'
import { password } from './support/second-factor.ts'
import { signedUp, testAuth } from './support/test-auth.ts'

test('S1: the host’s word about a place is text, asked once for each address, and a host that fails costs a place only', async () => {
  const asked: string[] = []
  const world = await testAuth({
    limits: { registrations: 1000 },
    placeOf: async (address) => {
      asked.push(address)
      if (address === '198.51.100.7') throw new Error('the file is away')
      return address === '203.0.113.9' ? '<b>Köln</b>, Germany' : null
    },
  })
  try {
    await signedUp(world, 'placed', password)
    const login = { json: { username: 'placed', password } }
    const browser = world.browser({ address: '203.0.113.9' })
    assert.equal((await browser.send('/auth/login', login)).status, 200)
    const failing = world.browser({ address: '198.51.100.7' })
    assert.equal((await failing.send('/auth/login', login)).status, 200)
    assert.equal(asked.length, 0, 'not at a sign-in')
    const page = await browser.get('/settings/devices')
    assert.equal(page.status, 200)
    const text = await page.text()
    assert.equal(text.match(/from 203\.0\.113\.9 \(about: <bdi>&lt;b&gt;Köln&lt;\/b&gt;, Germany<\/bdi>\)/g)?.length, 2)
    assert.equal(text.match(/\(about: /g)?.length, 2)
    assert.deepEqual(asked.sort(), ['127.0.0.1', '198.51.100.7', '203.0.113.9'])
    assert.ok(world.lines.some(({ message }) => message === 'place_failed'))
    assert.doesNotMatch(JSON.stringify(world.lines), /Köln/)
    // ADM-03: what administrators see of people is what they saw before.
    const { browser: chief } = await administrator(world)
    const seen = await (await chief.get(`/admin/people/${await idOf(world, 'placed')}`)).text()
    assert.match(seen, /203\.0\.113\.9/)
    assert.doesNotMatch(seen, /about: /)
    assert.equal(asked.length, 3)
  } finally {
    await world.close()
  }
})
