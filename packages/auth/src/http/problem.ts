import { AuthError } from '../lib/errors.ts'
import type { HeaderSets } from './headers.ts'

/** A problem document (RFC 9457) with the seed's `success`. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  request_id: string
  success: false
  methods?: string[]
  pending_token?: string
  errors?: { field: string; code: string; message: string }[]
}

/** Turns whatever was thrown into an error for the outside: what we did not foresee says nothing of the inside (ERR-01). */
export const publicError = (error: unknown): AuthError =>
  error instanceof AuthError ? error : new AuthError('internal_error', { cause: error })

export function problemOf(error: AuthError, title: string, requestId: string): Problem {
  return {
    type: 'about:blank',
    title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    request_id: requestId,
    success: false,
    ...(error.pending ? { methods: [...error.pending.methods], pending_token: error.pending.token } : {}),
    ...(error.fields.length > 0 ? { errors: error.fields.map((f) => ({ ...f })) } : {}),
  }
}

export function problemResponse(
  problem: Problem,
  headers: HeaderSets,
  more: Readonly<Record<string, string>>,
): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...headers.problem, ...more, 'x-request-id': problem.request_id },
  })
}

/** What the log may know: the innermost cause, whose text comes from the program and not from a person. */
export function causeOf(error: unknown): string | undefined {
  if (error instanceof AuthError) return error.cause === undefined ? undefined : causeOf(error.cause)
  if (error instanceof Error) return error.stack ?? error.message
  // Something thrown that is no error may not even turn into a string.
  return typeof error === 'string' ? error : Object.prototype.toString.call(error)
}
