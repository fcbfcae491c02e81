import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { days } from '@miachat/auth'
import { geoChecks } from '../src/doctor/geo-checks.ts'
import { openGeoFile } from '../src/places/geo-file.ts'
import { appWorld } from './support/app-world.ts'
import { geoBytes } from './support/geo-bytes.ts'

const named = (en: string) => ({ names: { en } })
const berlin = { city: named('Berlin'), country: named('Germany') }

describe('S1: places of devices, where the operator has set a file of them', () => {
  let folder = ''
  const fileOf = (name: string, bytes: Buffer | string) => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return path
  }
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'places-test-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('what is no address, no file, or of another form has no place', async () => {
    await assert.rejects(openGeoFile(join(folder, 'nothing.mmdb')))
    for (const [index, bytes] of ['', 'no database', Buffer.alloc(4096, 0xab)].entries()) {
      await assert.rejects(openGeoFile(fileOf(`broken-${index}.mmdb`, bytes)), String(index))
    }
    const odd = {
      '203.0.113.0/24': { city: 'Berlin', country: 7 },
      '198.51.100.0/24': { traits: 1 },
      '192.0.2.0/24': 'a text',
      '100.64.0.0/10': { city: named(''), country: named('\u202e\n') },
    }
    const { placeOf } = await openGeoFile(fileOf('odd.mmdb', geoBytes(odd)))
    for (const address of [
      '203.0.113.9',
      '198.51.100.9',
      '192.0.2.9',
      '100.64.0.1',
      '10.0.0.1',
      '::1',
      'unknown',
      '',
    ]) {
      assert.equal(placeOf(address), null, address)
    }
  })

  test('city and country of IPv4 and IPv6, also of a network; foreign signs are left out and names are cut', async () => {
    const networks = {
      '203.0.113.0/24': berlin,
      '198.51.0.0/16': { country: named('France') },
      '2001:db8::/32': { city: named('Zürich'), country: named('Switzerland') },
      '192.0.2.0/24': { city: named(`<b>\u202eevil\u0000 ${'x'.repeat(200)}`), country: named('Nowhere') },
    }
    const { placeOf, kind } = await openGeoFile(fileOf('good.mmdb', geoBytes(networks)))
    assert.equal(kind, 'Test-City')
    assert.equal(placeOf('203.0.113.9'), 'Berlin, Germany')
    assert.equal(placeOf('203.0.113.0/24'), 'Berlin, Germany')
    assert.equal(placeOf('198.51.100.1'), 'France')
    assert.equal(placeOf('2001:db8:1::7'), 'Zürich, Switzerland')
    assert.equal(placeOf('2001:db8:1::/48'), 'Zürich, Switzerland')
    assert.match(placeOf('192.0.2.1') ?? '', /^<b>evil x{72}$/)
  })

  test('the doctor says what the file is, whether it can be read, and when it is old', async () => {
    assert.deepEqual(await geoChecks({ geoDatabase: null }, Date.now()), [])
    const path = fileOf('aged.mmdb', geoBytes({ '203.0.113.0/24': berlin }, Date.UTC(2026, 0, 31)))
    const level = async (geoDatabase: string, now: number) => (await geoChecks({ geoDatabase }, now))[0]
    const soon = await level(path, Date.UTC(2026, 1, 1))
    assert.deepEqual([soon?.level, soon?.text], ['ok', 'GEO_DATABASE is Test-City, made on 2026-01-31.'])
    assert.equal((await level(path, Date.UTC(2026, 0, 31) + days(91)))?.level, 'warning')
    assert.equal((await level(join(folder, 'nothing.mmdb'), Date.now()))?.level, 'problem')
  })

  test('the owner sees about where a device is; nothing of it is stored; without the setting nothing is looked up', async () => {
    const path = fileOf('devices.mmdb', geoBytes({ '203.0.113.0/24': berlin }))
    const proxied = { headers: { 'x-forwarded-for': '203.0.113.9' } }
    for (const [variables, expected] of [
      [{ GEO_DATABASE: path }, true],
      [{ GEO_DATABASE: path, LOG_ADDRESSES: 'short' }, true],
      [{}, false],
    ] as const) {
      const world = await appWorld({ ...variables, TRUSTED_PROXIES: '0.0.0.0/0, ::/0' })
      try {
        const browser = world.browser()
        const json = { username: 'anna', email: 'anna@example.org', password: 'a walk by the river' }
        assert.equal((await browser.send('/auth/register', { json, ...proxied })).status, 200)
        const page = await (await browser.get('/settings/devices')).text()
        const places = page.match(/from 203\.0\.113\.(9|0\/24) \(about: <bdi>Berlin, Germany<\/bdi>\)/g) ?? []
        assert.equal(places.length, expected ? 2 : 0, 'the device and its sign-in')
        for (const other of ['/settings/activity', '/settings/access']) {
          assert.doesNotMatch(await (await browser.get(other)).text(), /Berlin/)
        }
        const config = await (await browser.get('/config')).text()
        assert.match(config, expected ? /Looked up in a file of this server/ : /Not looked up/)
      } finally {
        await world.close()
      }
    }
  })

  test('a file that cannot be read leaves the page as it is without, and is said once in the log', async () => {
    const path = fileOf('spoilt.mmdb', 'no database')
    const world = await appWorld({ GEO_DATABASE: path })
    try {
      const browser = world.browser()
      const json = { username: 'bert', email: 'bert@example.org', password: 'a walk by the river' }
      assert.equal((await browser.send('/auth/register', { json })).status, 200)
      for (let n = 0; n < 3; n++) assert.equal((await browser.get('/settings/devices')).status, 200)
      assert.equal(world.lines.filter(({ event }) => event === 'places_unreadable').length, 1)
    } finally {
      await world.close()
    }
  })

  test('a path that leads nowhere is said at the start', async () => {
    const world = await appWorld({ GEO_DATABASE: 'nowhere.mmdb' })
    try {
      assert.ok(
        world.config.warnings.some((text) => /^GEO_DATABASE names .*nowhere\.mmdb, where no file is/.test(text)),
      )
    } finally {
      await world.close()
    }
  })
})
