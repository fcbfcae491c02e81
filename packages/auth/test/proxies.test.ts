import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { stored } from './support/stored.ts'
import { testAuth } from './support/test-auth.ts'

type Options = NonNullable<Parameters<typeof testAuth>[0]>

async function at(t: TestContext, options: Options) {
  const world = await testAuth(options)
  t.after(() => world.close())
  const guess = async (peer: string, forwarded?: string): Promise<number> => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    const json = { username: 'nobody', password: 'not the password' }
    return (await world.browser({ address: peer }).send('/auth/api/login', { json, headers })).status
  }
  /** Ten failures: from then on this client is limited. */
  const exhaust = async (peer: string, forwarded?: (n: number) => string) => {
    for (let n = 0; n < 10; n++) assert.equal(await guess(peer, forwarded?.(n)), 401)
  }
  return { world, guess, exhaust }
}

describe('whom a limit counts behind proxies (PRX-01)', () => {
  test('PRX-01: by default a header is only words, from loopback too', async (t) => {
    const { guess, exhaust } = await at(t, {})
    await exhaust('203.0.113.1', (n) => `198.51.100.${n}`)
    assert.equal(await guess('203.0.113.1', '198.51.100.99'), 429)
    assert.equal(await guess('203.0.113.2', '203.0.113.1'), 401, 'nobody is limited in the name of another')
    await exhaust('127.0.0.1', (n) => `198.51.100.${n}`)
    assert.equal(await guess('127.0.0.1', '198.51.100.99'), 429)
    assert.equal(await guess('::ffff:127.0.0.1', '198.51.100.99'), 429)
  })

  test('PRX-01: with a trusted proxy the right-most entry counts; what a client writes in front of it does not', async (t) => {
    const { guess, exhaust } = await at(t, { trustedProxies: ['10.0.0.0/8'] })
    await exhaust('10.0.0.1', (n) => `192.0.2.${n}, 198.51.100.7`)
    assert.equal(await guess('10.0.0.1', '192.0.2.99, 198.51.100.7'), 429)
    assert.equal(await guess('10.9.9.9', '198.51.100.7, 10.0.0.1'), 429, 'through another way of ours')
    assert.equal(await guess('198.51.100.7'), 429, 'and without the proxy')
    assert.equal(await guess('10.0.0.1', '198.51.100.8'), 401)
    assert.equal(await guess('203.0.113.1', '198.51.100.8'), 401, 'a stranger’s header is only words')
  })

  test('PRX-01: malformed entries count as the proxy, so they are no way out of the limit', async (t) => {
    const { guess, exhaust } = await at(t, { trustedProxies: ['127.0.0.1'] })
    const odd = [
      '',
      'unknown',
      '_hidden',
      'localhost',
      '1.2.3',
      '1.2.3.4.5',
      '999.1.1.1',
      '0x7f.1',
      ',,,',
      '198.51.100.7,',
    ]
    await exhaust('127.0.0.1', (n) => odd[n] ?? '')
    assert.equal(await guess('127.0.0.1'), 429)
    assert.equal(await guess('127.0.0.1', 'something new'), 429)
    assert.equal(await guess('127.0.0.1', '198.51.100.7'), 401)
  })

  test('PRX-01, LIM-07: behind a proxy too an IPv6 network is one client, and the history shows the address itself', async (t) => {
    const { world, guess, exhaust } = await at(t, { trustedProxies: ['::1', 'fd00::/8'] })
    await exhaust('::1', (n) => `2001:db8:5:5::${n}`)
    assert.equal(await guess('fd12::1', '[2001:db8:5:5:6:7:8:9], fd00::7'), 429)
    assert.equal(await guess('::1', '2001:db8:5:6::1'), 401)
    const rows = await stored(world).read.selectFrom('audit_events').select('address').orderBy('id', 'desc').execute()
    assert.equal(rows[0]?.address, '2001:db8:5:6::1')
  })

  test('PRX-02: forwarded host and scheme change no cookie and no link', async (t) => {
    const { world } = await at(t, { baseUrl: 'https://chat.example.org', trustedProxies: ['10.0.0.1'] })
    const headers = {
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example;proto=http',
      host: 'evil.example',
    }
    const browser = world.browser({ address: '10.0.0.1' })
    const json = { username: 'anna', email: 'anna@example.org', password: 'a walk by the river' }
    const response = await browser.send('/auth/register', { json, headers })
    assert.equal(response.status, 200)
    for (const cookie of response.headers.getSetCookie()) {
      assert.match(cookie, /^__Host-/)
      assert.match(cookie, /; Secure/)
    }
    const user = await world.auth.admin.findUser('anna')
    const { url } = await world.auth.admin.resetLink(user?.id ?? 0, 'test')
    assert.match(url, /^https:\/\/chat\.example\.org\/auth\/reset\?token=/)
  })
})
