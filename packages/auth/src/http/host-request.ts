/** A request as Node has it, and so Express and Fastify: only what is needed of it, so that none of them is imported. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** The address as it came, where a router cuts `url` short (Express, Fastify). */
  readonly originalUrl?: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly socket?: { readonly remoteAddress?: string | undefined } | null
}

/** A host app's request: a web-standard `Request`, or the one of node:http, Express or Fastify. */
export type HostRequest = Request | NodeRequest

/** One header, or null. Where Node keeps several values they are joined as the Fetch standard joins them. */
export function headerOf(request: HostRequest, name: string): string | null {
  if (isWeb(request)) return request.headers.get(name)
  const value = request.headers[name]
  return value === undefined ? null : typeof value === 'string' ? value : value.join(', ')
}

/** The socket's peer: read from Node's request, or given beside a web-standard one, which knows none. */
export const peerOf = (request: HostRequest, given: string | undefined): string =>
  given ?? (isWeb(request) ? undefined : request.socket?.remoteAddress) ?? 'unknown'

/** The address without query, undecoded. */
export const pathOf = (request: NodeRequest): string =>
  (request.originalUrl ?? request.url ?? '/').split('?', 1)[0] ?? '/'

/** The request without its body, which stays unread for the host app. */
export function headOf(request: HostRequest): Request {
  if (isWeb(request)) return request
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    // HTTP/2 keeps method and path among the headers.
    if (value === undefined || name.startsWith(':')) continue
    for (const one of typeof value === 'string' ? [value] : value) headers.append(name, one)
  }
  const address = request.originalUrl ?? request.url ?? '/'
  const method = request.method ?? 'GET'
  // Only path and query count. The standard has no word for TRACE and CONNECT: they are unsafe like a POST.
  return new Request(`http://localhost${address.startsWith('/') ? address : '/'}`, {
    method: /^(TRACE|CONNECT|TRACK)$/i.test(method) ? 'POST' : method,
    headers,
  })
}

const isWeb = (request: HostRequest): request is Request => typeof request.headers.get === 'function'
