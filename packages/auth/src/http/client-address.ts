import { BlockList, isIP } from 'node:net'

/** Tells the client's address from the peer's and `X-Forwarded-For`. */
export type AddressOf = (peer: string, forwardedFor: string | null) => string

/**
 * Tells whether an address is one of the trusted proxies. Throws an Error for a list that cannot be read. Nothing is
 * trusted by default, loopback neither.
 */
export function createIsTrusted(trustedProxies: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList()
  for (const entry of trustedProxies) addSubnet(trusted, entry)
  return (address) => {
    const version = isIP(address)
    return version !== 0 && trusted.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }
}

/**
 * The client's address (PRX-01): the socket's peer, unless that is a trusted proxy; then the right-most entry of
 * X-Forwarded-For that is none. What stands further left was written by the client itself. Throws an Error for a list
 * that cannot be read.
 */
export function createAddressOf(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = createIsTrusted(trustedProxies)
  return (rawPeer, forwardedFor) => {
    const peer = plainAddress(rawPeer)
    if (trustedProxies.length === 0 || forwardedFor === null || !isTrusted(peer)) return peer
    const entries = forwardedFor.split(',').map((entry) => plainAddress(entry.trim()))
    let client = peer
    for (const entry of entries.toReversed()) {
      if (isIP(entry) === 0) return peer
      client = entry
      if (!isTrusted(entry)) return client
    }
    return client
  }
}

/** Without a zone, and as IPv4 where it is one that IPv6 wraps. */
export function plainAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare
}

function addSubnet(list: BlockList, entry: string): void {
  const cut = entry.indexOf('/')
  const address = cut < 0 ? entry : entry.slice(0, cut)
  const version = isIP(address)
  const most = version === 4 ? 32 : 128
  const bits = cut < 0 ? String(most) : entry.slice(cut + 1)
  const prefix = Number(bits)
  // Digits only: "10.0.0.0/" would be a 0 and trust everybody.
  if (version === 0 || !/^\d{1,3}$/.test(bits) || prefix > most) {
    throw new Error(`"${entry}" is no address and no network like 10.0.0.0/8.`)
  }
  list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6')
}
