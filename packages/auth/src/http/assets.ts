import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import type { HeaderSets } from './headers.ts'
import { type Route, route } from './route.ts'

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
  bin: 'application/octet-stream',
  webmanifest: 'application/manifest+json; charset=utf-8',
}
const compress = promisify(brotliCompress)
const FOREVER = 'public, max-age=31536000, immutable'
const BRIEFLY = 'public, max-age=300'

export interface Assets {
  readonly routes: readonly Route[]
  /** The address with the content's version, which browsers may keep for ever. */
  url(path: string): string
}

/** The files of one folder, listed at start and read when first asked for; nothing else can be reached (DEP-04). */
export function createAssets(folder: URL, prefix: string, headers: HeaderSets): Assets {
  const names = readdirSync(folder).filter(
    (name) => (name.split('.').at(-1) ?? '') in types && !name.includes('.test.'),
  )
  const files = new Map<string, { body: Buffer; version: string; small: Promise<Buffer> | null }>()

  function file(name: string) {
    const known = files.get(name)
    if (known) return known
    const body = readFileSync(new URL(name, folder))
    const version = createHash('sha256').update(body).digest('base64url').slice(0, 10)
    const read = { body, version, small: null as Promise<Buffer> | null }
    files.set(name, read)
    return read
  }

  const small = (entry: ReturnType<typeof file>): Promise<Buffer> => {
    entry.small ??= compress(entry.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
    return entry.small
  }

  const routes = names.map((name) =>
    route({
      method: 'GET',
      path: `${prefix}${name}`,
      access: 'open',
      summary: 'A file of the pages.',
      async handle(exchange) {
        const entry = file(name)
        const etag = `"${entry.version}"`
        const all: Record<string, string> = {
          ...headers.asset,
          'content-type': types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
          'cache-control': exchange.query.get('v') === entry.version ? FOREVER : BRIEFLY,
          etag,
          vary: 'accept-encoding',
        }
        if (exchange.request.headers.get('if-none-match') === etag)
          return new Response(null, { status: 304, headers: all })
        if (!/\bbr\b/.test(exchange.request.headers.get('accept-encoding') ?? ''))
          return new Response(bytes(entry.body), { headers: all })
        return new Response(bytes(await small(entry)), { headers: { ...all, 'content-encoding': 'br' } })
      },
    }),
  )
  const known = new Set(names)
  return {
    routes,
    url(path) {
      const name = path.slice(prefix.length)
      return path.startsWith(prefix) && known.has(name) ? `${path}?v=${file(name).version}` : path
    },
  }
}

const bytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(buffer)
