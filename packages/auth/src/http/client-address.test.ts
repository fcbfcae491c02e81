import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createAddressOf } from './client-address.ts'

const nobody = createAddressOf([])
const proxy = createAddressOf(['10.0.0.0/8', 'fd00::/8', '127.0.0.1'])

describe('PRX-01: the address of a client', () => {
  test('nobody is trusted by default, loopback neither', () => {
    for (const peer of ['203.0.113.9', '127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      assert.equal(nobody(peer, '198.51.100.7'), peer.replace('::ffff:', ''))
    }
  })

  const rows: readonly (readonly [string, string, string | null, string])[] = [
    ['a stranger’s header is ignored', '203.0.113.9', '198.51.100.7', '203.0.113.9'],
    ['no header', '10.0.0.1', null, '10.0.0.1'],
    ['one entry', '10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['the right-most untrusted counts', '10.0.0.1', '1.1.1.1, 198.51.100.7', '198.51.100.7'],
    ['proxies on the right are passed over', '10.0.0.1', '1.1.1.1, 198.51.100.7, 10.2.3.4, fd00::1', '198.51.100.7'],
    ['a wrapped IPv4 proxy', '::ffff:10.0.0.1', '::ffff:198.51.100.7', '198.51.100.7'],
    ['everybody trusted: the left-most', '10.0.0.1', '10.9.9.9, 10.2.3.4', '10.9.9.9'],
    ['IPv6 in brackets', '127.0.0.1', '[2001:db8::1]', '2001:db8::1'],
    ['malformed falls back to the peer', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['malformed on the right falls back too', '10.0.0.1', '198.51.100.7, evil', '10.0.0.1'],
    ['malformed behind proxies falls back too', '10.0.0.1', '198.51.100.7, evil, 10.2.3.4', '10.0.0.1'],
    ['an empty entry', '10.0.0.1', '198.51.100.7,', '10.0.0.1'],
    ['an empty header', '10.0.0.1', '', '10.0.0.1'],
    ['an address with a port', '10.0.0.1', '198.51.100.7:443', '10.0.0.1'],
    ['a name in the header', '10.0.0.1', 'localhost', '10.0.0.1'],
    ['leading zeros', '10.0.0.1', '198.051.100.007', '10.0.0.1'],
  ]
  for (const [what, peer, header, address] of rows) test(what, () => assert.equal(proxy(peer, header), address))

  test('networks that cannot be read are refused with a sentence', () => {
    const prefixes = ['33', '-1', 'x', '8.5', '', ' ', '0x8', '1e1', '8/9', '+8']
    for (const entry of ['localhost', ...prefixes.map((prefix) => `10.0.0.0/${prefix}`), 'fd00::/129', '']) {
      assert.throws(() => createAddressOf([entry]), /is no address and no network/, entry)
    }
  })

  test('whatever a client writes on the left changes nothing', () => {
    fc.assert(
      fc.property(fc.string(), (left) => {
        assert.equal(proxy('10.0.0.1', `${left}, 198.51.100.7`), '198.51.100.7')
        assert.equal(proxy('203.0.113.9', left), '203.0.113.9')
      }),
    )
  })
})
