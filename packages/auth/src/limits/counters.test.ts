import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  attemptKeys,
  defaultLimits,
  deviceCounters,
  limitsInForce,
  networkOf,
  passwordChangeCounters,
  registrationCounters,
  secondFactorCounters,
  strangerCounters,
} from './counters.ts'
import { partsOf } from './limits.ts'

const hextets = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
const write = (groups: readonly number[]): string => groups.map((group) => group.toString(16)).join(':')

describe('what is counted as one address (LIM-07)', () => {
  const same: [string, string][] = [
    ['203.0.113.9', '::ffff:203.0.113.9'],
    ['203.0.113.9', '::FFFF:203.0.113.9'],
    ['203.0.113.9', '::ffff:cb00:7109'],
    ['203.0.113.9', '0:0:0:0:0:ffff:203.0.113.9'],
    ['203.0.113.9', '0000:0000:0000:0000:0000:ffff:cb00:7109'],
    ['203.0.113.9', '[::ffff:203.0.113.9]'],
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002:0:0:0:1'],
    ['2001:db8:1:2::1', '[2001:db8:1:2::1]'],
    ['fe80::1', 'fe80::2%eth0'],
    ['fe80::1%eth0', 'fe80::1%wlan1'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['64:ff9b::203.0.113.9', '64:ff9b::cb00:7109'],
  ]
  for (const [one, other] of same) {
    test(`LIM-07: ${one} and ${other} share a budget`, () => assert.equal(networkOf(one), networkOf(other)))
  }

  const different: [string, string][] = [
    ['203.0.113.9', '203.0.113.10'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8:1:2::1', '2001:db8:1::2:1'],
    ['127.0.0.1', '::1'],
    ['1.2.3.4', '::1.2.3.4'],
  ]
  for (const [one, other] of different) {
    test(`LIM-07: ${one} and ${other} do not`, () => assert.notEqual(networkOf(one), networkOf(other)))
  }

  test('LIM-07: the lower half of an IPv6 address never matters, however it is written; the upper half always does', () => {
    fc.assert(
      fc.property(hextets, hextets, (groups, others) => {
        fc.pre(!groups.slice(0, 4).every((group) => group === 0))
        const neighbour = [...groups.slice(0, 4), ...others.slice(4)]
        assert.equal(networkOf(write(groups)), networkOf(write(neighbour)))
        assert.equal(networkOf(write(groups).toUpperCase()), networkOf(new URL(`http://[${write(groups)}]`).hostname))
        const far = groups.with(3, ((groups[3] ?? 0) + 1) & 0xffff)
        assert.notEqual(networkOf(write(groups)), networkOf(write(far)))
      }),
    )
  })

  test('LIM-07: an IPv4 address mapped into IPv6 is that address, in every spelling', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        assert.equal(networkOf(address), address)
        assert.equal(networkOf(`::ffff:${address}`), address)
        assert.equal(networkOf(new URL(`http://[::ffff:${address}]`).hostname), address)
      }),
    )
  })

  test('LIM-07: what is no address is counted as it is', () => assert.equal(networkOf('unknown'), 'unknown'))
})

describe('the counters of an attempt', () => {
  const keys = (counters: readonly { key: string }[]) => counters.map(({ key }) => key)

  test('LIM-01: a stranger is measured by address and account, by address, and by account', () => {
    const counters = strangerCounters(defaultLimits, 'user-7', '203.0.113.9')
    assert.deepEqual(
      counters.map(({ key, limit, forgets }) => [key, limit.kind, limit.budget, limit.period / 60_000, forgets]),
      [
        ['pair:user-7|203.0.113.9', 'window', 10, 15, true],
        ['address:203.0.113.9', 'window', 30, 15, false],
        ['streak:user-7', 'streak', 100, 1440, true],
      ],
    )
  })

  test('LIM-02: a known device shares no counter with strangers, nor with another device, nor with another account', () => {
    const all = [
      ...keys(strangerCounters(defaultLimits, 'user-7', '203.0.113.9')),
      ...keys(deviceCounters(defaultLimits, 'user-7', 'one')),
      ...keys(deviceCounters(defaultLimits, 'user-7', 'two')),
      ...keys(deviceCounters(defaultLimits, 'user-8', 'one')),
    ]
    assert.equal(new Set(all).size, all.length)
  })

  test('REG-10: registrations are counted by network, whatever comes of them', () => {
    const [one] = registrationCounters(defaultLimits, '2001:db8::1')
    const [other] = registrationCounters(defaultLimits, '2001:db8::2')
    assert.equal(one?.key, other?.key)
    assert.deepEqual([one?.limit.budget, one?.limit.period, one?.forgets], [20, 3_600_000, false])
  })
})

test('AD7: the limits in force are those of the settings and of the counters', () => {
  const inForce = limitsInForce({ ...defaultLimits, perAddressAndAccount: 4, registrations: 2 })
  assert.deepEqual(inForce.get('pair'), { kind: 'window', budget: 4, period: 15 * 60_000 })
  assert.equal(inForce.get('register')?.budget, 2)
  assert.equal(inForce.get('streak')?.kind, 'streak')
  const ofPrograms = ['device-code', 'user-code', 'user-code-network', 'user-codes']
  assert.deepEqual(
    ofPrograms.map((kind) => inForce.get(kind)?.budget),
    [60, 10, 30, 300],
  )
})

test('AD7: a key tells what it counts and whom; one that counts everybody has no subject', () => {
  assert.deepEqual(partsOf('pair:user-7|2001:db8:1:2::/64'), { kind: 'pair', subject: 'user-7|2001:db8:1:2::/64' })
  assert.deepEqual(partsOf('user-codes'), { kind: 'user-codes', subject: '' })
})

test('AD7: an account is freed of all that counts its failures, and of nothing that counts an address or another account', () => {
  const { whole, begun } = attemptKeys('user-7')
  const frees = (key: string) => whole.includes(key) || begun.some((text) => key.startsWith(text))
  const keysOf = (account: string) =>
    [
      ...strangerCounters(defaultLimits, account, '203.0.113.9'),
      ...deviceCounters(defaultLimits, account, 'one'),
      ...passwordChangeCounters(defaultLimits, account),
      ...secondFactorCounters(account, 'challenge', false),
    ].map(({ key }) => key)
  assert.deepEqual(
    keysOf('user-7').filter((key) => !frees(key)),
    ['address:203.0.113.9', 'challenge:challenge'],
  )
  assert.deepEqual(keysOf('user-77').filter(frees), [])
  for (const text of begun) assert.doesNotMatch(text, /[%_\\]/, 'LIKE reads it as it is')
})
