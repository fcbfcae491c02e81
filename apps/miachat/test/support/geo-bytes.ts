/** What a made-up file of places can hold. */
export type GeoValue = string | number | { readonly [name: string]: GeoValue }

/** A network in bits: `203.0.113.0/24`, `2001:db8::/32` (no more than two groups before `::`). */
function bitsOf(network: string): string {
  const [address = '', length = ''] = network.split('/')
  const bits = (text: string, base: number, width: number) =>
    Number.parseInt(text, base).toString(2).padStart(width, '0')
  if (address.includes(':')) {
    const groups = address.replace(/::$/, '').split(':')
    return groups
      .map((group) => bits(group, 16, 16))
      .join('')
      .padEnd(128, '0')
      .slice(0, Number(length))
  }
  const rest = address
    .split('.')
    .map((part) => bits(part, 10, 8))
    .join('')
  return `${'0'.repeat(96)}${rest.slice(0, Number(length))}`
}

/** One field of the data section: a text, a whole number (32 bits), or a map. */
function field(value: GeoValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([control(6, 4), bytes])
  }
  const entries = Object.entries(value)
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([name, inner]) => [field(name), field(inner)])])
}

const control = (type: number, size: number): Buffer =>
  size < 29 ? Buffer.from([(type << 5) | size]) : Buffer.from([(type << 5) | 29, size - 29])

/** A file in the format of MaxMind DB, version 2.0, for IPv6 with IPv4 in its first 32 bits. */
export function geoBytes(networks: Readonly<Record<string, GeoValue>>, builtAt = Date.now()): Buffer {
  type Node = [Node | Buffer | null, Node | Buffer | null]
  const root: Node = [null, null]
  for (const [network, value] of Object.entries(networks)) {
    let node = root
    const bits = [...bitsOf(network)].map((bit) => (bit === '1' ? 1 : 0))
    for (const [at, bit] of bits.entries()) {
      if (at === bits.length - 1) {
        node[bit] = field(value)
        break
      }
      const next = node[bit]
      if (Array.isArray(next)) node = next
      else {
        const made: Node = [null, null]
        node[bit] = made
        node = made
      }
    }
  }
  const nodes: Node[] = []
  const collect = (node: Node): void => {
    nodes.push(node)
    for (const next of node) if (Array.isArray(next)) collect(next)
  }
  collect(root)
  const numbers = new Map(nodes.map((node, index) => [node, index]))
  const data: Buffer[] = []
  let dataLength = 0
  const tree = nodes.flatMap((node) =>
    node.map((next) => {
      const record = Buffer.alloc(3)
      let target = nodes.length
      if (Array.isArray(next)) target = numbers.get(next) ?? target
      else if (next !== null) {
        target = nodes.length + 16 + dataLength
        data.push(next)
        dataLength += next.length
      }
      record.writeUIntBE(target, 0, 3)
      return record
    }),
  )
  const metadata = field({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: Math.floor(builtAt / 1000),
    database_type: 'Test-City',
    description: { en: 'Made by a test' },
    ip_version: 6,
    node_count: nodes.length,
    record_size: 24,
  })
  return Buffer.concat([...tree, Buffer.alloc(16), ...data, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), metadata])
}
