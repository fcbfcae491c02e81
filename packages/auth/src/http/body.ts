import { AuthError } from '../lib/errors.ts'
import { mediaType } from './csrf.ts'

/** The most bytes of a body on the library's routes (ERR-02). */
export const MOST_BODY_BYTES = 64 * 1024
const MOST_FIELDS = 200
const DEEPEST = 20

/**
 * The body as data: an object of JSON, or the fields of a form. Throws 413 as soon as the limit is passed, without reading
 * on, 415 for other kinds, 400 for what cannot be read: bad UTF-8, bad JSON, half surrogates, a field given twice. With
 * `uploads` a form may hold files (RFC 7578), each a `File`.
 */
export async function readBody(request: Request, limit: number, uploads = false): Promise<unknown> {
  const announced = request.headers.get('content-length')
  if (announced !== null && Number(announced) > limit) throw new AuthError('body_too_large')
  const type = mediaType(request.headers)
  if (!announcesBody(request.headers) && type === null) return {}
  if (uploads && type === 'multipart/form-data') return parseUpload(request, await readBytes(request, limit))
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(request.headers.get('content-type') ?? '')?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw new AuthError('unsupported_media_type')
  if (type !== 'application/json' && type !== 'application/x-www-form-urlencoded') {
    throw new AuthError('unsupported_media_type', {
      detail: 'Send application/json or application/x-www-form-urlencoded.',
    })
  }
  const text = await readText(request, limit)
  return type === 'application/json' ? parseJson(text) : parseForm(text)
}

/** Whether a body follows (RFC 9112 section 6.3). */
export const announcesBody = (headers: Headers): boolean =>
  (headers.get('content-length') ?? '0') !== '0' || headers.get('transfer-encoding') !== null

async function readBytes(request: Request, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength
      if (size > limit) throw new AuthError('body_too_large')
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof AuthError) throw cause
    // Somebody hung up: no fault of ours, and nothing that strangers should be able to fill the log of faults with.
    throw new AuthError('malformed_request', { detail: 'The body ended too early.', cause: errorName(cause) })
  }
  return Buffer.concat(chunks)
}

async function readText(request: Request, limit: number): Promise<string> {
  const bytes = await readBytes(request, limit)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AuthError('malformed_request', { detail: 'The body is not valid UTF-8.', cause })
  }
}

async function parseUpload({ headers }: Request, bytes: Buffer): Promise<unknown> {
  const init = { headers: { 'content-type': headers.get('content-type') ?? '' } }
  let form: FormData
  try {
    form = await new Response(new Uint8Array(bytes), init).formData()
  } catch (cause) {
    throw new AuthError('malformed_request', { detail: 'The form cannot be read.', cause: errorName(cause) })
  }
  const entries = [...form]
  const fields = new Map(entries)
  if (entries.length > MOST_FIELDS)
    throw new AuthError('malformed_request', { detail: 'The form has too many fields.' })
  if (fields.size < entries.length) {
    throw new AuthError('malformed_request', { detail: 'A field of the form was sent twice.' })
  }
  return Object.fromEntries(fields)
}

function parseJson(text: string): unknown {
  if (text === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    // The parser's own message quotes the text, which may hold a password.
    throw new AuthError('malformed_request', { detail: 'The body is not valid JSON.', cause: errorName(cause) })
  }
  refuseOdd(value, 0)
  return value
}

/** A JSON string can hold half a character, which no UTF-8 can: it would be stored as something else (PW-07). */
function refuseOdd(value: unknown, depth: number): void {
  if (depth > DEEPEST) throw new AuthError('malformed_request', { detail: 'The body is nested too deep.' })
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new AuthError('malformed_request', { detail: 'The body holds half of a character.' })
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, part] of Object.entries(value)) {
    refuseOdd(name, depth)
    refuseOdd(part, depth + 1)
  }
}

function parseForm(text: string): Record<string, string> {
  const fields: Record<string, string> = Object.create(null)
  const parts = text === '' ? [] : text.split('&')
  if (parts.length > MOST_FIELDS) throw new AuthError('malformed_request', { detail: 'The form has too many fields.' })
  for (const part of parts) {
    const cut = part.indexOf('=')
    const name = decode(cut < 0 ? part : part.slice(0, cut))
    if (Object.hasOwn(fields, name)) {
      throw new AuthError('malformed_request', { detail: 'A field of the form was sent twice.' })
    }
    fields[name] = cut < 0 ? '' : decode(part.slice(cut + 1)).replaceAll('\r\n', '\n')
  }
  return fields
}

/** Strict, unlike URLSearchParams: bad percent codes are refused instead of turned into another password. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new AuthError('malformed_request', { detail: 'The form is not valid UTF-8.', cause: errorName(cause) })
  }
}

const errorName = (error: unknown): string => (error instanceof Error ? error.name : 'error')
