import type { IncomingMessage } from 'node:http'

/**
 * Writes a body again that a parser mounted before us has read: the stream is empty then, and our routes would wait for
 * ever or see nothing. `rawBody` is where the listener looks first. What such a parser has thrown away (a field given
 * twice, bytes that are no UTF-8) cannot be refused any more: mount the library before it.
 */
export function restoreBody(request: IncomingMessage & { readonly body?: unknown; rawBody?: unknown }): void {
  const { body } = request
  if (!request.readableDidRead || body === undefined || Buffer.isBuffer(request.rawBody)) return
  request.rawBody = Buffer.from(textOf(body, request.headers['content-type'] ?? ''))
}

function textOf(body: unknown, contentType: string): string | Uint8Array {
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  if (!/^\s*application\/x-www-form-urlencoded/i.test(contentType)) return JSON.stringify(body)
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(Object(body))) {
    // A list becomes the field given twice that it was, which is refused.
    for (const one of Array.isArray(value) ? value : [value]) fields.append(name, String(one))
  }
  return fields.toString()
}
