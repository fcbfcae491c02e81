import type { z } from 'zod'
import { AuthError, type ErrorCode, type FieldError } from '../lib/errors.ts'
import { mediaType } from './csrf.ts'
import type { Exchange } from './exchange.ts'

/**
 * Who may use a route. Without a word a route needs a signed-in person (SES-12):
 * - `session`: the session cookie
 * - `admin`: the session cookie of an administrator who has a second factor (ADM-02)
 * - `bearer`: an access token
 * - `either`: one of both
 * - `guest`: anybody; who is signed in is known to the handler
 * - `open`: anybody, and nobody is looked up: health checks, files
 */
export type Access = 'session' | 'admin' | 'bearer' | 'either' | 'guest' | 'open'

/** What a route answers, for the API document: status to schema, or a sentence for what is no JSON. */
export type Answers = Readonly<Record<number, z.ZodType | string>>

/** One row of the table of addresses. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** `/settings/sessions/:id/end`: a segment with a colon takes any one segment. */
  readonly path: string
  readonly access: Access
  /** False for what programs call, without a page: then only requests that name a foreign page are refused. */
  readonly checkOrigin: boolean
  /** True for what the protocol makes a page of another site post: the handler says what proves that it is wanted. */
  readonly fromOtherSites: boolean
  /** What a personal token must be allowed for it; null is closed to all of them. For `bearer` and `either` rows. */
  readonly scope: string | null
  /** Only for whoever has shown in the last ten minutes who it is (LOG-08); for `session` and `admin` rows. */
  readonly stepUp: boolean
  /** Also for somebody whose address is not confirmed, where the host refuses those. */
  readonly unconfirmed: boolean
  /** Also for somebody who has to set up a second factor first (M8). */
  readonly unenrolled: boolean
  readonly bodyLimit: number
  /** A form with files (multipart/form-data) is read, too; nowhere else is one. */
  readonly uploads: boolean
  readonly summary: string
  readonly body: z.ZodType | null
  readonly answers: Answers
  readonly run: (exchange: Exchange, raw: unknown) => Promise<Response> | Response
}

interface RouteStart {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly access?: Access
  readonly checkOrigin?: boolean
  readonly fromOtherSites?: boolean
  readonly stepUp?: boolean
  readonly scope?: string
  readonly unconfirmed?: boolean
  readonly unenrolled?: boolean
  /** Bytes; 64 KiB unless said otherwise. */
  readonly bodyLimit?: number
  /** The form may hold files (RFC 7578): each is a `File` in the body. */
  readonly uploads?: boolean
  /** One sentence for the API document. */
  readonly summary: string
  readonly answers?: Answers
}

export type RouteWithBody<Body extends z.ZodType> = RouteStart & {
  readonly body: Body
  readonly handle: (exchange: Exchange, body: z.output<Body>) => Promise<Response> | Response
}
export type RouteWithoutBody = RouteStart & {
  readonly handle: (exchange: Exchange) => Promise<Response> | Response
}

const MOST_BODY_BYTES = 64 * 1024

/** Makes a row of the table. With `body` the handler gets what the schema made of it; unknown fields are dropped (REG-06). */
export function route<Body extends z.ZodType>(row: RouteWithBody<Body>): Route
export function route(row: RouteWithoutBody): Route
export function route<Body extends z.ZodType>(row: RouteWithBody<Body> | RouteWithoutBody): Route {
  const start = {
    method: row.method,
    path: row.path,
    access: row.access ?? 'session',
    checkOrigin: row.checkOrigin ?? true,
    fromOtherSites: row.fromOtherSites ?? false,
    stepUp: row.stepUp ?? false,
    scope: row.scope ?? null,
    unconfirmed: row.unconfirmed ?? false,
    unenrolled: row.unenrolled ?? false,
    bodyLimit: row.bodyLimit ?? MOST_BODY_BYTES,
    uploads: row.uploads ?? false,
    summary: row.summary,
    answers: row.answers ?? {},
  }
  if ('body' in row) {
    return { ...start, body: row.body, run: (exchange, raw) => row.handle(exchange, parseBody(row.body, raw)) }
  }
  return { ...start, body: null, run: (exchange) => row.handle(exchange) }
}

/**
 * A row whose form is shown again when something is wrong with what was sent. `onError` gets the error and a way to read
 * what was typed, for forms only: a program gets its problem document. Errors that are none of the person's doing pass on.
 */
export function routeOfForm<Body extends z.ZodType>(
  row: RouteWithBody<Body> & {
    readonly onError: (
      exchange: Exchange,
      error: AuthError,
      raw: (field: string) => string,
    ) => Promise<Response> | Response
  },
): Route {
  const inner = route(row)
  return {
    ...inner,
    async run(exchange, raw) {
      try {
        return await inner.run(exchange, raw)
      } catch (error) {
        const shown = error instanceof AuthError && shownInForms.has(error.status) && !leadsElsewhere.has(error.code)
        if (!shown || mediaType(exchange.request.headers) === 'application/json' || exchange.wantsJson) throw error
        const fields = new Map<string, unknown>(typeof raw === 'object' && raw !== null ? Object.entries(raw) : [])
        return row.onError(exchange, error, (field) => {
          const value = fields.get(field)
          return typeof value === 'string' ? value : ''
        })
      }
    },
  }
}

/** What a person mends on another page, to which the gate leads. */
const leadsElsewhere: ReadonlySet<ErrorCode> = new Set([
  'not_signed_in',
  'step_up_required',
  'account_leaving',
  'account_waiting',
  'second_factor_setup_required',
  'second_factor_enrolment_required',
  'address_unconfirmed',
])
/** What a person can mend by typing again, or by waiting. */
const shownInForms = new Set([400, 401, 403, 409, 422, 429, 503])

/** Checks a body. A field of a wrong type is malformed (400); one that is missing or does not fit is invalid (422). */
export function parseBody<Body extends z.ZodType>(schema: Body, raw: unknown): z.output<Body> {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new AuthError('malformed_request')
  const given = new Map<string, unknown>(Object.entries(raw))
  let malformed = false
  const fields = parsed.error.issues.map((issue): FieldError => {
    const field = String(issue.path[0] ?? '')
    const missing = given.get(field) === undefined
    if (!missing && (issue.code === 'invalid_type' || issue.code === 'invalid_union')) malformed = true
    if (missing) return { field, code: 'required', message: 'Fill this in.' }
    return { field, code: fieldCode(issue), message: issue.message }
  })
  throw new AuthError(malformed ? 'malformed_request' : 'invalid_fields', { fields })
}

function fieldCode(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom' && typeof issue.params?.['code'] === 'string') return issue.params['code']
  if (issue.code === 'too_small') return 'too_short'
  if (issue.code === 'too_big') return 'too_long'
  return issue.code === 'invalid_type' || issue.code === 'invalid_union' ? 'wrong_type' : 'invalid'
}
